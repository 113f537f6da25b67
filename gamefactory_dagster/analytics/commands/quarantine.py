"""``gamefactory events quarantine``: see what was refused and why, and try it again after a fix."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.terminal import AsJson, console, counted, moment, progress, say, say_json, table

if TYPE_CHECKING:
    from rich.table import Table

    from gamefactory_dagster.analytics.quarantine import Refused, Retried, Share

quarantine_app = typer.Typer(no_args_is_help=True, help="Events a rule refused, kept whole with the reason.")

OfReason = Annotated[
    str | None, typer.Option("--reason", help="Only those refused for this, e.g. unknown_game.")
]
OfGame = Annotated[
    str | None,
    typer.Option("--game", help="Only those that name this game or were sent under it: id or slug."),
]


@quarantine_app.command("list")
def list_(
    reason: OfReason = None,
    game: OfGame = None,
    limit: Annotated[int, typer.Option(min=0, max=1000, help="Show at most this many, the newest.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show how many events were refused for which reason, then the newest of them.

    Example: gamefactory events quarantine list --reason unknown_game --limit 5
    """
    from gamefactory_dagster.analytics import quarantine
    from gamefactory_dagster.database.engine import transaction
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.settings import get_settings

    quarantine.check_reason(reason)
    with transaction(ready_engine(get_settings())) as connection:
        which = quarantine.which_events(connection, reason, game)
        shares = quarantine.shares(connection, which)
        newest = quarantine.newest(connection, which, limit)
    if as_json:
        say_json({"reasons": shares, "events": newest})
    elif shares:
        console().print(shares_table(shares))
        if newest:
            console().print(newest_table(newest))
    else:
        say("No such event is in quarantine.")


def shares_table(shares: "list[Share]") -> "Table":
    """Counts by reason."""
    return table(
        ("reason", "events", "first (UTC)", "last (UTC)"),
        [(share.reason, share.events, moment(share.oldest), moment(share.newest)) for share in shares],
        numbers=("events",),
        title="Refused events",
    )


def newest_table(newest: "list[Refused]") -> "Table":
    """Single events; all but the reason came from outside."""
    return table(
        ("reason", "field", "game", "source", "received (UTC)", "event"),
        [
            (one.reason, one.field, one.game_id, one.source, moment(one.received_at), one.excerpt)
            for one in newest
        ],
        title="The newest",
    )


@quarantine_app.command("retry")
def retry(
    reason: OfReason = None,
    game: OfGame = None,
    everything: Annotated[bool, typer.Option("--all", help="Every refused event.")] = False,
    any_day: Annotated[
        bool, typer.Option("--any-day", help="Also what strangers sent of days too long ago for them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Judge refused events again, after a game was registered or a rule was changed, and store the good ones.

    An event keeps the time and the source it was received with. What is still refused stays, with its reason.
    What is implausible is taken only when --reason implausible says so, past all bounds.
    May be stopped and run again at any time: nothing is lost and nothing is stored twice.

    Example: gamefactory events quarantine retry --reason unknown_game
    """
    if not (reason or game or everything):
        raise InputError("--reason", None, "--reason, --game or --all, to say which events")
    from gamefactory_dagster.analytics import quarantine
    from gamefactory_dagster.analytics.plausible import Bounds
    from gamefactory_dagster.database.engine import transaction
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.ledger.accounts import command
    from gamefactory_dagster.settings import get_settings

    quarantine.check_reason(reason)
    settings = get_settings()
    engine = ready_engine(settings)
    with transaction(engine) as connection:
        which = quarantine.which_events(connection, reason, game)
        left_alone = sum(share.events for share in quarantine.shares(connection, which))
        total = quarantine.retryable(connection, which)
    left_alone -= total
    asked = {"reason": reason, "game": game, "all": everything, "any_day": any_day}
    with (
        command(engine, settings.user, "quarantine", "events quarantine retry", **asked) as account,
        progress("Trying again", total) as move,
    ):
        done = quarantine.retry(
            engine,
            which,
            bounds=Bounds.of(settings),
            any_day=any_day,
            on_progress=lambda so_far: move(so_far.tried),
        )
        account.numbers |= asdict(done)
    if as_json:
        say_json({"tried": done.tried, **asdict(done), "left_alone": left_alone})
    else:
        say(summary(done, left_alone))


def summary(done: "Retried", left_alone: int) -> str:
    """One or two sentences."""
    said = (
        f"Tried {counted(done.tried, 'event')}: {done.stored:,} stored, {done.duplicate:,} stored before, "
        f"{done.refused:,} still refused."
    )
    if left_alone:
        said += (
            f"\nLeft alone {counted(left_alone, 'event')} that no fix makes acceptable: sent with another"
            " game's key, or no text, or too long to be kept whole, or implausible: --reason implausible"
            " takes those."
        )
    return said
