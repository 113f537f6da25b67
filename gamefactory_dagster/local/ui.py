"""Dagster's web server behind the guard: ``python -m gamefactory_dagster.local.ui``, with its own options.

What belongs here: what stands before Dagster's application. What does not: anything it shows.

In its own process and not in a proxy before it: the port behind a proxy would be open to the same pages.
Where Dagster no longer has what is wrapped here, this fails to start rather than serve without the guard.
"""

from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gamefactory_dagster.arcade.guard import Guard
from gamefactory_dagster.settings import get_settings

BY_POST = (405, "Send queries by POST.")


class QueriesByPost:
    """Refuses GraphQL in a link: it may change things, and an image on a page is enough to follow one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything else, the page to try queries on too, which executes nothing by itself."""
        if scope["type"] == "http" and _is_query(scope):
            status, why = BY_POST
            await JSONResponse({"error": why}, status, {"allow": "POST"})(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_query(scope: Scope) -> bool:
    accept = b",".join(value for name, value in scope["headers"] if name == b"accept")
    return (
        scope["method"] != "POST"
        and scope["path"].rstrip("/").endswith("/graphql")
        and bool(scope["query_string"])
        and b"text/html" not in accept
    )


def main() -> None:
    """Serve the UI until told to stop."""
    from dagster_webserver.cli import main as serve
    from dagster_webserver.webserver import DagsterWebserver

    from .defs.private import watch_calmly

    watch_calmly()
    names = get_settings().hosts
    make_app = DagsterWebserver.create_asgi_app

    def make_guarded(self: Any, **options: Any) -> ASGIApp:
        return Guard(QueriesByPost(make_app(self, **options)), names)

    DagsterWebserver.create_asgi_app = make_guarded  # type: ignore[assignment, method-assign]
    serve()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
