"""Storing events in the real database: once each, the bad ones kept, nothing half done."""

import json
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamefactory_dagster.analytics import ingest
from gamefactory_dagster.analytics.events import Event, validate
from gamefactory_dagster.analytics.ingest import IntakeCounts, Oversized, store_events
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.design.event_spec import EVENT_TYPES
from tests.factory_rows import count, everything

from .test_events import GAME, OTHER, event, fields, nested

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def many(number, **changes):
    return [event(event_id=str(UUID(int=index)), **changes) for index in range(number)]


def test_an_event_becomes_its_row(games, connection):
    raw = event(properties={"score": 7, "text": "ü"}, device_info={"os": "web"})
    assert store_events(connection, [raw], received_at=NOW) == IntakeCounts(stored=1)
    [row] = everything(connection, "analytics_events")
    assert row._mapping == {
        "id": UUID(raw["event_id"]),
        "game_id": UUID(GAME),
        "event_type": "level_complete",
        "user_id": "u1",
        "session_id": "s1",
        "level": 3,
        "properties": {"score": 7, "text": "ü"},
        "device_info": {"os": "web"},
        "timestamp": datetime(2026, 3, 1, 11, 59, 0, 123_000, UTC),
        "received_at": NOW,
    }


def test_what_is_absent_is_null_or_empty(games, connection):
    raw = event(user_id=..., session_id=..., level=..., properties=...)
    store_events(connection, [raw], received_at=NOW)
    [row] = everything(connection, "analytics_events")
    assert (row.user_id, row.session_id, row.level) == (None, None, None)
    assert (row.properties, row.device_info) == ({}, {})


def test_received_at_is_the_transactions_start_unless_given(games, connection):
    start = connection.execute(sa.text("SELECT now()")).scalar_one()
    store_events(connection, [event(timestamp=start.isoformat())])
    [row] = everything(connection, "analytics_events")
    assert row.received_at == start


def test_redelivered_events_are_stored_once(games, connection):
    batch = [*many(30), event(level="x")]
    first = store_events(connection, batch, received_at=NOW)
    again = store_events(connection, batch[::-1], received_at=NOW + timedelta(minutes=1))
    assert first == IntakeCounts(stored=30, quarantined=1)
    assert again == IntakeCounts(duplicate=30, quarantined=1)
    assert count(connection, "analytics_events") == 30
    assert count(connection, "quarantined_events") == 1
    assert {row.received_at for row in everything(connection, "analytics_events")} == {NOW}


def test_one_event_twice_in_a_batch_counts_once(games, connection):
    assert store_events(connection, [event(), event()], received_at=NOW) == IntakeCounts(
        stored=1, duplicate=1
    )


def test_the_same_id_at_another_time_is_another_event(games, connection):
    batch = [event(), event(timestamp="2026-03-01T11:58:00Z")]
    assert store_events(connection, batch, received_at=NOW) == IntakeCounts(stored=2)


def test_a_bad_event_costs_its_neighbours_nothing(games, connection):
    bad = [None, event(level=2**31), event(properties={"a": "\0"}), event(user_id="\ud800"), b"{"]
    batch = [good for pair in zip(many(5), bad, strict=True) for good in pair]
    assert store_events(connection, batch, received_at=NOW, source="test") == IntakeCounts(
        stored=5, quarantined=5
    )
    kept = {row.reason: row for row in everything(connection, "quarantined_events")}
    assert set(kept) == {"not_an_object", "out_of_range", "holds_nul", "not_unicode", "not_json"}
    assert (kept["out_of_range"].field, kept["out_of_range"].game_id) == ("level", GAME)
    assert json.loads(kept["holds_nul"].raw) == bad[2]
    assert json.loads(kept["not_unicode"].raw) == bad[3]
    assert kept["not_json"].raw == "{"
    assert kept["not_json"].game_id is None
    assert {(row.source, row.received_at) for row in kept.values()} == {("test", NOW)}


def test_a_line_is_kept_to_the_letter_when_quarantined(games, connection):
    line = b'{"game_id":"x",  "big": 123456789012345678901234567890}'
    store_events(connection, [line, b"\xff\0"], received_at=NOW)
    kept = {row.raw for row in everything(connection, "quarantined_events")}
    assert kept == {line.decode(), "\\xff\\x00"}


def test_lines_and_values_become_the_same_rows(games, connection):
    batch = [
        event(event_id=str(UUID(int=1)), level=None, user_id=None, session_id=None, device_info=None),
        event(event_id=str(UUID(int=2)), level=0, user_id="", device_info={}),
        event(event_id=str(UUID(int=3)), level=-(2**31), user_id="ü\\N\t\n", device_info={"a": "\\n"}),
        event(event_id=str(UUID(int=4)), level=2**31 - 1, user_id="x" * 255, device_info={"a": [1]}),
    ]
    store_events(connection, batch, received_at=NOW)
    values = [tuple(row) for row in everything(connection, "analytics_events")]
    connection.execute(sa.text("TRUNCATE analytics_events"))
    store_events(connection, [json.dumps(raw).encode() for raw in batch], received_at=NOW)
    assert [tuple(row) for row in everything(connection, "analytics_events")] == values
    assert [row[3] for row in values] == [raw["user_id"] for raw in batch]


def test_reasons_are_counted(games, connection):
    batch = [b"{", b"[", event(level="x"), event(game_id=str(uuid4())), Oversized("long ...")]
    counts = store_events(connection, batch, received_at=NOW)
    assert counts.reasons == {"not_json": 2, "not_an_integer": 1, "unknown_game": 1, "too_large": 1}
    assert "long ..." in {row.raw for row in everything(connection, "quarantined_events")}


def test_nothing_is_left_in_staging_for_the_next_one(games, engine):
    for first in (1, 6):
        with engine.begin() as connection:
            for start in (first, first + 2):
                batch = [event(event_id=str(UUID(int=start + index))) for index in range(2)]
                assert store_events(connection, batch, received_at=NOW) == IntakeCounts(stored=2)
                assert count(connection, "pg_temp.staged_events") == 2
    with engine.begin() as connection:
        assert count(connection, "pg_temp.staged_events") == 0


def test_a_transaction_rolled_back_leaves_nothing(games, engine):
    with engine.connect() as connection:
        store_events(connection, [event()], received_at=NOW)
        connection.rollback()
        assert count(connection, "analytics_events") == 0
        assert store_events(connection, [event()], received_at=NOW) == IntakeCounts(stored=1)


def test_an_event_of_no_game_is_quarantined(games, connection):
    stranger = str(uuid4())
    batch = [event(), event(game_id=stranger)]
    assert store_events(connection, batch, received_at=NOW) == IntakeCounts(stored=1, quarantined=1)
    [row] = everything(connection, "quarantined_events")
    assert (row.reason, row.field, row.game_id) == ("unknown_game", "game_id", stranger)
    assert json.loads(row.raw) == batch[1]


def test_an_event_of_another_game_than_the_batch_is_quarantined(games, connection):
    batch = [event(game_id=...), event(game_id=OTHER)]
    assert store_events(connection, batch, received_at=NOW, game_id=GAME) == IntakeCounts(
        stored=1, quarantined=1
    )
    [row] = everything(connection, "quarantined_events")
    assert (row.reason, row.game_id) == ("other_game", OTHER)


def test_partitions_are_made_for_the_months_of_real_games_only(games, connection):
    batch = [
        event(timestamp="2000-01-01T00:00:00Z"),
        event(timestamp="2015-03-01T00:30:00+01:00"),
        event(timestamp="2015-03-01T00:30:00+01:00", game_id=str(uuid4())),
        event(timestamp="2016-07-01T00:00:00Z", game_id=str(uuid4())),
    ]
    assert store_events(connection, batch, received_at=NOW) == IntakeCounts(stored=2, quarantined=2)
    found = connection.execute(sa.text("SELECT tableoid::regclass::text FROM analytics_events")).scalars()
    assert {name.removeprefix("factory.") for name in found} == {
        "analytics_events_2000_01",
        "analytics_events_2015_02",
    }
    missing = sa.text("SELECT to_regclass('factory.analytics_events_2016_07')")
    assert connection.execute(missing).scalar_one() is None


def test_any_number_of_events_is_read_in_chunks(games, connection, monkeypatch):
    monkeypatch.setattr(ingest, "CHUNK", 100)
    read = []

    def stream():
        for number, raw in enumerate(many(205)):
            if number == 101:
                read.append(count(connection, "analytics_events"))
            yield raw

    assert store_events(connection, stream(), received_at=NOW) == IntakeCounts(stored=205)
    assert read == [100]


def test_no_events_are_no_work(connection):
    assert store_events(connection, []) == IntakeCounts()


def test_what_cannot_be_kept_is_said(games, connection):
    with pytest.raises(InputError, match="nested"):
        store_events(connection, [{"event_id": nested(100_000)}], received_at=NOW)


def test_writers_with_the_same_events_store_them_once(games):
    batch = many(200)
    barrier = Barrier(4)
    results = []

    def write(order):
        with games.begin() as connection:
            barrier.wait()
            results.append(store_events(connection, order, received_at=NOW))

    writers = [Thread(target=write, args=(order,)) for order in (batch, batch[::-1], batch, batch[::-1])]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(results) == 4
    assert sum(result.stored for result in results) == 200
    assert sum(result.duplicate for result in results) == 600
    with games.connect() as connection:
        assert count(connection, "analytics_events") == 200


def test_what_the_check_allows_is_what_a_game_may_report(connection):
    definition = connection.execute(
        sa.text(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'valid_event_type' LIMIT 1"
        )
    ).scalar_one()
    assert set(definition.split("'")[1::2]) == set(EVENT_TYPES)


anything = st.text(st.characters(), max_size=5) | st.integers() | st.floats() | st.booleans() | st.none()
likely = {
    **fields,
    "event_id": st.uuids().map(str),
    "game_id": st.just(GAME),
    "event_type": st.sampled_from(sorted(EVENT_TYPES)),
    "timestamp": st.datetimes(datetime(1999, 12, 31), datetime(2026, 3, 2)).map(
        lambda when: f"{when.isoformat()}Z"
    ),
    "level": st.integers(-(2**32), 2**32) | st.none(),
    "user_id": st.text(st.characters(), max_size=300) | st.none(),
    "session_id": st.text(st.characters(), max_size=300) | st.none(),
    "properties": st.dictionaries(
        st.text(st.characters(), max_size=5)
        | st.sampled_from(["revenue_micros", "revenue_cents", "currency"]),
        anything | st.lists(anything, max_size=3),
        max_size=4,
    ),
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.fixed_dictionaries(likely) | st.fixed_dictionaries({}, optional=fields), max_size=8))
def test_whatever_is_accepted_can_be_stored_and_the_rest_kept(games, batch):
    accepted = [raw for raw in batch if isinstance(validate(raw, NOW), Event)]
    with games.connect() as connection:
        counts = store_events(connection, batch, received_at=NOW)
        assert counts.stored + counts.duplicate == len(accepted)
        assert counts.quarantined == len(batch) - len(accepted)
        assert count(connection, "analytics_events") == counts.stored
