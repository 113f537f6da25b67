"""Batches stored together fare as they would one after the other."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamefactory_dagster.analytics.deliveries import Delivery, store_deliveries
from gamefactory_dagster.analytics.ingest import IntakeCounts, judge, store_events

from .test_events import GAME, OTHER, event

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NOBODYS = "3f333df6-90a4-5fda-8dd3-9485d27cee36"


class Batch(NamedTuple):
    events: list[object]
    received_at: datetime
    game_id: str | None
    source: str


def store_together(connection, batches):
    given = [Delivery(judge(*one[:3]), one.received_at, one.source) for one in batches]
    return [stored.counts for stored in store_deliveries(connection, given)]


raw_events = st.builds(
    event,
    event_id=st.integers(0, 3).map(lambda number: str(UUID(int=number))),
    game_id=st.sampled_from([..., GAME, GAME.upper(), OTHER, NOBODYS]),
    user_id=st.sampled_from(["u1", "u2", "\ud800"]),
    level=st.sampled_from([1, 1, 1, "x"]),
    timestamp=st.sampled_from(["2026-03-01T11:00:00Z", "2026-02-28T23:59:59Z", "2026-03-01T12:11:00Z"]),
)
deliveries = st.lists(
    st.builds(
        Batch,
        st.lists(raw_events | st.sampled_from([7, b"{"]), max_size=4),
        st.integers(0, 2).map(lambda minutes: NOW + timedelta(minutes=minutes)),
        st.sampled_from([None, GAME, OTHER]),
        st.sampled_from(["arcade", "file"]),
    ),
    max_size=4,
)


def tables(connection):
    names = "analytics_events", "quarantined_events"
    return [sorted(map(str, connection.execute(sa.text(f"SELECT * FROM {name}")))) for name in names]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries)
def test_together_is_as_good_as_one_after_the_other(games, given):
    with games.connect() as connection:
        counts = [
            store_events(
                connection, one.events, received_at=one.received_at, game_id=one.game_id, source=one.source
            )
            for one in given
        ]
        expected = tables(connection)
    with games.connect() as connection:
        assert store_together(connection, given) == counts
        assert tables(connection) == expected


def test_no_batches_are_no_work(connection):
    assert store_deliveries(connection, []) == []
    assert store_together(connection, [Batch([], NOW, GAME, "arcade")]) == [IntakeCounts()]


def test_of_events_with_one_id_the_first_is_stored(games, connection):
    first, second = (
        [event(event_id=str(UUID(int=index * 7919 % 1009)), user_id=user) for index in range(1009)]
        for user in ("first", "second")
    )
    given = [Batch(some, NOW, None, "file") for some in (first, second[::-1])]
    assert store_together(connection, given) == [IntakeCounts(stored=1009), IntakeCounts(duplicate=1009)]
    users = connection.execute(sa.text("SELECT DISTINCT user_id FROM analytics_events")).scalars().all()
    assert users == ["first"]
