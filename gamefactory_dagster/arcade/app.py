"""The arcade as one ASGI application: its routes, its error answers, its headers.

What belongs here: putting the parts together. What does not: starting a server (``serve.py``).
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gamefactory_dagster.analytics.plausible import Bounds
from gamefactory_dagster.database.disk import lack_of_room
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.ids import is_slug
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.shipping.published import games_here

from . import gallery, own_names, runs
from .collector import Collector, busy
from .files import file_response, game_file, game_folder
from .guard import AtWork, Guard, is_from_here
from .guests import OnlyHere, Pages
from .limits import Limits
from .own_names import EVENTS_PATH, OwnNames

log = logging.getLogger(__name__)

_FOLDER = Path(__file__).parent

_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def create_app(
    settings: Settings, engine: sa.Engine, limits: Limits | None = None, pages: Sequence[Pages] = ()
) -> Starlette:
    """Build the application over the published games and the migrated database behind ``engine``.

    ``pages``: those of slices above this one. Events take one connection, pages one each; nothing connects
    before a request does.
    """
    guests = (runs.PAGES, *pages)
    limits = limits or Limits()
    collector = Collector(engine, limits, Bounds.of(settings), partial(lack_of_room, settings))
    names = (settings.arcade_host, *settings.hosts)
    app = Starlette(
        routes=[
            Route("/", front_page),
            Route("/gallery.css", own_file),
            Route("/parts.css", own_file),
            Route("/favicon.svg", own_file),
            Route("/healthz", health),
            Route(EVENTS_PATH, collector.post, methods=["POST"]),
            Route("/games/{slug}/config.json", game_config),
            Route("/games/{slug}/{path:path}", game_file),
            Route("/games/{slug}", game_folder),
            *(Route(f"/{file.name}", served(file)) for guest in guests for file in guest.files),
            *(route for guest in guests for route in guest.routes),
        ],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Guard, names=names, domains=settings.game_domains),
            Middleware(AtWork, places=limits.connections),
            Middleware(OwnNames, names=names, domains=settings.game_domains),
            Middleware(OnlyHere, guests=guests),
            Middleware(GZipMiddleware, compresslevel=5),
        ],
        exception_handlers={HTTPException: refuse, TransientError: away, Exception: broken},
    )
    app.state.settings = settings
    app.state.games = games_here(settings)
    app.state.engine = engine
    app.state.limits = limits
    app.state.guests = guests
    app.state.leaving = lambda: False
    return app


class SecurityHeaders:
    """Adds the headers every answer has; an answer's own content policy wins."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("content-security-policy", gallery.POLICY)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


async def front_page(request: Request) -> Response:
    """Show the gallery, below what slices have for the top of it unless something is looked for."""
    state = request.app.state
    search = gallery.Search.of(request.query_params)
    here = is_from_here(request.scope)
    shown = sorted(
        (guest for guest in state.guests if guest.is_open or here), key=lambda one: not one.is_open
    )
    links = [(guest.name, guest.path) for guest in shown if guest.name]
    around = gallery.Around(links=links)
    for guest in state.guests if search == gallery.Search() else ():
        around = guest.on_front(request, around)

    def render() -> str:
        with transaction(state.engine) as connection:
            shelf = gallery.find_games(connection, search)
        state.games.renew(game.slug for game in shelf.games)
        notice = lack_of_room(state.settings)
        return gallery.gallery_page(shelf, search, state.games.folder, replace(around, notice=notice))

    policy = gallery.SCRIPT_POLICY if around.scripts else gallery.POLICY
    return HTMLResponse(await run_in_threadpool(render), headers={"content-security-policy": policy})


async def own_file(request: Request) -> Response:
    """Serve one of the pages' own files; the routes name them all."""
    file = _FOLDER / request.scope["path"].removeprefix("/")
    return file_response(request, file, file.stat())


def served(file: Path) -> Callable[[Request], Awaitable[Response]]:
    """What serves a file of a slice's pages."""

    async def serve(request: Request) -> Response:
        return file_response(request, file, file.stat())

    return serve


async def game_config(request: Request) -> Response:
    """Tell a game who it is and where to report: ``game_id``, ``write_key``, ``endpoint``."""
    slug = request.path_params["slug"]

    def find() -> sa.Row[Any] | None:
        with transaction(request.app.state.engine) as connection:
            return connection.execute(sa.text(load("analytics/game_config")), {"slug": slug}).one_or_none()

    row = await run_in_threadpool(find) if is_slug(slug) else None
    if row is None:
        raise HTTPException(404, "There is no such game.")
    return JSONResponse({"game_id": row.game_id, "write_key": row.write_key, "endpoint": EVENTS_PATH})


async def health(request: Request) -> Response:
    """Say whether events can be stored: 200; 503 when the database does not answer, 507 on a full disk."""

    def ask() -> None:
        with transaction(request.app.state.engine) as connection:
            connection.execute(sa.text("SELECT 1"))

    await run_in_threadpool(ask)
    if why := lack_of_room(request.app.state.settings):
        raise HTTPException(507, why)
    return JSONResponse({"status": "ok"})


async def refuse(request: Request, error: Exception) -> Response:
    """Answer an HTTP error: a page for people who browse, JSON for programs."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if request.method not in ("GET", "HEAD"):
        headers["connection"] = "close"  # or the rest of a refused body would be read to its end
    if "text/html" in request.headers.get("accept", "") and request.method != "POST":
        title = "Not found" if error.status_code == 404 else "That did not work"
        if own_names.is_asked(request.scope):
            return own_names.message(title, error.detail, error.status_code, headers)
        return HTMLResponse(gallery.message_page(title, error.detail), error.status_code, headers)
    return JSONResponse({"error": error.detail}, error.status_code, headers)


async def away(request: Request, error: Exception) -> Response:
    """Answer when the database is away: 503, come back soon."""
    log.warning("%s %s: %s", request.method, request.scope["path"], error)
    return await refuse(request, busy("The database is away: nothing was stored. Try again soon."))


async def broken(request: Request, error: Exception) -> Response:
    """Answer an error of ours without telling its insides; the server's log has them."""
    answer = await refuse(request, HTTPException(500, "Something went wrong here; it has been logged."))
    answer.headers.update(_HEADERS)  # made outside the middleware
    return answer
