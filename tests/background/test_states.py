"""What becomes of a job after a try: pure."""

import pytest

from gamefactory_dagster.background.states import (
    JOB,
    LONGEST_PAUSE,
    Failure,
    Verdict,
    pause_before,
    verdict,
)
from gamefactory_dagster.database.tables.background import STATUSES
from gamefactory_dagster.errors import IllegalTransitionError, InputError, LeaseLostError, TransientError

LEGAL = {
    ("pending", "processing"),
    ("processing", "completed"),
    ("processing", "failed"),
    ("pending", "failed"),
}
"""Document 004."""


@pytest.mark.parametrize("old", STATUSES)
@pytest.mark.parametrize("new", STATUSES)
def test_transitions_are_the_documents(old, new):
    if (old, new) in LEGAL:
        JOB.check(old, new)
    else:
        with pytest.raises(IllegalTransitionError, match=f"from {old} to {new}"):
            JOB.check(old, new)


def test_a_try_that_went_well_completes_the_job():
    assert verdict(None, 0, 3) == Verdict("completed")
    assert verdict(None, 99, 0) == Verdict("completed")


@pytest.mark.parametrize(("done", "next_"), [(0, "again"), (2, "again"), (3, "failed"), (4, "failed")])
def test_as_many_retries_as_its_type_has(done, next_):
    assert verdict(Failure("OSError", "away"), done, 3).next == next_


def test_what_does_not_pass_is_not_tried_again():
    assert verdict(Failure("InputError", "no", may_pass=False), 0, 3) == Verdict("failed")


def test_pauses_double_up_to_an_hour():
    assert [pause_before(retry) for retry in (1, 2, 3, 4)] == [5, 10, 20, 40]
    assert pause_before(11) == pause_before(10**6) == LONGEST_PAUSE
    assert verdict(Failure("OSError", "away"), 2, 3).pause == 20


@pytest.mark.parametrize(
    ("error", "may_pass"),
    [
        (ValueError("odd"), True),
        (TransientError("busy"), True),
        (MemoryError(), True),
        (InputError("field", 1, "2"), False),
        (LeaseLostError("gone"), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_failure_is_named_by_its_class(error, may_pass):
    failure = Failure.of(error, where="here")
    assert (failure.error_type, failure.may_pass) == (type(error).__name__, may_pass)
    assert failure.message == (str(error) or type(error).__name__)
    assert failure.context == {"where": "here"}
