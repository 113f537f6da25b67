"""Reading a prompt: what a person says in their own words becomes wishes a design can fulfil.

What belongs here: words, what they mean, what a sentence makes of them. What does not: planning a game from
wishes (``production/planning.py``), designing it (``studio/designer.py``). A prompt is data: it is cut into
words and looked up, and nothing in it is ever carried out.

``tokens`` cuts it up, ``lexicon`` says what words mean (``spelling``: also words with a slip), ``sentences``
what they do to each other, ``choosing`` which wish wins; ``languages`` says what language it is.
"""

from .choosing import Understood
from .prompts import LONGEST, Reading, read

__all__ = ["LONGEST", "Reading", "Understood", "read"]
