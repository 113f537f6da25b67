"""Connections: what one client may hold, and for how long."""

import http.client
import socket
import time
from contextlib import ExitStack, suppress

import pytest

from gamefactory_dagster.arcade.limits import Limits

from .conftest import FILES, serving

QUICK = Limits(connections=8, head_seconds=0.3, head_bytes=2000, stall_seconds=0.3)


@pytest.fixture
def arcade(settings, engine, published):
    with serving(settings, engine, QUICK) as arcade:
        yield arcade


def connect(arcade, source="127.0.0.1"):
    host, port = arcade.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10, source_address=(source, 0))


def all_of(connection):
    """Everything until the server closes, and after how many seconds it did."""
    start, found = time.monotonic(), b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except ConnectionError:
        pass
    return found, time.monotonic() - start


@pytest.mark.parametrize("begin", [b"GET / HTT", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ", b"\r\n"])
def test_a_head_that_does_not_come_is_not_waited_for(arcade, begin):
    with connect(arcade) as connection:
        connection.sendall(begin)
        answer, seconds = all_of(connection)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert 0.2 < seconds < 5


def test_a_head_that_comes_byte_by_byte_is_not_waited_for_either(arcade):
    start = time.monotonic()
    with connect(arcade) as connection, pytest.raises(OSError):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
        while time.monotonic() < start + 5:
            connection.sendall(b"x")
            time.sleep(0.02)
    assert time.monotonic() < start + 3


def test_who_asks_nothing_is_told_nothing(arcade):
    with connect(arcade) as connection:
        answer, seconds = all_of(connection)
    assert answer == b""
    assert 0.2 < seconds < 5


def test_a_second_head_is_not_waited_for_longer_than_the_first(arcade):
    with connect(arcade) as connection:
        connection.sendall(b"GET /gallery.css HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        time.sleep(0.5)  # idle between requests is fine, and uvicorn's business
        connection.sendall(b"GET / HTTP/1.1\r\n")
        answer, seconds = all_of(connection)
    assert b"HTTP/1.1 408 " in answer
    assert seconds < 5


def test_a_body_that_nobody_wants_is_not_waited_for(arcade):
    with connect(arcade) as connection:
        connection.sendall(b"GET /gallery.css HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999\r\n\r\n")
        start = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() < start + 5:
                connection.sendall(b"x")
                time.sleep(0.02)
        assert time.monotonic() < start + 3


def test_a_head_without_an_end_is_cut_off(settings, engine):
    with serving(settings, engine, Limits(head_bytes=2000)) as arcade, connect(arcade) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        with pytest.raises(OSError):
            for number in range(100_000):
                connection.sendall(b"X-%d: %s\r\n" % (number, b"y" * 100))
    assert number < 99_999


def test_requests_in_good_time_share_one_connection(arcade):
    connection = http.client.HTTPConnection(arcade.url.removeprefix("http://"), timeout=10)
    connection.connect()
    first = connection.sock
    for _ in range(3):
        connection.request("GET", "/games/reef-run/game.json")
        assert connection.getresponse().read() == FILES["game.json"]
        assert connection.sock is first
        time.sleep(0.5)


def test_pipelined_requests_are_all_answered(arcade):
    one = b"GET /games/reef-run/game.json HTTP/1.1\r\nHost: localhost\r\n"
    with connect(arcade) as connection:
        connection.sendall(one + b"\r\n" + one + b"\r\n" + one + b"Connection: close\r\n\r\n")
        answer, _ = all_of(connection)
    assert answer.count(b"HTTP/1.1 200 ") == 3


def test_requests_without_end_before_the_first_is_answered_are_not_taken_in(arcade, caplog):
    one = b"GET /games/reef-run/game.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connect(arcade) as connection:
        with suppress(OSError):
            connection.sendall(one * 5000)
        answer, _ = all_of(connection)
    assert answer.count(b"HTTP/1.1 200 ") < 200
    assert arcade.get("/games/reef-run/game.json").status_code == 200
    assert caplog.records == []


def test_one_address_cannot_have_all_connections(arcade):
    with ExitStack() as stack:
        mine = [stack.enter_context(connect(arcade)) for _ in range(20)]
        time.sleep(0.1)
        answer, _ = all_of(mine[-1])
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"connections" in answer
        other = stack.enter_context(connect(arcade, "127.0.0.2"))
        other.sendall(b"GET /gallery.css HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert all_of(other)[0].startswith(b"HTTP/1.1 200 ")
    wait_until_served(arcade)


def wait_until_served(arcade):
    """Places are given back when connections end."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if arcade.get("/gallery.css").status_code == 200:
            return
        time.sleep(0.05)
    raise AssertionError("no place was given back")


def test_a_client_that_reads_nothing_is_not_waited_for(arcade, published):
    (published / "large.bin").write_bytes(b"x" * 30_000_000)
    with connect(arcade) as connection:
        connection.sendall(b"GET /games/reef-run/large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(1.5)
        answer, _ = all_of(connection)
    assert len(answer) < 30_000_000


def test_a_client_that_reads_slowly_gets_it_all(arcade, published):
    (published / "large.bin").write_bytes(b"x" * 3_000_000)
    found = 0
    with connect(arcade) as connection:
        request = b"GET /games/reef-run/large.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        connection.sendall(request)
        while piece := connection.recv(100_000):
            found += len(piece)
            time.sleep(0.02)
    assert found > 3_000_000


def test_a_web_socket_is_not_opened(arcade):
    asked = (
        b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with connect(arcade) as connection:
        connection.sendall(asked)
        assert not connection.recv(65536).startswith(b"HTTP/1.1 101")
