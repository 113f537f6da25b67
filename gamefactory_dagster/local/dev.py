"""Everything at once, until Ctrl-C. What belongs here: which processes that is, and nothing else."""

import time

from gamefactory_dagster.arcade.serve import check_host, take_port
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.settings import Settings, variable
from gamefactory_dagster.terminal import say

from .processes import ARCADE, UI_HOST, Watched, claimed, makers, started, webserver, who_runs


def run_all(settings: Settings) -> None:
    """Run the UI, the daemon and the arcade, until Ctrl-C.

    Raises PermanentError when a factory is running in this home already, or a port is taken.
    """
    check_host(settings.arcade_host, public=False)
    try:
        with claimed(settings, "gamefactory dev") as ours:
            if not ours:
                raise PermanentError(
                    f"{who_runs(settings)}; stop it first, or name another home by {variable('home')}"
                )
            settings = with_free_ports(settings)
            with started(settings, *makers(settings), webserver(settings), ARCADE) as watched:
                look_after(settings, watched)
    except KeyboardInterrupt:
        say("Stopped before everything was running.")


def with_free_ports(settings: Settings) -> Settings:
    """These settings with ports that can be had, in place of 0 any one; PermanentError when one is taken."""
    wanted = {
        "ui_port": (UI_HOST, settings.ui_port),
        "arcade_port": (settings.arcade_host, settings.arcade_port),
    }
    ports = {}
    for field, (host, port) in wanted.items():
        with take_port(host, port, f"set {variable(field)} to another port") as taken:
            ports[field] = taken.getsockname()[1]
    return settings.model_copy(update=ports)


def look_after(settings: Settings, watched: list[Watched]) -> None:
    """Say where everything is, and see that it goes on, until Ctrl-C."""
    say(f"Dagster UI  http://{UI_HOST}:{settings.ui_port}")
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
