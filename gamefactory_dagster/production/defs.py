"""Production in Dagster: the game job with its twelve ops, the submit job, the batch sensor, maintenance.

What belongs here: turning Dagster's words into ours and back. What does not: any decision.
"""

import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import dagster as dg
from pydantic import Field

from gamefactory_dagster.database import server
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.errors import InputError, LeaseLostError, PermanentError
from gamefactory_dagster.orchestration.defs import Factory, factory_resource, picture, table
from gamefactory_dagster.settings import get_settings
from gamefactory_dagster.studio.providers import embedded

from . import batches, dispatch, maintenance
from .lifecycle import STEPS
from .planning import check_order
from .steps import PURPOSE, StepResult
from .worker import Done, Workshop, perform

GAME_TAG = "gamefactory/game"

OP_RETRIES = dg.RetryPolicy(
    max_retries=5, delay=0.5, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)
"""Above ``game_steps.max_retries``, which decides: it is counted in the database, across runs."""

ENDED_RUN = {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE}
CANCELLED_RUN = {dg.DagsterRunStatus.CANCELING, dg.DagsterRunStatus.CANCELED}


@dg.resource(description="Database, settings and providers of the factory.")
def workshop_resource() -> Workshop:
    """The workshop of this process, with the embedded server started if it is needed."""
    settings = get_settings()
    server.ensure(settings)
    return Workshop(get_engine(settings), settings, embedded(settings))


def metadata(done: Done) -> dict[str, dg.MetadataValue]:
    """What the UI shows of a finished step."""
    shown: dict[str, dg.MetadataValue] = {"commit": dg.MetadataValue.text(str(done.artifacts.get("commit")))}
    if done.result is None:
        return {**shown, "note": dg.MetadataValue.text("finished by an earlier run; nothing was done again")}
    return {**shown, **_shown(done.result), "log": dg.MetadataValue.md("\n\n".join(done.lines) or "quiet")}


def _shown(result: StepResult) -> dict[str, dg.MetadataValue]:
    checks = [
        {"check": name, "result": "; ".join(found) or "passed"} for name, found in result.checks.items()
    ]
    return {
        "checks": table(checks),
        **{title: table(records) for title, records in result.tables.items()},
        **{title: picture(content) for title, content in result.pictures.items()},
        **{title: dg.MetadataValue.md(text) for title, text in result.texts.items()},
    }


def step_op(number: int) -> dg.OpDefinition:
    """The op of one workflow step. It hands nothing over: what it made is in database and repository."""
    name = STEPS[number - 1]

    @dg.op(
        name=name,
        description=f"Step {number} of 12. {PURPOSE[number]}",
        ins={"before": dg.In(dg.Nothing)} if number > 1 else {},
        out=dg.Out(dg.Nothing),
        config_schema={"game_id": dg.Field(str, description="Id of a row of factory.games.")},
        required_resource_keys={"workshop"},
        retry_policy=OP_RETRIES,
        tags={"gamefactory/step": str(number)},
    )
    def do(context: dg.OpExecutionContext) -> dg.Output[None]:
        try:
            game_id = parse_game_id(context.op_config["game_id"])
            done = perform(context.resources.workshop, game_id, number, context.run_id)
        except (PermanentError, LeaseLostError) as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        return dg.Output(None, metadata=metadata(done))

    return do


def parse_game_id(value: str) -> UUID:
    """The id in a run's config, or InputError."""
    try:
        return UUID(value)
    except ValueError:
        raise InputError(
            "game_id", value, "the id of a game, as `gamefactory game list --json` shows"
        ) from None


OPS = tuple(step_op(number) for number in range(1, len(STEPS) + 1))


@dg.config_mapping(config_schema={"game_id": dg.Field(str, description="Id of a row of factory.games.")})
def one_game(config: Mapping[str, str]) -> dict[str, Any]:
    """One ``game_id`` for all twelve ops."""
    return {"ops": {name: {"config": {"game_id": config["game_id"]}} for name in STEPS}}


@dg.graph(name="make_game")
def make_game_graph() -> None:
    """The twelve-step workflow, in its fixed order."""
    first, *rest = OPS
    before = first()
    for op in rest:
        before = op(before=before)


make_game = make_game_graph.to_job(
    name="make_game",
    description="Makes one game through the twelve-step workflow, going on after its last finished step.",
    config=one_game,
    executor_def=dg.in_process_executor,
    resource_defs={"workshop": workshop_resource},
    tags={"gamefactory/kind": "production"},
)


class SubmitBatch(dg.Config):
    """What `gamefactory batch submit` takes."""

    name: str
    count: int = 10
    genre_mix: dict[str, int] = Field(default_factory=dict)
    constraints: dict[str, Any] = Field(default_factory=dict)
    seed: int | None = None


@dg.op(required_resource_keys={"workshop"}, out=dg.Out(dg.Nothing))
def submit(context: dg.OpExecutionContext, config: SubmitBatch) -> dg.Output[None]:
    """Check an order and insert it as a pending batch, which the batch sensor then plans and makes."""
    shop: Workshop = context.resources.workshop
    try:
        order = check_order(
            config.name, config.count, config.genre_mix, config.constraints, shop.settings.max_batch_games
        )
        batch_id = batches.submit(shop.engine, order, config.seed)
    except InputError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    return dg.Output(
        None, metadata={"batch": str(batch_id), "games": order.count, "mix": table(order.mix_as_json())}
    )


@dg.job(
    description="Orders a batch of games: name, count, genre mix, constraints, seed.",
    executor_def=dg.in_process_executor,
    resource_defs={"workshop": workshop_resource},
    config={
        "ops": {
            "submit": {
                "config": {
                    "name": "my batch",
                    "count": 10,
                    "genre_mix": {"runner": 6, "puzzle": 4},
                    "constraints": {},
                }
            }
        }
    },
)
def submit_batch() -> None:
    """The launchpad's way of ordering a batch."""
    submit()


class InstanceBoard:
    """``dispatch.RunBoard`` over a Dagster instance."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self._instance = instance

    def by_id(self, run_id: str) -> dispatch.RunView:
        """The run with this id."""
        return self._newest(dg.RunsFilter(run_ids=[run_id])) or dispatch.RunView(run_id, "gone", 0.0)

    def by_key(self, run_key: str) -> dispatch.RunView | None:
        """The newest run asked for under this key."""
        return self._newest(dg.RunsFilter(tags={"dagster/run_key": run_key}))

    def _newest(self, wanted: dg.RunsFilter) -> dispatch.RunView | None:
        records = self._instance.get_run_records(wanted, limit=1)
        if not records:
            return None
        run, changed = records[0].dagster_run, records[0].update_timestamp
        since = changed if changed.tzinfo else changed.replace(tzinfo=UTC)
        return dispatch.RunView(run.run_id, _state(run.status), (datetime.now(UTC) - since).total_seconds())

    def give_up(self, run_id: str, why: str) -> None:
        """End a run that the instance still believes alive."""
        run = self._instance.get_run_by_id(run_id)
        if run is not None and not run.is_finished:
            self._instance.report_run_failed(run, why)

    def stop(self, game_id: UUID) -> None:
        """End every run of a game that has not ended."""
        for run in self._instance.get_runs(dg.RunsFilter(tags={GAME_TAG: str(game_id)})):
            if run.is_finished:
                continue
            try:
                self._instance.run_coordinator.cancel_run(run.run_id)
            except Exception as error:  # the run's server may be gone; run monitoring ends such runs
                logging.getLogger(__name__).warning("could not stop run %s: %s", run.run_id, error)


def _state(status: dg.DagsterRunStatus) -> dispatch.RunState:
    if status == dg.DagsterRunStatus.NOT_STARTED:
        return "unsubmitted"
    if status == dg.DagsterRunStatus.QUEUED:
        return "waiting"
    if status in CANCELLED_RUN:
        return "cancelled"
    return "ended" if status in ENDED_RUN else "alive"


@dg.sensor(
    job=make_game,
    minimum_interval_seconds=3,
    default_status=dg.DefaultSensorStatus.RUNNING,
    required_resource_keys={"workshop"},
)
def batch_sensor(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Plans pending batches, recovers games whose worker died, ends batches, and asks for the next runs."""
    shop: Workshop = context.resources.workshop
    done = dispatch.tick(shop.engine, shop.settings, InstanceBoard(context.instance))
    if not done.wanted:
        yield dg.SkipReason(str(done))
    for wanted in done.wanted:
        yield dg.RunRequest(
            run_key=wanted.run_key, run_config={"game_id": str(wanted.game_id)}, tags=wanted.tags
        )


class InstanceHistory:
    """``maintenance.RunHistory`` over a Dagster instance, by its public interface."""

    def __init__(self, instance: dg.DagsterInstance, page: int = 500) -> None:
        self._instance = instance
        self._page = page

    def ended_before(self, moment: datetime) -> Iterator[str]:
        """Ids of runs that have ended, oldest first; each may be deleted as it comes."""
        wanted = dg.RunsFilter(statuses=[*ENDED_RUN, dg.DagsterRunStatus.CANCELED], updated_before=moment)
        page = self._page_of(wanted, None)
        while page:
            following = self._page_of(wanted, page[-1])  # now, while the run that is the cursor still exists
            yield from page
            page = following

    def _page_of(self, wanted: dg.RunsFilter, after: str | None) -> list[str]:
        records = self._instance.get_run_records(wanted, limit=self._page, ascending=True, cursor=after)
        return [record.dagster_run.run_id for record in records]

    def newest(self) -> set[str]:
        """Runs that made the newest materialization of an asset or partition."""
        found: dict[tuple[dg.AssetKey, str | None], str] = {}
        for key in self._instance.get_asset_keys():
            cursor = None
            while True:
                page = self._instance.fetch_materializations(key, limit=self._page, cursor=cursor)
                for record in page.records:
                    found.setdefault((key, record.partition_key), record.run_id)
                if not page.has_more:
                    break
                cursor = page.cursor
        return set(found.values())

    def delete(self, run_id: str) -> None:
        """Forget a run. Its captured output goes first: nothing would lead to it afterwards."""
        self._instance.compute_log_manager.delete_logs(prefix=[run_id])
        self._instance.delete_run(run_id)


@dg.op(required_resource_keys={"factory"}, out=dg.Out(dg.Nothing))
def prune_history(context: dg.OpExecutionContext) -> dg.Output[None]:
    """Delete Dagster's runs and lines of generation_logs that are older than the settings keep.

    Safe at any time and any number of times. A run that made the newest materialization of a partition is
    kept, however old: without it the partition would look as if it had never been computed. Limits:
    GAMEFACTORY_KEEP_RUNS_DAYS, GAMEFACTORY_KEEP_LOGS_DAYS.
    """
    factory: Factory = context.resources.factory
    settings = factory.settings
    done = maintenance.prune(
        factory.engine,
        InstanceHistory(context.instance),
        datetime.now(UTC),
        settings.keep_runs_days,
        settings.keep_logs_days,
    )
    return dg.Output(
        None,
        metadata={"runs deleted": done.runs, "old runs kept": done.runs_kept, "log lines deleted": done.logs},
    )


@dg.job(
    name="maintenance",
    description="Deletes old runs of Dagster and old generation logs.",
    executor_def=dg.in_process_executor,
    resource_defs={"factory": factory_resource},
)
def maintenance_job() -> None:
    """One op."""
    prune_history()


nightly_maintenance = dg.ScheduleDefinition(
    name="nightly_maintenance",
    description="Deletes what is older than the settings keep, while little else runs.",
    job=maintenance_job,
    cron_schedule="30 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)


defs = dg.Definitions(
    jobs=[make_game, submit_batch, maintenance_job],
    schedules=[nightly_maintenance],
    sensors=[batch_sensor],
    resources={"workshop": workshop_resource},
)
