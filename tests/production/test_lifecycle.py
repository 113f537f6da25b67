import pytest

from gamefactory_dagster.errors import IllegalTransitionError, LeaseLostError, PermanentError
from gamefactory_dagster.production.lifecycle import (
    BATCH,
    ENDED,
    GAME,
    STEP,
    STEPS,
    Admission,
    Standing,
    admit,
    outcome,
    state_after,
    state_while,
)


def test_the_twelve_steps_are_the_workflows() -> None:
    assert STEPS == (
        "pre_production", "project_setup", "architecture", "analytics_design", "analytics_implementation",
        "core_prototype", "asset_generation", "vertical_slice", "content_production", "testing",
        "release_prep", "post_launch",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lifecycle", "old", "new"),
    [
        (BATCH, "cancelled", "running"),
        (BATCH, "pending", "completed"),
        (GAME, "published", "in_progress"),
        (GAME, "cancelled", "created"),
        (GAME, "created", "published"),
        (STEP, "completed", "running"),
        (STEP, "pending", "completed"),
        (STEP, "no such state", "running"),
    ],
)
def test_illegal_changes_are_refused_with_what_would_be_legal(lifecycle, old, new) -> None:
    with pytest.raises(IllegalTransitionError, match=f"from {old} to {new}"):
        lifecycle.check(old, new)


def test_every_state_of_the_document_is_in_the_lifecycle() -> None:
    assert set(BATCH.legal) == {"pending", "running", "completed", "failed", "cancelled"}
    assert set(GAME.legal) == {"created", "in_progress", "completed", "failed", "cancelled", "published"}
    assert set(STEP.legal) == {"pending", "running", "completed", "failed", "skipped"}


def test_a_whole_game_walks_only_legal_states() -> None:
    state = "created"
    for number in range(1, 13):
        for new in (state_while(number), state_after(number)):
            if new != state:
                GAME.check(state, new)
                state = new
    assert state == "published"


@pytest.mark.parametrize("state", ["created", "failed", "in_progress", "completed"])
@pytest.mark.parametrize("number", range(1, 13))
def test_whatever_is_admitted_may_start(state, number) -> None:
    """A game put back or failed at any step can be taken up there again."""
    reached = state_after(number - 1) if number > 1 else "created"
    if state in {"created", "failed", reached}:
        assert admit(Standing(state, "running", number - 1, "pending", None), number, "me") is Admission.GO
        if state != state_while(number):
            GAME.check(state, state_while(number))


def test_admission() -> None:
    assert admit(Standing("created", "running", 0, "pending", None), 1, "me") is Admission.GO
    assert admit(Standing("failed", "running", 4, "failed", None), 5, "me") is Admission.GO
    assert admit(Standing("in_progress", "running", 4, "running", "me"), 5, "me") is Admission.GO
    assert admit(Standing("in_progress", "running", 5, "completed", "other"), 3, "me") is Admission.DONE
    with pytest.raises(LeaseLostError, match="run other"):
        admit(Standing("in_progress", "running", 4, "running", "other"), 5, "me")
    with pytest.raises(PermanentError, match="cancelled"):
        admit(Standing("cancelled", "running", 4, "skipped", None), 5, "me")
    with pytest.raises(IllegalTransitionError, match="its batch was cancelled"):
        admit(Standing("failed", "cancelled", 4, "failed", None), 5, "me")
    assert admit(Standing("published", "cancelled", 12, "completed", None), 5, "me") is Admission.DONE
    with pytest.raises(PermanentError, match=r"step 7 \(asset_generation\).*last finished step is 4"):
        admit(Standing("in_progress", "running", 4, "pending", None), 7, "me")


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["published", "in_progress"], None),
        (["created"], None),
        (["completed"], None),
        ([], None),
        (["published", "failed", "cancelled"], "completed"),
        (["failed", "cancelled"], "failed"),
        (["cancelled"], "cancelled"),
    ],
)
def test_a_batch_ends_when_all_its_games_have(states, expected) -> None:
    assert outcome(states) == expected
    assert (expected is None) == (not states or any(state not in ENDED for state in states))
