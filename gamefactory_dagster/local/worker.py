"""``gamefactory worker``: what must be there for it, and becoming it.

What does not belong here: what it does.
"""

import ipaddress
import os
import sys
from importlib.util import find_spec
from typing import NoReturn
from urllib.parse import urlsplit

from gamefactory_dagster.database.address import is_embedded
from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.launching.children import AVAILABLE
from gamefactory_dagster.settings import Settings, variable
from gamefactory_dagster.terminal import say, say_aside

from .processes import prepare

PROGRAM = "gamefactory_dagster.launching.defs.broker_worker"

SHARED = ("artifact_url", "repository_url", "published_url")
"""Settings without which what a run makes stays on the machine that made it."""


def become_worker(settings: Settings, runs: int | None) -> NoReturn:
    """Be a worker in this process's place, with so many runs at once: one a processor where None is said.

    Raises InputError for a setting it cannot do without, PermanentError where it cannot work at all.
    """
    check(settings)
    environment = {**os.environ, **prepare(settings)}
    runs = runs or len(os.sched_getaffinity(0))
    say(f"Worker {settings.worker_name}: {runs} at once; Ctrl-C stops it when they have ended.")
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", PROGRAM, str(runs)], environment)  # noqa: S606


def check(settings: Settings) -> None:
    """Raise what ``become_worker`` does; say aside what is probably meant otherwise."""
    if not AVAILABLE:
        raise PermanentError("gamefactory worker needs Linux")
    if settings.run_broker is None:
        expected = "the URL of the Redis server by way of which runs are given out, redis://host:6379/0"
        raise InputError(variable("run_broker"), None, expected)
    if find_spec("dagster_celery") is None:
        raise PermanentError("gamefactory worker needs Celery: pip install 'gamefactory-dagster[celery]'")
    if is_here(settings.run_broker.get_secret_value()):
        return
    if is_embedded(settings):
        expected = "the address of the PostgreSQL server that the whole factory works with"
        raise InputError(variable("database_url"), None, expected)
    for field in SHARED:
        if getattr(settings, field) is None:
            say_aside(
                f"{variable(field)} is not set: what runs make stays in {settings.home}. That is right only "
                "where this is a folder all machines share."
            )


def is_here(url: str) -> bool:
    """Whether a server is on this machine."""
    host = urlsplit(url).hostname or "localhost"
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
