"""The web player: one shell every family plays in, as source files for a game's ``web`` folder.

What belongs here: the files of the shell and the page they run in. What does not: rules and views of a
family (``families/``), bundling and minifying (``build.py``).
"""
