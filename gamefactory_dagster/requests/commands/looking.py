"""``gamefactory requests list | show | logs | stats``: what was asked for, and what became of it.

What belongs here: reading options, and how answers look on a terminal. What does not: any question to the
database (``requests/reading.py``).
"""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gamefactory_dagster.ledger.commands.asking import (
    After,
    Limit,
    asking,
    say_who_works,
    seconds_of,
    tell_next,
)
from gamefactory_dagster.terminal import AsJson, User, Watch, choice, moment, say, say_json, show, table

from .sharing import WhichRequest, address, coloured, end_line, follow, own, when

if TYPE_CHECKING:
    from gamefactory_dagster.requests.reading import Request

_PROMPT = 60
"""Characters of a prompt in a list."""


def list_(
    status: Annotated[str | None, typer.Option(help="Only requests in this state, such as failed.")] = None,
    limit: Limit = 50,
    after: After = None,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """List your requests, newest first.

    Example: gamefactory requests list --status completed
    """
    from gamefactory_dagster.database.tables.requests import STATUSES
    from gamefactory_dagster.ledger.access import owners_view
    from gamefactory_dagster.requests import reading

    choice("--status", status, STATUSES)
    if after is not None:
        reading.parse_number_key(after)
    engine, owner = asking(user)
    with owners_view(engine, owner) as connection:
        page = reading.requests(connection, status=status, after=after, limit=limit)
    if as_json:
        say_json({"requests": [one.told() for one in page.rows], "after": page.after})
        return
    rows = [
        (
            str(one.id),
            coloured(one.status),
            _cut(one.prompt),
            one.game_name,
            when(one),
            seconds_of(one.seconds),
            address(one) or (one.error or {}).get("message"),
        )
        for one in page.rows
    ]
    columns = ("request", "state", "asked for", "game", "entered (UTC)", "seconds", "play at")
    made = table(columns, rows, numbers=("request", "seconds"), links=("play at",))
    filtered = status or after
    show(made, "There is no such request of yours." if filtered else "You have asked for nothing yet.")
    tell_next(page)


def _cut(prompt: str) -> str:
    return prompt if len(prompt) <= _PROMPT else f"{prompt[: _PROMPT - 1]}…"


def show_(
    request: WhichRequest = "latest",
    watch: Watch = False,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """Show a request: what was asked, what was understood and ignored, its phases, where its game is.

    Example: gamefactory requests show latest --watch
    """
    engine, owner = asking(user)
    found = own(engine, owner, request)
    if watch and not found.is_over:
        say_who_works("requests")
        [found] = follow(engine, [found.id], aside=as_json)
    if as_json:
        say_json(found.told())
    else:
        for line in request_lines(found):
            say(line)
    if watch and found.status == "failed":
        raise typer.Exit(1)


def request_lines(one: "Request") -> list[str]:
    """All there is to say of a request but its log."""
    from gamefactory_dagster.requests.walk import unplaced

    idea = one.phase_outputs.get("phase1", {})
    said = idea.get("reading", {})
    more = [
        f"Options: {json.dumps(one.config, ensure_ascii=False)}" if one.config else "",
        f"Understood: {_understood(said)}" if said.get("understood") else "",
        f"Not understood: {', '.join(map(str, said['ignored']))}" if said.get("ignored") else "",
        *map(str, said.get("notes", ())),
        unplaced(idea),
        f"The second of a pair; the first: {one.pair_of}" if one.pair_of else "",
        f"Another try of: {one.retry_of}" if one.retry_of else "",
    ]
    return [
        f"Request {one.id}: {one.status}",
        f"Asked for: {one.prompt}",
        *filter(None, more),
        *(
            f"{phase}: {told.get('status')}; {told.get('detail')} ({told.get('timestamp')})"
            for phase, told in one.phases.items()
        ),
        f"Entered {when(one)} (UTC); log: gamefactory requests logs {one.id}",
        *([end_line(one)] if one.is_over else []),
    ]


def _understood(said: dict[str, Any]) -> str:
    return ", ".join(f"{one.get('words')} → {one.get('value')}" for one in said["understood"])


def logs(
    request: WhichRequest = "latest",
    limit: Limit = 1000,
    after: After = None,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """Show every line of a request's log, the oldest first.

    Example: gamefactory requests logs latest
    """
    from gamefactory_dagster.ledger.access import owners_view
    from gamefactory_dagster.requests import reading

    if after is not None:
        reading.parse_number_key(after)
    engine, owner = asking(user)
    found = own(engine, owner, request)
    with owners_view(engine, owner) as connection:
        page = reading.lines(connection, found.id, after=after, limit=limit)
    if as_json:
        say_json({"request": found.id, "lines": page.rows, "after": page.after})
        return
    rows = [(moment(line.timestamp), coloured(line.level), line.message) for line in page.rows]
    show(table(("at (UTC)", "level", "message"), rows), "Nothing has been said of it yet.")
    tell_next(page)


def stats(as_json: AsJson = False) -> None:
    """Show how many requests there are in every state, everybody's together.

    Example: gamefactory requests stats --json
    """
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.requests.queue import QueueManager
    from gamefactory_dagster.settings import get_settings

    settings = get_settings()
    found = QueueManager(ready_engine(settings), settings).get_stats()
    if as_json:
        say_json(found)
    else:
        rows = [(coloured(status), count) for status, count in found.items()]
        show(table(("state", "requests"), rows, numbers=("requests",)), "")
