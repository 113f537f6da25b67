"""Background jobs as rows, for tests of whoever reads them; nobody works at these."""

from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from gamefactory_dagster.database.tables.background import BackgroundJob
from gamefactory_dagster.settings import LOCAL_USER

NOW = sa.func.now()


def ago(**given: float) -> Any:
    """A moment before the transaction that enters it."""
    return NOW - sa.func.make_interval(*_interval(**given))


def ahead(**given: float) -> Any:
    return NOW + sa.func.make_interval(*_interval(**given))


def _interval(days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> tuple[Any, ...]:
    return (0, 0, 0, int(days), int(hours), int(minutes), float(seconds))


def add(engine: sa.Engine, *, ended: Any = None, **columns: Any) -> UUID:
    """Enter a job as its columns say; one that has ended went through its states in order."""
    values = {"id": uuid4(), "job_type": "sample_task", "user_id": LOCAL_USER, "job_parameters": {}} | columns
    if values.get("status") in ("completed", "failed"):
        values |= {"completed_at": NOW if ended is None else ended}
    with engine.begin() as connection:
        connection.execute(sa.insert(BackgroundJob.__table__).values(**values))
    return UUID(str(values["id"]))
