"""``gamefactory arcade``: the command line of the arcade."""

from contextlib import suppress
from typing import Annotated

import typer

from gamefactory_dagster.terminal import say


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
    from gamefactory_dagster.settings import get_settings

    from .serve import check_host, local_url_of, make_server, take_port, url_of

    settings = get_settings()
    if host is not None:
        settings = settings.model_copy(update={"arcade_host": host})
    check_host(settings.arcade_host, public)

    from gamefactory_dagster.database.engine import get_engine
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.home import ARCADE, announced, make_home

    from .app import create_app

    make_home(settings.home)
    taken = take_port(settings.arcade_host, settings.arcade_port if port is None else port)
    with taken:
        ready_engine(settings)
        engine = get_engine(settings, pool_size=2, max_overflow=4)
        say(f"Arcade: {url_of(taken)}/  (Ctrl-C stops it)")
        # KeyboardInterrupt is raised again after the server has stopped in good order
        here = announced(settings.home, ARCADE, "gamefactory arcade", local_url_of(taken))
        with here, suppress(KeyboardInterrupt):
            app = create_app(settings, engine)
            make_server(app, trusted_proxies=settings.trusted_proxies).run(sockets=[taken])
        engine.dispose()
