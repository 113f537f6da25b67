"""The pages of requests in the arcade: for everybody, as are the games that come of them.

What belongs here: the answers, and putting the slice's pages together. What does not: their HTML (``box.py``,
``list_page.py``, ``request_page.py``), the stream (``live.py``), what programs ask (``api.py``).
"""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from gamefactory_dagster.arcade.files import find_file
from gamefactory_dagster.arcade.gallery import SCRIPT_POLICY, message_page
from gamefactory_dagster.arcade.guests import Pages
from gamefactory_dagster.arcade.limits import Limits, client_name
from gamefactory_dagster.arcade.own_names import address_of
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.errors import InputError, TransientError
from gamefactory_dagster.ids import canonical_uuid
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.shipping.published import games_here

from . import list_page, pictures, request_page, seen
from .api import Api, answered, id_of
from .box import Written, box
from .entering import Asked, Entrance, form_of
from .live import Ending, Stream, Watching
from .seen import Seen

PAGE_REQUESTS = 50

AWAY = HTTPException(503, "The factory does not answer just now. Go back, and ask again soon.")

_ALONE = "default-src 'none'; sandbox"


class Desk:
    """Where visitors ask for games and see what becomes of it. One an application."""

    def __init__(self, settings: Settings, engine: sa.Engine, limits: Limits | None = None) -> None:
        self._settings, self._engine = settings, engine
        self._limits = limits or Limits()
        self._entrance = Entrance(settings, engine)
        self._watching = Watching(engine, self._limits.watchers)
        self._api = Api(settings, engine, self._entrance)

    def pages(self) -> Pages:
        """All of it, for ``create_app``."""
        api, here = self._api, Path(__file__)
        return Pages(
            "/requests",
            "Requests",
            [
                Route("/requests", self.listed, methods=["GET"]),
                Route("/requests", self.enter, methods=["POST"]),
                Route("/requests/{job}", self.one),
                Route("/requests/{job}/pair", self.pair),
                Route("/requests/{job}/retry", self.retry, methods=["POST"]),
                Route("/requests/{job}/events", self.events),
                Route("/requests/{job}/pictures/{picture}", self.picture),
                Route("/health", answered(api.health)),
                Route("/api/generate", answered(api.generate), methods=["POST"]),
                Route("/api/jobs", answered(api.jobs)),
                Route("/api/jobs/{job}", answered(api.job)),
                Route("/api/jobs/{job}/logs", answered(api.logs)),
                Route("/api/stats", answered(api.stats)),
                Route("/api/games", answered(api.games)),
                Route(
                    "/api/{rest:path}",
                    answered(api.unknown),
                    methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
                ),
            ],
            here.with_name("requests.css"),
            here.with_name("requests.js"),
            is_open=True,
            front=lambda request: box(Written(request.query_params.get("prompt", ""))),
        )

    async def listed(self, request: Request) -> Response:
        """Show the newest requests, or those in one state, from a key on."""
        written = Written(request.query_params.get("prompt", ""))
        return _page(await run_in_threadpool(self._list, request, written))

    async def enter(self, request: Request) -> Response:
        """Take a request from the box and lead to its page, or say beside the text what is wrong with it."""
        asked = Asked()
        try:
            asked = await form_of(request)
            number = await self._entrance.enter(request, asked)
        except InputError as error:
            refusal = HTTPException(422, f"Please write {error.expected}.")
        except HTTPException as error:
            refusal = error
        except TransientError:
            return _refused(AWAY)
        else:
            return RedirectResponse(f"/requests/{number}", 303)
        written = Written(asked.prompt or "", refusal.detail)
        html = await run_in_threadpool(self._list, request, written)
        return _page(html, refusal.status_code, {**(refusal.headers or {}), "connection": "close"})

    async def one(self, request: Request) -> Response:
        """Show one request, or both of a pair."""
        found = await self._found(request)
        return _page(request_page.whole_page(found, self._played(request, found)))

    async def pair(self, request: Request) -> Response:
        """Lead to where a pair is shown."""
        return RedirectResponse(f"/requests/{(await self._found(request))[0].id}", 308)

    async def retry(self, request: Request) -> Response:
        """Ask once more for what could not be made."""
        try:
            number = await self._entrance.enter_again(request, id_of(request))
        except InputError:
            return _refused(HTTPException(404, "There is no such request that failed."))
        except HTTPException as error:
            return _refused(error)
        except TransientError:
            return _refused(AWAY)
        return RedirectResponse(f"/requests/{number}", 303)

    async def events(self, request: Request) -> Response:
        """Tell what becomes of a request for as long as something does."""
        client = client_name(request.client.host if request.client else None)
        found = await self._found(request)
        if not self._watching.has_room(client):
            raise HTTPException(503, "Too many are watching; try again later.", {"Retry-After": "10"})
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")

        def render(now: list[Seen]) -> dict[str, str]:
            return request_page.parts_of(now, self._played(request, now))

        until = asyncio.get_running_loop().time() + self._limits.watch_seconds
        ending = Ending(until, request.app.state.leaving)
        return Stream(self._watching.stream(client, found, render, ending))

    async def picture(self, request: Request) -> Response:
        """Give a picture of the request's game, as it was drawn."""
        wanted = canonical_uuid(request.path_params["picture"])
        number = id_of(request)
        row = await run_in_threadpool(pictures.find, self._engine, number, wanted) if wanted else None
        if row is None:
            raise HTTPException(404, "There is no such picture of this request.")
        headers = {"etag": f'"{row.checksum}"', "cache-control": "public, max-age=3600, immutable"}
        headers["content-security-policy"] = _ALONE
        if headers["etag"] in [part.strip() for part in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=headers)
        found = await run_in_threadpool(pictures.content, self._settings, row)
        if found is None:
            raise HTTPException(404, "This picture is lost.")
        return Response(found, headers=headers, media_type="image/png")

    async def _found(self, request: Request) -> list[Seen]:
        number = id_of(request)

        def read() -> list[Seen]:
            with transaction(self._engine) as connection:
                return seen.seen(connection, number)

        found = await run_in_threadpool(read)
        if not found:
            raise HTTPException(404, "There is no such request.")
        return found

    def _played(self, request: Request, found: list[Seen]) -> dict[int, str]:
        """Where each game that can be played is, by its request's number."""
        games, domains = games_here(self._settings), self._settings.game_domains
        games.renew(one.slug for one in found if one.slug and one.is_playable)
        return {
            one.id: address_of(one.slug, request.scope, domains)
            for one in found
            if one.slug and one.is_playable and find_file(games.folder, one.slug, "index.html")
        }

    def _list(self, request: Request, written: Written) -> str:
        given = request.query_params
        status = given["status"] if given.get("status") in list_page.FILTERS else ""
        after = given.get("after") or None
        with transaction(self._engine) as connection:
            try:
                page = seen.listed(connection, status=status or None, after=after, limit=PAGE_REQUESTS)
            except InputError as error:
                raise HTTPException(404, "There is no such page of requests.") from error
        return list_page.list_page(page, status, written, first=after is None)


def _refused(error: HTTPException) -> Response:
    """Say to whoever pressed a button why nothing came of it: elsewhere only programs send anything."""
    html = message_page("That did not work", error.detail)
    return HTMLResponse(html, error.status_code, {**(error.headers or {}), "connection": "close"})


def _page(html: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return HTMLResponse(html, status, {**(headers or {}), "content-security-policy": SCRIPT_POLICY})
