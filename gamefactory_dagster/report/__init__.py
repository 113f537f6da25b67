"""The report: one self-contained page of the factory's state, for people.

What belongs here: reading what the other rooms computed, and showing it. What does not: computing any number
that is not shown as it is stored.
"""
