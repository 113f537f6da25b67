"""Wants a run of its own, and is told to the ledger."""

from typing import Any

from gamefactory_dagster.background.kinds import Kind, Nothing, Work
from gamefactory_dagster.ledger.recording import Made


def run(work: Work, given: Nothing) -> dict[str, Any]:
    work.made.append(Made.of(b"heavy", "file", "file:///nowhere", "text/plain", path="heavy.txt"))
    return {"attempt": work.attempt}


KIND = Kind("heavy", Nothing, run, "Wants a run of its own.", alone=True)
