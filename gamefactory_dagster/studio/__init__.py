"""The craft a step uses: design documents, game families, art, sound, player, repository, build.

What belongs here: whatever takes a design and gives files. What does not: the database, Dagster, and when a
game is made.
"""
