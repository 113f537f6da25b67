"""The walk of a request behind its game: legal, in order, the same however seldom it is looked at."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.production.lifecycle import GAME, STEPS
from gamefactory_dagster.production.single import Standing, Story
from gamefactory_dagster.requests.following import deployment
from gamefactory_dagster.requests.states import PHASES, REQUEST, phase_of
from gamefactory_dagster.requests.walk import unplaced, walk

WHOLE = [
    ("info", line) for phase in PHASES for line in (f"Starting {phase}", f"{phase} completed")
]  # fmt: skip


def at(step: int, status: str = "in_progress", words: str | None = None) -> Standing:
    return Standing(status, step, words)


def test_phases_are_all_twelve_steps_in_their_order() -> None:
    assert [step for steps in PHASES.values() for step in steps] == list(range(1, len(STEPS) + 1))
    assert [phase_of(step) for step in (1, 2, 4, 5, 9, 10, 12)] == [
        *("phase1", "phase2", "phase2", "phase3", "phase3", "phase4", "phase4")
    ]


def test_every_step_is_in_its_phase() -> None:
    seen = [walk("processing", at(0, "created")), walk("processing", at(0))]
    assert [[stride.status for stride in strides] for strides in seen] == [[], ["phase_1"]]
    for done, status in ((1, "phase_2"), (3, "phase_2"), (4, "phase_3"), (8, "phase_3"), (9, "phase_4")):
        assert [stride.status for stride in walk("processing", at(done))][-1] == status
    assert walk("phase_4", at(11, "completed")) == []
    assert [stride.status for stride in walk("phase_4", at(12, "published"))] == ["completed"]


def test_what_was_named_and_is_not_in_the_game_is_said_once_there_is_a_design() -> None:
    subjects = [{"subject": name} for name in ("fox", "bear", "seal")]
    idea = {"reading": {"wishes": {"subjects": subjects}}}
    assert unplaced({}) == unplaced(idea) == ""
    assert unplaced({**idea, "cast": {"hero": "fox"}}) == "No part was left for: bear, seal."
    assert unplaced({**idea, "cast": dict(zip("abc", ("fox", "bear", "seal"), strict=True))}) == ""
    assert unplaced({"reading": {"wishes": {}}, "cast": {"hero": "fox"}}) == ""


def test_a_failure_is_of_the_phase_its_step_is_in() -> None:
    [stride] = walk("phase_3", at(6, "failed", "no level is winnable"))
    assert (stride.status, stride.over, stride.error) == ("failed", "phase3", "no level is winnable")
    assert stride.lines == [("error", "phase3 error: no level is winnable")]
    strides = walk("processing", at(11, "failed", "nowhere to publish"))
    assert [stride.status for stride in strides] == ["phase_1", "phase_2", "phase_3", "phase_4", "failed"]
    assert strides[-1].over == "phase4"


def test_what_ends_before_it_is_begun_ends_in_the_first_phase_that_never_started() -> None:
    [stride] = walk("processing", at(0, "cancelled", "enough"))
    assert (stride.status, stride.over, stride.error) == ("failed", "phase1", "enough")
    [stride] = walk("phase_2", None)
    assert (stride.status, stride.over, stride.error) == ("failed", "phase2", "its game is no longer there")


def test_a_game_that_is_put_back_is_waited_for() -> None:
    assert walk("phase_3", at(0, "created")) == []
    assert walk("phase_3", at(2)) == []


@pytest.mark.parametrize(
    ("play_url", "url"),
    [
        ("http://127.0.0.1:3001/games/owl-hush/", "http://owl-hush.localhost:3001/"),
        ("http://localhost/games/owl-hush/", "http://owl-hush.localhost/"),
        ("https://games.example/games/owl-hush/", "https://owl-hush.games.example/"),
        ("http://arcade.lan:8080/games/owl-hush/", "http://arcade.lan:8080/games/owl-hush/"),
        ("https://somebody.github.io/owl-hush/", "https://somebody.github.io/owl-hush/"),
    ],
)
def test_a_game_is_at_its_own_name_where_it_has_one(play_url: str, url: str) -> None:
    build = UUID(int=7)
    story = Story("Owl Hush", "owl-hush", "puzzle", None, None, {}, play_url, 1, 1, build, 1, {}, {})
    told = {"url": url, "subdomain": "owl-hush", "containerId": str(build)}
    assert deployment(story, ("localhost", "games.example")) == told


@st.composite
def lives(draw: st.DrawFn) -> list[Standing]:
    """What a game may go through: steps forward, put back now and then, and an end."""
    found, step, status = [at(0, "created")], 0, "created"
    while len(found) < 40:
        match draw(st.sampled_from(("on", "on", "on", "on", "back", "anew", "fail", "cancel"))):
            case "on" if status == "created":
                status = "in_progress" if step < 11 else "completed"
            case "on":
                step += 1
                status = "published" if step == 12 else "completed" if step == 11 else "in_progress"
            case "back":
                status = "created"
            case "anew":
                step, status = 0, "created"
            case "fail":
                status = "failed"
            case "cancel":
                status = "cancelled"
        found.append(at(step, status, "why" if status in ("failed", "cancelled") else None))
        if not GAME.legal[status] or status == "failed":
            break
    return found


@given(lives(), st.data())
def test_any_life_gives_a_legal_walk_which_is_told_once(life: list[Standing], data: st.DataObject) -> None:
    status, lines = "processing", []
    looked_at = [standing for standing in life[:-1] if data.draw(st.booleans())] + life[-1:]
    for standing in looked_at:
        for stride in walk(status, standing):
            REQUEST.check(status, stride.status)
            status = stride.status
            lines += stride.lines
        if status not in ("completed", "failed"):
            assert walk(status, standing) == []
    if life[-1].status == "published":
        assert (status, lines) == ("completed", WHOLE)
    elif life[-1].status in ("failed", "cancelled"):
        assert status == "failed"
        assert lines[:-1] == WHOLE[: len(lines) - 1]
        level, words = lines[-1]
        assert level == "error"
        assert words.endswith(" error: why")
    else:
        assert lines == WHOLE[: len(lines)]
