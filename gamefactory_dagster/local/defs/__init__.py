"""Dagster's processes as this machine runs them: the daemon, and the one server of the definitions.

What belongs here: what they do otherwise than Dagster's own commands. What does not: starting them
(``local/processes.py``). All that is private of Dagster is in ``private.py``.
"""
