"""What every slice's Dagster definitions share: the database as a resource, and how things look in the UI.

What belongs here: turning our values into Dagster's. What does not: any asset, op, sensor or decision.
"""

import base64
import json
from dataclasses import dataclass
from typing import Any

import dagster as dg
import sqlalchemy as sa

from gamefactory_dagster.database import server
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.settings import Settings, get_settings


@dataclass(frozen=True, slots=True)
class Factory:
    """The database and the settings, for what needs nothing else."""

    engine: sa.Engine
    settings: Settings


@dg.resource(description="Database and settings of the factory.")
def factory_resource() -> Factory:
    """The database of this process, with the embedded server started if it is needed."""
    settings = get_settings()
    server.ensure(settings)
    return Factory(get_engine(settings), settings)


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
