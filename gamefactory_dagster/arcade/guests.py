"""Pages a slice brings to the arcade, for this machine's user and nobody else.

What belongs here: what a slice hands over, and who may see it. What does not: any page, and which slices
bring some (``local/commands.py`` puts them together: most of them are above the arcade).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from .guard import is_from_here

_NOWHERE = "/-"
"""A path nothing is at."""


@dataclass(frozen=True, slots=True)
class Pages:
    """All the pages of a slice: they are at ``path`` and below it."""

    path: str
    name: str
    """What the link to them says, on the front page."""
    routes: Sequence[Route]
    styles: Path
    """A file of looks, served at the root under its name."""

    def has(self, path: str) -> bool:
        """Whether a request's path is one of them, or could be."""
        return path == self.path or path.startswith(f"{self.path}/")


class OnlyHere:
    """Lets nobody but this machine see that there are such pages: others find nothing there.

    Games' scripts come from here too; what they fetch is no page somebody opened, and is refused as well.
    """

    def __init__(self, app: ASGIApp, guests: Sequence[Pages]) -> None:
        self._app = app
        self._guests = guests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a stranger's request on to where nothing is."""
        path = scope.get("path", "")
        if any(pages.has(path) for pages in self._guests) and not (is_from_here(scope) and _is_opened(scope)):
            scope = {**scope, "path": _NOWHERE, "raw_path": _NOWHERE.encode()}
        await self._app(scope, receive, send)


def _is_opened(scope: Scope) -> bool:
    """Whether a person opened it, or a page shows it; not whether a script reads it."""
    modes = [value for name, value in scope["headers"] if name == b"sec-fetch-mode"]
    return set(modes) <= {b"navigate", b"no-cors"}
