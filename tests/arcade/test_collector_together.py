"""POST /v1/events: requests stored together, and the database away: nothing taken is lost or doubled."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import pytest
import sqlalchemy as sa

from gamefactory_dagster.analytics.ingest import IntakeCounts
from gamefactory_dagster.arcade.collector import Sent, store
from gamefactory_dagster.arcade.limits import Limits
from gamefactory_dagster.errors import InputError, TransientError
from tests.live import wait_for

from .conftest import GAME, KEY, OTHER, add_published, serving
from .sending import BOUNDS, ago, event, stored


@pytest.fixture
def away(settings, published):
    """The arcade with no database behind it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        engine = sa.create_engine(f"postgresql+psycopg://u@127.0.0.1:{port}/x?connect_timeout=2")
        with serving(settings, engine) as arcade:
            yield arcade


def test_without_a_database_the_client_is_told_to_keep_its_events(away):
    answer = away.post([event()])
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "nothing was stored" in answer.json()["error"]
    assert away.get("/healthz").status_code == 503
    assert away.get("/games/reef-run/config.json").status_code == 503


def test_without_a_database_games_can_be_played(away):
    assert away.get("/games/reef-run/").status_code == 200
    page = away.get("/", headers={"Accept": "text/html"})
    assert page.status_code == 503
    assert page.headers["content-type"].startswith("text/html")


def test_a_database_that_was_restarted_is_found_again(arcade, administrator, engine):
    assert arcade.post([event()]).status_code == 200
    ended = administrator.execute(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s",
        [engine.url.database],
    ).fetchone()
    assert ended[0] > 0
    assert arcade.post([event()]).json()["stored"] == 1


@contextmanager
def database_held_up(engine):
    """Nobody can store events of a game as long as this goes on."""
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT FROM games FOR UPDATE"))
        yield


WAITING = """
SELECT {} FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def flush_waits(engine):
    """Whether a flush waits for what ``database_held_up`` holds."""
    with engine.connect() as connection:  # a new one: a transaction sees the same activity all its life
        return connection.execute(sa.text(WAITING.format("pid"))).all()


def test_requests_that_come_together_are_stored_together_and_answered_apart(arcade, engine):
    batches = [[event() for _ in range(number)] + [7] * (number % 3) for number in range(1, 21)]
    with ThreadPoolExecutor(20) as pool:
        with database_held_up(engine):
            answers = [pool.submit(arcade.post, batch) for batch in batches]
            time.sleep(1)
        counts = [answer.result().json() for answer in answers]
    assert counts == [
        {"stored": number, "duplicate": 0, "quarantined": number % 3} for number in range(1, 21)
    ]
    rows = stored(engine)
    assert {str(row.id) for row in rows} == {
        one["event_id"] for batch in batches for one in batch if one != 7
    }
    assert len({row.received_at for row in rows}) < 10


def test_an_event_in_two_requests_of_one_flush_is_stored_for_the_first(arcade, engine):
    add_published(engine, id=OTHER, slug="other", write_key="another")
    twice = event()
    batches = [
        [twice],
        [event(), twice],
        [event(event_id=twice["event_id"], timestamp=ago(minutes=5))],
    ]
    assert store(engine, [Sent(GAME, KEY, batch) for batch in batches], BOUNDS) == [
        IntakeCounts(stored=1), IntakeCounts(stored=1, duplicate=1), IntakeCounts(stored=1),
    ]  # fmt: skip


def test_a_bad_request_does_not_cost_its_neighbours(arcade, engine):
    add_published(engine, id=OTHER, slug="other", write_key="another")
    deep = json.loads("[" * 900 + "]" * 900)
    for _ in range(400):
        deep = [deep]
    answers = store(
        engine,
        [
            Sent(GAME, KEY, [event(), event()]),
            Sent(GAME, "another", [event()]),
            Sent(str(uuid4()), KEY, [event()]),
            Sent(GAME, KEY, [event(), {"event_id": deep}]),
            Sent(OTHER, "another", [event(), event(game_id=GAME)]),
        ],
        BOUNDS,
    )
    assert answers[0] == IntakeCounts(stored=2)
    assert (answers[1].status_code, answers[2].status_code) == (401, 404)
    assert isinstance(answers[3], InputError)
    assert answers[4] == IntakeCounts(stored=1, quarantined=1)
    assert sorted(str(row.game_id) for row in stored(engine)) == sorted([GAME, GAME, OTHER])


def test_when_the_database_goes_away_nobody_is_told_their_events_are_safe(settings, engine, published):
    add_published(engine)
    requests = [Sent(GAME, KEY, [event()]) for _ in range(3)]
    with database_held_up(engine), ThreadPoolExecutor(1) as pool:
        answers = pool.submit(store, engine, requests, BOUNDS)
        wait_for("a flush that waits", 10, lambda: flush_waits(engine))
        with engine.connect() as other:
            other.execute(sa.text(WAITING.format("pg_terminate_backend(pid)")))
        assert [type(answer) for answer in answers.result()] == [TransientError] * 3
    assert stored(engine) == []


def test_more_requests_than_may_wait_are_told_to_come_back(settings, engine, published):
    add_published(engine)
    with serving(settings, engine, Limits(waiting=4)) as arcade, ThreadPoolExecutor(9) as pool:
        with database_held_up(engine):
            answers = [pool.submit(arcade.post, [event()])]
            # A flush of one request: of two that came in one turn of the loop, it would have taken both.
            wait_for("a flush that waits", 10, lambda: flush_waits(engine))
            answers += [pool.submit(arcade.post, [event()]) for _ in range(8)]
            wait_for("six refusals", 10, lambda: sum(answer.done() for answer in answers) == 6)
            refused = [answer.result() for answer in answers if answer.done()]
        taken = [answer.result() for answer in answers if answer.result() not in refused]
    assert {answer.status_code for answer in refused} == {503}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    assert [answer.json()["stored"] for answer in taken] == [1, 1, 1]
    assert len(stored(engine)) == 3


def test_what_was_accepted_is_stored_and_answered_before_the_arcade_stops(settings, engine, published):
    add_published(engine)
    with serving(settings, engine) as arcade, ThreadPoolExecutor(5) as pool:
        with database_held_up(engine):
            answers = [pool.submit(arcade.post, [event()]) for _ in range(5)]
            wait_for("a flush that waits", 10, lambda: flush_waits(engine))
            time.sleep(0.5)
            arcade.server.should_exit = True
            time.sleep(0.5)
            assert not any(answer.done() for answer in answers)
        assert [answer.result().status_code for answer in answers] == [200] * 5
    assert len(stored(engine)) == 5
