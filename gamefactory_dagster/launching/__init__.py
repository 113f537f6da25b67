"""Run workers that are there at once: a process that has imported everything, and forks one worker a run.

What belongs here: that process, asking it, and Dagster's launcher, which does (``defs/``). What does not:
what a run does, which runs there are to be, and looking after the process (``local/``).
"""
