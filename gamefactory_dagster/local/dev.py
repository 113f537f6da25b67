"""Everything at once, until Ctrl-C. What belongs here: which processes that is, and nothing else."""

import time

from gamefactory_dagster.settings import Settings
from gamefactory_dagster.terminal import say

from .processes import WORKSPACE, running

FRESH_CONNECTIONS = ("--db-pool-recycle", "1")
"""The UI keeps connections and does not ask whether they live. Those older than a second are made anew, so
that it goes on after the database was started again."""


def run_all(settings: Settings) -> bool:
    """Run the UI with its daemon, and the arcade, until Ctrl-C; False when a factory is running already."""
    ui = ["dagster", "dev", *WORKSPACE, "-h", "127.0.0.1", "-p", str(settings.ui_port), *FRESH_CONNECTIONS]
    arcade = ["gamefactory_dagster.cli", "arcade"]
    with running(settings, ("dagster", ui), ("arcade", arcade)) as watched:
        if not watched:
            return False
        say(f"Dagster UI  http://127.0.0.1:{settings.ui_port}")
        say(f"Arcade      {settings.arcade_url}")
        say(f"Logs        {settings.home / 'logs'}")
        say("Order games: gamefactory batch submit --name first. Ctrl-C stops everything.")
        try:
            while True:
                time.sleep(1)
                for each in watched:
                    each.check()
        except KeyboardInterrupt:
            say("Stopping; runs at work finish first. Ctrl-C again stops at once.")
    return True
