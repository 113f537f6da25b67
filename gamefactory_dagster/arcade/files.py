"""The published games' files, and nothing outside their folders.

What belongs here: from a URL's slug and path to a file, and that file's answer. What does not: making the
files (``studio/shipping/publisher.py``), having them here (``studio/shipping/published.py``), and their types
(``studio/shipping/web.py``).
"""

import os
import re
import stat
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from gamefactory_dagster.ids import is_slug
from gamefactory_dagster.studio.shipping.published import PublishedGames
from gamefactory_dagster.studio.shipping.web import GAME_POLICY, media_type

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def find_file(published: Path, slug: str, path: str) -> tuple[Path, os.stat_result] | None:
    """Find the regular file ``path`` of game ``slug``, or None; a folder, a link or a way out is not one.

    The game's own folder may be a link inside ``published``, as an atomic swap leaves it.
    """
    names = path.split("/")
    if not is_slug(slug) or len(names) > 8 or not all(_NAME.fullmatch(name) for name in names):
        return None
    try:
        root = published.resolve()
        folder = (root / slug).resolve()
        file = folder.joinpath(*names)
        if root not in folder.parents or file.resolve() != file:
            return None
        found = file.stat()
    except (OSError, RuntimeError):  # RuntimeError: a link to itself, before Python 3.13
        return None
    return (file, found) if stat.S_ISREG(found.st_mode) else None


def file_response(request: Request, file: Path, found: os.stat_result) -> Response:
    """Answer with the file, or 304 when the client has it.

    Always revalidated: a game's files belong together, and a republished game must not mix old and new.
    The tag holds the inode because files of the same time and size may follow each other.
    """
    tag = f'"{found.st_ino:x}-{found.st_mtime_ns:x}-{found.st_size:x}"'
    headers = {"etag": tag, "cache-control": "no-cache", "content-security-policy": GAME_POLICY}
    known = request.headers.get("if-none-match", "")
    if tag in [part.strip().removeprefix("W/") for part in known.split(",")]:
        return Response(status_code=304, headers=headers)
    return FileResponse(file, headers=headers, media_type=media_type(file.name), stat_result=found)


async def game_file(request: Request) -> Response:
    """Serve ``/games/{slug}/{path}``; the folder itself is its index page."""
    games: PublishedGames = request.app.state.games
    slug, path = request.path_params["slug"], request.path_params["path"]

    def find() -> tuple[Path, os.stat_result] | None:
        games.renew([slug])
        return find_file(games.folder, slug, path or "index.html")

    found = await run_in_threadpool(find)
    if found is None:
        raise HTTPException(404, "There is no such game or file.")
    return file_response(request, *found)


async def game_folder(request: Request) -> Response:
    """Send ``/games/{slug}`` on to the folder, so that the page's relative links work."""
    slug = request.path_params["slug"]
    if not is_slug(slug):
        raise HTTPException(404, "There is no such game or file.")
    return RedirectResponse(f"/games/{slug}/", 308)
