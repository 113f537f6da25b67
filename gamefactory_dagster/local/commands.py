"""``gamefactory demo``, ``dev``, ``arcade`` and ``env``: the command line of this machine's own factory.

The arcade is put together here: slices above it hand it their pages.
"""

from contextlib import suppress
from typing import Annotated

import typer

from gamefactory_dagster.terminal import say


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


def arcade(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 0 for any free one. [default: 3001]")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on. [default: 127.0.0.1]")] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Allow an address that other machines can reach.")
    ] = False,
) -> None:
    """Serve the gallery, the published games and their event collector until Ctrl-C.

    Example: gamefactory arcade --port 3001
    """
    from gamefactory_dagster.arcade.serve import check_host, local_url_of, make_server, take_port, url_of
    from gamefactory_dagster.settings import get_settings

    settings = get_settings()
    if host is not None:
        settings = settings.model_copy(update={"arcade_host": host})
    check_host(settings.arcade_host, public)

    from gamefactory_dagster.arcade.app import create_app
    from gamefactory_dagster.background.page import PAGES
    from gamefactory_dagster.database.engine import get_engine
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.home import ARCADE, announced, make_home
    from gamefactory_dagster.replays.shared_page import shared_pages
    from gamefactory_dagster.requests.page import Desk

    make_home(settings.home)
    taken = take_port(settings.arcade_host, settings.arcade_port if port is None else port)
    with taken:
        ready_engine(settings)
        engine = get_engine(settings, pool_size=2, max_overflow=4)
        say(f"Arcade: {url_of(taken)}/  (Ctrl-C stops it)")
        # KeyboardInterrupt is raised again after the server has stopped in good order
        here = announced(settings.home, ARCADE, "gamefactory arcade", local_url_of(taken))
        with here, suppress(KeyboardInterrupt):
            pages = [Desk(settings, engine).pages(), PAGES, shared_pages(settings)]
            app = create_app(settings, engine, pages=pages)
            make_server(app, trusted_proxies=settings.trusted_proxies).run(sockets=[taken])
        engine.dispose()


def worker(
    runs: Annotated[
        int | None, typer.Option(min=1, max=1000, help="How many at once. [default: one a processor]")
    ] = None,
) -> None:
    """Do runs on this machine that a factory elsewhere gives out by way of GAMEFACTORY_RUN_BROKER.

    Ctrl-C, or SIGTERM, has it take no more and end when its runs have ended; a second Ctrl-C ends them.

    Example: gamefactory worker --runs 4
    """
    from gamefactory_dagster.settings import get_settings

    from .worker import become_worker

    become_worker(get_settings(), runs)


def env() -> None:
    """Print what Dagster's own commands need, for: eval "$(gamefactory env)"."""
    from gamefactory_dagster.settings import get_settings

    from .env import exports

    for line in exports(get_settings()):
        typer.echo(line)  # exactly as it is: a shell reads it
