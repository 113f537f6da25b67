"""Pages a slice brings to the arcade: for everybody, or for this machine's user and nobody else.

What belongs here: what a slice hands over, and who may see it. What does not: any page, and which slices
bring some (``local/commands.py`` puts them together: most of them are above the arcade).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from .gallery import Around
from .guard import is_from_here

_NOWHERE = "/-"
"""A path nothing is at."""


@dataclass(frozen=True, slots=True)
class Pages:
    """All the pages of a slice: they are at ``path`` and below it, those for everybody elsewhere too."""

    path: str
    name: str
    """What the link to them says, on the front page; empty: there is none."""
    routes: Sequence[Route]
    styles: Path | None = None
    """A file of looks, served at the root under its name."""
    script: Path | None = None
    """A script, served likewise; a page that runs it has to allow it in its content policy."""
    is_open: bool = False
    """Whether they are for everybody."""
    front: Callable[[Request], str] | None = None
    """HTML of theirs for the top of the front page, which runs their script."""

    @property
    def files(self) -> list[Path]:
        """What is served at the root."""
        return [file for file in (self.styles, self.script) if file is not None]

    def on_front(self, request: Request, around: Around) -> Around:
        """What is on the front page, with what is theirs."""
        if self.front is None:
            return around
        return replace(
            around,
            box=around.box + self.front(request),
            styles=(*around.styles, f"/{self.styles.name}") if self.styles else around.styles,
            scripts=(*around.scripts, f"/{self.script.name}") if self.script else around.scripts,
        )

    def has(self, path: str) -> bool:
        """Whether a request's path is one of them, or could be."""
        return path == self.path or path.startswith(f"{self.path}/")


class OnlyHere:
    """Lets nobody but this machine see that there are pages for its user: others find nothing there.

    Games' scripts come from here too; what they fetch is no page somebody opened, and is refused as well.
    """

    def __init__(self, app: ASGIApp, guests: Sequence[Pages]) -> None:
        self._app = app
        self._guests = [pages for pages in guests if not pages.is_open]

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
