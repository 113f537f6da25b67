"""Commands, answers and events over two pipes, whatever the other side does."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from gamefactory_dagster.studio.browser.devtools import (
    BrowserGoneError,
    BrowserLateError,
    Devtools,
    RefusedError,
)


class Other:
    """The browser's side of the pipes."""

    def __init__(self) -> None:
        self.commands, self.writes = os.pipe()
        self.reads, self.answers = os.pipe()
        self._open = {self.commands, self.writes, self.reads, self.answers}

    def close(self, *pipes: int) -> None:
        """Close these, or all that are open still: another's may have the number of one that is closed."""
        for pipe in pipes or tuple(self._open):
            self._open.remove(pipe)
            os.close(pipe)

    def told(self) -> dict:
        message = bytearray()
        while not message.endswith(b"\0"):
            message += os.read(self.commands, 1)
        return json.loads(message[:-1])

    def say(self, *parts: bytes) -> None:
        for part in parts:
            os.write(self.answers, part)

    def answers_with(self, answer: Callable[[dict], bytes]) -> None:
        """Answer one command from another thread."""
        threading.Thread(target=lambda: self.say(answer(self.told())), daemon=True).start()


@pytest.fixture
def other() -> Iterator[Other]:
    found = Other()
    yield found
    found.close()


def devtools(other: Other, seconds: float = 5) -> Devtools:
    return Devtools(other.reads, other.writes, time.monotonic() + seconds)


def whole(**told: object) -> bytes:
    return json.dumps(told).encode() + b"\0"


def test_answers_are_told_apart_in_whatever_order_and_pieces_they_come(other: Other) -> None:
    tools = devtools(other)
    first, second = tools.send("A", {"x": 1}), tools.send("B", {}, "page")
    sent = [other.told(), other.told()]
    assert sent == [
        {"id": first, "method": "A", "params": {"x": 1}},
        {"id": second, "method": "B", "params": {}, "sessionId": "page"},
    ]
    late = whole(id=first, result={"of": "A"})
    other.say(whole(id=second, result={"of": "B"}) + late[:7], late[7:])
    assert (tools.answer(first), tools.answer(second)) == ({"of": "A"}, {"of": "B"})


def test_events_reach_who_listens_to_their_session_alone(other: Other) -> None:
    tools, heard = devtools(other), []
    tools.listen("mine", lambda event, told: heard.append((event, told)))
    other.say(
        whole(method="E", params={"n": 1}, sessionId="mine"),
        whole(method="E", params={"n": 2}, sessionId="theirs"),
        whole(method="E", params={"n": 3}),
        whole(method="F", params={"n": 4}, sessionId="mine"),
    )
    tools.hear(lambda: len(heard) == 2)
    assert heard == [("E", {"n": 1}), ("F", {"n": 4})]


def test_what_is_refused_says_why(other: Other) -> None:
    other.answers_with(lambda told: whole(id=told["id"], error={"message": "no such page"}))
    with pytest.raises(RefusedError, match="no such page"):
        devtools(other).call("A")


def test_silence_has_an_end(other: Other) -> None:
    began = time.monotonic()
    with pytest.raises(BrowserLateError):
        devtools(other, 0.3).call("A")
    assert time.monotonic() - began < 2


def test_a_browser_that_takes_nothing_in_has_an_end_too(other: Other) -> None:
    with pytest.raises(BrowserLateError):
        devtools(other, 0.3).send("A", {"x": "x" * 1_000_000})


def test_what_is_longer_than_a_pipe_holds_arrives_whole(other: Other) -> None:
    long = "x" * 300_000
    other.answers_with(lambda told: whole(id=told["id"], result={"back": told["params"]["x"]}))
    assert devtools(other).call("A", x=long) == {"back": long}


@pytest.mark.parametrize("end", ["answers", "commands"])
def test_an_end_is_noticed_at_once(other: Other, end: str) -> None:
    other.close(getattr(other, end))
    with pytest.raises(BrowserGoneError):
        devtools(other).call("A")


def test_nonsense_is_no_answer_but_what_another_had_half_read_is_passed_over(other: Other) -> None:
    tools = devtools(other)
    number = tools.send("A", {})
    other.say(b'": "half an event"}\0', whole(id=number, result={}))
    assert tools.answer(number) == {}
    other.say(b"nonsense\0")
    with pytest.raises(BrowserGoneError, match="nonsense"):
        tools.call("B")


def test_an_answer_to_whoever_had_the_pipes_before_is_none_of_ours(other: Other) -> None:
    before = devtools(other).send("A", {})
    other.told()
    now = devtools(other)
    other.say(whole(id=before, result={"of": "before"}))
    other.answers_with(lambda told: whole(id=told["id"], result={"of": "now"}))
    assert now.call("A") == {"of": "now"}
