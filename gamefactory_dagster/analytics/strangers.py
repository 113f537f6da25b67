"""Storing what strangers send, as far as it is believed, and remembering what they claimed.

What belongs here: the tables ``collector_claims`` and ``collector_players``. What does not: what is believed
(``plausible.py``), the statements that store events (``deliveries.py``), HTTP (``arcade``).

Claims are read before and written after the events, in the caller's transaction: the bounds hold across
restarts. The rows read stay locked, so they hold for several collectors too.
"""

import hmac
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.days import day_of

from .deliveries import Delivery, Stored, store_deliveries
from .ingest import IntakeCounts, Judged, judge
from .plausible import Address, Bounds, Door, Player, purchase_cents

SOURCE = "arcade"
"""Where events of strangers say they come from, should one be quarantined."""

PlayerKey = tuple[str, str]
"""Game and ``user_id``."""

Origin = tuple[str, bytes]
"""Game and hash of an address."""

_COUNTED = "events", "players", "anonymous_cents", "implausible"
"""Columns of ``collector_claims``."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one request brought, and who."""

    events: Sequence[object]
    game_id: str
    address: bytes
    """As ``hashed`` gives it."""
    opened: datetime | None
    """When the game was published."""


def hashed(client: str, game_id: str, key: bytes) -> bytes:
    """An address as it is kept: not to be read back without the key, another one for each game."""
    return hmac.digest(key, f"{game_id} {client}".encode(), "sha256")


def store_visits(
    connection: sa.Connection, visits: Sequence[Visit], received_at: datetime, bounds: Bounds
) -> list[IntakeCounts]:
    """Store what is believed of the visits in the caller's transaction; gives each one's counts.

    What is not believed is quarantined and counted against its address; the rest fares as with
    ``store_deliveries``, which also says what is raised.
    """
    judged = [judge(visit.events, received_at, visit.game_id) for visit in visits]
    door = Door(bounds)
    door.addresses.update(_addresses(connection, visits, day_of(received_at)))
    door.players.update(_players(connection, judged, received_at, bounds))
    before = {key for key, player in door.players.items() if player.seen_today}
    believed = [_believed(door, *pair, received_at) for pair in zip(visits, judged, strict=True)]
    stored = store_deliveries(connection, [Delivery(one, received_at, SOURCE) for one in believed])
    _record(connection, visits, stored, before, received_at, bounds)
    return [one.counts for one in stored]


def _believed(door: Door, visit: Visit, judged: Judged, received_at: datetime) -> Judged:
    """The same with what the door refuses among the bad."""
    earliest = door.bounds.earliest(visit.opened, received_at)
    return judged.sifted(lambda event: door.refusal(event, visit.address, earliest))


def _addresses(connection: sa.Connection, visits: Iterable[Visit], today: date) -> dict[Origin, Address]:
    """What the visitors' addresses brought today; those that brought nothing yet are not in it."""
    given = sorted({(visit.game_id, visit.address) for visit in visits})
    parameters = {"game_id": [game for game, _ in given], "address": [address for _, address in given]}
    rows = connection.execute(sa.text(load("analytics/claims")), parameters | {"today": today})
    return {
        (row.game_id, bytes(row.address)): Address(row.events, row.players, row.anonymous_cents)
        for row in rows
    }


def _players(
    connection: sa.Connection, judged: Iterable[Judged], received_at: datetime, bounds: Bounds
) -> dict[PlayerKey, Player]:
    """Every player the events name. One never heard of cannot have begun long ago.

    That files know them is no contact: what is said in their name of days before would count as the files'.
    """
    named = {(event.game_id, event.user_id) for one in judged for event in one.good}
    given = sorted((game, user) for game, user in named if user is not None)
    if not given:
        return {}
    players = {key: Player(received_at - bounds.first_contact) for key in given}
    parameters = {"game_id": [game for game, _ in given], "user_id": [user for _, user in given]}
    for row in connection.execute(sa.text(load("analytics/known_players")), parameters):
        seen = row.received_on == day_of(received_at)
        events, cents = (row.events, row.cents) if seen else (0, 0)
        players[row.game_id, row.user_id] = Player(row.since, events, cents, seen)
    return players


def _record(
    connection: sa.Connection,
    visits: Sequence[Visit],
    stored: Sequence[Stored],
    before: set[PlayerKey],
    received_at: datetime,
    bounds: Bounds,
) -> None:
    """Add what is new to what is remembered. ``before``: players who had come today already."""
    claims: dict[Origin, Counter[str]] = {}
    players: dict[PlayerKey, Counter[str]] = {}
    brought_by: dict[PlayerKey, bytes] = {}
    for visit, one in zip(visits, stored, strict=True):
        claim = claims.setdefault((visit.game_id, visit.address), Counter())
        claim["events"] += len(one.new)
        claim["implausible"] += one.counts.reasons["implausible"]
        for event in one.new:
            if event.user_id is None:
                claim["anonymous_cents"] += purchase_cents(event)
                continue
            key = event.game_id, event.user_id
            if key not in brought_by:
                brought_by[key] = visit.address
                claim["players"] += key not in before
            players.setdefault(key, Counter()).update(events=1, cents=purchase_cents(event))
    changed = [origin for origin, claim in claims.items() if +claim]
    if not changed:
        return
    parameters = {name: [claims[origin][name] for origin in changed] for name in _COUNTED} | {
        "since": received_at - bounds.first_contact,
        "today": day_of(received_at),
        "game_id": [game for game, _ in changed],
        "address": [address for _, address in changed],
        "player_game_id": [game for game, _ in players],
        "player_address": [brought_by[key] for key in players],
        "user_id": [user for _, user in players],
        "player_events": [count["events"] for count in players.values()],
        "player_cents": [count["cents"] for count in players.values()],
    }
    connection.execute(sa.text(load("analytics/add_claims")), parameters)


def forget_addresses(engine: sa.Engine, before: date) -> int:
    """Delete what addresses claimed before that day of receipt; returns how many rows.

    Those of games whose learning stands still are kept until a person has looked.
    """
    with transaction(engine) as connection:
        return connection.execute(sa.text(load("analytics/forget_addresses")), {"before": before}).rowcount
