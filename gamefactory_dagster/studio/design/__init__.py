"""What a game is, as data: its design document, its words, and the rules both must keep.

Pure, and the lowest room but the tools: knows no family, no picture and no file.
"""
