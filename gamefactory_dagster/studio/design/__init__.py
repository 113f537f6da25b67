"""What a game is, as data: its design document, its words, and the rules both must keep.

What belongs here: whatever is pure and says what a design is. What does not: families, pictures, files, and
making a design (``studio/designer.py``).
"""
