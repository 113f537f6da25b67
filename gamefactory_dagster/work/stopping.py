"""Telling who was stopped from who failed.

What belongs here: that alone. What does not: stopping anybody (``orchestration/``), and what becomes of work
that was stopped.
"""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def stopped_first() -> Iterator[None]:
    """Raise what stopped the work in the block, where cleaning up after that failed in its turn.

    An interrupt comes between any two operations, in a library's too, whose own cleaning up may then raise
    something else: mmap's ``close`` does while the interrupted frame has a view of it.
    """
    try:
        yield
    except Exception as error:
        if (stopped := _stop_before(error)) is not None:
            raise type(stopped)(*stopped.args) from error
        raise


def _stop_before(error: BaseException) -> BaseException | None:
    """What was being handled when an error came up, if that is no error itself: like KeyboardInterrupt."""
    before = error.__context__
    while isinstance(before, Exception | GeneratorExit):
        before = before.__context__
    return before
