"""``gamefactory report``: the page from the command line."""

import datetime as dt
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gamefactory_dagster.terminal import check_output, parse_day, say

if TYPE_CHECKING:
    import sqlalchemy as sa

    from gamefactory_dagster.ledger.recording import Made
    from gamefactory_dagster.studio.shipping.published import PublishedGames

    from .facts import Facts


def report(
    output: Annotated[Path, typer.Option(help="The file to write; an old one is replaced whole.")] = Path(
        "report.html"
    ),
    days: Annotated[int, typer.Option(min=1, max=366, help="How many UTC days it is about.")] = 30,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="The last of them. Default: the last day with metrics.")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the factory's state as one HTML page that needs no network: to read, to send, to print.

    Example: gamefactory report --output monday.html --days 7
    """
    check_output("--output", output)
    last = None if until is None else parse_day("--until", until)

    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.ledger.accounts import command
    from gamefactory_dagster.settings import get_settings
    from gamefactory_dagster.studio.shipping.published import games_here
    from gamefactory_dagster.studio.tools.files import write_atomically

    from .page import render

    settings = get_settings()
    engine = ready_engine(settings)
    asked = {"output": str(output), "days": days, "until": until}
    with command(engine, settings.user, "report", "report", **asked) as account:
        facts = collect(engine, days, last, games_here(settings))
        content = render(facts).encode()
        write_atomically(output, content)
        account.made.append(_kept(settings.artifacts, content, output))
    window = facts.window
    say(f"{output}: {window.first} to {window.last}, {len(content) / 1000:.0f} kB")
    if open_:
        webbrowser.open(output.resolve().as_uri())


def _kept(artifacts: str, content: bytes, output: Path) -> "Made":
    """The page as the ledger has it: a copy in the artifact store, for the file itself may change."""
    from gamefactory_dagster.ledger.recording import Made
    from gamefactory_dagster.studio.shipping.artifacts import ArtifactStore
    from gamefactory_dagster.studio.shipping.web import media_type

    stored = ArtifactStore(artifacts).put("reports", content, ".html")
    meta = {"path": output.name}
    return Made("report", stored.url, media_type(stored.url), stored.size, stored.sha256, meta)


def collect(
    engine: "sa.Engine", days: int, last: dt.date | None = None, published: "PublishedGames | None" = None
) -> "Facts":
    """Read the facts of the ``days`` days to ``last``, by default the last computed day, or else yesterday.

    ``published``: the games' files, for their icons.

    All from one snapshot, so that the numbers agree with one another.
    """
    from gamefactory_dagster.database.engine import transaction
    from gamefactory_dagster.days import day_of

    from . import reading
    from .facts import Window

    made_at = dt.datetime.now(dt.UTC)
    with transaction(engine.execution_options(isolation_level="REPEATABLE READ")) as connection:
        end = last or reading.last_computed_day(connection) or day_of(made_at) - dt.timedelta(1)
        return reading.read(connection, Window.ending(end, days), made_at, published)
