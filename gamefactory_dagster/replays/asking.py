"""What may be asked for: links, a player, a team, each checked before anything is stored. Pure.

What belongs here: reading what somebody gave, or saying which part is wrong and what would be right. What
does not: what a link is (``links.py``), and how often one may ask (``service.py``).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gamefactory_dagster.database.tables.replays import MOST_NAME_CHARACTERS, JobType
from gamefactory_dagster.errors import InputError

from .links import canonical

MOST_LINKS = {JobType.INDIVIDUAL: 12, JobType.GFWL: 100}
"""Different ones, of one job."""

MOST_TEAM_BYTES = 64 * 1024
"""Of a team's data as JSON, in UTF-8."""

MOST_TEAM_DEPTH = 20
"""How deep lists and objects of a team's data may be in each other."""

_A_NAME = f"1 to {MOST_NAME_CHARACTERS} printable characters that are not all blank"
_TEAM_DATA = (
    f"JSON of at most {MOST_TEAM_BYTES // 1024} KiB, lists and objects at most {MOST_TEAM_DEPTH} deep"
)


@dataclass(frozen=True, slots=True)
class Order:
    """What a job is to analyse, as it is stored."""

    job_type: JobType
    urls: tuple[str, ...]
    """Canonical, each once, in the order they were given first."""
    player: str | None
    team_name: str | None
    team_data: Any


def check_order(
    job_type: str,
    links: Sequence[str],
    *,
    player: str | None = None,
    team_name: str | None = None,
    team_data: Any = None,
) -> Order:
    """Give an order as it is stored; raises InputError that names the part at fault.

    A player is what an INDIVIDUAL job may have, a team's data what a GFWL job may have, which has to name it.
    """
    kind = next((one for one in JobType if one == job_type), None)
    if kind is None:
        raise InputError("job_type", job_type, " or ".join(JobType))
    urls = tuple(dict.fromkeys(map(canonical, links)))
    if not 1 <= len(urls) <= MOST_LINKS[kind]:
        raise InputError(
            "links", len(urls), f"1 to {MOST_LINKS[kind]} different ones in a job of type {kind}"
        )
    if kind is JobType.INDIVIDUAL:
        _refuse(kind, team_name=team_name, team_data=team_data)
        name = None if player is None else _check_name("player", player)
        return Order(kind, urls, name, None, None)
    _refuse(kind, player=player)
    return Order(kind, urls, None, _check_name("team_name", team_name), check_team_data(team_data))


def check_team_data(given: Any) -> Any:
    """Give a team's data unchanged; raises InputError where it is no JSON, too large or too deep."""
    try:
        size = len(json.dumps(given, allow_nan=False, ensure_ascii=False).encode())
    except (TypeError, ValueError, RecursionError):
        raise InputError("team_data", type(given).__name__, _TEAM_DATA) from None
    if size > MOST_TEAM_BYTES or not _is_flat(given):
        raise InputError("team_data", f"{size:,} bytes", _TEAM_DATA)
    return given


def check_players(names: Iterable[str], discovered: Sequence[str]) -> list[str]:
    """Give those of ``discovered`` that ``names`` say, however capitalised, in the order of the former.

    Raises InputError where a name is none of them, or there is none.
    """
    known = {name.casefold(): name for name in discovered}
    chosen = set()
    for name in names:
        if name.casefold() not in known:
            raise InputError("players", name, f"one of {', '.join(discovered)}")
        chosen.add(name.casefold())
    if not chosen:
        raise InputError("players", "", f"at least one of {', '.join(discovered)}")
    return [name for folded, name in known.items() if folded in chosen]


def _check_name(field: str, given: str | None) -> str:
    if given is None or not given.strip() or len(given) > MOST_NAME_CHARACTERS or not given.isprintable():
        raise InputError(field, given, _A_NAME)
    return given.strip()


def _refuse(kind: JobType, **given: Any) -> None:
    for field, value in given.items():
        if value is not None:
            raise InputError(field, value, f"none in a job of type {kind}")


def _is_flat(given: Any) -> bool:
    """Whether nothing lies deeper than it may."""
    layer = [given]
    for _ in range(MOST_TEAM_DEPTH + 1):
        layer = [
            inner
            for one in layer
            if isinstance(one, dict | list | tuple)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return not layer
