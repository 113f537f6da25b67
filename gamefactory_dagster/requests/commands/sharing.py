"""What the commands about requests share: options, whose a request is, how one looks, following some.

What belongs here: what more than one command needs. What does not: doing anything to a request.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit
from uuid import UUID

import typer

from gamefactory_dagster.errors import InputError, TransientError
from gamefactory_dagster.terminal import console, harmless, in_colour, moment, say, say_aside

if TYPE_CHECKING:
    import sqlalchemy as sa
    from rich.console import Group
    from rich.text import Text

    from gamefactory_dagster.requests.reading import Request

WhichRequest = Annotated[str, typer.Argument(metavar="REQUEST", help="A request's number, or 'latest'.")]

LOOK_SECONDS = 0.5
GONE_SECONDS = 60
"""How long who follows a request waits for a database that went away."""

_COLOURS = {"completed": "green", "failed": "red", "pending": "dim", "waiting": "dim", "processing": "dim"}


def own(engine: "sa.Engine", owner: UUID, wanted: str) -> "Request":
    """The request of this owner's that is meant; raises InputError."""
    from gamefactory_dagster.ledger.access import owners_view
    from gamefactory_dagster.requests.reading import find_named

    with owners_view(engine, owner) as connection:
        return find_named(connection, wanted)


def follow(engine: "sa.Engine", ids: Sequence[int], *, aside: bool) -> "list[Request]":
    """Show requests until all have ended; gives them as they are then.

    A database that goes away is waited for; TransientError when it does not come back.
    """
    screen = console(aside=aside)
    if screen.is_terminal:
        from rich.live import Live

        with Live(console=screen, refresh_per_second=4, transient=True) as live:
            return _look(engine, ids, lambda found: live.update(phases(found)))
    return _look(engine, ids, _Teller(aside).tell)


def _look(
    engine: "sa.Engine", ids: Sequence[int], tell: "Callable[[list[Request]], None]"
) -> "list[Request]":
    from gamefactory_dagster.database.engine import transaction
    from gamefactory_dagster.requests.following import follow_one
    from gamefactory_dagster.requests.reading import A_REQUEST, find

    seen = monotonic()
    while True:
        with suppress(TransientError):  # the server may be starting again
            for id_ in ids:
                follow_one(engine, id_)
            with transaction(engine) as connection:
                found = [find(connection, id_) for id_ in ids]
            there = [one for one in found if one is not None]
            if len(there) < len(ids):
                raise InputError("request", ids[0], A_REQUEST)
            seen = monotonic()
            tell(there)
            if all(one.is_over for one in there):
                return there
        if monotonic() - seen > GONE_SECONDS:
            raise TransientError("the database went away and did not come back; nothing is lost")
        sleep(LOOK_SECONDS)


class _Teller:
    """Says each new line of the logs, where no terminal is."""

    def __init__(self, aside: bool) -> None:
        self._aside = aside
        self._told: dict[int, int] = {}

    def tell(self, found: "list[Request]") -> None:
        for one in found:
            done = self._told.get(one.id, 0)
            for line in one.logs[done:]:
                text = f"{one.id}: {line['message']}" if len(found) > 1 else str(line["message"])
                (say_aside if self._aside else say)(text)
            self._told[one.id] = len(one.logs)


def phases(found: "Sequence[Request]") -> "Group":
    """Requests at work: what was asked, and a line a phase."""
    from rich.console import Group
    from rich.text import Text

    from gamefactory_dagster.requests.states import PHASES

    shown = []
    for one in found:
        name = harmless(one.game_name or "")
        shown.append(Text.assemble(f"Request {one.id} ", coloured(one.status), " ", name))
        for phase in PHASES:
            said = one.phase_outputs.get(phase, {})
            state, detail = str(said.get("status", "waiting")), harmless(str(said.get("detail", "")))
            shown.append(Text.assemble("  ", phase, " ", coloured(state), " ", detail))
    return Group(*shown)


def coloured(state: str) -> "Text":
    """A state in its colour."""
    return in_colour(state, _COLOURS.get(state, "cyan"))


def end_line(one: "Request") -> str:
    """How a request ended, in a line; where it is well, the last word is the game's address."""
    if one.status == "completed":
        took = "" if one.seconds is None else f" after {one.seconds:,.1f} s"
        return f"{one.game_name} is ready{took}: {address(one)}"
    error = one.error or {}
    return f"Request {one.id} failed in {error.get('phase')}: {error.get('message')}"


def address(one: "Request") -> str | None:
    """Where its game is played, at the port of the arcade that runs in this home."""
    from gamefactory_dagster.home import ARCADE, running
    from gamefactory_dagster.settings import get_settings

    if one.url is None:
        return None
    here, arcade = urlsplit(one.url), running(get_settings().home, ARCADE)
    port = None if arcade is None or arcade.url is None else urlsplit(arcade.url).port
    name = here.hostname or ""
    if port is None or not name.endswith(".localhost"):
        return one.url
    return here._replace(netloc=f"{name}:{port}").geturl()


def when(one: "Request") -> str:
    """When it was entered."""
    return moment(one.created_at)
