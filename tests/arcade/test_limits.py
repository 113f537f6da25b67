"""The token bucket: its rate, its burst, its memory."""

import pytest

from gamefactory_dagster.arcade.limits import RateLimiter, Shares, client_name


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_a_client_spends_its_burst_and_then_waits_for_the_rate():
    clock = Clock()
    limiter = RateLimiter(rate=10, burst=30, clients=5, clock=clock)
    assert limiter.take("a", 30) == 0
    assert limiter.take("a", 1) == 1
    assert limiter.take("a", 25) == 3
    clock.now += 0.125
    assert limiter.take("a", 1) == 0
    assert limiter.take("a", 1) == 1
    clock.now += 1000
    assert limiter.take("a", 31) == 1
    assert limiter.take("a", 30) == 0


def test_the_wait_that_is_asked_for_is_enough():
    clock = Clock()
    limiter = RateLimiter(rate=3, burst=10, clients=5, clock=clock)
    limiter.take("a", 10)
    clock.now += limiter.take("a", 10)
    assert limiter.take("a", 10) == 0


def test_clients_do_not_spend_each_others_tokens():
    limiter = RateLimiter(rate=1, burst=5, clients=5, clock=Clock())
    assert limiter.take("a", 5) == 0
    assert limiter.take("b", 5) == 0
    assert limiter.take("a", 5) > 0


def test_memory_is_bounded_and_the_oldest_is_forgotten():
    limiter = RateLimiter(rate=1, burst=5, clients=3, clock=Clock())
    for client in "abc":
        limiter.take(client, 5)
    limiter.take("a", 1)
    limiter.take("d", 5)
    assert len(limiter) == 3
    assert limiter.take("a", 5) > 0
    assert limiter.take("b", 5) == 0


def test_what_is_owed_is_waited_for():
    clock = Clock()
    limiter = RateLimiter(rate=10, burst=30, clients=5, clock=clock)
    limiter.owe("a", 50)
    assert limiter.take("a", 1) == 3
    clock.now += 3
    assert limiter.take("a", 10) == 0
    assert limiter.take("b", 30) == 0


def test_nobody_takes_more_places_than_are_left_for_others():
    shares = Shares(16)
    taken = {client: sum(shares.take(client) for _ in range(100)) for client in "abcdef"}
    assert taken == {"a": 8, "b": 4, "c": 2, "d": 1, "e": 1, "f": 0}
    shares.give_back("a")
    assert shares.room("f")
    assert not shares.room("a")
    assert Shares(1).take("a")


def test_who_gives_all_places_back_is_forgotten():
    shares = Shares(2)
    for _ in range(5):
        assert shares.take("a")
        shares.give_back("a")
    assert shares.room("b")


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        (None, "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_a_clients_name(host, name):
    assert client_name(host) == name
