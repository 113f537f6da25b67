"""What the whole studio stands on: files written whole, and V8.

What belongs here: tools that any program could use. What does not: whatever knows a game.
"""
