"""The pages of runs: what the user of this machine's factory had done, for this machine and nobody else.

What belongs here: the answers, an artifact's content. What does not: who may see them (``guests.py``), the
HTML (``runs_page.py``), the questions (``ledger/reading.py``) and the check of a file (``ledger/files.py``).

Everything is read as the settings' user, through the policies that hold for anybody signed in.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from gamefactory_dagster.database.tables.ledger import STATUSES
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ids import is_slug
from gamefactory_dagster.ledger import reading
from gamefactory_dagster.ledger.access import owners_view
from gamefactory_dagster.ledger.files import FileFaultError, Files
from gamefactory_dagster.ledger.timeline import timeline
from gamefactory_dagster.studio.shipping.published import PublishedGames

from . import runs_page
from .files import find_file
from .guests import Pages

PAGE_RUNS = 50
PAGE_ARTIFACTS = 200
PAGE_TEXTS = 100

INLINE = {"image/png", "image/jpeg", "image/webp", "audio/ogg"}
"""What a browser shows and cannot be told to do anything by; an SVG can hold a script and is not among it."""

_ALONE = "default-src 'none'; sandbox"
_PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})")


async def run_list(request: Request) -> Response:
    """Show the newest runs, or those in one state, from a key on."""
    status = request.query_params.get("status", "")
    status = status if status in STATUSES else ""
    after = request.query_params.get("after") or None

    def render() -> str:
        with _view(request) as connection:
            try:
                page = reading.runs(connection, status=status or None, after=after, limit=PAGE_RUNS)
            except InputError as error:
                raise HTTPException(404, "There is no such page of runs.") from error
        return runs_page.list_page(page, status, first=after is None)

    return _page(await run_in_threadpool(render))


async def run_page(request: Request) -> Response:
    """Show one run: its steps, what it made, its texts."""
    run, after = request.path_params["run"], request.query_params.get("after") or None
    games: PublishedGames = request.app.state.games

    def render() -> str | None:
        with _view(request) as connection:
            found = reading.summary(connection, run)
            if found is None:
                return None
            try:
                made = reading.artifacts(connection, run, after=after, limit=PAGE_ARTIFACTS)
            except InputError:
                return None
            events = reading.events(connection, run)
            slug = _slug(found.run)
            texts = reading.prompts(connection, prefix=f"{slug}/", limit=PAGE_TEXTS).rows if slug else []
        games.renew([slug] if slug else [])
        play = f"/games/{slug}/" if slug and find_file(games.folder, slug, "index.html") else None
        return runs_page.run_page(
            found, timeline(events.rows), made, texts, play=play, more_events=events.after is not None
        )

    html = await run_in_threadpool(render) if run.isprintable() else None
    if html is None:
        raise HTTPException(404, "There is no such run.")
    return _page(html)


async def run_artifact(request: Request) -> Response:
    """Give what a run made, once all of it is known to be what the ledger says."""
    run, wanted = request.path_params["run"], request.path_params["artifact"]

    def find() -> reading.Artifact:
        with _view(request) as connection:
            return reading.find_artifact(connection, wanted)

    try:
        found = await run_in_threadpool(find)
    except InputError:
        found = None
    if found is None or (str(found.id), found.run_id) != (wanted, run):
        raise HTTPException(404, "There is no such file of this run.")
    headers = _headers(found)
    if headers["etag"] in [part.strip() for part in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return await run_in_threadpool(_content, request, found, headers)


def _content(request: Request, found: reading.Artifact, headers: dict[str, str]) -> Response:
    stack = ExitStack()
    try:
        file = stack.enter_context(Files.of(request.app.state.settings).opened(found))
    except FileFaultError as error:
        raise HTTPException(404, f"This file is {error.finding.state}: {error.finding.words}.") from error
    except InputError as error:
        raise HTTPException(404, "This file is not kept by the factory.") from error
    size = file.seek(0, 2)
    status, (first, last) = 200, (0, size - 1)
    if part := _part(request.headers.get("range", ""), size):
        status, (first, last) = 206, part
        headers["content-range"] = f"bytes {first}-{last}/{size}"
    headers["content-length"] = str(last - first + 1)
    return StreamingResponse(_pieces(stack, file, first, last + 1), status, headers)


def _pieces(stack: ExitStack, file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    with stack:
        file.seek(start)
        while start < end and (piece := file.read(min(_PIECE, end - start))):
            start += len(piece)
            yield piece


def _part(wanted: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the one part that is asked for; None for all, or for what is not there."""
    found = _RANGE.fullmatch(wanted)
    if found is None:
        return None
    first, last = int(found[1]), min(int(found[2] or size), size - 1)
    return (first, last) if first <= last else None


def _headers(found: reading.Artifact) -> dict[str, str]:
    """A picture or sound is shown; anything else is only ever saved, as a type nothing acts on."""
    inline = found.content_type in INLINE
    name = quote(found.name.rpartition("/")[2][:100], safe="")
    return {
        "content-type": str(found.content_type) if inline else "application/octet-stream",
        "content-disposition": "inline" if inline else f"attachment; filename*=utf-8''{name}",
        "content-security-policy": _ALONE,
        "cache-control": "private, no-cache",
        "accept-ranges": "bytes",
        "etag": f'"{quote(found.checksum or "", safe="")}"',
    }


def _view(request: Request) -> Any:
    state = request.app.state
    return owners_view(state.engine, state.settings.user)


def _page(html: str) -> Response:
    return HTMLResponse(html, headers={"content-security-policy": runs_page.POLICY})


def _slug(run: reading.Run) -> str:
    spec = run.project_spec
    game = spec.get("game") if isinstance(spec, dict) else None
    slug = game.get("slug") if isinstance(game, dict) else None
    return slug if isinstance(slug, str) and is_slug(slug) else ""


PAGES = Pages(
    "/runs",
    "Runs",
    [
        Route("/runs", run_list),
        Route("/runs/{run}", run_page),
        Route("/runs/{run}/artifacts/{artifact}", run_artifact),
    ],
    Path(__file__).with_name("runs.css"),
)
