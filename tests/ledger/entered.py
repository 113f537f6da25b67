"""Runs as the factory enters them, for tests of whoever reads the ledger."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.tables.ledger import Job
from gamefactory_dagster.ledger.recording import Ending, EventType, Made, Prompt, entry, set_prompts

from .callers import ANN, BEN

GAME = {"kind": "game", "game": {"name": "Pearl Dash", "slug": "pearl-dash"}, "batch": None, "attempt": 1}


def users(engine: sa.Engine) -> None:
    """Let there be Ann and Ben."""
    with engine.begin() as connection:
        statement = sa.text("INSERT INTO auth.users (id) VALUES (:id)")
        connection.execute(statement, [{"id": ANN}, {"id": BEN}])


def enter(
    engine: sa.Engine,
    run: str,
    owner: UUID = ANN,
    spec: Any = GAME,
    *,
    events: Sequence[tuple[str, EventType, dict[str, Any]]] = (),
    made: Iterable[Made] = (),
    status: Ending | None = "completed",
    message: str | None = None,
) -> None:
    """A run that has begun, said and made something, and ended unless ``status`` is None.

    Where ``spec`` is no object, as only owners themselves enter it, the run has not begun.
    """
    with engine.begin() as connection, entry(connection, run) as ledger:
        if isinstance(spec, dict):
            ledger.begin(owner, spec)
        else:
            values = {"run_id": run, "owner_id": owner, "project_spec": spec}
            ledger.connection.execute(sa.insert(Job.__table__).values(values))
        ledger.events(events)
        ledger.made(made)
        if status is not None:
            ledger.end(status, message)


def enter_prompts(engine: sa.Engine, *prompts: tuple[str, str, str, str]) -> None:
    with engine.begin() as connection:
        set_prompts(connection, "", [Prompt(*prompt) for prompt in prompts])
