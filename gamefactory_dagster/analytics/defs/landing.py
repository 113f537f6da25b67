"""The landing zone in Dagster: the job that takes one file in, and the sensor that finds the files.

What belongs here: one run a file. What does not: which files, and that each is stored once (``landing.py``).
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from gamefactory_dagster.analytics import landing
from gamefactory_dagster.ledger.defs import told
from gamefactory_dagster.orchestration.defs import (
    RESOURCES,
    Factory,
    InstanceBoard,
    no_second_try,
    requests,
)
from gamefactory_dagster.orchestration.runs import KIND_TAG

TAGS = {KIND_TAG: "landing", "dagster/priority": "5"}
"""A kind of its own: however many files wait, metrics are computed beside them (``dagster.yaml``)."""

_FILE = {
    "url": dg.Field(str, description="The file, as `gamefactory events landed` shows it."),
    "fingerprint": dg.Field(
        str, description="Of its content, as `gamefactory events landed --json` shows it."
    ),
}


@dg.op(config_schema=_FILE, out=dg.Out(dg.Nothing))
def take_in_file(context: dg.OpExecutionContext, factory: dg.ResourceParam[Factory]) -> dg.Output[None]:
    """Store the events of one file of the landing zone.

    A file that is in already is not read again, and an event that is stored already is not stored again, so
    this can be run any number of times, and cut off anywhere. A failed file is tried again when its run is
    executed again, or when the file changes. Refused events are in quarantine.

    There is no second try within the run: the sensor asks for the next attempt, which gives a storage time.
    """
    url, fingerprint = context.op_config["url"], context.op_config["fingerprint"]
    with (
        no_second_try(context),
        told(
            context, factory, "landing", "take_in_file", whole=True, url=url, fingerprint=fingerprint
        ) as account,
    ):
        seconds = factory.settings.lease_seconds
        counts = landing.take_in(factory.engine, url, fingerprint, context.run_id, seconds)
        account.numbers |= counts.in_full()
    return dg.Output(None, metadata={"file": dg.MetadataValue.path(url), **counts.as_json()})


@dg.config_mapping(config_schema=_FILE)
def one_file(config: Mapping[str, str]) -> dict[str, Any]:
    """The file, for the only op."""
    return {"ops": {"take_in_file": {"config": dict(config)}}}


@dg.job(
    config=one_file,
    executor_def=dg.in_process_executor,
    resource_defs=RESOURCES,
    tags=TAGS,
)
def import_events() -> None:
    """Takes one file of the landing zone in."""
    take_in_file()


@dg.sensor(job=import_events, minimum_interval_seconds=15, default_status=dg.DefaultSensorStatus.RUNNING)
def landing_zone(
    context: dg.SensorEvaluationContext, factory: dg.ResourceParam[Factory]
) -> dg.SensorResult | dg.SkipReason:
    """Asks for one run for each new file in the folder `GAMEFACTORY_LANDING_URL`.

    What was found and given out is in `factory.landed_files`, not in a cursor, so resetting the sensor takes
    nothing in twice. A file whose import died is given out again, a few times. One that cannot be taken in is
    passed over and named by the check `files_taken_in`.
    """
    board = InstanceBoard(context.instance, landing.FILE_TAG)
    done = landing.tick(factory.engine, factory.settings, board)
    return requests(context, done, f"no new file in {factory.settings.landing}")
