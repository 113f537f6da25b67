"""What the parent of the workers remembers, and when it tells of it, without a process."""

import time
from collections.abc import Sequence

import pytest

from gamefactory_dagster.launching import children, parent
from gamefactory_dagster.launching.parent import Memory, Parent, Worker
from gamefactory_dagster.launching.wire import Answer, Question

SETTLER = 4242


class Nothing:
    """Does nothing."""

    def run(self, run_id: str, *, resumes: bool) -> int:
        return 0

    def settle(self, run_ids: Sequence[str], before: float | None) -> None:
        """Nothing."""


class House:
    """A parent whose children are numbers, and end when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.parent = Parent(Memory(listener=-1, lifeline=(-1, -1)), Nothing())
        self.forks = 0
        self.ends: list[tuple[int, int]] = []
        monkeypatch.setattr(self.parent.__class__, "_fork", lambda *_: self._fork())
        monkeypatch.setattr(children, "ended", lambda: iter(self.ends))

    def _fork(self) -> int:
        self.forks += 1
        return SETTLER

    def end(self, pid: int, code: int) -> None:
        """A child ends, and the parent looks after what there is."""
        self.ends = [(pid, code)]
        self.parent._reap()
        self.ends = []
        self.parent._tend()


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    return House(monkeypatch)


def test_between_two_tries_to_tell_dagster_it_waits(house: House) -> None:
    house.parent.memory.live["a"] = Worker(7)
    house.end(7, 1)
    assert (house.forks, house.parent.memory.settling) == (1, {"a"})
    house.end(SETTLER, 1)
    assert (house.forks, house.parent.memory.orphans) == (1, {"a"})
    pause = house.parent._pause()
    assert pause is not None and 0 < pause <= parent.SETTLE_SECONDS
    house.parent.settle_at = time.monotonic()
    house.parent._tend()
    assert house.forks == 2
    house.end(SETTLER, 0)
    assert (house.forks, house.parent.memory.orphans, house.parent._pause()) == (2, set(), None)


def test_only_the_youngest_workers_of_the_past_are_remembered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parent, "REMEMBERED", 2)
    for number in range(3):
        house.parent.memory.live[f"run-{number}"] = Worker(number + 1)
        house.end(number + 1, 0)
    answers = [house.parent.answer(Question("look", f"run-{number}")) for number in range(3)]
    assert answers == [Answer("unknown"), Answer("ended", code=0), Answer("ended", code=0)]
