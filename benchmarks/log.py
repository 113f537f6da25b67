"""A generated event log: unequally popular games, players who come back, sessions, levels, ads, purchases.

What belongs here: NDJSON lines as an SDK would send them, all acceptable, the same for the same arguments, in
bounded memory (a day at a time). What does not: storing or timing them.

A day has the same number of events and of players wherever it lies: those who come back are drawn from every
earlier day's newcomers, and newcomers fill the rest. So the cost of a day can be compared between days.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import NamedTuple, cast
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

FIRST_DAY = date(2026, 1, 1)
CHUNK = 20_000
"""Lines a chunk."""

EVENTS_A_PLAYER_DAY = 30
RETENTION_D1 = 0.40
RETENTION_POWER = 0.65
"""Of a day's newcomers, 0.40 / n^0.65 play n days later: 40 %, 11 % and 4 % after 1, 7 and 30 days."""

SECONDS_BETWEEN_EVENTS = 14.0

SLOTS = (
    ("level_start", "level_complete", "level_start", "level_complete"),
    ("level_start", "level_fail", "level_start", "level_complete"),
    ("level_start", "level_fail", "level_start", "level_fail"),
    ("unlock_prompt_shown", "level_start", "level_fail", "level_start"),
    ("unlock_prompt_shown", "rewarded_ad_started", "rewarded_ad_completed", "level_unlocked"),
    ("unlock_prompt_shown", "rewarded_ad_started", "rewarded_ad_failed", "level_start"),
    ("unlock_prompt_shown", "iap_initiated", "iap_completed", "level_unlocked"),
)
"""A session is a game_start and then four events at a time of one of these kinds."""

SHARES = (30, 22, 16, 12, 15, 3, 2)
"""How often each kind is met, in percent; every game has its own, near these."""

_DAY = 86_400_000
_PRICES = (99, 199, 499, 999)
_DEVICES = ("Pixel 8", "SM-A155F", "iPhone15,4", "Redmi 12", "web")


class _Day(NamedTuple):
    """One array entry an event, in the order of time; times are milliseconds since 1970."""

    game: Numbers
    player: Numbers
    joined: Numbers
    session: Numbers
    began: Numbers
    name: Numbers
    """Place in SLOTS read as one list; -1 for game_start."""
    level: Numbers
    time: Numbers
    chance: Numbers
    """Anything, for what has no other rule."""


def game_ids(games: int = 100) -> list[str]:
    """Ids of the log's games, the most popular first."""
    return [str(UUID(int=(0x6A << 120) | (7 << 76) | (2 << 62) | number)) for number in range(games)]


def add_games(engine: sa.Engine, games: int = 100) -> None:
    """Put the log's games into the database, in four genres."""
    genres = ("arcade", "puzzle", "quiz", "runner")
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO factory.games (id, name, slug, genre, status)"
                " VALUES (:id, :slug, :slug, :genre, 'published') ON CONFLICT DO NOTHING"
            ),
            [
                {"id": game, "slug": f"bench-{number}", "genre": genres[number % len(genres)]}
                for number, game in enumerate(game_ids(games))
            ],
        )


def lines(
    events: int = 10_000_000,
    *,
    games: int = 100,
    days: int = 60,
    seed: int = 1,
    first_day: date = FIRST_DAY,
    chunk: int = CHUNK,
) -> Iterator[list[bytes]]:
    """Give the log as lists of up to ``chunk`` lines without line ends, in the order of time.

    ``events`` in all, over ``days`` UTC days from ``first_day`` on, each with the same number. A game's share
    of the players falls with its rank (Zipf, exponent 1). About 4 microseconds of CPU a line.
    """
    names = game_ids(games)
    start = int(datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC).timestamp()) * 1000
    end = start + days * _DAY - 1
    random = np.random.default_rng(seed)
    popularity = 1 / np.arange(1, games + 1)
    popularity /= popularity.sum()
    kinds = random.dirichlet(np.array(SHARES, float), games).cumsum(axis=1)
    cohorts: list[tuple[Numbers, Numbers]] = []
    for number in range(days):
        count = events * (number + 1) // days - events * number // days
        present = _returning(random, cohorts)
        wanted = max(1, count // EVENTS_A_PLAYER_DAY)
        fresh = max(1, wanted - len(present))
        first = sum(len(game) for game, _ in cohorts)
        joined = start + number * _DAY + random.integers(0, _DAY // 2, fresh)
        cohorts.append((random.choice(games, fresh, p=popularity), joined))
        present = np.concatenate([present, np.arange(first, first + fresh)])
        day = _day(random, cohorts, present, start + number * _DAY, end, count, kinds)
        for low in range(0, count, chunk):
            yield _format(_Day(*(column[low : low + chunk] for column in day)), names)


def _returning(random: np.random.Generator, cohorts: list[tuple[Numbers, Numbers]]) -> Numbers:
    """Numbers of the players of earlier days who play today."""
    found = [np.empty(0, np.int64)]
    first = 0
    for number, (game, _) in enumerate(cohorts):
        share = RETENTION_D1 / (len(cohorts) - number) ** RETENTION_POWER
        found.append(first + np.flatnonzero(random.random(len(game)) < share))
        first += len(game)
    return np.concatenate(found)


def _day(
    random: np.random.Generator,
    cohorts: list[tuple[Numbers, Numbers]],
    present: Numbers,
    midnight: int,
    end: int,
    count: int,
    kinds: NDArray[np.float64],
) -> _Day:
    """Spread ``count`` events over the sessions of those present, as a random walk in time."""
    sessions = np.repeat(present, 1 + random.poisson(0.4, len(present)))
    joined = np.concatenate([moments for _, moments in cohorts])[sessions]
    game = np.concatenate([games for games, _ in cohorts])[sessions]
    began = np.maximum(midnight + (_DAY * random.beta(4, 2, len(sessions))).astype(np.int64), joined)
    weights = random.gamma(1.5, size=len(sessions))
    of = np.sort(random.choice(len(sessions), count, p=weights / weights.sum()))
    heads = np.searchsorted(of, np.arange(len(sessions)))
    place = np.arange(count) - heads[of]
    gaps = random.exponential(SECONDS_BETWEEN_EVENTS * 1000, count).astype(np.int64)
    walked = gaps.cumsum()
    time = np.minimum(began[of] + walked - walked[heads[of]], end)
    slot = (place - 1) // 4
    # One draw a slot of a session: events of a slot share it.
    draw = random.random(count)[heads[of] + np.maximum(slot, 0) * 4]
    kind = (draw[:, None] > kinds[game[of]]).sum(axis=1)
    name = np.where(place == 0, -1, kind * 4 + (place - 1) % 4)
    level = 1 + slot + 3 * ((began - joined) // _DAY)[of]
    order = np.argsort(time, kind="stable")
    columns = (game[of], sessions[of], joined[of], of, began[of], name, level, time)
    return _Day(*(column[order] for column in columns), random.integers(0, 2**63, count))


def _format(day: _Day, games: list[str]) -> list[bytes]:
    """Write the events as JSON."""
    names = [event for slot in SLOTS for event in slot] + ["game_start"]
    ids = _uuid7(day.time, day.chance)
    users = _uuid7(day.joined, day.player)
    sessions = _uuid7(day.began, day.session)
    stamps = np.datetime_as_string(day.time.view("datetime64[ms]")).tolist()
    amounts = (day.chance % 9000).tolist()
    rows = zip(
        ids, users, sessions, day.game.tolist(), day.name.tolist(), day.level.tolist(),
        day.player.tolist(), stamps, amounts, strict=True,
    )  # fmt: skip
    text = "\n".join([
        f'{{"event_id":"{event_id}","game_id":"{games[game]}","event_type":"{names[name]}","user_id":"{user}",'
        f'"session_id":"{session}","level":{level if name >= 0 else "null"},'
        f'"properties":{_properties(names[name], amount)},'
        f'"device_info":{{"model":"{_DEVICES[player % len(_DEVICES)]}","os":"{player % 7 + 9}"}},'
        f'"timestamp":"{stamp}Z"}}'
        for event_id, user, session, game, name, level, player, stamp, amount in rows
    ])  # fmt: skip
    return text.encode().split(b"\n")


def _properties(name: str, amount: int) -> str:
    if name == "level_complete":
        return f'{{"score":{amount},"seconds":{amount % 97}}}'
    if name == "level_fail":
        return f'{{"score":{amount // 3}}}'
    if name == "rewarded_ad_completed":
        return f'{{"revenue_micros":{amount + 3000},"currency":"USD"}}'
    if name == "iap_completed":
        return f'{{"revenue_cents":{_PRICES[amount % 4]},"currency":"USD"}}'
    return "{}"


def _uuid7(moments: Numbers, numbers: Numbers) -> list[str]:
    """UUIDv7 text: 48 bits of milliseconds, the rest from a hash of ``numbers``."""
    low = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    low ^= low >> np.uint64(29)
    low *= np.uint64(0xBF58476D1CE4E5B9)
    high = (moments.astype(np.uint64) << np.uint64(16)) | np.uint64(0x7000) | (low >> np.uint64(52))
    low = (low & np.uint64(0x3FFFFFFFFFFFFFFF)) | np.uint64(0x8000000000000000)
    data = np.stack([high, low], axis=1).astype(">u8").view(np.uint8).reshape(-1, 16)
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)
    text = np.full((len(data), 36), ord("-"), np.uint8)
    hexadecimal = np.empty((len(data), 32), np.uint8)
    hexadecimal[:, 0::2] = digits[data >> 4]
    hexadecimal[:, 1::2] = digits[data & 15]
    text[:, [place for place in range(36) if place not in (8, 13, 18, 23)]] = hexadecimal
    return cast("list[str]", text.view("S36").ravel().astype("U36").tolist())
