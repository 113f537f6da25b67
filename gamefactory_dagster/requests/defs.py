"""Prompt requests in Dagster: the sensor, the launchpad, the asset.

What belongs here: turning Dagster's words into ours and back. What does not: any decision.
"""

from typing import Any

import dagster as dg
from pydantic import Field

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.ids import parse_user
from gamefactory_dagster.ledger.defs import told
from gamefactory_dagster.orchestration.defs import (
    RESOURCES,
    RETRIES,
    Factory,
    no_second_try,
    requests,
    table,
)
from gamefactory_dagster.production.defs import WORKSHOP, make_game
from gamefactory_dagster.production.workshop import Workshop

from . import dispatch, reading
from .queue import QueueManager

_SHOWN = 20
"""Requests of the asset's table."""


@dg.sensor(job=make_game, minimum_interval_seconds=1, default_status=dg.DefaultSensorStatus.RUNNING)
def requests_sensor(
    context: dg.SensorEvaluationContext, workshop: dg.ResourceParam[Workshop]
) -> dg.SensorResult | dg.SkipReason:
    """Plans a game for every request, asks for its run at once, and tells requests what became of theirs."""
    return requests(context, dispatch.tick(workshop, dispatch.WAIT_SECONDS), "no request waits")


class SubmitRequest(dg.Config):
    """What `gamefactory request` takes."""

    prompt: str = Field(description="What to play, in words.")
    game_name: str | None = Field(default=None, description="The game's name; default: made up.")
    config: dict[str, Any] = Field(default_factory=dict, description="genre, style, seed, compare.")
    user: str | None = Field(default=None, description="Who asks; default: GAMEFACTORY_USER.")


@dg.op(out=dg.Out(dg.Nothing))
def enter_request(
    context: dg.OpExecutionContext, config: SubmitRequest, factory: dg.ResourceParam[Factory]
) -> dg.Output[None]:
    """Check a request and enter it; the sensor of requests does the rest."""
    with no_second_try(context):
        owner = parse_user(config.user, factory.settings.user)
        with told(
            context, factory, "request", "enter_request", owner, whole=True, order=config.model_dump()
        ) as account:
            queue = QueueManager(factory.engine, factory.settings)
            entered = queue.create_job(config.game_name, config.prompt, config.config, owner=owner)
            account.numbers |= {"request": entered.id}
    return dg.Output(None, metadata={"request": entered.id, "prompt": entered.prompt})


@dg.job(
    name="submit_request",
    description="Asks for one game in words; it is made before the games of batches.",
    tags={"dagster/priority": "10"},
    executor_def=dg.in_process_executor,
    resource_defs=RESOURCES,
    config={"ops": {"enter_request": {"config": {"prompt": "a calm night-time puzzle about lighthouses"}}}},
)
def submit_request() -> None:
    """The launchpad's way of asking for a game."""
    enter_request()


@dg.asset(group_name="requests", kinds={"postgres"}, owners=["team:production"], retry_policy=RETRIES)
def request_queue(factory: dg.ResourceParam[Factory]) -> dg.MaterializeResult[None]:
    """The requests: how many there are in every state, and what became of the newest.

    It writes nothing, and may be run at any time.
    """
    stats = QueueManager(factory.engine, factory.settings).get_stats()
    with transaction(factory.engine) as connection:
        newest = reading.requests(connection, limit=_SHOWN).rows
    names = ("id", "status", "game_name", "seconds", "url")
    records = [{name: getattr(one, name) for name in names} for one in newest]
    return dg.MaterializeResult(
        metadata={
            "requests": sum(stats.values()),
            **{f"requests {status}": count for status, count in stats.items()},
            "newest": table(records),
        }
    )


defs = dg.Definitions(
    assets=[request_queue],
    jobs=[submit_request],
    sensors=[requests_sensor],
    resources=RESOURCES | WORKSHOP,
)
