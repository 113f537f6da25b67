"""The one server of the definitions: ``python -m gamefactory_dagster.local.defs.code_server``.

What belongs here: being found (``local/code.py``), and asking to be renewed. What does not: starting a
successor.
"""

import os
import time

from gamefactory_dagster.launching.defs.launcher import DEFINITIONS
from gamefactory_dagster.launching.defs.private import pooled
from gamefactory_dagster.local import code
from gamefactory_dagster.settings import get_settings

from .private import CONNECTIONS, serve_code, share, the_instance

RENEWED_SECONDS = 50.0
"""How long whoever reloads is kept waiting: less than Dagster waits."""


def main() -> None:
    """Serve until told to stop."""
    with code.place(get_settings().home) as place, the_instance() as instance, pooled(instance, CONNECTIONS):
        share(instance)
        socket = place.of(os.getpid())

        def renew() -> bool:
            place.ask()
            until = time.monotonic() + RENEWED_SECONDS
            while place.serves(socket) and time.monotonic() < until:
                time.sleep(0.1)
            return not place.serves(socket)

        try:
            serve_code(
                DEFINITIONS,
                "defs",
                code.LOCATION,
                socket=socket,
                ready=lambda: place.take(socket),
                renew=renew,
            )
        finally:
            place.leave(socket)


if __name__ == "__main__":
    main()
