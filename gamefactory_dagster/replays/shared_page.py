"""``/shared/<id>``: a report that its owner shares, for everybody who was given the link.

What belongs here: one page, and that it is there only while it is shared. What does not: how a report looks
(``report/``), and sharing one (``service.py``).
"""

from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from gamefactory_dagster.arcade.guests import Pages
from gamefactory_dagster.database.engine import connected
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.report.document import POLICY
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.shipping.artifacts import ArtifactStore

from .report.page import render
from .results import Report
from .service import shared

PATH = "/shared"

_HEADERS = {
    "cache-control": "no-store",  # gone the moment it is no longer shared
    "x-robots-tag": "noindex",
    "content-security-policy": f"{POLICY}; frame-ancestors 'none'; sandbox allow-popups",
}
_NOT_THERE = "Nothing is shared here."
_KEPT = 32


def shared_pages(settings: Settings) -> Pages:
    """Give the pages, for the arcade."""

    @lru_cache(maxsize=_KEPT)
    def page_of(report_url: str) -> str:
        """What a report looks like; its URL is what it says."""
        return render(Report.from_json(ArtifactStore(settings.artifacts).get(report_url)))

    async def show(request: Request) -> HTMLResponse:
        async with connected(settings) as engine:
            job = await shared(engine, request.path_params["id"])
        if job is None or job.report_url is None:
            raise HTTPException(404, _NOT_THERE, _HEADERS)
        try:
            return HTMLResponse(await run_in_threadpool(page_of, job.report_url), headers=_HEADERS)
        except PermanentError:
            raise HTTPException(404, "The report is no longer kept.", _HEADERS) from None

    return Pages(
        path=PATH,
        name="",
        routes=[Route(f"{PATH}/{{id}}", show, methods=["GET"])],
        is_open=True,
    )
