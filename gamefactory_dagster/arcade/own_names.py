"""Games under names of their own, such as ``pearl-dash.localhost``: all that is there is that one game.

What belongs here: what a game's own name stands for, and what is answered where it stands for nothing. What
does not: who may ask (``guard.py``), and the files themselves (``files.py``).

Another name is another origin: what a game stores is out of the others' reach there, and so is the arcade.
"""

from collections.abc import Container, Iterable, Mapping
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gamefactory_dagster.ids import own_host

from .guard import game_named, host_of

EVENTS_PATH = "/v1/events"
"""Where games report; named in every game's config.json."""

_ASKED = "gamefactory.own_name"
_LOOKS = Path(__file__).with_name("gallery.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


class OwnNames:
    """Sends what is asked of a game's own name on into the game's folder, its events to their collector.

    ``names``: those of the arcade itself, also where they lie in one of the ``domains``.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str], domains: Iterable[str]) -> None:
        self._app = app
        self._names = frozenset(names)
        self._domains = frozenset(domains)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Change nothing for who calls the arcade by its own name."""
        host = host_of(scope) if scope["type"] == "http" else None
        slug = game_named(host, self._domains) if host and host not in self._names else None
        if slug is not None:
            path = scope["path"]
            if path != EVENTS_PATH:
                path = f"/games/{slug}/{path.removeprefix('/')}"
            scope = {**scope, "path": path, "raw_path": path.encode(), _ASKED: host}
        await self._app(scope, receive, send)


def is_asked(scope: Scope) -> bool:
    """Whether a game is called by its own name."""
    return _ASKED in scope


def address_of(slug: str, scope: Scope, domains: Container[str]) -> str:
    """Where whoever sends a request finds a game: at its own name, or in its folder where it has none."""
    own = own_host(slug, host_of(scope) or "", domains)
    if own is None:
        return f"/games/{slug}/"
    given = next(value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host")
    return f"//{own}{_port(given)}/"


def message(title: str, text: str, status: int, headers: Mapping[str, str]) -> Response:
    """Say one thing where none of the arcade's own files are: the page brings its looks along."""
    looks = _LOOKS.read_text(encoding="utf-8")
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · GameFactory</title><style>{looks}</style></head>"
        f'<body><main class="lone"><div class="empty"><h1>{escape(title)}</h1><p>{escape(text)}</p></div>'
        "</main></body></html>"
    )
    return HTMLResponse(html, status, {**headers, "content-security-policy": _POLICY})


def _port(host: str) -> str:
    _, colon, port = host.rpartition(":")
    return f":{port}" if colon and port.isdecimal() else ""
