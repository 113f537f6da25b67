"""Runs the arcade on a socket until it is told to stop.

What belongs here: which addresses are allowed, taking the port, the server's own settings. What does not:
what is watched of each connection (``connections.py``).
"""

import ipaddress
import socket

import uvicorn
from starlette.applications import Starlette

from gamefactory_dagster.errors import InputError, PermanentError

from .connections import protocol
from .limits import Limits

STOP_SECONDS = 5
"""How long requests at work may take to finish when the arcade is stopped."""

_QUEUE = 256
"""Connections the system may hold until they are taken."""


def check_host(host: str, public: bool) -> None:
    """Raise InputError when others could reach ``host`` and nobody said they may."""
    if not public and not is_loopback(host):
        raise InputError(
            "host", host, "a loopback address such as 127.0.0.1, or --public to let other machines in"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def take_port(host: str, port: int, other: str = "choose another --port") -> socket.socket:
    """Bind ``host:port`` (0: any free port). Raises PermanentError that says why it is not to be had.

    ``other``: what to do where it cannot be made free.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(_QUEUE)
    except (OSError, UnicodeError, TypeError) as error:  # the last two: what can be no host's name
        taken.close()
        why = getattr(error, "strerror", None) or "there is no such host"
        raise PermanentError(
            f"cannot listen on {host}:{port}: {why}; stop what uses it or {other}"
        ) from error
    return taken


def url_of(taken: socket.socket) -> str:
    """URL that reaches ``taken``, without a trailing slash."""
    host, port = taken.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def local_url_of(taken: socket.socket) -> str:
    """URL that reaches ``taken`` from this machine, also where it takes all addresses."""
    url = url_of(taken)
    return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


def make_server(
    app: Starlette, limits: Limits | None = None, trusted_proxies: str | None = None
) -> uvicorn.Server:
    """Build the server: bounded connections, no access log, requests at work finish before it stops.

    ``trusted_proxies``: addresses or networks, comma between, which are believed whom they speak for.
    ``app.state.leaving`` tells answers that have no end of their own when to end.
    """
    limits = limits or Limits()
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http=protocol(limits),  # type: ignore[arg-type]  # it is only called
            ws="none",
            log_level="error",  # a warning for each bad request would let anybody fill the log
            access_log=False,
            server_header=False,
            proxy_headers=trusted_proxies is not None,
            forwarded_allow_ips=trusted_proxies or [],
            timeout_keep_alive=15,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )
    app.state.leaving = lambda: server.should_exit
    return server
