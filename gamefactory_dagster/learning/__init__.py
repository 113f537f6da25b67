"""What the factory learns from how its games are played, and how that decides the next ones.

What belongs here: outcomes of games, weights of mechanics, the draw by them. What does not: daily metrics
(``analytics``), and which mechanics a family can do (``studio``).
"""
