"""A complete small job system: what a slice adds to ``work``, ``orchestration`` and ``terminal``.

A sensor asks for one run an errand; the run leases its row, does it and writes the end under its lease.
"""

import time

import dagster as dg
import sqlalchemy as sa
import typer
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.migrations import ready_engine
from gamefactory_dagster.database.tables.base import Requested, table_of
from gamefactory_dagster.orchestration.attempts import Attempts
from gamefactory_dagster.orchestration.defs import RESOURCES, Factory, InstanceBoard, no_second_try, requests
from gamefactory_dagster.orchestration.runs import Wanted
from gamefactory_dagster.orchestration.tick import Row, Work, tick
from gamefactory_dagster.settings import get_settings
from gamefactory_dagster.terminal import AsJson, choice, console, say_json, table
from gamefactory_dagster.work.claims import claim_next
from gamefactory_dagster.work.heartbeat import kept_alive
from gamefactory_dagster.work.leases import RELEASED, Lease, confirm, take
from gamefactory_dagster.work.states import Lifecycle, change

TAG = "gamefactory/errand"


class Own(DeclarativeBase):
    metadata = sa.MetaData(schema="factory")


class Errand(Requested, Own):
    __tablename__ = "errands"
    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="pending")
    result: Mapped[str | None]


ERRANDS = table_of(Errand)
WAITING = sa.and_(Errand.status == "pending", Errand.requested_at.is_(None))
LEGAL = {"pending": "running failed", "running": "completed failed pending", "completed": "", "failed": ""}
ERRAND = Lifecycle("an errand", {old: frozenset(new.split()) for old, new in LEGAL.items()})


def wanted(row: Row) -> Wanted:
    config = {"ops": {"errand": {"config": {"id": row["id"]}}}}
    return Wanted(str(row["id"]), row["attempt"], config, {TAG: str(row["id"])})


NEXT = sa.select(ERRANDS).where(WAITING).order_by(Errand.id)
LIMITED = Attempts(ERRANDS, ERRAND, "pending", most=3, words="result")
WORK = Work(ERRANDS, "pending", ("running",), None, NEXT, wanted, LIMITED.start_over, LIMITED.fail)


def do_this(engine: sa.Engine, errand: int, owner: str, seconds: float) -> str:
    """Do the errand a run was asked for."""
    with transaction(engine) as connection:
        lease = take(connection, ERRANDS, errand, owner, seconds)
        change(connection, ERRANDS, ERRAND, errand, "pending", "running")
    return carry_out(engine, lease)


def do_next(engine: sa.Engine, owner: str, seconds: float) -> str | None:
    """Do the next errand no run was asked for; None when there is none."""
    with transaction(engine) as connection:
        claimed = claim_next(connection, ERRANDS, owner, seconds, where=WAITING, order_by=[Errand.id])
        if claimed is None:
            return None
        change(connection, ERRANDS, ERRAND, claimed.lease.id, "pending", "running")
    return carry_out(engine, claimed.lease)


def carry_out(engine: sa.Engine, lease: Lease) -> str:
    with engine.connect() as connection:
        words = str(connection.scalar(sa.select(Errand.words).where(Errand.id == lease.id)))
    with kept_alive(engine, lease) as beat:
        for _ in range(10 * words.count("slowly")):
            beat.check()
            time.sleep(0.1)
    with transaction(engine) as connection:
        confirm(connection, lease)
        end = {"result": words.upper(), **RELEASED}
        change(connection, ERRANDS, ERRAND, lease.id, "running", "completed", **end)
    return words.upper()


@dg.op(config_schema={"id": int})
def errand(context: dg.OpExecutionContext, factory: dg.ResourceParam[Factory]) -> None:
    with no_second_try(context):
        do_this(factory.engine, context.op_config["id"], context.run_id, factory.settings.lease_seconds)


@dg.job(resource_defs=RESOURCES)
def one_errand() -> None:
    errand()


@dg.sensor(job=one_errand)
def errands(context: dg.SensorEvaluationContext, factory: dg.ResourceParam[Factory]):
    return requests(
        context, tick(factory.engine, factory.settings, InstanceBoard(context.instance, TAG), WORK)
    )


app = typer.Typer()


@app.command("list")
def list_(status: str | None = None, as_json: AsJson = False) -> None:
    wanted = sa.true() if choice("--status", status, LEGAL) is None else Errand.status == status
    with transaction(ready_engine(get_settings())) as connection:
        found = [dict(row) for row in connection.execute(sa.select(ERRANDS).where(wanted)).mappings()]
    if as_json:
        return say_json(found)
    rows = [(one["words"], one["status"], one["result"]) for one in found]
    console().print(table(["errand", "state", "result"], rows))
