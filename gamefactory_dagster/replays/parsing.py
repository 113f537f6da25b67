"""Replay files: the bytes of one, as the site gives them, to what they say. Pure.

What belongs here: the file as a whole, and what is wrong with one that is none. What does not: single plays
(``plays.py``) and the rules (``outcomes.py``). A file needs two named players and a list of plays; whatever
else is missing or odd is read as far as it goes.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from gamefactory_dagster.errors import PermanentError

from .outcomes import Referee
from .plays import read_play
from .records import Replay, Seat

MAX_BYTES = 16 * 1024 * 1024
"""Of one file: the longest recordings have a few hundred kB."""


class ReplayError(PermanentError):
    """A file that is no replay; says in one sentence why."""


def parse(content: bytes) -> Replay:
    """Read a replay file, at most ``MAX_BYTES``.

    Raises ReplayError for what is longer, no JSON, not the recording of a match, or the site's own error.
    """
    if len(content) > MAX_BYTES:
        raise ReplayError(f"is larger than {MAX_BYTES // 2**20} MiB, no replay is")
    given = _loaded(content)
    plays = given.get("plays")
    if not isinstance(plays, list):
        raise ReplayError("has no list of plays")
    players = _players(given)
    seats: dict[str, Seat] = {name: seat for seat in (0, 1) for name in players[seat]}
    if len(seats) < sum(map(len, players)):
        raise ReplayError("has two players of one name")
    match_type = given.get("match_type", "m")
    referee = Referee(seats, match_type if isinstance(match_type, str) else "m")
    referee.take(play for item in plays if (play := read_play(item)) is not None)
    kind = given.get("format")
    return Replay(
        id=_number(given.get("id")),
        played_at=_moment(given.get("date")),
        format=kind if isinstance(kind, str) else "",
        rated=given.get("rated") is True,
        players=players,
        matches=tuple(referee.matches),
        notes=tuple(referee.notes),
    )


def _loaded(content: bytes) -> Mapping[str, Any]:
    try:
        given = orjson.loads(content)
    except orjson.JSONDecodeError:
        given = _loaded_leniently(content)
    if not isinstance(given, Mapping):
        raise ReplayError("is no JSON object")
    if given.get("action") == "Error":
        raise ReplayError(f"is the site's answer that there is none: {str(given.get('message'))[:200]}")
    return given


def _loaded_leniently(content: bytes) -> Any:
    """Read JSON in which somebody's words end in the middle of a character, or that begins with a mark.

    What is left of the character becomes a question mark: no table and no page could hold it.
    """
    try:
        given = json.loads(content)
        return orjson.loads(json.dumps(given, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise ReplayError("is no JSON") from None


def _players(given: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    one, two, three, four = (_username(given.get(f"player{number}")) for number in (1, 2, 3, 4))
    for number, name in ((1, one), (2, two)):
        if name is None:
            raise ReplayError(f"does not say who player{number} is")
    return tuple(name for name in (one, three) if name), tuple(name for name in (two, four) if name)


def _username(player: Any) -> str | None:
    name = player.get("username") if isinstance(player, Mapping) else None
    return name if isinstance(name, str) and name.strip() else None


def _number(given: Any) -> int | None:
    if isinstance(given, str) and re.fullmatch(r"[0-9]{1,19}", given):
        given = int(given)
    is_number = isinstance(given, int) and not isinstance(given, bool)
    return given if is_number and 0 < given < 2**63 else None


def _moment(given: Any) -> datetime | None:
    try:
        return datetime.strptime(given, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None
