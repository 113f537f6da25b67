"""The audio room: sound effects and one music loop for a game, all made by numpy.

No sample is read. The same request gives the same bytes. What belongs here: making sounds, and judging them.
What does not: when a sound is played (``player/``).
"""

from .checks import problems
from .score import AudioRequest, Sound, compose

__all__ = ["AudioRequest", "Sound", "compose", "problems"]
