"""Dagster's daemon with connections that are kept: ``python -m gamefactory_dagster.local.defs.daemon FILE``.

What belongs here: putting the two together. FILE is a workspace. By itself the daemon opens a connection for
every statement, twenty a second though nothing is asked for, and the server forks a process for each.
"""

import sys

from gamefactory_dagster.launching.defs.private import pooled
from gamefactory_dagster.local.processes import WORKSPACE

from .private import CONNECTIONS, look_once, run_daemon, the_instance


def main() -> None:
    """Be the daemon until told to stop."""
    with the_instance() as instance, pooled(instance, CONNECTIONS):
        look_once(instance)
        run_daemon(instance, sys.argv[1], serves=sys.argv[1] == WORKSPACE)


if __name__ == "__main__":
    main()
