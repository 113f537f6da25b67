"""The audio room: sound effects and music for a game, all made by numpy.

No sample is read. The same request gives the same bytes. What belongs here: making sounds, and judging them.
What does not: when a sound is played (``player/``).
"""

from .checks import problems
from .score import FILES, AudioRequest, Sound, compose, score_of

__all__ = ["FILES", "AudioRequest", "Sound", "compose", "problems", "score_of"]
