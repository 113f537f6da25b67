"""Metrics straight from the definitions in docs/metrics.md, in exact fractions: slow and obvious.

Nothing of the package is used, so that a mistake there is not repeated here.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

INT_MAX = 2**31 - 1
Key = tuple[str, dt.date]


class Happened(NamedTuple):
    """A raw event; ``time`` in UTC."""

    game: str
    user: str | None
    session: str | None
    type: str
    time: dt.datetime
    properties: str = "{}"

    @property
    def day(self) -> dt.date:
        return self.time.date()


def half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def game_metrics(events: Iterable[Happened], days: Iterable[dt.date]) -> dict[Key, dict[str, Any]]:
    """Rows without score, for every game on each of ``days`` that has something to say."""
    by_game: dict[str, list[Happened]] = defaultdict(list)
    for event in events:
        by_game[event.game].append(event)
    days = sorted(set(days))
    found = {}
    for game, log in by_game.items():
        rows = _of_game(log, days)
        found |= {(game, day): row for day, row in rows.items()}
    return found


def _of_game(log: list[Happened], days: list[dt.date]) -> dict[dt.date, dict[str, Any]]:
    on: dict[dt.date, list[Happened]] = defaultdict(list)
    first: dict[str, dt.date] = {}
    for event in log:
        on[event.day].append(event)
        if event.user is not None:
            first[event.user] = min(event.day, first.get(event.user, event.day))
    cohorts: dict[dt.date, set[str]] = defaultdict(set)
    for user, day in first.items():
        cohorts[day].add(user)
    rows = {}
    for day in days:
        before = {age: cohorts.get(day - dt.timedelta(age), set()) for age in (1, 7, 30)}
        if on.get(day) or any(before.values()):
            active = {event.user for event in on.get(day, []) if event.user is not None}
            rows[day] = {
                "installs": len(cohorts.get(day, ())),
                "dau": len(active),
                **_sessions(on.get(day, [])),
                **_retention(before, active),
                **_counters(on.get(day, [])),
            }
    return rows


def _sessions(events: list[Happened]) -> dict[str, Any]:
    times: dict[tuple[str, str], list[dt.datetime]] = defaultdict(list)
    for event in events:
        if event.user is not None and event.session is not None:
            times[event.user, event.session].append(event.time)
    micros = sum((max(found) - min(found)) // dt.timedelta(microseconds=1) for found in times.values())
    mean = half_up(Fraction(micros, len(times) * 1_000_000)) if times else 0
    return {"sessions": len(times), "avg_session_duration_seconds": mean}


def _retention(before: Mapping[int, set[str]], active: set[str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for age, cohort in before.items():
        back = len(cohort & active)
        row[f"cohort_d{age}"], row[f"retained_d{age}"] = len(cohort), back
        share = Fraction(half_up(Fraction(10_000 * back, len(cohort))), 10_000) if cohort else None
        row[f"retention_d{age}"] = share
    return row


def _counters(events: list[Happened]) -> dict[str, Any]:
    def number(type: str) -> int:
        return sum(event.type == type for event in events)

    def money(type: str, name: str) -> int:
        return sum(json.loads(event.properties).get(name, 0) for event in events if event.type == type)

    micros = money("rewarded_ad_completed", "revenue_micros")
    return {
        "levels_completed": number("level_complete"),
        "levels_failed": number("level_fail"),
        "ad_prompts": number("unlock_prompt_shown"),
        "ad_impressions": number("rewarded_ad_started"),
        "ad_revenue_cents": min(half_up(Fraction(micros, 10_000)), INT_MAX),
        "iap_revenue_cents": min(money("iap_completed", "revenue_cents"), INT_MAX),
    }


class _Tally(NamedTuple):
    """Successes and trials of a rate."""

    hits: int = 0
    trials: int = 0

    def __add__(self, other: "_Tally") -> "_Tally":  # type: ignore[override]
        return _Tally(self.hits + other.hits, self.trials + other.trials)

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.hits, self.trials) if self.trials else None


def scores(
    rows: Mapping[Key, Mapping[str, Any]],
    genres: Mapping[str, str],
    shares: tuple[Fraction, Fraction, Fraction] = (Fraction(2, 5), Fraction(3, 10), Fraction(3, 10)),
    priors: tuple[int, int, int] = (50, 200, 100),
) -> dict[Key, Fraction]:
    """Scores of all ``rows``, unrounded."""
    return {(game, day): _score(_window(rows, day), game, genres, shares, priors) for game, day in rows}


def _window(rows: Mapping[Key, Mapping[str, Any]], day: dt.date) -> dict[str, dict[str, _Tally]]:
    """Tallies of each game that has a row in the seven days ending on ``day``."""
    window: dict[str, dict[str, _Tally]] = {}
    for (game, date), row in rows.items():
        if day - dt.timedelta(6) <= date <= day:
            known = window.setdefault(game, dict.fromkeys(("d1", "d7", "level", "ad"), _Tally()))
            levels = row["levels_completed"]
            known["d1"] += _Tally(row["retained_d1"], row["cohort_d1"])
            known["d7"] += _Tally(row["retained_d7"], row["cohort_d7"])
            known["level"] += _Tally(levels, levels + row["levels_failed"])
            known["ad"] += _Tally(row["ad_impressions"], row["ad_prompts"])
    for known in window.values():
        if known["ad"].trials == 0:  # starts of ads without any prompt are no answer to one
            known["ad"] = _Tally()
    return window


def _score(
    window: dict[str, dict[str, _Tally]],
    game: str,
    genres: Mapping[str, str],
    shares: tuple[Fraction, Fraction, Fraction],
    priors: tuple[int, int, int],
) -> Fraction:
    mine = window[game]
    genre = [window[other] for other in window if genres[other] == genres[game]]

    def pooled(name: str, games: Iterable[dict[str, _Tally]]) -> Fraction | None:
        return sum((one[name] for one in games), _Tally()).rate

    def usual(name: str) -> Fraction:
        of_genre = pooled(name, genre)
        return of_genre if of_genre is not None else pooled(name, window.values()) or Fraction(0)

    def shrunk(name: str, prior: int) -> Fraction:
        hits, trials = mine[name]
        return (hits + prior * usual(name)) / (trials + prior) if trials else usual(name)

    def fall() -> Fraction:
        for games in (genre, list(window.values())):
            d1, d7 = pooled("d1", games), pooled("d7", games)
            if d1 and d7 is not None:
                return d7 / d1
        return Fraction(0)

    if mine["d7"].trials or not mine["d1"].trials:
        retention = shrunk("d7", priors[0])
    else:
        retention = shrunk("d1", priors[0]) * fall()
    terms = (
        min(retention / Fraction(1, 5), Fraction(1)),
        shrunk("level", priors[1]),
        min(shrunk("ad", priors[2]), Fraction(1)),
    )
    return 100 * sum((share * term for share, term in zip(shares, terms, strict=True)), Fraction(0))
