"""Playing a game in a real Chromium, to see what a player would see.

What belongs here: the browser, what is served to it, and what it does. What does not: judging a game.
"""
