"""The published games, ready to be played: levels as they are served, certificates as they were made.

What belongs here: reading, and why a game cannot be playtested. What does not: playing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.families.base import Certificate, Family, Level
from gamefactory_dagster.studio.shipping.published import PublishedGames

from .hands import Hands, endless_run
from .moods import freshness
from .shell import Shell, tenth_section


@dataclass(frozen=True, slots=True)
class PublishedGame:
    """One game as its players have it."""

    id: str
    slug: str
    name: str
    family: Family
    shell: Shell
    levels: Sequence[Level]
    """The ten, then the daily ones, if it has any."""
    certificates: Sequence[Certificate]
    """As the levels."""
    spec: Mapping[str, Any]
    """Its event specification."""
    sections: Sequence[Mapping[str, Any]] = ()
    """What its endless runs are made of; none where it has no such mode."""

    def open(self) -> tuple[Hands, Shell]:
        """Hands that can play it, and its shell with what only its rules tell.

        An endless run, if there is one, is the last of the levels. Raises PermanentError when a certificate
        does not win its level any more.
        """
        levels, proofs, tenth = list(self.levels), list(self.certificates), None
        if run := endless_run(self.family, self.sections):
            levels.append(run[0])
            proofs.append(run[1])
            tenth = tenth_section(run[0])
        hands = Hands(self.family, levels, proofs)
        happenings = hands.happenings(self.shell.levels)
        return hands, replace(
            self.shell,
            revives=hands.revives and "purpose" in self.spec["events"]["unlock_prompt_shown"]["properties"],
            tenth=tenth,
            freshness=freshness(happenings),
        )


@dataclass(frozen=True, slots=True)
class Skipped:
    """A published game that was not playtested, and why."""

    slug: str
    reason: str


def published_games(
    connection: sa.Connection, published: PublishedGames, wanted: Sequence[str] = ()
) -> tuple[list[PublishedGame], list[Skipped]]:
    """Read the published games in order of slug, all or those whose slugs are ``wanted``.

    Raises InputError for a wanted slug that is not published.
    """
    rows = connection.execute(sa.text(load("playtest/published_games"))).all()
    known = {row.slug for row in rows}
    for slug in wanted:
        if slug not in known:
            raise InputError("games", slug, "the slug of a published game that this factory made")
    games, skipped = [], []
    for row in rows:
        if wanted and row.slug not in wanted:
            continue
        try:
            games.append(_game(row, published))
        except PermanentError as error:
            skipped.append(Skipped(row.slug, str(error)))
    return games, skipped


def _game(row: sa.Row[Any], published: PublishedGames) -> PublishedGame:
    """Put one game together; raises PermanentError with the reason when something of it is missing."""
    published.renew([row.slug])
    try:
        data = orjson.loads((published.folder / row.slug / "game.json").read_bytes())
    except (OSError, ValueError) as error:
        raise PermanentError("its game.json is not among the published files") from error
    family = FAMILIES.get(data["family"])
    if family is None:
        raise PermanentError(f"there is no game family {data['family']}")
    if not row.certificates or len(row.certificates) != len(data["levels"]):
        raise PermanentError("its levels have no certificates")
    dailies = data.get("dailies", [])
    if dailies and len(row.dailies or []) != len(dailies):
        raise PermanentError("its daily levels have no certificates")
    return PublishedGame(
        id=row.id,
        slug=row.slug,
        name=row.name,
        family=family,
        shell=Shell.of(data),
        levels=[*data["levels"], *dailies],
        certificates=[
            Certificate(**proof) for proof in (*row.certificates, *(row.dailies or [])[: len(dailies)])
        ],
        spec=row.analytics_spec,
        sections=data.get("sections", []),
    )
