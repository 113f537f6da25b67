"""Leaves a row for each time it is done."""

import time
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.background.kinds import Kind, Parameters, Work
from gamefactory_dagster.database.engine import transaction


class Counted(Parameters):
    seconds: float = 0.0


def run(work: Work, given: Counted) -> dict[str, Any]:
    time.sleep(given.seconds)
    with transaction(work.engine) as connection:
        connection.execute(sa.text("INSERT INTO effects (job) VALUES (:job)"), {"job": work.job_id})
    return {}


KIND = Kind("counted", Counted, run, "Leaves a row for each time it is done.", told=False, retries=50)
