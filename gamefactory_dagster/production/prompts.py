"""The texts of the factory as the ledger keeps them: for models, for stores, and for people who play.

What belongs here: which texts there are, and by what id, category and context each is found. What does not:
the texts themselves (``studio/``) and keeping them (``ledger/recording.py``).

Two kinds: those of the code, which are as the code is, and a game's, under its slug, from its publication on:
until then they are its owner's alone, and every signed-in user may read these.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from gamefactory_dagster.database.tables.factory import GameAsset
from gamefactory_dagster.ledger.recording import Prompt, set_prompts
from gamefactory_dagster.studio.design.family_words import FAMILY_WORDS
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.families import FAMILIES

from .steps import StepJob

_FACTORY = "factory/"

_LISTED = ("title", "short_description", "full_description")


def keep_factorys(connection: sa.Connection) -> int:
    """Let the ledger have the code's texts as they are now; how many that changed."""
    return set_prompts(connection, _FACTORY, list(_factorys()))


def keep_games(connection: sa.Connection, job: StepJob) -> int:
    """Let the ledger have the texts of a game that is being published; how many that changed."""
    wanted = sa.select(GameAsset.asset_type, GameAsset.filename, GameAsset.ai_prompt)
    assets = connection.execute(wanted.where(GameAsset.game_id == job.id)).all()
    found = [*_designs(job.gdd), *_shown(job.files), *_asked(assets)]
    under = f"{job.gdd.slug}/"
    return set_prompts(connection, under, [Prompt(f"{under}{id_}", *rest) for id_, *rest in found])


def _factorys() -> Iterator[Prompt]:
    for name, words in FAMILY_WORDS.items():
        for part, context in (
            ("taglines", "title screen and store, filled with a theme's words"),
            ("openings", "how a design begins, filled with a theme's words"),
            ("gains", "what a design says there is to gain, filled with a theme's words"),
        ):
            for number, text in enumerate(getattr(words, part), start=1):
                yield Prompt(f"{_FACTORY}{name}/{part}/{number:02}", "template", context, text)
    for name, family in FAMILIES.items():
        for cause, text in family.causes.items():
            yield Prompt(f"{_FACTORY}{name}/causes/{cause}", "player", "shown when a level is lost", text)


def _designs(gdd: GDD) -> Iterator[tuple[str, str, str, str]]:
    yield "name", "player", "title screen", gdd.name
    yield "tagline", "player", "title screen", gdd.tagline
    yield "summary", "player", "store and design", gdd.core_loop.summary
    for number, text in enumerate(gdd.fail_states, start=1):
        yield f"fail_states/{number:02}", "player", "how a level is lost", text


def _shown(files: Mapping[str, bytes]) -> Iterator[tuple[str, str, str, str]]:
    listing = orjson.loads(files["store/listing.json"])
    for name in _LISTED:
        yield f"store/{name}", "store", f"{name.replace('_', ' ')} in stores", listing[name]
    for number, text in enumerate(orjson.loads(files["web/game.json"])["help"], start=1):
        yield f"help/{number:02}", "player", "help in the game's settings", text


def _asked(assets: Iterable[Any]) -> Iterator[tuple[str, str, str, str]]:
    """What a picture or sound was, or would be, asked of a model with."""
    for asset in assets:
        if asset.ai_prompt:
            yield f"assets/{asset.filename}", "model", asset.asset_type.replace("_", " "), asset.ai_prompt
