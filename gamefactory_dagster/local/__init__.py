"""The whole factory on this machine: ``gamefactory dev``, ``demo`` and ``env``, and the processes they start.

What belongs here: preparing database and DAGSTER_HOME, looking after child processes, and the order of the
demo's acts. What does not: anything a deployment with its own daemon and database would need.
"""
