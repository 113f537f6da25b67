"""The run ledger: what every run did and made, for the owner who asked for it, under row level security.

What belongs here: writing it (``recording.py``), reading it as its owner (``reading.py``), and whose rights
either takes (``access.py``). What does not: what a slice's runs do and make; each tells it itself.
"""
