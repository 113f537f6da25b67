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
