"""Document 000: a sentence becomes one game.

What belongs here: the requests' table, claiming one and planning its game, and following that game through
its twelve steps, which are the request's four phases. What does not: what the words mean
(``studio/reading``), making the game (``production``), and Dagster (``defs.py``).

The game is the truth: a request only tells what has become of it, and can be told again at any time.
"""
