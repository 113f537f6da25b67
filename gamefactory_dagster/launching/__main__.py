"""``python -m gamefactory_dagster.launching``: be the parent of this home's workers, until told to stop."""

import sys
from importlib import import_module
from typing import cast

from gamefactory_dagster.settings import get_settings

from .parent import Work
from .program import run
from .sources import fingerprint

WORK = "gamefactory_dagster.launching.defs.worker"
"""By name: it imports everything there is, and Dagster."""

if __name__ == "__main__":
    run(
        get_settings().home,
        lambda: cast(Work, import_module(WORK)),
        fingerprint,
        ["-m", "gamefactory_dagster.launching"],
        *sys.argv[1:2],
    )
