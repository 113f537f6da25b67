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

    from .serve import check_host, make_server, take_port, url_of

    settings = get_settings()
    where = host or settings.arcade_host
    check_host(where, public)

    from gamefactory_dagster.database.engine import get_engine
    from gamefactory_dagster.database.migrations import ready_engine

    from .app import create_app

    taken = take_port(where, settings.arcade_port if port is None else port)
    with taken:
        ready_engine(settings)
        engine = get_engine(settings, pool_size=2, max_overflow=4)
        say(f"Arcade: {url_of(taken)}/  (Ctrl-C stops it)")
        with suppress(KeyboardInterrupt):  # raised again after the server has stopped in good order
            make_server(create_app(settings, engine), settings.trusted_proxies).run(sockets=[taken])
        engine.dispose()
