"""Runs that are told to stop: in any step but the last, which publishes the game."""

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import dagster as dg
import pytest

from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.production import defs
from gamefactory_dagster.production.lifecycle import PUBLISHED
from gamefactory_dagster.production.worker import Done


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def made(
    instance: dg.DagsterInstance,
    patch: pytest.MonkeyPatch,
    stopped_in: int,
    *,
    heard: bool = True,
    show: Callable[..., None] | None = None,
) -> tuple[bool, list[int]]:
    """Whether a run that is told to stop in that step succeeds, and the steps it did to their end.

    One that has not ``heard`` of it is one whose interrupt a library took for its own.
    """
    done: list[int] = []

    def perform(shop: object, game_id: object, number: int, owner: str) -> Done:
        if number == stopped_in and number not in done:
            [run] = instance.get_runs()
            instance.report_run_canceling(run)
            if heard:
                os.kill(os.getpid(), signal.SIGTERM)
        done.append(number)
        return Done(number, {})

    def show_game(*_: Any) -> None:
        done.append(0)

    patch.setattr(defs, "perform", perform)
    patch.setattr(defs, "show_game", show or show_game)
    result = defs.make_game.execute_in_process(
        run_config={"game_id": str(uuid4())},
        resources={"workshop": object()},
        instance=instance,
        raise_on_error=False,
    )
    return result.success, done


def test_in_its_last_step_a_run_ends_as_its_game_does(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made(instance, monkeypatch, PUBLISHED) == (True, [*range(1, PUBLISHED + 1), 0])


def test_tried_again_after_it_was_told_to_stop_a_last_step_still_ends_as_its_game_does(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[None] = []

    def once_away(*_: Any) -> None:
        if not tries:
            tries.append(None)
            raise TransientError("the database is away")

    steps = [*range(1, PUBLISHED + 1)]
    assert made(instance, monkeypatch, PUBLISHED, heard=False, show=once_away) == (True, [*steps, PUBLISHED])


def test_in_any_other_it_is_stopped_there(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made(instance, monkeypatch, PUBLISHED - 1) == (False, [*range(1, PUBLISHED - 1)])


@pytest.mark.parametrize("step", [1, PUBLISHED - 1])
def test_one_that_did_not_hear_of_it_begins_no_other_step(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    assert made(instance, monkeypatch, step, heard=False) == (False, [*range(1, step + 1)])
    [run] = instance.get_runs()
    assert run.status == dg.DagsterRunStatus.CANCELED
