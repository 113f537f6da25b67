"""What is said of a queue that is late."""

import datetime as dt
from dataclasses import replace

import pytest

from gamefactory_dagster.background.checks import in_words, is_late
from gamefactory_dagster.background.overview import OldestTransaction, Overview

QUIET = Overview(
    at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
    waiting={"high": 0, "normal": 0, "low": 0},
    not_due=0,
    at_work=0,
    oldest_seconds=None,
    completed_hour=0,
    failed_hour=0,
    completed_day=0,
    failed_day=0,
    retries=0,
    dead_letters=0,
    dead_tuples={},
    oldest_transaction=None,
    steps=[],
)


@pytest.mark.parametrize(("seconds", "late"), [(None, False), (0.0, False), (300.0, False), (300.1, True)])
def test_late_is_longer_than_promised(seconds, late):
    assert is_late(replace(QUIET, oldest_seconds=seconds), 300) is late


def test_a_quiet_queue():
    assert in_words(QUIET, 300) == "no job waits"


def test_a_late_one_says_why():
    found = replace(
        QUIET,
        waiting={"high": 1, "normal": 2000, "low": 0},
        oldest_seconds=3601.4,
        at_work=2,
        dead_letters=3,
        dead_tuples={"pgmq.q_job_queue": 50_000, "public.jobs": 12},
        oldest_transaction=OldestTransaction(77, 190.0, "idle in transaction", "psql"),
    )
    assert in_words(found, 300).split("; ") == [
        "the oldest of 2,001 waiting jobs has waited for 3,601 s, promised are 300",
        "2 are at work",
        "process 77 has kept a transaction open for 190 s (idle in transaction: psql)",
        "until it ends, rows that are gone are still read past",
        "pgmq.q_job_queue holds 50,000 dead rows",
        "3 are dead letters",
    ]


def test_a_young_transaction_is_not_named():
    oldest = OldestTransaction(77, 59.0, "active", "SELECT 1")
    assert in_words(replace(QUIET, oldest_transaction=oldest), 300) == "no job waits"
