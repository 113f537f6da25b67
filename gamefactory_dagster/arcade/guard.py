"""Who may ask: only somebody who calls us by a name of our own, no page of another site, and each in turn.

What belongs here: what a request's Host, Origin and Sec-Fetch-Site tell, for the arcade and Dagster's UI
alike, and how many requests of a client are at work. What does not: what happens before there is a request
(``connections.py``), what one brings (``collector.py``), and any one page.

Any page can make a browser on this machine send requests here, and by a name that it points at this machine
(DNS rebinding) it could read the answers too. What it cannot do is to forge these three headers.
"""

import ipaddress
import re
from collections.abc import Iterable

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from gamefactory_dagster.ids import is_slug
from gamefactory_dagster.settings import variable

from .limits import Shares, client_name
from .serve import is_loopback

UNKNOWN_HOST = (
    421,
    "This server does not answer to that name. If the name is its own, add it to " + variable("hosts") + ".",
)
OTHER_SITE = (403, "Pages of other sites may link here, and nothing else.")
TOO_MANY = (503, "Too many requests of yours are at work; try again later.")

_PASSED_ON = {b"forwarded", b"via", b"x-real-ip", b"x-client-ip", b"true-client-ip", b"cf-connecting-ip"}
"""Headers that somebody in between adds, beside all that begin with x-forwarded."""

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+?)\.?(?::[0-9]{1,5})?", re.IGNORECASE)
_READING = {"GET", "HEAD", "OPTIONS"}
_ELSEWHERE = {"cross-site", "same-site"}
"""Another port of this machine is the same site: games and the UI must not write to each other either."""


class Guard:
    """Passes requests on, or refuses them with a sentence; a web socket is closed before it is opened.

    ``names``: host names that are ours beside this machine's own; addresses need not be named.
    ``domains``: those in which every game has a name of its own.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str] = (), domains: Iterable[str] = ()) -> None:
        self._app = app
        self._names = frozenset(name.lower() for name in names)
        self._domains = frozenset(domains)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge by the headers alone: nothing of a refused body is read."""
        refusal = judge(scope, self._names, self._domains) if scope["type"] in {"http", "websocket"} else None
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
        else:
            status, why = refusal
            await JSONResponse({"error": why}, status, {"connection": "close"})(scope, receive, send)


class AtWork:
    """Bounds the requests of one client that are at work at once, those too whose connection has ended since.

    A client that connects, asks and goes away again, over and over, has few connections and any number of
    requests: nobody stops one whose answer is no longer wanted.
    """

    def __init__(self, app: ASGIApp, places: int) -> None:
        self._app = app
        self._shares = Shares(places)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when its client may have one more at work."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host, _ = scope.get("client") or (None, None)
        client = client_name(host)
        if not self._shares.take(client):
            status, why = TOO_MANY
            headers = {"connection": "close", "retry-after": "5"}
            await JSONResponse({"error": why}, status, headers)(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            self._shares.give_back(client)


def judge(
    scope: Scope, names: frozenset[str], domains: frozenset[str] = frozenset()
) -> tuple[int, str] | None:
    """Status and words to refuse a request with, or None when it may pass."""
    host = host_of(scope)
    here, _ = scope.get("server") or (None, None)
    if host is None or not (is_own(host, names, here) or game_named(host, domains)):
        return UNKNOWN_HOST
    if not _from_elsewhere(scope, _values(scope, b"host")[0]):
        return None
    reading = scope["type"] == "http" and scope["method"] in _READING
    followed_a_link = reading and _values(scope, b"sec-fetch-mode") == ["navigate"]
    return None if followed_a_link else OTHER_SITE


def host_of(scope: Scope) -> str | None:
    """The name or address a request calls us by; None unless it says exactly one."""
    hosts = _values(scope, b"host")
    return host_in(hosts[0]) if len(hosts) == 1 else None


def game_named(host: str, domains: Iterable[str]) -> str | None:
    """Slug of the game whose own name ``host`` would be: one label before one of the ``domains``."""
    label, _, domain = host.partition(".")
    return label if domain in domains and is_slug(label) else None


def host_in(header: str) -> str | None:
    """Name or address of a Host header, in lower case, without brackets and port; None when it is neither."""
    found = _HOST.fullmatch(header)
    return found.group(1).strip("[]").lower() if found else None


def is_own(host: str, names: frozenset[str], here: str | None) -> bool:
    """Whether ``host`` is ours. ``here``: the address of ours that the request came in at.

    An address cannot be pointed elsewhere as a name can, so where others are let in any address will do.
    """
    if host == "localhost" or host in names:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or (here is not None and not is_loopback(here))


def is_from_here(scope: Scope) -> bool:
    """Whether somebody on this machine asks, by this machine's own name, with nobody in between.

    A proxy on this machine has an address of this machine: whoever it speaks for is not here.
    """
    names = [name.lower() for name, _ in scope["headers"]]
    if any(name in _PASSED_ON or name.startswith(b"x-forwarded") for name in names):
        return False
    host = host_of(scope)
    client, _ = scope.get("client") or (None, None)
    return host is not None and client is not None and is_loopback(host) and is_loopback(client)


def _from_elsewhere(scope: Scope, host: str) -> bool:
    """Whether another site's page sent it; whoever is no browser says nothing of it."""
    origins = [value.lower().partition("://")[2] for value in _values(scope, b"origin")]
    if any(origin != host.lower() for origin in origins):
        return True
    # of a web socket Origin alone is told alike by all browsers
    return scope["type"] == "http" and not _ELSEWHERE.isdisjoint(_values(scope, b"sec-fetch-site"))


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for header, value in scope["headers"] if header.lower() == name]
