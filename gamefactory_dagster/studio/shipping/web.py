"""What the web is told about a published game: the type of each file, and what its page may load.

What belongs here: what whoever serves a game must say. What does not: serving (``arcade/``, and
``browser/loopback.py`` for checks) and building (``build.py``).
"""

MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
    "webmanifest": "application/manifest+json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "webp": "image/webp",
    "ico": "image/x-icon",
    "ogg": "audio/ogg",
    "zip": "application/zip",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
"""By suffix; fixed here, because the system's own table differs from machine to machine."""

GAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "media-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""A game's ``Content-Security-Policy``: its own script, pictures, sounds and requests, and nobody else's.

Whatever else a page asks for is refused, and the browser says so in its console, where a check finds it.
"""


def media_type(path: str) -> str:
    """Give the media type the file at ``path`` is served with."""
    return MEDIA_TYPES.get(path.rpartition(".")[2], "application/octet-stream")
