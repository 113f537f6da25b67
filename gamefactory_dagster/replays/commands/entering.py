"""``gamefactory replays submit | team | confirm | cancel``: having matches analysed, and the step in between.

What belongs here: reading options, and saying what was entered. What does not: doing it (``service.py``).
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.terminal import AsJson, User, Watch, say, say_json

from .asking import Links, WhichJob, ask, find, lines, told
from .watching import follow_to_end

if TYPE_CHECKING:
    from gamefactory_dagster.database.tables.replays import Job
    from gamefactory_dagster.replays.service import ReplayJobs

MOST_BYTES = 1024 * 1024
"""Of a file with links or a team's data."""

LinkFile = Annotated[
    Path | None,
    typer.Option("--links", metavar="FILE", help="A file with a link a line, beside those named."),
]


def submit(
    links: Links = None,
    file: LinkFile = None,
    player: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Whose matches. Default: whoever is in most of them."),
    ] = None,
    watch: Watch = False,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """Have one player's matches analysed: 1 to 12 links. The running factory does it (gamefactory dev).

    A link that was fetched before is not fetched again. One that cannot be read is named in the report, with
    its reason; the others are analysed.

    Example: gamefactory replays submit https://www.duelingbook.com/replay?id=123456 --player Ann --watch
    """
    _enter("INDIVIDUAL", _links(links, file), watch, user, as_json, player=player)


def team(
    name: Annotated[str, typer.Argument(metavar="TEAM", help="The team's name.")],
    links: Links = None,
    file: LinkFile = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="FILE", help="JSON to keep with the job, as the league gives it."),
    ] = None,
    watch: Watch = False,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """Have a team's league week analysed: 1 to 100 links.

    When the links are read the job waits for you to say who plays for the team: see gamefactory replays
    players and confirm.

    Example: gamefactory replays team "The Owls" --links week-3.txt
    """
    more = {"team_name": name, "team_data": None if data is None else _json(data)}
    _enter("GFWL", _links(links, file), watch, user, as_json, **more)


def confirm(
    job: WhichJob,
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="Players of the team.")],
    watch: Watch = False,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """Say who of the players that were found plays for the team; the analysis goes on with these alone.

    Example: gamefactory replays confirm latest Ann Bob --watch
    """

    async def do(jobs: "ReplayJobs") -> "Job":
        return await jobs.confirm((await find(jobs, job)).id, names)

    _tell(ask(user, do), watch, user, as_json)


def cancel(job: WhichJob, user: User = None, as_json: AsJson = False) -> None:
    """Stop a job that has not ended. What was fetched stays, for the next one.

    Example: gamefactory replays cancel latest
    """

    async def do(jobs: "ReplayJobs") -> "Job":
        return await jobs.cancel((await find(jobs, job)).id)

    _tell(ask(user, do), False, user, as_json)


def _enter(
    job_type: str, links: list[str], watch: bool, user: str | None, as_json: bool, **more: Any
) -> None:
    from gamefactory_dagster.ids import parse_user
    from gamefactory_dagster.replays.asking import check_order
    from gamefactory_dagster.settings import get_settings

    check_order(job_type, links, **more)  # before there is a database
    owner = parse_user(user, get_settings().user)

    async def do(jobs: "ReplayJobs") -> "Job":
        return await jobs.submit(job_type, links, owner=owner, **more)

    _tell(ask(user, do), watch, user, as_json)


def _tell(job: "Job", watch: bool, user: str | None, as_json: bool) -> None:
    if watch:
        follow_to_end(str(job.id), user, as_json)
    elif as_json:
        say_json(told(job))
    else:
        for line in lines(job):
            say(line)


def _links(given: list[str] | None, file: Path | None) -> list[str]:
    found = list(given or ())
    if file is not None:
        found += [line.strip() for line in _text("--links", file).splitlines() if line.strip()]
    if not found:
        raise InputError("LINK", None, "one or more links, or --links FILE")
    return found


def _json(file: Path) -> Any:
    try:
        return json.loads(_text("--data", file))
    except (ValueError, RecursionError):
        raise InputError("--data", str(file), "a file of JSON") from None


def _text(option: str, file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise InputError(option, str(file), f"a file of at most {MOST_BYTES // 1024} KiB")
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InputError(option, str(file), "a file of UTF-8 text that can be read") from None
