"""Replay analysis in Dagster: the sensor, the job of one run, the launchpad, the asset.

What belongs here: turning Dagster's words into ours and back. What does not: any decision.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import dagster as dg
from pydantic import Field

from gamefactory_dagster.database.engine import connected, transaction
from gamefactory_dagster.database.tables.replays import Job
from gamefactory_dagster.ids import parse_user
from gamefactory_dagster.ledger.defs import told
from gamefactory_dagster.orchestration.defs import (
    RESOURCES,
    RETRIES,
    Factory,
    InstanceBoard,
    no_second_try,
    requests,
    table,
)
from gamefactory_dagster.orchestration.tick import patiently

from . import dispatch
from .overview import overview
from .service import ReplayJobs
from .working import Done, work_at

_SHOWN = 20
"""Jobs of the asset's table."""

_JOB = {"job_id": dg.Field(str, description="Id of a row of replays.jobs.")}

_PLACE = "Where replays are fetched from, as GAMEFACTORY_REPLAYS, which is the default."


class ReplaySource(dg.ConfigurableResource[Any]):
    """Where replays are fetched from, each once: the artifact store, a folder, an endpoint, any storage."""

    place: str = Field(default="", description=_PLACE)


WITH_SOURCE = {**RESOURCES, "replay_source": ReplaySource()}


@dg.op(config_schema=_JOB, out=dg.Out(dg.Nothing))
def analyze_job(
    context: dg.OpExecutionContext, factory: dg.ResourceParam[Factory], replay_source: ReplaySource
) -> dg.Output[None]:
    """Read a job's links, each counted once, and then ask its team or make its report.

    It may be cut off anywhere: the sensor asks for another run, which goes on where this one was.
    """
    with no_second_try(context):
        job_id = dispatch.parse_job_id(context.op_config["job_id"])
        with transaction(factory.engine) as connection:
            owner = dispatch.owner_of(connection, job_id)
        with told(
            context, factory, "replays", "analyze_job", owner, whole=True, replay_job=str(job_id)
        ) as account:
            done = work_at(
                factory.engine, factory.settings, job_id, context.run_id, place=replay_source.place
            )
            account.made += [] if done.made is None else [done.made]
            account.numbers |= _numbers(done)
    report = {} if done.made is None else {"report": dg.MetadataValue.url(done.made.url)}
    return dg.Output(None, metadata=_numbers(done) | report)


def _numbers(done: Done) -> dict[str, Any]:
    told = {"state": str(done.status), "links": done.links, "unread": done.unread}
    return told | {"players": ", ".join(done.players)} | ({} if done.reason is None else {"why": done.reason})


@dg.config_mapping(config_schema={**_JOB, "place": dg.Field(str, default_value="", description=_PLACE)})
def one_job(config: Mapping[str, str]) -> dict[str, Any]:
    """The job, for the only op, and the place, for its resource."""
    return {
        "ops": {"analyze_job": {"config": {"job_id": config["job_id"]}}},
        "resources": {"replay_source": {"config": {"place": config["place"]}}},
    }


@dg.job(config=one_job, executor_def=dg.in_process_executor, resource_defs=WITH_SOURCE)
def analyze_replay_job() -> None:
    """Goes on with one replay job as far as it goes without anybody."""
    analyze_job()


LOOK_SECONDS = 5
"""Between two looks at the replay jobs."""


@dg.sensor(
    job=analyze_replay_job,
    minimum_interval_seconds=LOOK_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def replays_sensor(
    context: dg.SensorEvaluationContext, factory: dg.ResourceParam[Factory]
) -> dg.SensorResult | dg.SkipReason:
    """Asks for a run for every replay job that waits, and again for one whose run died or never began."""
    board = InstanceBoard(context.instance, dispatch.JOB_TAG)
    done = patiently(lambda: dispatch.tick(factory.engine, factory.settings, board), LOOK_SECONDS)
    return requests(context, done, "no replay job waits")


class SubmitReplays(dg.Config):
    """What `gamefactory replays submit` and `team` take."""

    links: list[str] = Field(description="Replays, as https://www.duelingbook.com/replay?id=123456.")
    player: str | None = Field(default=None, description="Whose matches; default: who is in most of them.")
    team: str | None = Field(default=None, description="A team's name makes it a league week's analysis.")
    user: str | None = Field(default=None, description="Who asks; default: GAMEFACTORY_USER.")


@dg.op(out=dg.Out(dg.Nothing))
def enter_replay_job(
    context: dg.OpExecutionContext, config: SubmitReplays, factory: dg.ResourceParam[Factory]
) -> dg.Output[None]:
    """Check a replay job and enter it; the sensor of replays does the rest."""
    with no_second_try(context):
        owner = parse_user(config.user, factory.settings.user)

        async def submit() -> Job:
            async with connected(factory.settings) as engine:
                jobs = ReplayJobs(engine, factory.settings, user=str(owner))
                kind = "INDIVIDUAL" if config.team is None else "GFWL"
                return await jobs.submit(
                    kind, config.links, player=config.player, team_name=config.team, owner=owner
                )

        with told(
            context, factory, "replays", "enter_replay_job", owner, whole=True, order=config.model_dump()
        ) as account:
            entered = asyncio.run(submit())
            account.numbers |= {"replay_job": str(entered.id), "links": entered.total_urls}
    return dg.Output(None, metadata={"job": str(entered.id), "links": entered.total_urls})


@dg.job(
    name="submit_replays",
    description="Has recorded card-game matches analysed: one player's, or a team's league week.",
    executor_def=dg.in_process_executor,
    resource_defs=RESOURCES,
    tags={"dagster/priority": "10"},
    config={
        "ops": {
            "enter_replay_job": {"config": {"links": ["https://www.duelingbook.com/replay?id=915111432"]}}
        }
    },
)
def submit_replays() -> None:
    """The launchpad's way of having replays analysed."""
    enter_replay_job()


@dg.asset(group_name="replays", kinds={"postgres"}, owners=["team:analytics"], retry_policy=RETRIES)
def replay_jobs(factory: dg.ResourceParam[Factory]) -> dg.MaterializeResult[None]:
    """The replay jobs: how many there are in every state, and what became of the newest.

    It writes nothing, and may be run at any time.
    """
    jobs = asyncio.run(overview(factory.settings, _SHOWN))
    return dg.MaterializeResult(
        metadata={
            "jobs": sum(jobs.counts.values()),
            **{f"jobs {status.lower()}": count for status, count in jobs.counts.items()},
            "newest": table(jobs.newest),
        }
    )


defs = dg.Definitions(
    assets=[replay_jobs],
    jobs=[analyze_replay_job, submit_replays],
    sensors=[replays_sensor],
    resources=WITH_SOURCE,
)
