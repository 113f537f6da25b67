"""POST /v1/events: how much a client may send, how fast, and what it is told beyond that."""

import socket

import pytest

from gamefactory_dagster.arcade.limits import Limits

from .conftest import add_published, serving
from .sending import envelope, event, send, stored


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


HEAD = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def talk(arcade, head):
    host, port = arcade.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=10)
    connection.sendall(head.encode() + b"\r\n\r\n")
    return connection


def test_a_body_said_to_be_too_large_is_refused_before_it_is_sent(arcade):
    head = HEAD + "Content-Length: 99999999999"
    with talk(arcade, head) as connection:
        assert b" 413 " in connection.recv(4096)


def test_an_endless_chunked_body_is_cut_off(arcade):
    head = HEAD + "Transfer-Encoding: chunked"
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
        head = HEAD + "Content-Length: 100"
        with talk(arcade, head) as connection:
            assert b" 503 " in connection.recv(4096)


def test_a_client_that_asks_too_much_is_told_when_to_come_back(settings, engine, published):
    add_published(engine)
    with serving(settings, engine, Limits(tokens_per_second=1, burst_tokens=3)) as arcade:
        batch = [event() for _ in range(10)]
        assert arcade.post(batch).status_code == 200
        refused = arcade.post(batch)
        assert refused.status_code == 429
        assert 7 <= int(refused.headers["retry-after"]) <= 9  # 1 token for the request, 8 it owes
        assert "later" in refused.json()["error"]
        assert len(stored(engine)) == 10


@pytest.mark.parametrize(("status", "body"), [(200, padded(50 * 512)), (400, b"x" * 50 * 512)])
def test_bytes_cost_as_events_do_whatever_they_say(settings, engine, published, status, body):
    add_published(engine)
    with serving(settings, engine, Limits(tokens_per_second=1, burst_tokens=3)) as arcade:
        assert send(arcade, body, content_type="text/plain").status_code == status
        refused = send(arcade, b"", content_type="text/plain")
        assert refused.status_code == 429
        assert 47 <= int(refused.headers["retry-after"]) <= 49


def test_a_body_that_is_cut_off_is_paid_for(settings, engine, published):
    add_published(engine)
    limits = Limits(tokens_per_second=1, burst_tokens=3, body_bytes=50 * 512)
    with serving(settings, engine, limits) as arcade:
        refused = send(arcade, chunks(b"x" * 51 * 512), content_type="text/plain")
        assert refused.status_code == 413
        assert send(arcade, b"", content_type="text/plain").status_code == 429


def test_on_a_full_disk_nothing_is_taken_and_everything_says_why(settings, engine, published):
    add_published(engine)
    full = settings.model_copy(update={"database_url": None, "free_disk_mb": 10**12})
    with serving(full, engine) as arcade:
        refused = arcade.post([event()])
        assert refused.status_code == 507  # the player keeps its events on 500 and above
        assert int(refused.headers["retry-after"]) > 0
        assert "The disk is full" in refused.json()["error"]
        assert arcade.get("/healthz").status_code == 507
        assert "The disk is full" in arcade.get("/healthz").json()["error"]
        page = arcade.get("/")
        assert page.status_code == 200
        assert '<footer class="notice">The disk is full' in page.text
        assert arcade.get("/games/reef-run/").status_code == 200
    assert stored(engine) == []


def test_a_disk_with_room_is_not_spoken_of(arcade):
    assert "<footer" not in arcade.get("/").text
    assert arcade.get("/healthz").json() == {"status": "ok"}
