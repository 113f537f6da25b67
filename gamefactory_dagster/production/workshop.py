"""What production needs to work: a database, settings, providers. Nothing that is done with them."""

from dataclasses import dataclass

import sqlalchemy as sa

from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.providers import Providers


@dataclass(frozen=True, slots=True)
class Workshop:
    """One of each, for a process."""

    engine: sa.Engine
    settings: Settings
    providers: Providers
