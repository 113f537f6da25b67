"""The types of background jobs, a file each: it is found by being here.

What belongs here: a file a type, with its ``KIND``. What does not: anything two of them share.
"""
