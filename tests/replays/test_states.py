"""Which state may follow which: every pair, and none that is not listed."""

import pytest

from gamefactory_dagster.database.tables.replays import JobStatus
from gamefactory_dagster.errors import IllegalTransitionError
from gamefactory_dagster.replays.states import ENDED, JOB

LEGAL = {
    "PENDING": {"RUNNING", "CANCELLED", "FAILED"},
    "RUNNING": {"PENDING", "AWAITING_CONFIRMATION", "COMPLETED", "FAILED", "CANCELLED"},
    "AWAITING_CONFIRMATION": {"PENDING", "CANCELLED", "FAILED"},
    "COMPLETED": set(),
    "FAILED": set(),
    "CANCELLED": set(),
}


def test_every_pair_of_states() -> None:
    assert list(LEGAL) == list(JobStatus)
    for old, followers in LEGAL.items():
        for new in LEGAL:
            if new in followers:
                JOB.check(old, new)
            else:
                with pytest.raises(
                    IllegalTransitionError, match=f"a replay job cannot go from {old} to {new}"
                ):
                    JOB.check(old, new)
    assert {state for state, followers in LEGAL.items() if not followers} == ENDED
