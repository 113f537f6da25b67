"""Simulated players: they play the published games' real rules in V8 and report through the usual ingestion.

What belongs here: who the players are (``people``), how play makes them feel and whether they come back
(``moods``), what they do in a visit (``lives``, ``hands``) by the game's shell (``shell``), what their client
reports of it (``client``), and running a playtest (``games``, ``run``). What does not: the rules of a game
and how a bot plays them (``studio``), and how events are stored (``analytics``).

A playtest is told by its seed and its days: the same again gives the same events, to the byte, and storing
them again changes nothing; another seed or other days bring other people. More players are the same people
and some more.
"""
