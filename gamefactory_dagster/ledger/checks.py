"""What must be true of the ledger whoever's runs it is about: questions that name what is wrong.

What belongs here: the questions, and how much is looked at. What does not: when they are asked
(``defs.py``), and the protection's own verification (``database/migrations.py``).
"""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load

from .access import as_service, services_view
from .files import FAULTS, Files, Finding
from .reading import Artifact
from .verifying import looked_around

STEPS = 12
"""Steps of the workflow: a finished game has an end of each."""

LATELY = dt.timedelta(days=7)
"""How long ago a game may have been finished to be looked at; of older ones runs may be gone."""


@dataclass(frozen=True, slots=True)
class Sample:
    """How many of the newest files and how many others are looked at, at the most, and for how long."""

    files: int = 200
    bytes: int = 256 * 1024 * 1024
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Sampled:
    """How many files were looked at, and which are wrong."""

    files: int
    wrong: list[Finding]


def unfinished_games(connection: sa.Connection, now: dt.datetime) -> list[str]:
    """Games that a run has finished without all their steps having ended, a sentence each."""
    with as_service(connection):
        asked = {"since": now - LATELY, "steps": STEPS}
        rows = connection.execute(sa.text(load("ledger/unfinished_games")), asked).all()
    return [f"game {row.game} (run {row.run}): {row.ends} of {STEPS} steps have ended" for row in rows]


def wrong_files(engine: sa.Engine, files: Files, most: Sample) -> Sampled:
    """Look at the newest artifacts and at some of all, as far as the sample goes.

    Files that people named are theirs to move; only what the factory keeps is looked at.
    """
    view = partial(services_view, engine)
    with view() as connection:
        asked = {"number": most.files, "anywhere": uuid4()}
        rows = connection.execute(sa.text(load("ledger/sampled_artifacts")), asked).mappings().all()
    chosen = {row["id"]: Artifact(**row) for row in rows}
    wanted = list(_within(most.bytes, (one for one in chosen.values() if files.is_ours(one))))
    until = time.monotonic() + most.seconds
    looked, suspects = 0, []
    for finding in files.verify(wanted):
        looked += 1
        if finding.state in FAULTS:
            suspects.append(finding)
        if time.monotonic() >= until:
            break
    return Sampled(looked, [one for one in looked_around(view, files, suspects) if one.state in FAULTS])


def _within(most: int, artifacts: Iterator[Artifact]) -> Iterator[Artifact]:
    for artifact in artifacts:
        most -= artifact.file_size or 0
        if most < 0:
            return
        yield artifact
