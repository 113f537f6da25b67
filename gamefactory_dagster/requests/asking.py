"""What may be asked for: the prompt, the game's name, and the options, each checked before it is stored.

What belongs here: reading what somebody gave, or saying which field is wrong and what would be right. What
does not: what a prompt means (``studio/reading``). A prompt is data, kept to the letter.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gamefactory_dagster.database.tables.requests import MOST_CHARACTERS
from gamefactory_dagster.database.text import storable
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.production.planning import check_seed
from gamefactory_dagster.studio.design.gdd import STYLES
from gamefactory_dagster.studio.families import genres

A_PROMPT = f"1 to {MOST_CHARACTERS:,} characters that are not all blank"

MOST_NAME = 60
"""Characters of a game's name, as a design has them (``studio/design/gdd.py``)."""


class Options(BaseModel):
    """``config``: what is asked for beside the prompt, and goes before what it says."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    genre: str | None = Field(default=None, description="One that has a game family.")
    style: str | None = Field(default=None, description="How it is drawn.")
    seed: int | None = Field(default=None, description="The same prompt and seed give the same game.")
    compare: bool = Field(default=False, description="Two requests of one idea, by two designers.")

    def as_json(self) -> dict[str, Any]:
        """Give only what was asked: the value of ``jobs.config``."""
        return self.model_dump(exclude_defaults=True)


def check_prompt(prompt: object) -> str:
    """Give the prompt as it was given; raises InputError for one that is too long, blank, or no text."""
    if not isinstance(prompt, str) or not 1 <= len(prompt) <= MOST_CHARACTERS or not prompt.strip():
        shown = f"{len(prompt):,} characters" if isinstance(prompt, str) and prompt.strip() else prompt
        raise InputError("prompt", shown, A_PROMPT)
    if storable(prompt) != prompt:
        raise InputError("prompt", prompt, "text without NUL characters and halves of surrogate pairs")
    return prompt


def check_name(name: object) -> str | None:
    """Give the game's name, None where there is none; raises InputError."""
    if name is None or (isinstance(name, str) and not name.strip()):
        return None
    if not isinstance(name, str) or len(name) > MOST_NAME or not name.isprintable():
        raise InputError("game_name", name, f"at most {MOST_NAME} printable characters, or none")
    return name.strip()


def check_config(config: object) -> Options:
    """Give the options as they are meant; raises InputError that names the one at fault."""
    if config is None:
        config = {}
    if not isinstance(config, Mapping):
        raise InputError("config", config, f"an object with any of {', '.join(Options.model_fields)}")
    if strange := [name for name in config if name not in Options.model_fields]:
        raise InputError("config", strange[0], f"only {', '.join(Options.model_fields)}")
    try:
        options = Options.model_validate(dict(config))
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"config.{first['loc'][0]}", first["input"], first["msg"].lower()) from None
    for field, given, known in (("genre", options.genre, genres()), ("style", options.style, STYLES)):
        if given is not None and given not in known:
            raise InputError(f"config.{field}", given, f"one of {', '.join(known)}")
    check_seed(options.seed)
    return options


def parse_config(option: str, text: str) -> dict[str, Any]:
    """Read options written as JSON; raises InputError."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError(option, text, 'an object in JSON, such as \'{"genre": "runner"}\'')
    return found
