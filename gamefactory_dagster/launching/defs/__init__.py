"""Warm workers in Dagster: its launcher, and what a worker does.

What belongs here: turning Dagster's words into ours. What does not: processes. All that is private of Dagster
is in ``private.py``.
"""
