"""Refused events, tried again: stored as if they came when they did, each once, none for a wrong game."""

import json
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from gamefactory_dagster.analytics import events, quarantine
from gamefactory_dagster.analytics.decoding import decode
from gamefactory_dagster.analytics.ingest import IntakeCounts, store_events
from gamefactory_dagster.analytics.quarantine import Refused, Retried, Which, newest, retry, shares
from gamefactory_dagster.cli import app
from gamefactory_dagster.errors import InputError
from tests.factory_rows import add_games, count, everything

from .test_events import GAME, OTHER, event

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATE = "3f333df6-90a4-5fda-8dd3-9485d27cee36"
"""The game that is registered late."""

ALL = Which()


def keep(engine, batch, **options):
    with engine.begin() as connection:
        return store_events(connection, batch, **({"received_at": NOW} | options))


def many(number, start=0, **changes):
    return [event(event_id=str(UUID(int=start + index)), **changes) for index in range(number)]


def as_lines(batch):
    return [json.dumps(raw).encode() for raw in batch]


def test_events_of_a_game_that_was_registered_late_are_stored_as_if_it_had_been_there(games):
    earlier = NOW - timedelta(days=1)
    first = as_lines(many(30, game_id=LATE, timestamp="2026-02-01T10:00:00Z"))
    second = many(10, start=100, game_id=LATE.upper(), timestamp="2026-01-31T10:00:00Z")
    keep(games, first, source="one.ndjson", received_at=earlier)
    keep(games, [*second, event()], source="two.ndjson")
    assert retry(games, ALL) == Retried(refused=40)
    add_games(games, [LATE])
    assert retry(games, Which("unknown_game")) == Retried(stored=40)
    assert everything(games, "quarantined_events") == []
    stored = [row for row in everything(games, "analytics_events") if str(row.game_id) == LATE]
    assert [row.id for row in stored] == [UUID(int=index) for index in [*range(30), *range(100, 110)]]
    assert {row.received_at for row in stored[:30]} == {earlier}
    assert {row.received_at for row in stored[30:]} == {NOW}
    assert retry(games, ALL) == Retried()


def test_what_a_changed_rule_allows_is_stored(games, monkeypatch):
    with monkeypatch.context() as stricter:
        stricter.setattr(events, "JSON_BYTES", 10)
        assert keep(games, many(3)) == IntakeCounts(quarantined=3)
        assert retry(games, ALL) == Retried(refused=3)
    assert retry(games, ALL) == Retried(stored=3)


def test_an_event_stored_meanwhile_leaves_quarantine_as_a_duplicate(games):
    batch = many(5, game_id=LATE)
    keep(games, batch)
    add_games(games, [LATE])
    keep(games, batch[:2], received_at=NOW + timedelta(minutes=1))
    assert retry(games, ALL) == Retried(stored=3, duplicate=2)
    assert everything(games, "quarantined_events") == []
    assert len(everything(games, "analytics_events")) == 5


def test_what_is_still_refused_is_not_touched(games):
    keep(games, [None, b"{", event(level="x"), event(user_id="\ud800"), event(game_id=LATE)], source="here")
    keep(games, [event(level="y", game_id=...)], source="there", game_id=GAME)
    before = everything(games, "quarantined_events")
    assert retry(games, ALL) == Retried(refused=6)
    assert everything(games, "quarantined_events") == before


def test_a_new_reason_takes_the_place_of_the_old_one(games, monkeypatch):
    with monkeypatch.context() as stricter:
        stricter.setattr(events, "JSON_BYTES", 10)
        keep(games, many(7, game_id=LATE), source="here")
    monkeypatch.setattr(quarantine, "CHUNK", 2)
    assert retry(games, ALL) == Retried(refused=7)
    kept = everything(games, "quarantined_events")
    assert {(row.reason, row.field, row.game_id) for row in kept} == {("unknown_game", "game_id", LATE)}
    assert {(row.source, row.received_at) for row in kept} == {("here", NOW)}
    assert sorted(json.loads(row.raw)["event_id"] for row in kept) == [str(UUID(int=i)) for i in range(7)]
    add_games(games, [LATE])
    assert retry(games, ALL) == Retried(stored=7)


def test_an_event_stays_with_the_game_it_was_sent_under(games):
    keep(games, many(1, game_id=...), game_id=LATE, source="arcade")
    keep(games, many(1, start=1, game_id=OTHER), game_id=GAME, source="arcade")
    add_games(games, [LATE])
    assert retry(games, ALL) == Retried(stored=1)
    assert [str(row.game_id) for row in everything(games, "analytics_events")] == [LATE]
    assert [row.reason for row in everything(games, "quarantined_events")] == ["other_game"]


def test_bytes_that_were_no_text_stay_refused(games):
    line = json.dumps(event(user_id="a#")).encode()
    keep(games, [line.replace(b"#", b"\\\xff"), line.replace(b"#", b"\\\0"), line.replace(b"#", b"\xff")])
    before = everything(games, "quarantined_events")
    assert {row.reason for row in before} == {"not_json"}
    readable = [row for row in before if "\\\\x" in row.raw]
    assert {decode(row.raw)["user_id"] for row in readable} == {"a\\xff", "a\\x00"}  # not what was sent
    assert retry(games, ALL) == Retried()
    assert everything(games, "quarantined_events") == before


def test_the_beginning_of_a_line_too_long_to_be_read_is_not_taken_for_an_event(games):
    keep(games, [event(level="x")])
    with games.begin() as connection:
        statement = "UPDATE quarantined_events SET raw = :raw, reason = 'too_large', field = NULL"
        connection.execute(sa.text(statement), {"raw": json.dumps(event())})
    assert retry(games, ALL) == Retried()
    assert [row.reason for row in everything(games, "quarantined_events")] == ["too_large"]


class StoppedError(Exception):
    pass


def test_stopped_half_way_nothing_is_lost_and_the_next_goes_on(games, monkeypatch):
    monkeypatch.setattr(quarantine, "CHUNK", 10)
    keep(games, many(35, game_id=LATE))
    add_games(games, [LATE])

    def stop(so_far):
        if so_far.tried == 20:
            raise StoppedError

    with pytest.raises(StoppedError):
        retry(games, ALL, on_progress=stop)
    assert (count(games, "analytics_events"), count(games, "quarantined_events")) == (20, 15)
    assert retry(games, ALL) == Retried(stored=15)
    assert len(everything(games, "analytics_events")) == 35


def test_a_chunk_that_fails_stays_in_quarantine_whole(games, monkeypatch):
    keep(games, many(5, game_id=LATE))
    add_games(games, [LATE])

    def fail(connection, deliveries):
        raise StoppedError

    with monkeypatch.context() as broken, pytest.raises(StoppedError):
        broken.setattr(quarantine, "store_deliveries", fail)
        retry(games, ALL)
    assert len(everything(games, "quarantined_events")) == 5
    assert retry(games, ALL) == Retried(stored=5)


def test_chunks_are_bounded_by_number_and_by_size(games, monkeypatch):
    keep(games, many(9, game_id=LATE))
    found = []
    for limit, value in (("CHUNK", 4), ("CHUNK_BYTES", 600)):
        with monkeypatch.context() as smaller:
            smaller.setattr(quarantine, limit, value)
            sums = []
            retry(games, ALL, on_progress=lambda so_far, sums=sums: sums.append(so_far.refused))
            found.append(sums)
    assert found == [[4, 8, 9], [2, 4, 6, 8, 9]]


def test_two_at_once_store_everything_once(games, monkeypatch):
    monkeypatch.setattr(quarantine, "CHUNK", 10)
    keep(games, many(200, game_id=LATE))
    add_games(games, [LATE])
    barrier = Barrier(2)
    results = []

    def run():
        barrier.wait()
        results.append(retry(games, ALL))

    retriers = [Thread(target=run) for _ in range(2)]
    for retrier in retriers:
        retrier.start()
    for retrier in retriers:
        retrier.join()
    assert sum(results, Retried()) == Retried(stored=200)
    assert len(everything(games, "analytics_events")) == 200
    assert everything(games, "quarantined_events") == []


COMPARED = "id, game_id, event_type, user_id, level, properties, timestamp, received_at"

sent = st.fixed_dictionaries(
    {
        "event_type": st.sampled_from(["game_start", "level_start", "cheat"]),
        "user_id": st.sampled_from(["u1", "\ud800", "\\xff"]),
        "level": st.sampled_from([1, "x"]),
        "timestamp": st.sampled_from(["2026-03-01T11:00:00Z", "2026-03-01T12:11:00Z"]),
    },
    optional={"game_id": st.sampled_from([GAME, OTHER, LATE, LATE.upper(), "no game"])},
)
deliveries = st.lists(
    st.tuples(
        st.sampled_from([None, GAME, LATE]), st.integers(0, 2), st.lists(sent | st.just(7), max_size=4)
    ),
    max_size=4,
)


def ingest(connection, given):
    number = 0
    for game_id, minutes, batch in given:
        numbered = []
        for raw in batch:
            number += 1
            numbered.append(raw if raw == 7 else raw | {"event_id": str(UUID(int=number))})
        received_at = NOW + timedelta(minutes=minutes)
        store_events(connection, numbered, received_at=received_at, game_id=game_id, source=str(minutes))


def outcome(connection):
    stored = connection.execute(sa.text(f"SELECT {COMPARED} FROM analytics_events"))
    kept = connection.execute(sa.text("SELECT raw, reason, field, game_id FROM quarantined_events"))
    return sorted(map(str, stored)), sorted(map(str, kept))


def clear(engine):
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM games WHERE id = :id"), {"id": LATE})
        connection.execute(sa.text("DELETE FROM analytics_events"))
        connection.execute(sa.text("DELETE FROM quarantined_events"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries)
def test_a_fix_and_a_retry_are_as_good_as_a_fix_beforehand(games, given):
    clear(games)
    with games.begin() as connection:
        ingest(connection, given)
    add_games(games, [LATE])
    retry(games, ALL)
    with games.connect() as connection:
        afterwards = outcome(connection)
    clear(games)
    add_games(games, [LATE])
    with games.connect() as connection:
        ingest(connection, given)
        assert outcome(connection) == afterwards


def test_counts_come_first_then_the_newest(games):
    for minutes in range(3):
        keep(games, many(2, start=2 * minutes, game_id=LATE), received_at=NOW + timedelta(minutes=minutes))
    keep(games, [b"x" * 1000], received_at=NOW + timedelta(hours=1), source="file")
    with games.connect() as connection:
        first, second = shares(connection, ALL)
        assert (first.reason, first.events, second.reason, second.events) == (
            "unknown_game",
            6,
            "not_json",
            1,
        )
        assert (first.oldest, first.newest) == (NOW, NOW + timedelta(minutes=2))
        [last, before] = newest(connection, ALL, 2)
        assert isinstance(last, Refused)
        assert (last.reason, last.source, last.excerpt) == ("not_json", "file", "x" * quarantine.EXCERPT)
        assert before.received_at == first.newest
        assert [one.events for one in shares(connection, Which(game_id=LATE))] == [6]
        assert newest(connection, Which("not_json", LATE), 10) == []


@pytest.fixture
def run(games, settings, monkeypatch):
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: settings)

    def run(*arguments):
        done = CliRunner().invoke(app, ["events", "quarantine", *arguments], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    return run


def test_the_list_shows_what_strangers_sent_without_letting_it_act(games, run):
    keep(games, ["\x1b[2Jwiped", "[bold red]loud"], source="\x1b]0;title\x07file")
    shown = run("list")
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "not_an_object" in shown
    assert "[bold red]loud" in shown
    report = json.loads(run("list", "--json", "--limit", "1"))
    assert [(one["reason"], one["events"]) for one in report["reasons"]] == [("not_an_object", 2)]
    assert [one["source"] for one in report["events"]] == ["\x1b]0;title\x07file"]


def test_an_empty_quarantine_is_said(run):
    assert run("list") == "No such event is in quarantine.\n"
    assert json.loads(run("list", "--json")) == {"reasons": [], "events": []}


def test_the_retry_says_what_became_of_them(games, run):
    keep(games, [*many(4, game_id=LATE), 7])
    keep(games, [event(game_id=OTHER)], game_id=GAME)
    add_games(games, [LATE])
    done = json.loads(run("retry", "--game", LATE, "--json"))
    assert done == {"tried": 4, "stored": 4, "duplicate": 0, "refused": 0, "left_alone": 0}
    said = " ".join(run("retry", "--all").split())
    assert "Tried 1 event: 0 stored" in said
    assert "1 still refused" in said
    assert "Left alone 1" in said


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["retry"], "--reason"),
        (["retry", "--reason", "nonsense"], "--reason"),
        (["list", "--game", "?"], "--game"),
    ],
)
def test_what_is_asked_for_must_make_sense(run, arguments, field):
    with pytest.raises(InputError) as refusal:
        run(*arguments)
    assert refusal.value.field == field


def test_a_game_can_be_named_by_its_slug(games, run):
    keep(games, [event(level="x")])
    assert json.loads(run("list", "--game", GAME, "--json"))["reasons"][0]["events"] == 1
    with games.begin() as connection:
        connection.execute(sa.text("UPDATE games SET slug = 'reef-run' WHERE id = :id"), {"id": GAME})
    assert json.loads(run("list", "--game", "reef-run", "--json"))["reasons"][0]["events"] == 1
