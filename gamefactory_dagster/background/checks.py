"""Whether jobs wait longer than is promised, and why that may be.

What belongs here: the judgement, pure. What does not: the numbers (``overview.py``), and Dagster.
"""

from .overview import Overview

OLD_TRANSACTION_SECONDS = 60.0
"""A transaction open for so long is named as what keeps dead rows from being cleared away."""

MANY_DEAD_TUPLES = 10_000
"""Dead rows of a table that reading it takes notice of."""


def is_late(found: Overview, promise_seconds: float) -> bool:
    """Whether the oldest job that could be taken up has waited for longer than is promised."""
    return found.oldest_seconds is not None and found.oldest_seconds > promise_seconds


def in_words(found: Overview, promise_seconds: float) -> str:
    """How long jobs wait, and of what may slow them down whatever there is."""
    if found.oldest_seconds is None:
        said = ["no job waits"]
    else:
        said = [
            f"the oldest of {sum(found.waiting.values()):,} waiting jobs has waited for "
            f"{found.oldest_seconds:,.0f} s, promised are {promise_seconds:g}"
        ]
    if found.at_work:
        said.append(f"{found.at_work:,} are at work")
    if (oldest := found.oldest_transaction) is not None and oldest.seconds > OLD_TRANSACTION_SECONDS:
        said.append(
            f"process {oldest.pid} has kept a transaction open for {oldest.seconds:,.0f} s ({oldest.state}: "
            f"{oldest.what}); until it ends, rows that are gone are still read past"
        )
    dead = {name: count for name, count in found.dead_tuples.items() if count > MANY_DEAD_TUPLES}
    said += [f"{name} holds {count:,} dead rows" for name, count in dead.items()]
    if found.dead_letters:
        said.append(f"{found.dead_letters:,} are dead letters")
    return "; ".join(said)
