"""What turns rows into Dagster runs and finds out what became of them, once for every slice.

What belongs here: the tick, and what Dagster knows of runs, in our words. What does not: any slice's states
or decisions. Dagster itself is in ``orchestration/defs.py`` alone.
"""
