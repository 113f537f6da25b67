"""Deleting what is older than the settings keep, of all that is not Dagster's own."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from gamefactory_dagster.background.kinds import Kind, Nothing, Work


def run(work: Work, given: Nothing) -> dict[str, Any]:
    """Delete ended jobs, lines of logs, claims of addresses and runs of the ledger; how many of each.

    What was deleted before a failure stays so, and another try goes on there.
    """
    from gamefactory_dagster.background.maintenance import prune_jobs
    from gamefactory_dagster.production.maintenance import prune

    now = datetime.now(UTC)
    jobs, messages = prune_jobs(work.engine, now, work.settings)
    rest = asdict(prune(work.engine, None, now, work.settings))
    return {"jobs": jobs, "messages": messages} | {
        name: rest[name] for name in ("logs", "addresses", "ledger_runs")
    }


KIND = Kind(
    "prune_history",
    Nothing,
    run,
    "Deletes jobs, logs, claims of addresses and runs of the ledger older than is kept.",
    timeout=3600,
    alone=True,
)
