"""Document 004: typed jobs in the background, on PGMQ.

What belongs here: the jobs' table and queues, what types there are, working at them, and finding those nobody
works at any more. What does not: the work itself, which a type asks of another slice, and Dagster
(``defs.py``).

The row in ``public.jobs`` is the truth. Its message in PGMQ says only that there may be something to do: a
message too many does nothing, a row without one gets another.
"""
