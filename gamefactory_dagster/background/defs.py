"""Background jobs in Dagster: the sensor, the runs they are done in, the launchpad, recovery, the asset.

What belongs here: turning Dagster's words into ours and back. What does not: any decision.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from queue import SimpleQueue
from typing import Any, cast
from uuid import UUID

import dagster as dg
from pydantic import Field

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.errors import GameFactoryError, IllegalTransitionError, InputError
from gamefactory_dagster.ids import parse_user, parse_uuid
from gamefactory_dagster.ledger.defs import told
from gamefactory_dagster.orchestration.defs import (
    RESOURCES,
    RETRIES,
    Factory,
    InstanceBoard,
    no_second_try,
    picture,
    requests,
    table,
    unfinished,
)
from gamefactory_dagster.orchestration.runs import KIND_TAG
from gamefactory_dagster.orchestration.tick import Tick, patiently

from . import checks, dispatch, recovery
from .overview import day_chart, overview
from .queue import Priority
from .registry import registry
from .service import JobQueueService
from .worker import Outcome, Stay, work_at

STAY = Stay(for_next=5.0, in_all=60.0)
"""A run that shares is there already for what comes meanwhile."""

_TELLS = 2000
"""Characters of a job's log shown with its output."""


class WorkOn(dg.Config):
    """Which jobs a run is for."""

    jobs: list[str] = Field(description="Ids of rows of public.jobs.")


@dg.op(out={"jobs": dg.DynamicOut(dg.Nothing)}, tags={"gamefactory/part": "background"})
def work(
    context: dg.OpExecutionContext, config: WorkOn, factory: dg.ResourceParam[Factory]
) -> Iterator[dg.DynamicOutput[None]]:
    """Work at jobs: an output each, with how it ended, what it made and what it said.

    A job that fails fails alone. Safe at any time and any number of times: a job that has ended, is not due
    or is in other hands is left alone.
    """
    # A connection for every event, as Dagster's storages have it, costs more than most jobs.
    context.instance.optimize_for_webserver(statement_timeout=60_000, pool_recycle=3600, max_overflow=1)
    with no_second_try(context):
        jobs = [
            parse_uuid(text, "jobs", "ids of jobs, as `gamefactory jobs list` shows") for text in config.jobs
        ]
    shared = context.run.tags.get(dispatch.SHARE_TAG) != dispatch.ALONE
    with told(context, factory, "jobs", "work", whole=True, jobs=len(jobs)) as account:
        counts: dict[str, int] = {}
        try:
            for outcome in _beside(factory, context.run_id, jobs, STAY if shared else Stay()):
                counts[outcome.state] = counts.get(outcome.state, 0) + 1
                if outcome.words:
                    context.log.warning(
                        f"job {outcome.job_id} ({outcome.job_type}) {outcome.state}: {outcome.words}"
                    )
                yield dg.DynamicOutput(None, outcome.job_id.hex, "jobs", metadata=_shown(outcome))
        except dg.DagsterExecutionInterruptedError:
            if not shared:
                cancel_if_stopped(context.instance, context.run_id, factory, jobs)
            raise
        account.numbers |= counts


def cancel_if_stopped(
    instance: dg.DagsterInstance, run_id: str, factory: Factory, jobs: Sequence[UUID]
) -> None:
    """Cancel the jobs of a run that a person is stopping: given back, they would be started again."""
    run = instance.get_run_by_id(run_id)
    if run is None or run.status not in (dg.DagsterRunStatus.CANCELING, dg.DagsterRunStatus.CANCELED):
        return
    service = JobQueueService(factory.engine, factory.settings)
    for job in jobs:
        with suppress(InputError, IllegalTransitionError):  # it has ended
            service.cancel_job(job)


def _beside(factory: Factory, owner: str, jobs: list[UUID], stay: Stay) -> Iterator[Outcome]:
    """Work in a thread of its own, while Dagster stores what has been done."""
    done: SimpleQueue[Outcome | BaseException | None] = SimpleQueue()
    stop = threading.Event()

    def go() -> None:
        try:
            for outcome in work_at(factory.engine, factory.settings, owner, jobs, stay=stay, stop=stop):
                done.put(outcome)
            done.put(None)
        except BaseException as error:
            done.put(error)

    thread = threading.Thread(target=go, name="jobs")
    thread.start()
    try:
        while (found := done.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        stop.set()
        thread.join()


def _shown(outcome: Outcome) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "job": str(outcome.job_id),
        "type": outcome.job_type,
        "state": outcome.state,
        "seconds": round(outcome.seconds, 3),
    }
    if outcome.words:
        shown["error"] = outcome.words
    if outcome.references:
        shown["data references"] = dg.MetadataValue.json(outcome.references)
    if outcome.log:
        shown["log"] = dg.MetadataValue.text(outcome.log[-_TELLS:])
    return shown


@dg.config_mapping(config_schema={"jobs": dg.Field([str], description="Ids of rows of public.jobs.")})
def some_jobs(config: dict[str, Any]) -> dict[str, Any]:
    """Their ids, and nothing about ops."""
    return {"ops": {"work": {"config": {"jobs": config["jobs"]}}}}


@dg.job(
    name="work_jobs",
    config=some_jobs,
    description="Works at background jobs the sensor has read; an output for each.",
    executor_def=dg.in_process_executor,
    resource_defs=RESOURCES,
    tags={KIND_TAG: "background"},
)
def work_jobs() -> None:
    """One op."""
    work()


LOOK_SECONDS = 3
"""Between two looks at the queues."""


@dg.sensor(
    job=work_jobs, minimum_interval_seconds=LOOK_SECONDS, default_status=dg.DefaultSensorStatus.RUNNING
)
def jobs_sensor(
    context: dg.SensorEvaluationContext, factory: dg.ResourceParam[Factory]
) -> dg.SensorResult | dg.SkipReason:
    """Reads the queues of background jobs, and asks for runs that work at what is due."""
    done = patiently(lambda: _look(context.instance, factory), LOOK_SECONDS)
    return requests(context, done, "no job is due")


def _look(instance: dg.DagsterInstance, factory: Factory) -> Tick:
    open_ = [run.tags.get(dispatch.SHARE_TAG) for run in unfinished(instance, job_name=work_jobs.name)]
    return dispatch.tick(
        factory.engine,
        factory.settings,
        InstanceBoard(instance),
        registry(),
        sum(tag != dispatch.ALONE for tag in open_),
        sum(tag == dispatch.ALONE for tag in open_),
    )


class EnqueueJob(dg.Config):
    """What `gamefactory jobs enqueue` takes."""

    job_type: str
    job_parameters: dict[str, Any] = Field(default_factory=dict)
    priority: str = "normal"
    delay_seconds: float = 0.0
    unique_key: str | None = None
    replace: bool = Field(default=False, description="Take the place of the same job where it waits.")
    user: str | None = Field(default=None, description="Who orders it; default: GAMEFACTORY_USER.")


@dg.op(out=dg.Out(dg.Nothing))
def enqueue(
    context: dg.OpExecutionContext, config: EnqueueJob, factory: dg.ResourceParam[Factory]
) -> dg.Output[None]:
    """Check a job and enter it with its message; the sensor of jobs does the rest."""
    with no_second_try(context):
        owner = parse_user(config.user, factory.settings.user)
        with told(
            context, factory, "jobs", "enqueue", owner, whole=True, order=config.model_dump()
        ) as account:
            entered = JobQueueService(factory.engine, factory.settings).create_job(
                config.job_type,
                config.job_parameters,
                user_id=owner,
                priority=cast(Priority, config.priority),
                delay=timedelta(seconds=config.delay_seconds),
                unique_key=config.unique_key,
                on_conflict="replace" if config.replace else "skip",
            )
            account.numbers |= {"job": str(entered.id), "is_new": entered.is_new}
    return dg.Output(None, metadata={"job": str(entered.id), "new": entered.is_new})


@dg.job(
    name="enqueue_job",
    description="Enters a background job: its type and parameters, when and before which others it runs.",
    tags={"dagster/priority": "10"},
    executor_def=dg.in_process_executor,
    resource_defs=RESOURCES,
    config={"ops": {"enqueue": {"config": {"job_type": "sample_task", "job_parameters": {"text": "hello"}}}}},
)
def enqueue_job() -> None:
    """The launchpad's way of entering a job."""
    enqueue()


@dg.asset(group_name="background", kinds={"postgres"}, owners=["team:production"], retry_policy=RETRIES)
def job_queue(factory: dg.ResourceParam[Factory]) -> dg.MaterializeResult[None]:
    """The queue of background jobs: how deep it is, how old, how fast, and what ails it.

    With the last day as a picture. It writes nothing, and may be run at any time. What one job did is on the
    arcade's page of jobs and in `gamefactory jobs`, for whoever ordered it.
    """
    with transaction(factory.engine) as connection:
        found = overview(connection, factory.settings.job_queue)
    oldest = found.oldest_transaction
    return dg.MaterializeResult(
        metadata={
            "jobs not ended": found.depth,
            "waiting": table([{"priority": name, "jobs": jobs} for name, jobs in found.waiting.items()]),
            "not due yet": found.not_due,
            "at work": found.at_work,
            "oldest waiting, seconds": round(found.oldest_seconds or 0.0, 1),
            "ended": table(
                [
                    {"in the last": "hour", "completed": found.completed_hour, "failed": found.failed_hour},
                    {"in the last": "day", "completed": found.completed_day, "failed": found.failed_day},
                ]
            ),
            "retries": found.retries,
            "dead letters": found.dead_letters,
            "dead tuples": table([{"table": name, "rows": rows} for name, rows in found.dead_tuples.items()]),
            "oldest transaction, seconds": round(oldest.seconds, 1) if oldest else 0.0,
            "last day": picture(day_chart(found.steps)),
        }
    )


@dg.asset_check(asset=job_queue)
def in_time(factory: dg.ResourceParam[Factory]) -> dg.AssetCheckResult:
    """No due job has waited for longer than GAMEFACTORY_JOB_PROMISE_SECONDS; if one has, why that may be."""
    promise = factory.settings.job_promise_seconds
    with transaction(factory.engine) as connection:
        found = overview(connection, factory.settings.job_queue)
    return dg.AssetCheckResult(
        passed=not checks.is_late(found, promise),
        severity=dg.AssetCheckSeverity.WARN,
        description=checks.in_words(found, promise),
    )


watch_jobs = dg.define_asset_job(
    "watch_jobs",
    selection=dg.AssetSelection.groups("background"),
    description="Counts background jobs, and checks that none waits longer than is promised.",
    executor_def=dg.in_process_executor,
)

hourly_jobs = dg.ScheduleDefinition(
    name="watch_jobs",
    description="Every hour: how deep the queue of background jobs is, how old, how fast.",
    job=watch_jobs,
    cron_schedule="7 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)


def _recover(instance: dg.DagsterInstance, factory: Factory) -> str:
    board = InstanceBoard(instance)
    runs = [board.by_id(run.run_id) for run in unfinished(instance, job_name=work_jobs.name)]
    done = recovery.recover(factory.engine, factory.settings, board, registry(), runs)
    if done.failed:
        raise GameFactoryError(str(done))
    return str(done)


@dg.op(out=dg.Out(dg.Nothing))
def recover(context: dg.OpExecutionContext, factory: dg.ResourceParam[Factory]) -> dg.Output[None]:
    """Find jobs nobody works at, rows without messages and messages without rows, and put them right."""
    return dg.Output(None, metadata={"done": _recover(context.instance, factory)})


@dg.job(
    name="recover_jobs",
    description="Finds background jobs nobody works at, and rows and messages that have lost each other.",
    executor_def=dg.in_process_executor,
    resource_defs=RESOURCES,
)
def recover_jobs() -> None:
    """By hand; every minute the schedule does the same without a run."""
    recover()


@dg.schedule(
    job=recover_jobs,
    cron_schedule="* * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def recover_jobs_every_minute(
    context: dg.ScheduleEvaluationContext, factory: dg.ResourceParam[Factory]
) -> dg.SkipReason:
    """Every minute, at once: a run would cost more than it does, and wait for others."""
    return dg.SkipReason(_recover(context.instance, factory))


@dg.schedule(
    name="prune_history",
    target=enqueue_job,
    cron_schedule="10 4 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def nightly_pruning(factory: dg.ResourceParam[Factory]) -> dg.SkipReason:
    """Every night enters a job of type prune_history, unless last night's has not ended yet."""
    service = JobQueueService(factory.engine, factory.settings)
    entered = service.create_job("prune_history", unique_key="nightly", priority="low")
    return dg.SkipReason(f"job {entered.id} {'entered' if entered.is_new else 'has not ended yet'}")


defs = dg.Definitions(
    assets=[job_queue],
    asset_checks=[in_time],
    jobs=[work_jobs, enqueue_job, recover_jobs, watch_jobs],
    schedules=[recover_jobs_every_minute, hourly_jobs, nightly_pruning],
    sensors=[jobs_sensor],
    resources=RESOURCES,
)
