"""Reading the ledger as an owner: pages of runs, a run and its summary, its events and artifacts, prompts.

What belongs here: questions, asked through ``access.owners_view``, whose policies are what filters. What does
not: how answers look (``commands/``, ``arcade/``), and the files themselves (``files.py``).

Another's run is no run: nothing here tells it from one that is not there.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.paging import Page, key_of, parse_key, parse_uuid_key, read_page
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.ledger import Prompt as PromptTable
from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.ids import NO_UUID, beginning_alike

KINDS = (
    "archive",
    "batch",
    "export",
    "game",
    "import",
    "job",
    "jobs",
    "landing",
    "learning",
    "maintenance",
    "metrics",
    "playtest",
    "quarantine",
    "report",
    "request",
    "restore",
)
"""What the factory's runs are; ``project_spec`` says it as ``kind``."""

A_RUN = "the id of a run of yours, its first characters (4 or more), or 'latest'"
AN_ARTIFACT = "the id of an artifact of yours, or its first characters (4 or more)"


@dataclass(frozen=True, slots=True)
class Run:
    """One run; ``project_spec`` is what was asked, and may be anything where an owner entered it."""

    run_id: str
    project_spec: Any
    owner_id: UUID
    status: str
    started_at: dt.datetime | None
    completed_at: dt.datetime | None
    error_message: str | None
    created_at: dt.datetime

    @property
    def kind(self) -> str:
        """What kind of run it is; empty where that is not said."""
        return _text(self.project_spec, "kind")

    @property
    def title(self) -> str:
        """What was asked, in a few words: a game's or batch's name, a command, a job."""
        for part in ("game", "batch"):
            if name := _text(_part(self.project_spec, part), "name"):
                return name
        return next(
            (said for name in ("name", "command", "job", "kind") if (said := _text(self.project_spec, name))),
            self.run_id,
        )

    @property
    def seconds(self) -> float | None:
        """How long it took; None until it has ended."""
        if self.started_at is None or self.completed_at is None:
            return None
        return (self.completed_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Summary:
    """A run and what there is of it: events by type, artifacts by kind as ``{"files": 2, "bytes": 10}``."""

    run: Run
    events: dict[str, int]
    artifacts: dict[str, dict[str, int]]

    @property
    def files(self) -> int:
        """How many artifacts."""
        return sum(kind["files"] for kind in self.artifacts.values())

    @property
    def size(self) -> int:
        """Their bytes."""
        return sum(kind["bytes"] for kind in self.artifacts.values())


@dataclass(frozen=True, slots=True)
class Event:
    """Something a bot said."""

    id: UUID
    run_id: str
    bot_name: str
    event_type: str
    payload: Any
    created_at: dt.datetime

    def said(self, name: str) -> str:
        """A value of the payload as text; empty where there is none."""
        return _text(self.payload, name)


@dataclass(frozen=True, slots=True)
class Artifact:
    """Something a run made."""

    id: UUID
    run_id: str
    kind: str
    url: str | None
    meta: Any
    created_at: dt.datetime
    file_size: int | None
    content_type: str | None
    checksum: str | None

    def said(self, name: str) -> str:
        """A value of ``meta`` as text; empty where there is none."""
        return _text(self.meta, name)

    @property
    def name(self) -> str:
        """What to call it: the path it was made under, else the end of its address."""
        return self.said("path") or (self.url or "").rpartition("/")[2] or str(self.id)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text for a model or a player."""

    id: str
    category: str
    context: str
    prompt_text: str
    created_at: dt.datetime
    updated_at: dt.datetime


def runs(
    connection: sa.Connection,
    *,
    status: str | None = None,
    kind: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Run]:
    """One page of runs, the newest first."""
    moment, id_ = ("infinity", "") if after is None else parse_key(after)
    asked = {"moment": moment, "id": id_, "status": status, "kind": kind}
    return read_page(
        connection, "ledger/runs", Run, lambda run: key_of(run.created_at, run.run_id), limit, asked
    )


def find_run(connection: sa.Connection, wanted: str) -> str:
    """Id of the run that ``wanted`` names: it, its beginning, or ``latest``.

    Raises InputError where there is none, or more than one; PermanentError where there is no run at all.
    """
    if wanted == "latest":
        newest = runs(connection, limit=1).rows
        if not newest:
            raise PermanentError("you have no run yet; order a batch: gamefactory batch submit --name first")
        return newest[0].run_id
    found: Sequence[str] = []
    if wanted.isprintable():
        found = connection.scalars(sa.text(load("ledger/run_named")), {"wanted": wanted}).all()
    if not found or (len(found) > 1 and found[0] != wanted):
        raise InputError("run", wanted, A_RUN)
    return str(found[0])


def summary(connection: sa.Connection, run: str) -> Summary | None:
    """A run and what there is of it; None where the caller has no such run. ``run`` is a whole id."""
    row = connection.execute(sa.text(load("ledger/run")), {"run": run}).mappings().one_or_none()
    if row is None:
        return None
    given = dict(row)
    events, artifacts = given.pop("events"), given.pop("artifacts")
    return Summary(Run(**given), events, artifacts)


def events(
    connection: sa.Connection, run: str, *, after: str | None = None, limit: int = 1000
) -> Page[Event]:
    """One page of a run's events, in their order."""
    return read_page(connection, "ledger/events", Event, _part_key, limit, _after(run, after))


def artifacts(
    connection: sa.Connection, run: str, *, after: str | None = None, limit: int = 1000
) -> Page[Artifact]:
    """One page of what a run made, in its order."""
    return read_page(connection, "ledger/artifacts", Artifact, _part_key, limit, _after(run, after))


def find_artifact(connection: sa.Connection, wanted: str) -> Artifact:
    """The artifact whose id this is, or begins so. Raises InputError where there is none, or more."""
    bounds = beginning_alike(wanted)
    if bounds is None:
        raise InputError("artifact", wanted, AN_ARTIFACT)
    asked = {"first": bounds[0], "last": bounds[1]}
    found = connection.execute(sa.text(load("ledger/artifact_named")), asked).mappings().all()
    if len(found) != 1:
        raise InputError("artifact", wanted, AN_ARTIFACT)
    return Artifact(**found[0])


def prompts(
    connection: sa.Connection,
    *,
    category: str | None = None,
    context: str | None = None,
    prefix: str = "",
    after: str | None = None,
    limit: int = 50,
) -> Page[Prompt]:
    """One page of prompts, by id; ``after`` is the last id of the page before."""
    for field, given in (("prefix", prefix), ("after", after or "")):
        if not given.isprintable():
            raise InputError(field, given, "printable text")
    asked = {"category": category, "context": context, "prefix": prefix, "after": after or ""}
    return read_page(connection, "ledger/prompts", Prompt, lambda prompt: prompt.id, limit, asked)


def categories(connection: sa.Connection) -> list[str]:
    """Every category of prompts there is, in order."""
    wanted = sa.select(PromptTable.category).distinct().order_by(PromptTable.category)
    return list(connection.scalars(wanted))


def _after(run: str, after: str | None) -> dict[str, Any]:
    moment, id_ = ("-infinity", NO_UUID) if after is None else parse_uuid_key(after)
    return {"run": run, "moment": moment, "id": id_}


def _part_key(part: Event | Artifact) -> str:
    return key_of(part.created_at, part.id)


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: Any, name: str) -> str:
    """A value of an object as one short line; empty for what is no text and no number."""
    found = _part(value, name)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return " ".join(str(found).split())
