"""POST /v1/events: what is taken, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from tests.asking import CLIENT

from .conftest import GAME, KEY, OTHER, add_published
from .sending import envelope, event, send, stored


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


def test_one_number_of_five_thousand_digits_does_not_cost_the_batch(arcade, engine):
    huge = "7" * 5000
    bad = [event(level="huge"), event(properties={"a": "huge"}), event(timestamp="huge")]
    body = envelope([event(), *bad, event()]).replace(b'"huge"', huge.encode())
    answer = send(arcade, body, content_type="application/json")
    assert answer.json() == {"stored": 2, "duplicate": 0, "quarantined": 3}
    kept = stored(engine, "quarantined_events")
    assert sorted(row.reason for row in kept) == ["not_an_integer", "out_of_range", "unparseable"]


def test_a_timestamp_is_read_whole(arcade, engine):
    now = event()["timestamp"]
    batch = [event(), event(timestamp=f"{now[:19]}.0000000 PM -00:00"), event(timestamp=f"{now} "), event()]
    assert arcade.post(batch).json() == {"stored": 2, "duplicate": 0, "quarantined": 2}
    assert {row.reason for row in stored(engine, "quarantined_events")} == {"unparseable"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_other_encodings_than_utf_8_are_refused(arcade, engine, encoding):
    body = envelope([event()]).decode().encode(encoding)
    answer = send(arcade, body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (400, {"error": "The body is not JSON in UTF-8."})
    assert stored(engine) == []


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
    answer = CLIENT.request(method, f"{arcade.url}/v1/events")
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


def test_only_the_arcades_own_pages_may_report(arcade):
    headers = {"content_type": "text/plain"}
    assert send(arcade, envelope([event()]), origin=arcade.url, **headers).status_code == 200
    for origin in ("http://evil.example", "null", f"{arcade.url}0"):
        answer = send(arcade, envelope([event()]), origin=origin, **headers)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


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


def test_a_connection_is_kept_for_more_batches_until_one_is_refused(arcade):
    with httpx.Client() as client:
        for body, status, connection in ((envelope([]), 200, None), (b"{", 400, "close")):
            answer = client.post(
                f"{arcade.url}/v1/events", content=body, headers={"Content-Type": "text/plain"}
            )
            assert (answer.status_code, answer.headers.get("connection")) == (status, connection)
