"""What is believed of strangers: the bounds of the collector's door. Pure: no clock, no database.

What belongs here: whether an event that keeps the rules of ``events.py`` can have happened, by itself and
after all that its player and its address have claimed today. What does not: where that is remembered
(``strangers.py``), and files, which bring history and are believed.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Self

import orjson

from gamefactory_dagster.settings import Settings

from .events import MONEY, Event, Reason

OPENING = timedelta(days=1)
"""How long before its publication a game may have been played: clocks differ, and makers try their games."""


class Fault(NamedTuple):
    """Why an event is not believed; ``field`` is dotted, and names a bound where no field is at fault."""

    reason: Reason
    field: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is believed. A setting each."""

    horizon: timedelta
    first_contact: timedelta
    address_events: int
    address_players: int
    player_events: int
    player_purchase_cents: int
    money: dict[str, int]
    """Property -> the most that one event may claim."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read the settings."""
        return cls(
            timedelta(days=settings.late_horizon_days),
            timedelta(days=settings.first_contact_days),
            settings.address_events,
            settings.address_players,
            settings.player_events,
            settings.player_purchase_cents,
            {"revenue_cents": settings.purchase_cents, "revenue_micros": settings.ad_micros},
        )

    def earliest(self, opened: datetime | None, received_at: datetime) -> datetime:
        """When something may have happened at the earliest, in a game that was ``opened`` then."""
        horizon = received_at - self.horizon
        return horizon if opened is None else max(min(opened, received_at) - OPENING, horizon)


@dataclass(slots=True)
class Address:
    """What one address brought for a game today."""

    events: int = 0
    players: int = 0
    anonymous_cents: int = 0
    """Purchases that name no player."""


@dataclass(slots=True)
class Player:
    """A player as the collector knows them."""

    earliest: datetime
    """Nothing they do can be older."""
    events: int = 0
    """Of today, as ``cents``, their purchases."""
    cents: int = 0
    seen_today: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """Lets events in, one after the other, and counts them."""

    bounds: Bounds
    addresses: dict[tuple[str, bytes], Address] = field(default_factory=dict)
    """By game and hash of the address."""
    players: dict[tuple[str, str], Player] = field(default_factory=dict)
    """By game and ``user_id``; all that come by."""

    def refusal(self, event: Event, address: bytes, earliest: datetime) -> Fault | None:
        """Why an event of this address is not let in; None when it is, and is counted."""
        brought = self.addresses.setdefault((event.game_id, address), Address())
        player = None if event.user_id is None else self.players[event.game_id, event.user_id]
        cents = purchase_cents(event)
        fault = fault_alone(event, earliest, self.bounds.money) or self._fault_together(
            event, cents, brought, player
        )
        if fault is None:
            _count(cents, brought, player)
        return fault

    def _fault_together(
        self, event: Event, cents: int, brought: Address, player: Player | None
    ) -> Fault | None:
        bounds = self.bounds
        spent = brought.anonymous_cents if player is None else player.cents
        if player is not None and event.timestamp < player.earliest:
            return Fault("implausible", "timestamp")
        if cents and spent + cents > bounds.player_purchase_cents:
            return Fault("implausible", "player.purchases")
        if player is not None and player.events >= bounds.player_events:
            return Fault("implausible", "player.events")
        if player is not None and not player.seen_today and brought.players >= bounds.address_players:
            return Fault("implausible", "address.players")
        if brought.events >= bounds.address_events:
            return Fault("implausible", "address.events")
        return None


def _count(cents: int, brought: Address, player: Player | None) -> None:
    brought.events += 1
    if player is None:
        brought.anonymous_cents += cents
        return
    brought.players += not player.seen_today
    player.seen_today = True
    player.events += 1
    player.cents += cents


def fault_alone(event: Event, earliest: datetime | None, money: dict[str, int]) -> Fault | None:
    """What an event says of itself that is not believed: its time, and its money by property."""
    if earliest is not None and event.timestamp < earliest:
        return Fault("too_early", "timestamp")
    name = MONEY.get(event.event_type)
    if name is not None and name in money and _amount(event, name) > money[name]:
        return Fault("implausible", f"properties.{name}")
    return None


def purchase_cents(event: Event) -> int:
    """What the player paid; 0 for everything but a purchase."""
    return _amount(event, "revenue_cents") if event.event_type == "iap_completed" else 0


def _amount(event: Event, name: str) -> int:
    amount: int = orjson.loads(event.properties).get(name, 0)
    return amount
