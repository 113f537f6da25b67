"""Simulated players: they play the published games' real rules in V8 and report through the usual ingestion.

What belongs here: who the players are, when they come back, what they do. What does not: the rules of a game
(``studio``), and how events are stored (``analytics``).
"""
