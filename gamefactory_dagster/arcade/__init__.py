"""The local web: the gallery, the published games, and the collector of their events.

What belongs here: HTTP. What does not: what makes an event acceptable or where it is stored (``analytics``),
and how a game gets into the published folder (``studio/shipping/publisher.py``).
"""
