"""Signs of life of workers, in a real Redis."""

import os
import signal
import time
from collections.abc import Iterator

import pytest
from redis import Redis

from gamefactory_dagster.launching import beats, children
from tests.live import wait_for
from tests.redis import Server, needs_redis, redis_server

pytestmark = needs_redis


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with redis_server() as found:
        yield found


@pytest.fixture
def redis(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    monkeypatch.setattr(beats, "FRESH_SECONDS", 0)
    with beats.connected(server.url) as client:
        yield client
        client.flushall()


def test_a_worker_lives_as_long_as_it_says_so(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beats, "SILENT_SECONDS", 1)
    beats.give(redis, "1f@a", None)
    assert beats.lives(redis, "1f@a")
    assert not beats.lives(redis, "2e@a"), "another start of it"
    wait_for("its silence", 5, lambda: not beats.lives(redis, "1f@a"))


def test_a_server_that_was_just_started_does_not_know(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beats, "FRESH_SECONDS", 100_000)
    assert beats.lives(redis, "1f@a")


def test_there_is_room_where_a_worker_has_some_and_nobody_waits_for_it(redis: Redis) -> None:
    beats.give(redis, "1f@a", None)
    assert not beats.has_room(redis, "ours")
    beats.give(redis, "2e@b", "ours")
    assert beats.has_room(redis, "ours")
    assert not beats.has_room(redis, "other code")
    redis.lpush("ours", "a run")
    assert not beats.has_room(redis, "ours")


@pytest.mark.skipif(not children.AVAILABLE, reason="workers are for Linux")
def test_a_pulse_says_what_its_worker_says_and_outlives_the_server(server: Server, redis: Redis) -> None:
    room = beats.Room()
    line = children.lifeline()
    pid = children.fork(lambda: beats.pulse(server.url, "1f@a", "ours", room), line)
    try:
        wait_for("a sign", 10, lambda: beats.lives(redis, "1f@a"))
        assert not beats.has_room(redis, "ours")
        room.say(True)
        wait_for("room", 10, lambda: beats.has_room(redis, "ours"))
        server.stop()
        time.sleep(beats.BEAT_SECONDS)
        server.start()
        wait_for("a sign again", 10, lambda: beats.lives(redis, "1f@a"))
        room.say(False)
        wait_for("no room", 10, lambda: not beats.has_room(redis, "ours"))
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        for end in line:
            os.close(end)
