"""POST /v1/events: what is taken, what is refused, and that nothing taken is lost or doubled."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from gamefactory_dagster.analytics.ingest import IntakeCounts
from gamefactory_dagster.arcade.collector import Sent, store
from gamefactory_dagster.arcade.limits import Limits
from gamefactory_dagster.errors import InputError, TransientError
from tests.live import wait_for

from .conftest import GAME, KEY, OTHER, add_published, serving


def event(**changes):
    raw = {
        "event_id": str(uuid4()),
        "event_type": "level_start",
        "user_id": "u1",
        "session_id": "s1",
        "level": 1,
        "properties": {},
        "timestamp": datetime.now(UTC).isoformat(),
    }
    return raw | changes


def stored(engine, table="analytics_events"):
    with engine.connect() as connection:
        return connection.execute(sa.text(f"SELECT * FROM {table}")).all()


def envelope(events):
    return json.dumps({"game_id": GAME, "write_key": KEY, "events": events}).encode()


def send(arcade, content, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.post(f"{arcade.url}/v1/events", content=content, headers=headers)


def test_a_batch_is_stored_when_it_is_answered(arcade, engine):
    answer = arcade.post([event(), event(game_id=GAME), event(game_id=GAME.upper())])
    assert answer.status_code == 200
    assert answer.json() == {"stored": 3, "duplicate": 0, "quarantined": 0}
    assert {str(row.game_id) for row in stored(engine)} == {GAME}


def test_a_redelivered_batch_changes_nothing(arcade, engine):
    batch = [event() for _ in range(20)]
    arcade.post(batch)
    assert arcade.post(batch).json() == {"stored": 0, "duplicate": 20, "quarantined": 0}
    assert len(stored(engine)) == 20


def test_bad_events_are_quarantined_and_counted(arcade, engine):
    add_published(engine, id=OTHER, slug="other", write_key="another")
    batch = [event(), event(game_id=OTHER), event(level="one"), 7, event(event_type="cheat")]
    assert arcade.post(batch).json() == {"stored": 1, "duplicate": 0, "quarantined": 4}
    kept = stored(engine, "quarantined_events")
    assert sorted(row.reason for row in kept) == [
        "not_an_integer", "not_an_object", "other_game", "unknown_type",
    ]  # fmt: skip
    assert {row.source for row in kept} == {"arcade"}


def test_one_lone_surrogate_does_not_cost_the_batch(arcade, engine):
    body = envelope([event(), event(user_id="\ud800")])
    assert b"\\ud800" in body
    answer = send(arcade, body, content_type="application/json")
    assert answer.json() == {"stored": 1, "duplicate": 0, "quarantined": 1}


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=utf-8", "text/plain;charset=UTF-8"]
)
def test_content_types_of_fetch_and_beacon(arcade, content_type):
    assert send(arcade, envelope([event()]), content_type=content_type).json()["stored"] == 1


def test_no_events_are_fine(arcade):
    assert arcade.post([]).json() == {"stored": 0, "duplicate": 0, "quarantined": 0}


def test_five_hundred_events_and_not_one_more(arcade, engine):
    batch = [event() for _ in range(501)]
    refused = arcade.post(batch)
    assert (refused.status_code, refused.json()) == (413, {"error": "At most 500 events a request."})
    assert stored(engine) == []
    assert arcade.post(batch[:500]).json()["stored"] == 500


@pytest.mark.parametrize(
    ("changes", "status", "word"),
    [
        ({"game_id": None}, 400, "game_id"),
        ({"game_id": "reef-run"}, 400, "game_id"),
        ({"game_id": f"{GAME}\n"}, 400, "game_id"),
        ({"game_id": [GAME]}, 400, "game_id"),
        ({"events": None}, 400, "events"),
        ({"events": {}}, 400, "events"),
        ({"key": None}, 401, "write_key"),
        ({"key": 7}, 401, "write_key"),
        ({"key": ""}, 401, "write_key"),
        ({"key": KEY[:-1]}, 401, "write_key"),
        ({"key": "schlüssel"}, 401, "write_key"),
        ({"game_id": str(uuid4())}, 404, "game"),
    ],
)
def test_a_bad_envelope_is_refused_and_nothing_is_stored(arcade, engine, changes, status, word):
    answer = arcade.post(**({"events": [event()]} | changes))
    assert answer.status_code == status
    assert word in answer.json()["error"]
    assert stored(engine) == []
    assert stored(engine, "quarantined_events") == []


def test_the_key_of_another_game_does_not_fit(arcade, engine):
    add_published(engine, id=OTHER, slug="other", write_key="another")
    assert arcade.post([event()], key="another").status_code == 401
    assert arcade.post([event()], key="another", game_id=OTHER).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 100_000, b'{"game_id": NaN}']
)
def test_a_body_that_is_no_envelope(arcade, body):
    answer = send(arcade, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_an_event_nested_too_deep_to_keep(arcade, engine):
    body = envelope([event(), event(event_id="deep")]).replace(b'"deep"', b"[" * 1000 + b"]" * 1000)
    answer = send(arcade, body, content_type="application/json")
    assert answer.status_code == 400
    assert "nested" in answer.json()["error"]
    assert stored(engine) == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"content_type": "application/x-www-form-urlencoded"}, {"content_type": "multipart/form-data"},
     {"content_type": "application/json", "content_encoding": "gzip"}],
)  # fmt: skip
def test_other_content_types_are_refused(arcade, headers):
    answer = send(arcade, envelope([event()]), **headers)
    assert answer.status_code == 415
    assert "JSON" in answer.json()["error"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(arcade, method):
    answer = httpx.request(method, f"{arcade.url}/v1/events")
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


def test_only_the_arcades_own_pages_may_report(arcade):
    headers = {"content_type": "text/plain"}
    assert send(arcade, envelope([event()]), origin=arcade.url, **headers).status_code == 200
    for origin in ("http://evil.example", "null", f"{arcade.url}0"):
        answer = send(arcade, envelope([event()]), origin=origin, **headers)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


def padded(size):
    body = envelope([event()])
    return body + b" " * (size - len(body))


def chunks(body, size=8192):
    for start in range(0, len(body), size):
        yield body[start : start + size]


def test_the_largest_body_and_one_byte_more(arcade):
    limit = Limits().body_bytes
    for wrap in (bytes, chunks):
        taken = send(arcade, wrap(padded(limit)), content_type="application/json")
        assert taken.json()["stored"] == 1
        refused = send(arcade, wrap(padded(limit + 1)), content_type="application/json")
        assert refused.status_code == 413
        assert str(limit) in refused.json()["error"]


def talk(arcade, head):
    host, port = arcade.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=10)
    connection.sendall(head.encode() + b"\r\n\r\n")
    return connection


def test_a_body_said_to_be_too_large_is_refused_before_it_is_sent(arcade):
    head = (
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999"
    )
    with talk(arcade, head) as connection:
        assert b" 413 " in connection.recv(4096)


def test_an_endless_chunked_body_is_cut_off(arcade):
    head = (
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked"
    )
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    sent = 0
    with talk(arcade, head) as connection, pytest.raises(ConnectionError):
        while sent < 1000:
            connection.sendall(piece)
            sent += 1
    assert 0 < sent < 1000


def test_a_body_that_does_not_come_is_not_waited_for(settings, engine, published):
    add_published(engine)
    with serving(settings, engine, Limits(body_seconds=0.2)) as arcade:
        head = "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100"
        with talk(arcade, head) as connection:
            assert b" 503 " in connection.recv(4096)


def test_a_client_that_asks_too_much_is_told_when_to_come_back(settings, engine, published):
    add_published(engine)
    with serving(settings, engine, Limits(tokens_per_second=1, burst_tokens=12)) as arcade:
        batch = [event() for _ in range(10)]
        assert arcade.post(batch).status_code == 200
        refused = arcade.post(batch)
        assert refused.status_code == 429
        assert 8 <= int(refused.headers["retry-after"]) <= 11
        assert "later" in refused.json()["error"]
        assert len(stored(engine)) == 10


def test_the_same_batch_from_eight_clients_at_once_is_stored_once(arcade, engine):
    batch = [event() for _ in range(100)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: arcade.post(batch), range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert sum(answer.json()["stored"] for answer in answers) == 100
    assert sum(answer.json()["duplicate"] for answer in answers) == 700
    assert len(stored(engine)) == 100


def test_events_of_a_deleted_game_are_not_taken(arcade, engine):
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM games"))
    assert arcade.post([event()]).status_code == 404


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


def test_a_connection_is_kept_for_more_batches_until_one_is_refused(arcade):
    with httpx.Client() as client:
        for body, status, connection in ((envelope([]), 200, None), (b"{", 400, "close")):
            answer = client.post(
                f"{arcade.url}/v1/events", content=body, headers={"Content-Type": "text/plain"}
            )
            assert (answer.status_code, answer.headers.get("connection")) == (status, connection)


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
        [event(event_id=twice["event_id"], timestamp="2026-01-01T00:00:00Z")],
    ]
    assert store(engine, [Sent(GAME, KEY, batch) for batch in batches]) == [
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
        answers = pool.submit(store, engine, requests)
        wait_for("a flush that waits", 10, lambda: flush_waits(engine))
        with engine.connect() as other:
            other.execute(sa.text(WAITING.format("pg_terminate_backend(pid)")))
        assert [type(answer) for answer in answers.result()] == [TransientError] * 3
    assert stored(engine) == []


def test_more_requests_than_may_wait_are_told_to_come_back(settings, engine, published):
    add_published(engine)
    with serving(settings, engine, Limits(waiting=2)) as arcade, ThreadPoolExecutor(9) as pool:
        with database_held_up(engine):
            answers = [pool.submit(arcade.post, [event()]) for _ in range(9)]
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
