"""What a shell needs to talk to this factory's Dagster, and nothing else."""

import shlex

from gamefactory_dagster.settings import Settings

from .processes import prepare


def exports(settings: Settings) -> list[str]:
    """Lines for a shell's eval, one a variable, once database and DAGSTER_HOME are up to date."""
    return [f"export {name}={shlex.quote(value)}" for name, value in prepare(settings).items()]
