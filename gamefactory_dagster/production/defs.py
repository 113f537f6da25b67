"""Production in Dagster: the game job with its twelve ops, the games, submit job, batch sensor, maintenance.

What belongs here: turning Dagster's words into ours and back. What does not: any decision.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import dagster as dg
from pydantic import Field

from gamefactory_dagster.database import server
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.ids import parse_user, parse_uuid
from gamefactory_dagster.launching.defs.private import IDLE_TICKS, capture_interrupts, forget_checks
from gamefactory_dagster.ledger.defs import told
from gamefactory_dagster.orchestration.defs import (
    ENDED_RUN,
    RESOURCES,
    RETRIES,
    Factory,
    InstanceBoard,
    no_second_try,
    picture,
    requests,
    stop_if_told,
    table,
)
from gamefactory_dagster.orchestration.runs import KIND_TAG
from gamefactory_dagster.orchestration.tick import patiently
from gamefactory_dagster.settings import get_settings
from gamefactory_dagster.studio.providers import embedded
from gamefactory_dagster.studio.shipping.published import games_here

from . import batches, dispatch, maintenance
from .lifecycle import PUBLISHED, STEPS
from .planning import check_order
from .showcase import entry
from .steps import PURPOSE, StepResult
from .worker import Done, perform
from .workshop import Workshop


class WorkshopResource(dg.ConfigurableResource[Workshop]):
    """Database, settings and providers of the factory, with the embedded server started if it is needed."""

    def create_resource(self, context: dg.InitResourceContext) -> Workshop:
        """What ops and sensors get as ``workshop``."""
        settings = get_settings()
        return Workshop(server.reached(settings), settings, embedded(settings))


WORKSHOP = {"workshop": WorkshopResource()}
"""One object for every slice, as merging their definitions asks for."""


CPU_SECONDS = "CPU seconds"
"""Of a finished step, in the process of its run: a browser has its own, which are in the report."""


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
        **{title: dg.MetadataValue.url(url) for title, url in result.links.items()},
    }


GAMES = dg.DynamicPartitionsDefinition(name="games")
"""The slugs of published games."""

games = dg.AssetSpec(
    "games",
    partitions_def=GAMES,
    group_name="production",
    kinds={"javascript"},
    owners=["team:production"],
    description=(
        "The published games, a partition each: picture, link to play, and the certificate of every level. "
        "The job `make_game` adds one when it is published; `gamefactory batch submit` orders some."
    ),
)


def show_game(instance: dg.DagsterInstance, shop: Workshop, game_id: UUID) -> None:
    """Enter a published game among the assets. Done again, its entry is told anew.

    The entry belongs to no run: runs are deleted when they are old, and it would go with its own.
    """
    with transaction(shop.engine) as connection:
        made = entry(connection, games_here(shop.settings), game_id)
    if made is None:
        return
    instance.add_dynamic_partitions(str(GAMES.name), [made.slug])
    shown: dict[str, dg.MetadataValue] = {
        "game": dg.MetadataValue.text(made.name),
        "play": dg.MetadataValue.url(made.play_url),
        "genre": dg.MetadataValue.text(made.genre),
        "family": dg.MetadataValue.text(made.family),
        "mechanics": dg.MetadataValue.text(", ".join(made.mechanics)),
        "levels": table(made.levels),
    }
    if made.picture is not None:
        shown["picture"] = picture(made.picture)
    instance.report_runless_asset_event(
        dg.AssetMaterialization(games.key, partition=made.slug, metadata=shown)
    )


def step_op(number: int) -> dg.OpDefinition:
    """The op of one workflow step. It hands nothing over: what it made is in database and repository."""
    name = STEPS[number - 1]

    @dg.op(
        name=name,
        description=f"Step {number} of 12. {PURPOSE[number]}",
        ins={"before": dg.In(dg.Nothing)} if number > 1 else {},
        out=dg.Out(dg.Nothing),
        config_schema={"game_id": dg.Field(str, description="Id of a row of factory.games.")},
        retry_policy=RETRIES,
        tags={"gamefactory/step": str(number)},
    )
    def do(context: dg.OpExecutionContext, workshop: dg.ResourceParam[Workshop]) -> dg.Output[None]:
        last = number == PUBLISHED
        # who stops a run in its last step is too late, or it would be cancelled and its game published
        with capture_interrupts() if last else nullcontext():
            with no_second_try(context):
                if not (last and context.retry_number):  # its first try may have published the game
                    stop_if_told(context)
                game_id = parse_game_id(context.op_config["game_id"])
                before = time.process_time()
                done = perform(workshop, game_id, number, context.run_id)
                spent = round(time.process_time() - before, 3)
            if last:
                show_game(context.instance, workshop, game_id)
            return dg.Output(None, metadata={**metadata(done), CPU_SECONDS: spent})

    return do


def parse_game_id(value: str) -> UUID:
    """The id in a run's config, or InputError."""
    return parse_uuid(value, "game_id", "the id of a game, as `gamefactory game list --json` shows")


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
    resource_defs=WORKSHOP,
    tags={KIND_TAG: "production"},
)


class SubmitBatch(dg.Config):
    """What `gamefactory batch submit` takes."""

    name: str
    count: int = 10
    genre_mix: dict[str, int] = Field(default_factory=dict)
    constraints: dict[str, Any] = Field(default_factory=dict)
    seed: int | None = None
    user: str | None = Field(default=None, description="Who orders it; default: GAMEFACTORY_USER.")


@dg.op(out=dg.Out(dg.Nothing))
def submit(
    context: dg.OpExecutionContext, config: SubmitBatch, workshop: dg.ResourceParam[Workshop]
) -> dg.Output[None]:
    """Check an order and insert it as a pending batch, which the batch sensor then plans and makes."""
    limit = workshop.settings.max_batch_games
    with no_second_try(context):
        owner = parse_user(config.user, workshop.settings.user)
        order = check_order(config.name, config.count, config.genre_mix, config.constraints, limit)
        factory = Factory(workshop.engine, workshop.settings)
        with told(
            context, factory, "batch", "submit", owner, whole=True, order=config.model_dump()
        ) as account:
            batch_id = batches.submit(workshop.engine, order, config.seed, owner)
            account.numbers |= {"batch": batch_id, "games": order.count}
    return dg.Output(
        None, metadata={"batch": str(batch_id), "games": order.count, "mix": table(order.mix_as_json())}
    )


@dg.job(
    description="Orders a batch of games: name, count, genre mix, constraints, seed.",
    tags={"dagster/priority": "10"},
    executor_def=dg.in_process_executor,
    resource_defs=WORKSHOP,
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


LOOK_SECONDS = 3
"""Between two looks at the batches."""


@dg.sensor(
    job=make_game, minimum_interval_seconds=LOOK_SECONDS, default_status=dg.DefaultSensorStatus.RUNNING
)
def batch_sensor(
    context: dg.SensorEvaluationContext, workshop: dg.ResourceParam[Workshop]
) -> dg.SensorResult | dg.SkipReason:
    """Plans pending batches, recovers games whose worker died, ends batches, and asks for the next runs."""
    board = InstanceBoard(context.instance, dispatch.GAME_TAG)
    return requests(context, patiently(lambda: dispatch.tick(workshop, board), LOOK_SECONDS))


class InstanceHistory:
    """``maintenance.RunHistory`` over a Dagster instance, by its public interface."""

    def __init__(self, instance: dg.DagsterInstance, page: int = 500) -> None:
        self._instance = instance
        self._page = page

    def ended_before(self, moment: datetime) -> Iterator[str]:
        """Ids of runs that have ended, oldest first; each may be deleted as it comes."""
        wanted = dg.RunsFilter(statuses=list(ENDED_RUN), updated_before=moment)
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
        """Forget a run. Its captured output goes first: nothing would lead to it afterwards.

        What its checks found Dagster would keep for ever.
        """
        self._instance.compute_log_manager.delete_logs(prefix=[run_id])
        forget_checks(self._instance, run_id)
        self._instance.delete_run(run_id)

    def forget_ticks(self, idle_before: datetime, before: datetime) -> None:
        """Forget ticks from before; those that asked for nothing go sooner."""
        if self._instance.schedule_storage is None:  # in memory there is none
            return
        for state in self._instance.all_instigator_state():
            one = (state.instigator_origin_id, state.selector_id)
            self._instance.purge_ticks(*one, idle_before.timestamp(), IDLE_TICKS)
            self._instance.purge_ticks(*one, before.timestamp())


@dg.op(out=dg.Out(dg.Nothing))
def prune_history(context: dg.OpExecutionContext, factory: dg.ResourceParam[Factory]) -> dg.Output[None]:
    """Delete runs of Dagster and the ledger, lines of logs and claims of addresses older than is kept.

    Safe at any time and any number of times. A run that made the newest materialization of a partition is
    kept, however old: without it the partition would look as if it had never been computed. Limits:
    GAMEFACTORY_KEEP_RUNS_DAYS, GAMEFACTORY_KEEP_LOGS_DAYS, GAMEFACTORY_KEEP_LEDGER_DAYS.
    """
    with told(context, factory, "maintenance", "prune_history", whole=True) as account:
        history = InstanceHistory(context.instance)
        done = maintenance.prune(factory.engine, history, datetime.now(UTC), factory.settings)
        account.numbers |= asdict(done)
    return dg.Output(
        None,
        metadata={
            "runs deleted": done.runs,
            "old runs kept": done.runs_kept,
            "log lines deleted": done.logs,
            "claims of addresses deleted": done.addresses,
            "runs of the ledger deleted": done.ledger_runs,
        },
    )


@dg.job(
    name="maintenance",
    description="Deletes old runs of Dagster and the ledger, old generation logs and claims of addresses.",
    executor_def=dg.in_process_executor,
    resource_defs=RESOURCES,
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
    assets=[games],
    jobs=[make_game, submit_batch, maintenance_job],
    schedules=[nightly_maintenance],
    sensors=[batch_sensor],
    resources=WORKSHOP,
)
