"""Where replays are fetched from: the artifact store, a folder, an HTTP endpoint, or any storage by its URL.

What belongs here: getting the bytes of one replay, bounded in size and time, with typed errors. What does
not: remembering what was fetched (``replays/fetching.py``) and reading it (``replays/parsing.py``).
"""
