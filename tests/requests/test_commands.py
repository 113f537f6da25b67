"""``gamefactory request`` and ``gamefactory requests`` as a person and a script see them."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from gamefactory_dagster.cli import app
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ledger.access import A_USER
from tests.ledger.callers import ANN, BEN
from tests.ledger.entered import users

from .conftest import Counter

EVIL = "a fox \x1b[2J[red]\u202e<b>"

Run = Callable[..., Any]


@pytest.fixture
def run(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``gamefactory ...`` in this process as Ann."""
    users(counter.engine)
    acting = counter.shop.settings.model_copy(update={"user": ANN})
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: acting)
    return lambda *words: CliRunner().invoke(app, list(words))


def told(result: Any) -> Any:
    assert result.exit_code == 0, result
    return json.loads(result.stdout)


def entered(run: Run, *words: str) -> int:
    [id_] = told(run("request", *words, "--json"))["requests"]
    return int(id_)


def test_a_request_is_asked_for_looked_at_and_made(run: Run, counter: Counter) -> None:
    done = run("request", "a calm blorp puzzle", "--style", "pixel_retro", "--name", "Blorp")
    assert done.exit_code == 0, done
    [row] = counter.queue.get_jobs()
    follow = f"Follow it: gamefactory requests show {row.id} --watch"
    assert done.stdout == f"Request {row.id} is in.\n{follow}\n"
    assert (row.owner_id, row.config, row.game_name) == (ANN, {"style": "pixel_retro"}, "Blorp")
    counter.plan()
    shown = run("requests", "show").stdout
    for said in ("a calm blorp puzzle", "calm → calm", "Not understood: blorp", "phase1: waiting; Blorp"):
        assert said in shown
    counter.do(row.id, 12)
    counter.follow()
    assert told(run("requests", "show", str(row.id), "--json"))["status"] == "completed"
    lines = told(run("requests", "logs", "--json"))["lines"]
    assert lines[-1]["message"] == "phase4 completed"
    assert told(run("requests", "stats", "--json"))["completed"] == 1
    assert "completed" in run("requests", "list").stdout
    assert told(run("requests", "list", "--status", "failed", "--json"))["requests"] == []


@pytest.mark.parametrize("ends_well", [True, False], ids=["well", "badly"])
def test_who_watches_is_told_of_phases_and_of_the_end(run: Run, counter: Counter, ends_well: bool) -> None:
    def make() -> None:
        while not counter.plan():
            pass
        [row] = counter.queue.get_jobs()
        counter.do(row.id, 3)
        if ends_well:
            counter.change(row.id, play_url="http://127.0.0.1:3001/games/x/")
            counter.do(row.id, 12)
        else:
            counter.change(row.id, status="failed", error_message="no level")

    thread = threading.Thread(target=make)
    thread.start()
    done = run("request", "a runner", "--watch")
    thread.join()
    [row] = counter.queue.get_jobs()
    assert "Starting phase1\nphase1 completed\nStarting phase2\n" in done.stdout
    if ends_well:
        assert done.exit_code == 0
        slug = counter.game(row.id).slug
        assert done.stdout.rstrip().endswith(f" s: http://{slug}.localhost:3001/")
    else:
        assert done.exit_code == 1
        assert done.stdout.rstrip().endswith(f"Request {row.id} failed in phase2: no level")
    assert "Nothing takes up requests in this home" in done.stderr


def test_a_pair_is_two(run: Run, counter: Counter) -> None:
    first, second = told(run("request", "a fox", "--compare", "--json"))["requests"]
    assert counter.row(second).pair_of == first
    assert f"The second of a pair; the first: {first}" in run("requests", "show", str(second)).stdout


def test_what_is_anothers_is_not_there(run: Run, counter: Counter) -> None:
    theirs = entered(run, "a fox", "--user", str(BEN))
    for words in (("show",), ("logs",), ("cancel",), ("retry",)):
        with pytest.raises(InputError, match="the number of a request of yours"):
            raise run("requests", *words, str(theirs)).exception
    assert told(run("requests", "list", "--json"))["requests"] == []
    assert counter.row(theirs).status == "pending"
    with pytest.raises(InputError) as refused:
        raise run("request", "a", "--user", "00000000-0000-4000-8000-0000000000ff").exception
    assert refused.value.expected == A_USER


def test_it_is_cancelled_and_tried_again(run: Run, counter: Counter) -> None:
    id_ = entered(run, "a fox")
    assert run("requests", "cancel", "latest").stdout == f"Request {id_} is cancelled.\n"
    assert f"Request {id_} failed in phase1: cancelled" in run("requests", "show").stdout
    again = told(run("requests", "retry", str(id_), "--json"))
    assert (again["prompt"], again["retry_of"]) == ("a fox", id_)


def test_hostile_words_do_nothing_to_a_terminal(run: Run, counter: Counter) -> None:
    entered(run, EVIL)
    counter.plan()
    for words in (("list",), ("show",), ("logs",)):
        shown = run("requests", *words).stdout
        assert "\x1b" not in shown
        assert "\u202e" not in shown
    assert "[red]" in run("requests", "show").stdout


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("request", ""), "prompt"),
        (("request", "a" * 4001), "prompt"),
        (("request", "a", "--genre", "chess"), "config.genre"),
        (("request", "a", "--style", "ugly"), "config.style"),
        (("request", "a", "--seed", "-1"), "seed"),
        (("request", "a", "--name", "a\nb"), "game_name"),
        (("requests", "list", "--status", "done"), "--status"),
        (("requests", "list", "--after", "x"), "after"),
        (("requests", "show", "7"), "request"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_wrong_words_are_named(run: Run, words: tuple[str, ...], field: str) -> None:
    with pytest.raises(InputError) as refused:
        raise run(*words).exception
    assert refused.value.field == field
