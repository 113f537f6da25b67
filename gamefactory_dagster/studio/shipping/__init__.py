"""From a finished design to what players get: repository, texts, bundle, artifact store, publication.

What belongs here: files and where they go. What does not: what is in a game, and playing it.
"""
