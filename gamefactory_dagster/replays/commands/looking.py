"""``gamefactory replays list | status | players | report | share | unshare``: jobs, and what came of them.

What belongs here: reading options, and how answers look on a terminal. What does not: any question to the
database (``service.py``).
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ledger.commands.asking import After, Limit, tell_next
from gamefactory_dagster.terminal import (
    AsJson,
    User,
    Watch,
    check_output,
    choice,
    moment,
    say,
    say_aside,
    say_json,
    show,
    table,
)

from .analyze import Format, show_or_write
from .asking import WhichJob, ask, coloured, find, lines, told
from .watching import follow_to_end

if TYPE_CHECKING:
    from gamefactory_dagster.database.tables.replays import GFWLTeamSubmission, Job, JobUrl
    from gamefactory_dagster.replays.results import Report
    from gamefactory_dagster.replays.service import ReplayJobs


def list_(
    status: Annotated[str | None, typer.Option(help="Only jobs in this state, such as COMPLETED.")] = None,
    limit: Limit = 50,
    after: After = None,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """List your replay jobs, newest first.

    Example: gamefactory replays list --status COMPLETED
    """
    from gamefactory_dagster.database.tables.replays import JobStatus

    wanted = choice("--status", status and status.upper(), JobStatus)
    page = ask(user, lambda jobs: jobs.jobs(wanted, limit=limit, after=after))
    if as_json:
        say_json({"jobs": [told(job) for job in page.rows], "after": page.after})
        return
    rows = [
        (
            str(job.id), job.job_type, coloured(job.status), f"{job.processed_urls} of {job.total_urls}",
            job.player, moment(job.created_at), job.error_message,
        )
        for job in page.rows
    ]  # fmt: skip
    columns = ("job", "type", "state", "links done", "player", "submitted (UTC)", "error")
    filtered = status or after
    show(
        table(columns, rows), "There is no such job of yours." if filtered else "You have no replay jobs yet."
    )
    tell_next(page)


def status(
    job: WhichJob = "latest", watch: Watch = False, user: User = None, as_json: AsJson = False
) -> None:
    """Show a job: how far it is, and what became of each link.

    Example: gamefactory replays status latest --watch
    """
    if watch:
        follow_to_end(job, user, as_json)
        return

    async def look(jobs: "ReplayJobs") -> "tuple[Job, list[JobUrl]]":
        found = await find(jobs, job)
        return found, await jobs.urls(found.id)

    found, links = ask(user, look)
    if as_json:
        read = [{"url": one.url, "state": one.state, "reason": one.reason} for one in links]
        say_json(told(found) | {"links": read})
        return
    for line in lines(found):
        say(line)
    show(table(("link", "state", "why"), [(one.url, one.state, one.reason) for one in links]), "No links.")


def players(job: WhichJob = "latest", user: User = None, as_json: AsJson = False) -> None:
    """Show whom a team's matches showed, and who was confirmed.

    Example: gamefactory replays players latest
    """

    async def look(jobs: "ReplayJobs") -> "tuple[Job, GFWLTeamSubmission]":
        found = await find(jobs, job)
        return found, await jobs.players(found.id)

    found, team = ask(user, look)
    confirmed = team.confirmed_players or []
    if as_json:
        say_json({
            "job": found.id, "team": team.team_name, "confirmation_status": team.confirmation_status,
            "discovered_players": team.discovered_players, "confirmed_players": team.confirmed_players,
        })  # fmt: skip
        return
    say(f"{team.team_name}: {team.confirmation_status}")
    rows = [(name, "yes" if name in confirmed else None) for name in team.discovered_players]
    show(table(("player", "confirmed"), rows), "Nobody was found yet: the links are still being read.")
    if found.status == "AWAITING_CONFIRMATION":
        say_aside(f"Say who plays for the team: gamefactory replays confirm {found.id} NAME …")


def report(
    job: WhichJob = "latest",
    output: Annotated[
        Path | None, typer.Option("--output", help="The file to write; an old one is replaced whole.")
    ] = None,
    format_: Annotated[
        Format | None,
        typer.Option("--format", help="page: HTML. json: the whole report. rows: a line of JSON a rate."),
    ] = None,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """Read what came of a job: as a page, as JSON, as rows, or as a table.

    Example: gamefactory replays report latest --output report.html
    """
    if output is not None:
        check_output("--output", output)
    elif format_ is Format.page:
        raise InputError("--output", None, "a file to write the page to")
    found = ask(user, lambda jobs: find(jobs, job))
    if found.report_url is None:
        raise InputError("job", str(found.id), f"one that is COMPLETED; this one is {found.status}")
    show_or_write(_stored(found.report_url), output, format_, as_json=as_json)


def _stored(url: str) -> "Report":
    from gamefactory_dagster.replays.results import Report
    from gamefactory_dagster.settings import get_settings
    from gamefactory_dagster.studio.shipping.artifacts import ArtifactStore

    return Report.from_json(ArtifactStore(get_settings().artifacts).get(url))


def share(job: WhichJob = "latest", user: User = None, as_json: AsJson = False) -> None:
    """Let whoever has the link see a job's result, in the arcade, until it is unshared.

    Example: gamefactory replays share latest
    """
    _share(job, user, as_json, is_public=True)


def unshare(job: WhichJob = "latest", user: User = None, as_json: AsJson = False) -> None:
    """Let nobody else see a job's result any more.

    Example: gamefactory replays unshare latest
    """
    _share(job, user, as_json, is_public=False)


def _share(job: str, user: str | None, as_json: bool, *, is_public: bool) -> None:
    from gamefactory_dagster.settings import get_settings

    async def do(jobs: "ReplayJobs") -> "Job":
        found = await find(jobs, job)
        return await (jobs.share(found.id) if is_public else jobs.unshare(found.id))

    found = ask(user, do)
    url = f"{get_settings().arcade_url}/shared/{found.shareable_id}"
    if as_json:
        say_json({"job": found.id, "is_public": found.is_public, "url": url if is_public else None})
    elif is_public:
        say(url)
        if found.status != "COMPLETED":
            say_aside("It can be seen there when the job is completed.")
    else:
        say(f"Replay job {found.id} is yours alone again.")
