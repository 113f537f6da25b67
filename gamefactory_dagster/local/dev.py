"""Everything at once, until Ctrl-C. What belongs here: which processes that is, and nothing else."""

import time

from gamefactory_dagster.settings import Settings
from gamefactory_dagster.terminal import say

from .processes import WORKSPACE, running


def run_all(settings: Settings) -> bool:
    """Run the UI with its daemon, and the arcade, until Ctrl-C; False when a factory is running already."""
    ui = ["dagster", "dev", *WORKSPACE, "-h", "127.0.0.1", "-p", str(settings.ui_port)]
    arcade = ["gamefactory_dagster.cli", "arcade"]
    with running(settings, ("dagster", ui), ("arcade", arcade)) as children:
        if not children:
            return False
        say(f"Dagster UI  http://127.0.0.1:{settings.ui_port}")
        say(f"Arcade      {settings.arcade_url}")
        say(f"Logs        {settings.home / 'logs'}")
        say("Order games: gamefactory batch submit --name first. Ctrl-C stops everything.")
        try:
            while True:
                time.sleep(1)
                for child in children:
                    child.check()
        except KeyboardInterrupt:
            say("Stopping; runs at work finish first. Ctrl-C again stops at once.")
    return True
