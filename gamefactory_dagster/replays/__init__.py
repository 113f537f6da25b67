"""Replay analysis: card-game matches as they were recorded, read right and reported on (document 003).

What belongs here: replay files and everything made of them, for one player or a team's week. What does not:
the tables (``database/tables``), and asking for an analysis as one of many background jobs (``background/``).
"""
