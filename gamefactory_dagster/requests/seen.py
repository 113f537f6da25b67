"""Requests as anybody may see them: what was asked, how far its game is, and what is wrong with it.

What belongs here: the questions pages and programs ask, and what of the answers is for everybody. What does
not: how answers look (``request_page.py``), who watches (``live.py``), and entering one (``entering.py``).

Whoever visits the arcade sees all requests. Nobody sees whose one is, where it came from, or what this
machine looks like inside: sentences that name a path are shown without it.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import sqlalchemy as sa

from gamefactory_dagster.database.paging import A_CURSOR, Page, key_of, parse_key, read_page
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.requests import ENDED
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.production.lifecycle import STEPS

from .states import PHASES, Phase
from .walk import unplaced

LAST_ID = 2**31 - 1
"""The largest number a request can have."""

PICTURES = (
    *("splash", "hero", "tile_0", "tile_1", "tile_2", "tile_3", "tile_4", "tile_5", "coin"),
    *("hazard_low", "hazard_tall", "hazard_fly", "crate", "stone", "spring", "flag"),
)
"""Names of the pictures that are shown of a game, those seen first first."""

_TRACE = re.compile(r"\s*Traceback \(most recent call last\).*", re.DOTALL)
_PATH = re.compile(r"(?:file|git\+file)://\S+|(?<![\w:/.<])/(?:[^\s/'\"]+/)+[^\s'\"]*")

State = Literal["pending", "running", "completed", "failed"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the four phases: how far it is, and since when; ``step`` is the one at work in it."""

    phase: Phase
    state: State
    began: dt.datetime | None
    ended: dt.datetime | None
    step: str | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the game; sizes in pixels, of one of its ``frames``, which lie side by side."""

    id: str
    name: str
    width: int
    height: int
    frames: int


@dataclass(frozen=True)
class Seen:
    """One request and its game, as they were at ``seen_at``."""

    id: int
    game_name: str | None
    prompt: str
    status: str
    phase_outputs: Any
    error: Any
    config: Any
    created_at: dt.datetime
    updated_at: dt.datetime
    pair_of: int | None
    waits_for: int | None
    retry_of: int | None
    retried_as: int | None
    seen_at: dt.datetime
    ahead: int
    """Requests that are taken up before this one while it waits, at most 100."""
    slug: str | None
    genre: str | None
    theme: str | None
    style: str | None
    designer: str | None
    """Who designs it, by name; shown where two are compared."""
    game_status: str | None
    design: Any
    steps: Any
    pictures: Any

    @property
    def is_over(self) -> bool:
        """Whether nothing will become of it any more."""
        return self.status in ENDED

    @property
    def is_playable(self) -> bool:
        """Whether its game is there to be played; the request says so a moment later."""
        return self.game_status == "published" and self.slug is not None

    @property
    def title(self) -> str | None:
        """The game's name, as soon as it has one."""
        return self._said("name") or self.game_name

    @property
    def tagline(self) -> str:
        """The sentence under the name."""
        return self._said("tagline") or ""

    @property
    def reading(self) -> dict[str, Any]:
        """What was made of the prompt, as ``studio/reading`` says it; empty until it was read."""
        idea = _mapping(_mapping(self.phase_outputs).get("phase1"))
        for one in (idea, _mapping(idea.get("reading")), _mapping(idea.get("detail"))):
            if "understood" in one:
                return one
        return {}

    @property
    def unplaced(self) -> str:
        """What was named and is not in the game, in a sentence; empty while that is not known."""
        return unplaced(_mapping(_mapping(self.phase_outputs).get("phase1")))

    @property
    def guide(self) -> dict[str, Any]:
        """What the design says of art and sound."""
        return _mapping(_mapping(self.design).get("style_guide"))

    @property
    def mechanics(self) -> list[str]:
        """What is played with, out of the library."""
        return [str(one) for one in _mapping(self.design).get("mechanics") or ()]

    @property
    def why(self) -> str:
        """Why it failed, in words for anybody; empty unless it did."""
        return told(str(_mapping(self.error).get("message", ""))) if self.status == "failed" else ""

    @property
    def seconds(self) -> float:
        """How long it has taken, or took."""
        end = self.updated_at if self.is_over else self.seen_at
        return max((end - self.created_at).total_seconds(), 0.0)

    @property
    def done(self) -> int:
        """How many of the twelve steps are done."""
        return sum(step["status"] in ("completed", "skipped") for step in self.steps)

    @cached_property
    def stages(self) -> list[Stage]:
        """The four phases in their order."""
        return [self._stage(phase, numbers) for phase, numbers in PHASES.items()]

    @cached_property
    def shown(self) -> dict[str, Picture]:
        """The game's pictures by name, in the order of ``PICTURES``."""
        found = {one["name"]: Picture(**one) for one in self.pictures}
        return {name: found[name] for name in PICTURES if name in found}

    def _said(self, field: str) -> str | None:
        value = _mapping(self.design).get(field)
        return value if isinstance(value, str) and value else None

    def _stage(self, phase: Phase, numbers: tuple[int, ...]) -> Stage:
        steps = [step for step in self.steps if step["number"] in numbers]
        began = min((_moment(step["began"]) for step in steps if step["began"]), default=None)
        ended = max((_moment(step["ended"]) for step in steps if step["ended"]), default=None)
        at_work = next((STEPS[s["number"] - 1] for s in steps if s["status"] == "running"), None)
        state = self._state(phase)
        return Stage(phase, state, began, ended if state == "completed" else None, at_work)

    def _state(self, phase: Phase) -> State:
        order = list(PHASES)
        place = order.index(phase)
        if self.status == "completed":
            return "completed"
        if self.status == "failed":
            failed = _mapping(self.error).get("phase")
            at = order.index(failed) if failed in order else 0
            return "completed" if place < at else "failed" if place == at else "pending"
        if self.status == "pending":
            return "pending"
        at = 0 if self.status == "processing" else int(self.status.removeprefix("phase_")) - 1
        return "completed" if place < at else "running" if place == at else "pending"


@dataclass(frozen=True, slots=True)
class Listed:
    """One request in a list; its prompt is cut short, and ``error`` is only there where it failed."""

    id: int
    game_name: str | None
    prompt: str
    status: str
    error: str | None
    created_at: dt.datetime
    updated_at: dt.datetime
    pair_of: int | None
    has_second: bool
    slug: str | None
    genre: str | None
    style: str | None
    game_status: str | None

    @property
    def why(self) -> str:
        """Why it failed, in words for anybody; empty unless it did."""
        return told(self.error or "") if self.status == "failed" else ""

    @property
    def has_picture(self) -> bool:
        """Whether the game's title picture is published."""
        return self.status == "completed" and self.game_status == "published"


def seen(connection: sa.Connection, id_: int) -> list[Seen]:
    """The request with this number, or both of its pair; none where there is no such request."""
    if not 1 <= id_ <= LAST_ID:
        return []
    asked = {"id": id_, "pictures": list(PICTURES)}
    rows = connection.execute(sa.text(load("requests/seen")), asked).mappings()
    return [Seen(**row) for row in rows]


def marks(connection: sa.Connection, ids: Iterable[int]) -> dict[int, str]:
    """What changes whenever one of these requests does, by its number."""
    rows = connection.execute(sa.text(load("requests/marks")), {"ids": list(ids)})
    return {row.id: row.mark for row in rows}


def listed(
    connection: sa.Connection, *, status: str | None = None, after: str | None = None, limit: int = 50
) -> Page[Listed]:
    """One page of requests, the newest first. Raises InputError for ``after`` that is no key."""
    moment, id_ = ("infinity", str(LAST_ID)) if after is None else parse_key(after)
    if not re.fullmatch("[0-9]{1,10}", id_) or int(id_) > LAST_ID:
        raise InputError("after", after, A_CURSOR)
    asked = {"moment": moment, "id": int(id_), "status": status}
    return read_page(
        connection, "requests/seen_list", Listed, lambda one: key_of(one.created_at, one.id), limit, asked
    )


def told(words: str) -> str:
    """A sentence for everybody: without where in this machine it happened."""
    return _PATH.sub("…", _TRACE.sub("", words))


def told_all(value: Any) -> Any:
    """The same for every sentence in a JSON value."""
    if isinstance(value, str):
        return told(value)
    if isinstance(value, Mapping):
        return {key: told_all(one) for key, one in value.items()}
    return [told_all(one) for one in value] if isinstance(value, list) else value


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
