"""What every slice's Dagster definitions share: resources, retries, runs of an instance, and how things look.

What belongs here: turning Dagster's words into ours and ours into Dagster's, for more than one slice. What
does not: any asset, op, sensor or decision.
"""

import base64
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import sqlalchemy as sa

from gamefactory_dagster.database import server
from gamefactory_dagster.errors import CancelledError, LeaseLostError, PermanentError, TransientError
from gamefactory_dagster.settings import Settings, get_settings

from .runs import RunState, RunView
from .tick import Tick

ENDED_RUN = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
UNFINISHED_RUN = tuple(status for status in dg.DagsterRunStatus if status not in ENDED_RUN)

RETRIES = dg.RetryPolicy(
    max_retries=5, delay=0.5, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)
"""What may pass is tried again within the run. Where the database counts tries, its limit is lower and
decides."""

_STATES: dict[dg.DagsterRunStatus, RunState] = {
    dg.DagsterRunStatus.NOT_STARTED: "unsubmitted",
    dg.DagsterRunStatus.QUEUED: "waiting",
    dg.DagsterRunStatus.SUCCESS: "succeeded",
    dg.DagsterRunStatus.FAILURE: "failed",
    dg.DagsterRunStatus.CANCELING: "cancelled",
    dg.DagsterRunStatus.CANCELED: "cancelled",
}
"""The rest is alive."""


@dataclass(frozen=True, slots=True)
class Factory:
    """The database and the settings, for what needs nothing else."""

    engine: sa.Engine
    settings: Settings
    at_end: dict[str, Callable[[], None]] = field(default_factory=dict, compare=False)
    """What is to be done when all that is done with this is done, each thing by a name of its own."""


class FactoryResource(dg.ConfigurableResource[Factory]):
    """Database and settings of the factory, with the embedded server started if it is needed."""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Factory]:
        """What ops, assets and sensors get as ``factory``; of a run there is one, until all of it is done."""
        settings = get_settings()
        factory = Factory(server.reached(settings), settings)
        try:
            yield factory
        finally:
            for do in factory.at_end.values():
                do()


RESOURCES = {"factory": FactoryResource()}
"""One object for every slice, as merging their definitions asks for."""


@contextmanager
def no_second_try(context: dg.OpExecutionContext | dg.AssetExecutionContext) -> Iterator[None]:
    """Fail at once, with the same words, where trying again would not help.

    Nor would it where somebody stops the run: Dagster tries that again too, and the run would go on. A run
    that finds what it works at cancelled ends as one that was stopped.
    """
    try:
        yield
    except CancelledError as error:
        context.instance.report_run_canceling(context.run, message=str(error))
        raise dg.Failure(str(error), allow_retries=False) from error
    except (PermanentError, LeaseLostError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    except (dg.DagsterExecutionInterruptedError, KeyboardInterrupt) as error:
        raise dg.Failure("The run was interrupted.", allow_retries=False) from error


def stop_if_told(context: dg.OpExecutionContext) -> None:
    """Raise what an interrupt raises where the run is to be cancelled: within ``no_second_try``.

    Python raises in whatever it is at. Where that is a callback of a library, or an object's last words, the
    interrupt is lost.
    """
    run = context.instance.get_run_by_id(context.run_id)
    if run is not None and run.status == dg.DagsterRunStatus.CANCELING:
        raise dg.DagsterExecutionInterruptedError


def unfinished(instance: dg.DagsterInstance, page: int = 100, **about: Any) -> Iterator[dg.DagsterRun]:
    """Every run that has not ended, the newest first, in pages; ``about`` as ``dg.RunsFilter`` takes it."""
    wanted = dg.RunsFilter(statuses=list(UNFINISHED_RUN), **about)
    cursor = None
    while runs := instance.get_runs(wanted, cursor=cursor, limit=page):
        yield from runs
        cursor = runs[-1].run_id


class InstanceBoard:
    """``runs.RunBoard`` over a Dagster instance; ``tag`` is the one that says what a run is about."""

    def __init__(self, instance: dg.DagsterInstance, tag: str = "dagster/run_key") -> None:
        self._instance = instance
        self._tag = tag

    def by_id(self, run_id: str) -> RunView:
        """The run with this id."""
        return self._newest(dg.RunsFilter(run_ids=[run_id])) or RunView(run_id, "gone", 0.0)

    def by_key(self, run_key: str) -> RunView | None:
        """The newest run asked for under this key."""
        return self._newest(dg.RunsFilter(tags={"dagster/run_key": run_key}))

    def _newest(self, wanted: dg.RunsFilter) -> RunView | None:
        records = self._instance.get_run_records(wanted, limit=1)
        if not records:
            return None
        run, changed = records[0].dagster_run, records[0].update_timestamp
        since = changed if changed.tzinfo else changed.replace(tzinfo=UTC)
        age = (datetime.now(UTC) - since).total_seconds()
        return RunView(run.run_id, _STATES.get(run.status, "alive"), age)

    def give_up(self, run_id: str, why: str) -> None:
        """End a run that the instance still believes alive."""
        run = self._instance.get_run_by_id(run_id)
        if run is not None and not run.is_finished:
            self._instance.report_run_failed(run, why)

    def stop(self, subject: str) -> None:
        """End every run about ``subject`` that has not ended."""
        for run in list(unfinished(self._instance, tags={self._tag: subject})):
            try:
                self._instance.run_coordinator.cancel_run(run.run_id)
            except Exception as error:  # the run's server may be gone; run monitoring ends such runs
                logging.getLogger(__name__).warning("could not stop run %s: %s", run.run_id, error)


def requests(
    context: dg.SensorEvaluationContext, done: Tick, idle: str = ""
) -> dg.SensorResult | dg.SkipReason:
    """What a sensor answers after a tick; ``idle`` says what it means that there was nothing to do.

    A tick that failed and wants nothing fails where people look.
    """
    for stage, why in done.failed.items():
        context.log.error(f"{stage}: {why}")
    if done.failed and not done.wanted:
        raise TransientError(str(done))
    if not done.wanted:
        return dg.SkipReason(idle if idle and not any(done.done.values()) else str(done))
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(run_key=wanted.run_key, run_config=dict(wanted.config), tags=dict(wanted.tags))
            for wanted in done.wanted
        ]
    )


def picture(content: bytes) -> dg.MetadataValue:
    """A PNG or JPEG that the UI shows."""
    kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
    return dg.MetadataValue.md(f"![](data:image/{kind};base64,{base64.b64encode(content).decode()})")


def table(records: list[dict[str, Any]]) -> dg.MetadataValue:
    """Records as a table in the UI."""
    rows = [dg.TableRecord({key: _cell(value) for key, value in record.items()}) for record in records]
    return dg.MetadataValue.table(rows) if rows else dg.MetadataValue.text("none")


def _cell(value: Any) -> str | int | float | bool | None:
    return value if value is None or isinstance(value, str | int | float | bool) else json.dumps(value)
