"""A job that does as it is told, to see how the queue takes it; it makes nothing."""

import hashlib
import sys
import time
from typing import Any

from pydantic import Field

from gamefactory_dagster.background.kinds import Kind, Parameters, Work
from gamefactory_dagster.errors import PermanentError, TransientError


class SampleTask(Parameters):
    """What it is to do, in this order."""

    text: str = Field(default="hello", max_length=10_000)
    seconds: float = Field(default=0.0, ge=0, le=86_400)
    """Waits as long."""
    lines: int = Field(default=0, ge=0, le=10_000_000)
    """Says as many lines of 100 characters."""
    megabytes: int = Field(default=0, ge=0, le=1_000_000)
    """Takes as much memory."""
    failing_tries: int = Field(default=0, ge=0, le=1000)
    """Its first tries fail in a way that may pass."""
    fails: str | None = Field(default=None, max_length=1000)
    """Fails for good with these words."""


def run(work: Work, given: SampleTask) -> dict[str, Any]:
    """Do all of it; the answer is the SHA-256 of the text."""
    if given.seconds:
        time.sleep(given.seconds)
    for number in range(given.lines):
        sys.stdout.write(f"line {number:>10,} {'.' * 83}\n")
    taken = bytearray(given.megabytes * 1024 * 1024)
    if work.attempt <= given.failing_tries:
        raise TransientError(f"try {work.attempt} of {given.failing_tries} that fail")
    if given.fails is not None:
        raise PermanentError(given.fails)
    return {"sha256": hashlib.sha256(given.text.encode()).hexdigest(), "megabytes": len(taken) >> 20}


KIND = Kind(
    "sample_task",
    SampleTask,
    run,
    "Does as it is told: waits, talks, takes memory, fails; then gives the SHA-256 of a text.",
    example={"text": "hello"},
    retries=3,
    told=False,
)
