"""The sounds that a family's rules may call for, as the rules themselves say.

What belongs here: reading ``Rules.CUES``. What does not: how a sound is made (``audio/``) or played
(``player/``).
"""

import functools
import json

from gamefactory_dagster.studio.tools import v8

from .base import Family
from .lab import CORE

_CUES = "JSON.stringify(Rules.CUES || [])"


@functools.cache
def cues(family: Family) -> tuple[str, ...]:
    """Every cue of ``Rules.CUES``; none for rules that export no such list."""
    with v8.context() as context:
        for path in (CORE, *(family.folder / name for name in family.rules)):
            context.eval(path.read_text(encoding="utf-8"))
        return tuple(json.loads(str(context.eval(_CUES))))
