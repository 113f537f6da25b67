"""``gamefactory demo``, ``dev`` and ``env``: the command line of this machine's own factory."""

from typing import Annotated

import typer


def demo(
    count: Annotated[int, typer.Option(min=1, max=100, help="How many games to make.")] = 10,
    seed: Annotated[int | None, typer.Option(help="Same seed, same games. Default: a random one.")] = None,
    players: Annotated[int, typer.Option(min=1, help="How many simulated people there are.")] = 500,
    days: Annotated[int, typer.Option(min=8, max=60, help="Over how many days they play.")] = 14,
) -> None:
    """Make a batch of games from nothing, let simulated people play them, and learn from how they did.

    Exit code 0 when every game is published and what was played is in the metrics.
    """
    from gamefactory_dagster.settings import get_settings

    from .demo import show_all

    if not show_all(get_settings(), count=count, seed=seed, players=players, days=days):
        raise typer.Exit(1)


def dev() -> None:
    """Run everything: the Dagster UI with daemon, sensors and schedules, and the arcade. Ctrl-C stops it."""
    from gamefactory_dagster.settings import get_settings

    from .dev import run_all

    run_all(get_settings())


def env() -> None:
    """Print what Dagster's own commands need, for: eval "$(gamefactory env)"."""
    from gamefactory_dagster.settings import get_settings

    from .env import exports

    for line in exports(get_settings()):
        typer.echo(line)  # exactly as it is: a shell reads it
