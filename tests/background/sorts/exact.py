"""Leaves its row in the transaction that completes it."""

import sys
import time
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.background.kinds import Kind, Parameters, Work


class Exact(Parameters):
    seconds: float = 0.0
    then_seconds: float = 0.0
    fails: bool = False


def run(work: Work, given: Exact) -> dict[str, Any]:
    time.sleep(given.seconds)
    sys.stdout.write("before\n")
    references = {"attempt": work.attempt}
    with work.completing(references) as connection:
        connection.execute(sa.text("INSERT INTO effects (job) VALUES (:job)"), {"job": work.job_id})
        time.sleep(given.then_seconds)
        if given.fails:
            raise RuntimeError("after its effect")
    return references


KIND = Kind("exact", Exact, run, "Leaves a row exactly once.", told=False, retries=50)
