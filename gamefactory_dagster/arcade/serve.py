"""Runs the arcade on a socket until it is told to stop.

What belongs here: which addresses are allowed, taking the port, the server's own settings.
"""

import ipaddress
import socket

import uvicorn
from starlette.types import ASGIApp

from gamefactory_dagster.errors import InputError, PermanentError

STOP_SECONDS = 5
"""How long requests at work may take to finish when the arcade is stopped."""

CONNECTIONS = 256
"""Connections and requests at once; one more gets 503."""


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


def take_port(host: str, port: int) -> socket.socket:
    """Bind ``host:port`` (0: any free port). Raises PermanentError that says why it is not to be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(CONNECTIONS)
    except OSError as error:
        taken.close()
        raise PermanentError(
            f"cannot listen on {host}:{port}: {error.strerror}; stop what uses it or choose another --port"
        ) from error
    return taken


def url_of(taken: socket.socket) -> str:
    """URL that reaches ``taken``, without a trailing slash."""
    host, port = taken.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def make_server(app: ASGIApp, trusted_proxies: str | None = None) -> uvicorn.Server:
    """Build the server: bounded connections, no access log, requests at work finish before it stops.

    ``trusted_proxies``: addresses or networks, comma between, which are believed whom they speak for.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=trusted_proxies is not None,
            forwarded_allow_ips=trusted_proxies or [],
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )
