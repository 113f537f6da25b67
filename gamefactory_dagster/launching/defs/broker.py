"""The way from Dagster's daemon to workers on many machines: Celery on Redis, the same for both ends.

What belongs here: the Celery app, its settings, and the queue. What does not: giving it runs
(``broker_launcher.py``) and doing them (``broker_worker.py``).
"""

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.launching import beats
from gamefactory_dagster.launching.sources import digest
from gamefactory_dagster.settings import Settings

from . import private

if TYPE_CHECKING:
    from redis import Redis

ANSWER_SECONDS = 5.0
"""For Redis: who has not answered by then is away, which a link that was cut does not say by itself."""

_NOTICING = (("TCP_KEEPIDLE", 5), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3), ("TCP_USER_TIMEOUT", 15_000))
"""By what the kernel finds out that the other side is gone; macOS knows only some."""

CONFIG = {
    # a process a run, forked from one that has imported everything; nothing is left to the next run
    "worker_max_tasks_per_child": 1,
    "worker_proc_alive_timeout": 60.0,
    # a run waits in the queue, where any machine may take it, and not with one that is busy
    "worker_disable_prefetch": True,
    "worker_prefetch_multiplier": 1,
    "worker_enable_prefetch_count_reduction": False,
    # a worker that lost its broker goes on with what it has, and tries for ever
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    "broker_transport_options": {
        "socket_timeout": ANSWER_SECONDS,
        "socket_connect_timeout": ANSWER_SECONDS,
        "socket_keepalive": True,
        "socket_keepalive_options": {
            getattr(socket, name): value for name, value in _NOTICING if hasattr(socket, name)
        },
        "health_check_interval": 5,
        "max_retries": 1,
    },
    "redis_socket_timeout": ANSWER_SECONDS,
    "redis_socket_connect_timeout": ANSWER_SECONDS,
}
"""Celery's settings."""


@dataclass(frozen=True, slots=True)
class Broker:
    """One end of the way."""

    url: str
    """May hold a password."""
    queue: str
    """Only workers with the same code read it."""
    launcher: Any
    """dagster-celery's."""
    redis: "Redis"
    away: tuple[type[Exception], ...]
    """What is raised where Redis does not answer."""

    @property
    def app(self) -> Any:
        """The Celery app."""
        return self.launcher.celery


def opened(settings: Settings) -> Broker:
    """Make an end of the way; connects on first use. Raises PermanentError where Celery is not installed."""
    assert settings.run_broker is not None
    url, queue = settings.run_broker.get_secret_value(), f"gamefactory-{digest()}"
    try:
        from kombu.exceptions import OperationalError
        from redis import RedisError

        launcher = private.celery_launcher(url, queue, CONFIG)
    except ImportError as error:
        raise PermanentError(
            "GAMEFACTORY_RUN_BROKER needs Celery: pip install 'gamefactory-dagster[celery]'"
        ) from error
    return Broker(url, queue, launcher, beats.connected(url), (RedisError, OperationalError, OSError))
