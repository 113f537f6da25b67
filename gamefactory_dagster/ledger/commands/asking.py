"""What the commands about runs share: options, who asks, and how ids, states and times look."""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from gamefactory_dagster.ids import parse_user
from gamefactory_dagster.terminal import in_colour, say_aside

if TYPE_CHECKING:
    import sqlalchemy as sa
    from rich.text import Text

    from gamefactory_dagster.database.paging import Page

WhichRun = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's id, its first characters, or 'latest'.")
]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="At most this many.")]
After = Annotated[
    str | None, typer.Option(metavar="KEY", help="Go on after this: what the page before told at its end.")
]

_COLOURS = {
    "completed": "green",
    "done": "green",
    "end": "green",
    "failed": "red",
    "error": "red",
    "cancelled": "yellow",
    "again": "yellow",
    "pending": "dim",
    "note": "dim",
}


def asking(user: str | None) -> "tuple[sa.Engine, UUID]":
    """The database, and who asks it."""
    from gamefactory_dagster.settings import get_settings

    settings = get_settings()
    owner = parse_user(user, settings.user)

    from gamefactory_dagster.database.migrations import ready_engine

    return ready_engine(settings), owner


def part_of_run(question: Any, run: str, limit: int, after: str | None, user: str | None) -> Any:
    """One page of what belongs to a run."""
    from gamefactory_dagster.database.paging import parse_key
    from gamefactory_dagster.ledger import reading
    from gamefactory_dagster.ledger.access import owners_view

    if after is not None:
        parse_key(after)
    engine, owner = asking(user)
    with owners_view(engine, owner) as connection:
        return question(connection, reading.find_run(connection, run), after=after, limit=limit)


def say_who_works(what: str) -> None:
    """Say aside, where nothing in this home takes up ``what``, what does."""
    from gamefactory_dagster.home import FACTORY, running
    from gamefactory_dagster.settings import get_settings

    if running(get_settings().home, FACTORY) is None:
        say_aside(f"Nothing takes up {what} in this home at present; gamefactory dev does.")


def tell_next(page: "Page[Any]") -> None:
    """Say aside how to go on, where there is more."""
    if page.after is not None:
        say_aside(f"There are more: --after {page.after}")


def short(id_: str) -> str:
    """As much of an id as tells it from others, if it is a long one."""
    return id_[:13] if len(id_) == 36 else id_


def seconds_of(seconds: float | None) -> str | None:
    """How long something took."""
    return None if seconds is None else f"{seconds:,.2f}"


def coloured(word: str) -> "Text":
    """A state or type as people see it, which may be anybody's word."""
    return in_colour(word, _COLOURS.get(word, "cyan"))
