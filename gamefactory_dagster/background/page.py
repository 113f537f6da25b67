"""The pages of background jobs in the arcade: what the user of this machine's factory had done.

What belongs here: the answers. What does not: who may see them (``arcade/guests.py``), the HTML
(``jobs_page.py``), and the questions (``reading.py``).

Everything is read as the settings' user, through the policy that holds for anybody signed in.
"""

from pathlib import Path
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from gamefactory_dagster.arcade.guests import Pages
from gamefactory_dagster.database.tables.background import STATUSES
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ids import canonical_uuid
from gamefactory_dagster.ledger.access import owners_view

from . import jobs_page, reading
from .registry import registry

PAGE_JOBS = 50


async def job_list(request: Request) -> Response:
    """Show the newest jobs, or those in one state or of one type, from a key on."""
    given, types = request.query_params, list(registry())
    status = given["status"] if given.get("status") in STATUSES else ""
    job_type = given["type"] if given.get("type") in types else ""
    after = given.get("after") or None
    state = request.app.state

    def render() -> str:
        with owners_view(state.engine, state.settings.user) as connection:
            try:
                page = reading.jobs(
                    connection, status=status or None, job_type=job_type or None, after=after, limit=PAGE_JOBS
                )
            except InputError as error:
                raise HTTPException(404, "There is no such page of jobs.") from error
            counts = reading.counts(connection)
        search = jobs_page.Search(status, job_type)
        return jobs_page.list_page(page, counts, types, search, first=after is None)

    return HTMLResponse(await run_in_threadpool(render))


async def job_page(request: Request) -> Response:
    """Show one job: its parameters, what became of it, what it said."""
    id_ = canonical_uuid(request.path_params["job"])
    state = request.app.state

    def render(id_: UUID) -> str | None:
        with owners_view(state.engine, state.settings.user) as connection:
            found = reading.job(connection, id_)
            return None if found is None else jobs_page.job_page(found, reading.runs(connection, found))

    html = None if id_ is None else await run_in_threadpool(render, UUID(id_))
    if html is None:
        raise HTTPException(404, "There is no such job.")
    return HTMLResponse(html)


PAGES = Pages(
    "/jobs",
    "Jobs",
    [Route("/jobs", job_list), Route("/jobs/{job}", job_page)],
    Path(__file__).with_name("jobs.css"),
)
