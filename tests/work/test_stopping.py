"""Who was stopped is not taken for somebody who failed."""

import mmap
from contextlib import suppress

import pytest

from gamefactory_dagster.work.stopping import stopped_first


class StoppedError(BaseException):
    """What an orchestrator raises in a run that is to stop."""


def test_what_stopped_the_work_comes_before_what_cleaning_up_met() -> None:
    with (
        pytest.raises(StoppedError, match="by a person") as told,
        stopped_first(),
        mmap.mmap(-1, 10) as mapped,
    ):
        view = memoryview(mapped)
        raise StoppedError("by a person")
    view.release()
    assert isinstance(told.value.__cause__, BufferError)


def test_errors_translated_on_the_way_change_nothing() -> None:
    def cleaned_up_badly() -> None:
        try:
            raise StoppedError
        finally:
            try:
                raise OSError("the disk is full")
            except OSError as error:
                raise ValueError("not written") from error

    with pytest.raises(StoppedError), stopped_first():
        cleaned_up_badly()


@pytest.mark.parametrize("known", [True, False])
def test_a_failure_is_a_failure(known: bool) -> None:
    def fail() -> None:
        with suppress(StoppedError):
            raise StoppedError
        try:
            raise KeyError("a")
        except KeyError as error:
            raise ValueError("b") from (error if known else None)

    with pytest.raises(ValueError, match="b"), stopped_first():
        fail()


def test_a_stop_is_not_changed() -> None:
    stop = StoppedError()
    with pytest.raises(StoppedError) as told, stopped_first():
        raise stop
    assert told.value is stop
