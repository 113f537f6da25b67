"""Requests for programs: JSON, below the path /api.

What belongs here: what each address answers, and errors in their one shape. What does not: reading what is
sent (``entering.py``), and pages (``page.py``).

Everybody may ask. What is told is what the pages show: no owner, no address, nothing of this machine.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gamefactory_dagster.arcade.own_names import address_of
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.requests import STATUSES
from gamefactory_dagster.errors import InputError, TransientError
from gamefactory_dagster.settings import Settings

from . import reading, seen
from .entering import Entrance, json_of
from .queue import QueueManager

log = logging.getLogger(__name__)

MOST = 100
"""Rows of an answer, and how many there are where nobody says."""

DEEPEST = 100_000
"""The largest offset."""

AWAY_SECONDS = 5

Handler = Callable[[Request], Awaitable[Response]]

_COLUMNS = (
    *("id", "game_name", "prompt", "status", "phase_outputs", "logs", "error", "config"),
    *("created_at", "updated_at", "pair_of", "waits_for", "retry_of"),
)


class Api:
    """What programs may ask. One an application."""

    def __init__(self, settings: Settings, engine: sa.Engine, entrance: Entrance) -> None:
        self._settings, self._engine, self._entrance = settings, engine, entrance

    async def generate(self, request: Request) -> Response:
        """``POST /api/generate``: ask for a game."""
        number = await self._entrance.enter(request, await json_of(request))
        found = await run_in_threadpool(self._job, request, number)
        return answer(found, 201, {"location": f"/api/jobs/{number}"})

    async def jobs(self, request: Request) -> Response:
        """``GET /api/jobs``: requests, the newest first, without their logs."""
        given = request.query_params
        status = given.get("status")
        if status is not None and status not in STATUSES:
            raise InputError("status", status, f"one of {', '.join(STATUSES)}")
        limit, offset = (
            number_of(request, "limit", MOST, 1, MOST),
            number_of(request, "offset", 0, 0, DEEPEST),
        )

        def read() -> list[dict[str, Any]]:
            found = QueueManager(self._engine, self._settings).get_jobs(status, limit, offset)
            return [self._told(request, one, but=("logs",)) for one in found]

        return answer({"jobs": await run_in_threadpool(read)})

    async def job(self, request: Request) -> Response:
        """``GET /api/jobs/<id>``: one request, with the newest lines of its log."""
        return answer(await run_in_threadpool(self._job, request, id_of(request)))

    async def logs(self, request: Request) -> Response:
        """``GET /api/jobs/<id>/logs``: its log, the oldest line first; ``next`` is where more begins."""
        number, after = id_of(request), request.query_params.get("after")
        limit = number_of(request, "limit", MOST, 1, MOST)

        def read() -> dict[str, Any]:
            with transaction(self._engine) as connection:
                if reading.find(connection, number) is None:
                    raise nothing()
                page = reading.lines(connection, number, after=after, limit=limit)
            lines = [
                {"level": line.level, "message": seen.told(line.message), "timestamp": line.timestamp}
                for line in page.rows
            ]
            return {"logs": lines, "next": page.after}

        return answer(await run_in_threadpool(read))

    async def stats(self, request: Request) -> Response:
        """``GET /api/stats``: how many requests there are in every status."""
        found = await run_in_threadpool(QueueManager(self._engine, self._settings).get_stats)
        return answer({"jobs": found, "total": sum(found.values())})

    async def games(self, request: Request) -> Response:
        """``GET /api/games``: what can be played, the best first."""
        limit, offset = (
            number_of(request, "limit", MOST, 1, MOST),
            number_of(request, "offset", 0, 0, DEEPEST),
        )
        asked = {"pattern": None, "genre": None, "limit": limit, "offset": offset}

        def read() -> list[Any]:
            with transaction(self._engine) as connection:
                return list(connection.execute(sa.text(load("analytics/published_games")), asked))

        games = [
            {
                "name": row.name, "slug": row.slug, "genre": row.genre, "style": row.style,
                "tagline": row.tagline, "url": self._address(request, row.slug),
            }
            for row in await run_in_threadpool(read)
        ]  # fmt: skip
        return answer({"games": games})

    async def health(self, request: Request) -> Response:
        """``GET /health``: whether requests can be entered."""

        def ask() -> None:
            with transaction(self._engine) as connection:
                connection.execute(sa.text("SELECT 1"))

        await run_in_threadpool(ask)
        return answer({"status": "ok"})

    async def unknown(self, request: Request) -> Response:
        """Answer for every other address and method."""
        raise nothing()

    def _job(self, request: Request, number: int) -> dict[str, Any]:
        with transaction(self._engine) as connection:
            found = reading.find(connection, number)
        if found is None:
            raise nothing()
        return self._told(request, found)

    def _told(self, request: Request, job: reading.Request, but: tuple[str, ...] = ()) -> dict[str, Any]:
        told = {name: seen.told_all(getattr(job, name)) for name in _COLUMNS if name not in but}
        told["prompt"], told["url"] = job.prompt, f"/requests/{job.id}"
        deployment = job.phase_outputs.get("deployment") if job.status == "completed" else None
        slug = deployment.get("subdomain") if isinstance(deployment, dict) else None
        return told | {"play_url": self._address(request, slug) if isinstance(slug, str) else None}

    def _address(self, request: Request, slug: str) -> str:
        """Where the asker finds a game, all of the URL."""
        found = address_of(slug, request.scope, self._settings.game_domains)
        scheme = request.url.scheme
        return f"{scheme}:{found}" if found.startswith("//") else f"{scheme}://{request.url.netloc}{found}"


def answered(handler: Handler) -> Handler:
    """Answer what a handler raises in the one shape: ``{"error": a sentence, "field": which or null}``."""

    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except InputError as error:
            return answer({"error": seen.told(str(error)), "field": error.field}, 422)
        except HTTPException as error:
            found = {"error": error.detail, "field": None}
            return answer(found, error.status_code, {**(error.headers or {}), **_closing(request)})
        except TransientError:
            found = {"error": "The database is away: nothing was stored. Try again soon.", "field": None}
            return answer(found, 503, {"retry-after": str(AWAY_SECONDS)})
        except Exception:
            log.exception("%s %s", request.method, request.scope["path"])
            return answer({"error": "Something went wrong here; it has been logged.", "field": None}, 500)

    return handle


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer with JSON."""
    return Response(orjson.dumps(value), status, headers, "application/json")


def nothing() -> HTTPException:
    """Answer 404."""
    return HTTPException(404, "There is nothing at this address.")


def id_of(request: Request) -> int:
    """The number of a request in the path; 404 for what is none."""
    given = str(request.path_params["job"])
    if not (given.isascii() and given.isdecimal() and len(given) <= 10 and 0 < int(given) <= seen.LAST_ID):
        raise nothing()
    return int(given)


def number_of(request: Request, name: str, default: int, least: int, most: int) -> int:
    """A whole number of the query; raises InputError."""
    given = request.query_params.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdecimal() and len(given) <= 10 and least <= int(given) <= most):
        raise InputError(name, given, f"a whole number from {least:,} to {most:,}")
    return int(given)


def _closing(request: Request) -> dict[str, str]:
    """Or the rest of a refused body would be read to its end."""
    return {} if request.method in ("GET", "HEAD") else {"connection": "close"}
