"""``gamefactory playtest``: the command line of playtests."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from gamefactory_dagster.terminal import AsJson, console, counted, percent, progress, say, say_json, table

if TYPE_CHECKING:
    from rich.table import Table

    from .summary import Summary


def playtest(
    players: Annotated[
        int, typer.Option(help="How many people there are; each finds about a third of the games.")
    ] = 500,
    days: Annotated[int, typer.Option(help="Over how many UTC days they come, and come back.")] = 14,
    seed: Annotated[int, typer.Option(help="Another seed, other people.")] = 1,
    until: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Last day, which must be over; yesterday (UTC) unless given."
        ),
    ] = None,
    game: Annotated[
        list[str] | None,
        typer.Option(help="Slug of a game to play; may be repeated. All that are published unless given."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let simulated players play the published games' real rules, and store what they report.

    Their events say "traffic": "playtest" in device_info. The same command again adds nothing; another seed
    or other days bring other people.

    Example: gamefactory playtest --players 500 --days 14 --seed 2
    """
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.ledger.accounts import command
    from gamefactory_dagster.settings import get_settings

    from .run import play, window

    window(players, days, until.date() if until else None)
    settings = get_settings()
    engine = ready_engine(settings)
    asked = {"players": players, "days": days, "seed": seed, "until": until, "games": game}
    with (
        command(engine, settings.user, "playtest", "playtest", **asked) as account,
        progress("finding games", unit="players") as move,
    ):
        summary = play(
            settings,
            engine,
            players=players,
            days=days,
            seed=seed,
            until=until.date() if until else None,
            games=game or (),
            on_progress=lambda slug, done, total: move(done, total, slug),
        )
        account.numbers |= {"games": len(summary.games), "events_stored": summary.stored}
    if as_json:
        say_json(summary.as_json())
    else:
        show(summary)


def show(summary: "Summary") -> None:
    """Print what a playtest came to, and what to do next."""
    from gamefactory_dagster.learning.outcomes import LEAST_INSTALLS

    console().print(outcome_table(summary))
    for skipped in summary.skipped:
        say(f"{skipped.slug} was left out: {skipped.reason}")
    few = sum(outcome.installs < LEAST_INSTALLS for outcome in summary.games)
    if few:
        of_all = f"{few} of {counted(len(summary.games), 'game')}"
        say(f"Under {LEAST_INSTALLS} installs, too few to learn from: {of_all}.")
    duplicate = sum(outcome.stored.duplicate for outcome in summary.games)
    quarantined = sum(outcome.stored.quarantined for outcome in summary.games)
    say(f"{counted(summary.stored, 'event')} stored, {duplicate:,} known before, {quarantined:,} refused.")
    say(f"Next: gamefactory metrics refresh --from {summary.first} --to {summary.until}")


def outcome_table(summary: "Summary") -> "Table":
    """The games of a playtest, a row each."""
    numbers = ("installs", "sessions", "attempts", "completion", "D1", "ad opt-in")
    return table(
        ("game", *numbers),
        [
            (
                outcome.slug,
                outcome.installs,
                outcome.sessions,
                outcome.attempts,
                percent(outcome.completion),
                percent(outcome.retention_d1),
                percent(outcome.ad_opt_in),
            )
            for outcome in summary.games
        ],
        numbers=numbers,
        title=f"Playtest, {summary.first} to {summary.until}, seed {summary.seed}",
    )
