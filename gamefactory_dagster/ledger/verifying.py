"""Comparing everything a user's runs made with what the ledger says of it.

What belongs here: which artifacts, in which pages, and what is known of the wrong ones only by looking at the
others. What does not: any one file (``files.py``).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load

from .files import FAULTS, Files, Finding, State
from .reading import Artifact

PAGE = 1000
"""Artifacts asked for at once: between two pages no transaction is open."""

View = Callable[[], AbstractContextManager[sa.Connection]]
"""Opens a transaction of whoever's artifacts these are."""


@dataclass(frozen=True, slots=True)
class Amount:
    """So many files, and their bytes."""

    files: int
    bytes: int


@dataclass(slots=True)
class Verified:
    """How it went: files looked at, bytes read of them, how many there was nothing to compare with."""

    files: int = 0
    bytes: int = 0
    unchecked: int = 0
    wrong: list[Finding] = field(default_factory=list)

    def count(self, state: State) -> int:
        """How many are wrong in that way."""
        return sum(finding.state is state for finding in self.wrong)


def amount(connection: sa.Connection, run: str | None = None) -> Amount:
    """How much there is to look at."""
    row = connection.execute(sa.text(load("ledger/count_artifacts")), {"run": run}).one()
    return Amount(row.files, int(row.bytes))


def verify(
    view: View, files: Files, run: str | None = None, on_progress: Callable[[Verified], None] | None = None
) -> Verified:
    """Look at every artifact the view has, or those of one run; ``on_progress`` is told after each."""
    done = Verified()
    suspects: list[Finding] = []
    for artifacts in _pages(view, run):
        for finding in files.verify(artifacts):
            done.files += 1
            done.bytes += finding.size or 0
            done.unchecked += finding.state is State.UNCHECKED
            if finding.state in FAULTS:
                suspects.append(finding)
            if on_progress is not None:
                on_progress(done)
    for finding in looked_around(view, files, suspects):
        done.unchecked += finding.state is State.UNCHECKED
        if finding.state in FAULTS:
            done.wrong.append(finding)
    return done


def looked_around(view: View, files: Files, suspects: Sequence[Finding]) -> list[Finding]:
    """What is wrong with files in the light of the others.

    Content that is another artifact's was swapped. A file that a person named, and a later run of theirs has
    written anew, is as it should be.
    """
    if not suspects:
        return []
    named = {one.artifact.url for one in suspects if not files.is_ours(one.artifact)}
    contents = {one.sha256 for one in suspects}
    asked = {"checksums": sorted(filter(None, contents)), "urls": sorted(filter(None, named))}
    with view() as connection:
        others = {row.found: row for row in connection.execute(sa.text(load("ledger/artifacts_with")), asked)}
    return [_in_their_light(finding, others) for finding in suspects]


def _in_their_light(finding: Finding, others: dict[str, sa.Row[Any]]) -> Finding:
    newest = others.get(finding.artifact.url or "")
    if newest is not None and newest.id != finding.artifact.id:
        return replace(finding, state=State.UNCHECKED, words="a later run has written over it")
    other = others.get(finding.sha256 or "") if finding.size else None
    if other is None:
        return finding
    path = other.meta.get("path") if isinstance(other.meta, dict) else None
    words = f"it is what {path or other.id} of run {other.run_id} should be"
    return replace(finding, state=State.SWAPPED, words=words)


def _pages(view: View, run: str | None) -> Iterator[list[Artifact]]:
    key: dict[str, Any] = {"run_moment": "infinity", "after_run": "", "moment": "-infinity", "id": "0" * 32}
    while True:
        with view() as connection:
            asked = {"run": run, "limit": PAGE, **key}
            found = connection.execute(sa.text(load("ledger/artifacts_of_runs")), asked).mappings().all()
        rows = [dict(row) for row in found]
        if not rows:
            return
        moments = [row.pop("run_created_at") for row in rows]
        yield [Artifact(**row) for row in rows]
        last = rows[-1]
        key = {
            "run_moment": moments[-1].isoformat(),
            "after_run": last["run_id"],
            "moment": last["created_at"].isoformat(),
            "id": str(last["id"]),
        }
