"""Reading a whole prompt. Pure: equal prompts, equal readings.

What belongs here: the order of the work, what is handed back, and what is said to the person who wrote it.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from gamefactory_dagster.studio.design.wishes import Wishes

from .choosing import Understood, choose
from .languages import ENGLISH, language_of
from .lexicon import Sense, meanings
from .sentences import Heard, hear
from .spelling import corrected
from .tokens import Token, tokens_of

LONGEST = 4000
"""Characters of a prompt that are read."""

MOST_SLIPS = 40
"""Different words of a prompt that are tried as slips of the keyboard: each costs a search."""

MOST_IGNORED = 40
"""Different ignored words that are listed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of a prompt."""

    wishes: Wishes
    understood: tuple[Understood, ...]
    ignored: tuple[str, ...]
    """Words that mean nothing to a game, as they were written, each once; without those such as "the"."""
    language: str
    """Its name in English."""
    notes: tuple[str, ...]
    """Sentences for the person who wrote the prompt."""

    def as_json(self) -> dict[str, Any]:
        """The reading as it is stored and shown."""
        return {
            "wishes": self.wishes.as_json(),
            "understood": [asdict(one) for one in self.understood],
            "ignored": list(self.ignored),
            "language": self.language,
            "notes": list(self.notes),
        }


def read(prompt: str) -> Reading:
    """Read ``prompt``, its first ``LONGEST`` characters; never raises, whatever the text is."""
    tokens = tokens_of(prompt[:LONGEST])
    language = language_of(tokens)
    heard = hear(_readable(tokens, language), _corrector() if language == ENGLISH else _nothing)
    wishes, understood, notes = choose(heard.said)
    return Reading(
        wishes=wishes,
        understood=understood,
        ignored=tuple(heard.ignored[:MOST_IGNORED]),
        language=language,
        notes=(*_notes(heard, language, bool(understood)), *notes),
    )


def _readable(tokens: list[Token], language: str) -> list[Token]:
    """Of another language only what is written alike in all: names of subjects, and pictures."""
    if language == ENGLISH:
        return tokens
    return [
        token
        if token.picture or (len(token.text) > 3 and any(s.how == "exact" for s in meanings(token.text)))
        else replace(token, text="\0")
        for token in tokens
    ]


def _nothing(word: str) -> tuple[Sense, ...]:
    return ()


def _corrector() -> Callable[[str], tuple[Sense, ...]]:
    """What words with a slip in them mean, for one prompt."""
    tried: dict[str, tuple[Sense, ...]] = {}

    def correct(word: str) -> tuple[Sense, ...]:
        if word not in tried:
            if len(tried) >= MOST_SLIPS:
                return ()
            meant = corrected(word)
            senses = meanings(meant) if meant else ()
            tried[word] = tuple(replace(sense, how="spelling") for sense in senses)
        return tried[word]

    return correct


def _notes(heard: Heard, language: str, understood: bool) -> list[str]:
    notes = []
    if language != ENGLISH:
        notes.append(
            f"This looks like {language}; only English is read so far, beside names and pictures. "
            "Here is a game all the same."
        )
    if heard.hurtful:
        notes.append(
            f"Games here are for everybody: what was said of {', '.join(heard.hurtful[:8])} is left out."
        )
    if not understood and language == ENGLISH:
        notes.append("Nothing of this was understood; here is a game anyway.")
    return notes
