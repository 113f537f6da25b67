"""What players do and what it adds up to: events in, rollups and metrics out.

What belongs here: the rules an event must keep, storing events, and everything computed from them.
What does not: HTTP (``arcade``), and what is done with a score (``learning``).
"""
