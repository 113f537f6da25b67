"""The report: one self-contained page of the factory's state, for people.

What belongs here: reading what the other rooms stored, adding it up over days and games, and showing it. What
does not: what a metric, a score or a weight is (``analytics``, ``learning``).
"""
