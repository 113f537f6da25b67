"""``gamefactory request``: asking for a game.

What belongs here: reading options, and saying what was entered and what became of it. What does not: doing it
(``queue.py``).
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gamefactory_dagster.ledger.commands.asking import say_who_works
from gamefactory_dagster.terminal import AsJson, User, say, say_json

from .sharing import end_line, follow

if TYPE_CHECKING:
    import sqlalchemy as sa


def request(
    prompt: Annotated[str, typer.Argument(metavar="WORDS", help="What you would like to play, in English.")],
    name: Annotated[str | None, typer.Option(help="What to call the game. Default: made up.")] = None,
    genre: Annotated[str | None, typer.Option(help="Whatever the words say: runner, puzzle.")] = None,
    style: Annotated[str | None, typer.Option(help="How it is drawn, such as pixel_retro.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="The same words and seed give the same game. Default: a random one.")
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Two games of one idea, each by a designer of its own.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Follow it to its end: the game's address, or exit code 1.")
    ] = False,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """Ask for a game in words. The running factory (gamefactory dev) makes it before those of batches.

    It hears genre, theme, mood, pace, difficulty, day or night, how it is drawn, what is in it and what not.

    Example: gamefactory request "a calm night-time puzzle about lighthouses, easy" --watch
    """
    from gamefactory_dagster.requests.asking import check_config, check_name, check_prompt

    given: dict[str, Any] = {"genre": genre, "style": style, "seed": seed, "compare": compare or None}
    config = {option: value for option, value in given.items() if value is not None}
    check_prompt(prompt)  # before there is a database
    check_name(name)
    check_config(config)

    from gamefactory_dagster.database.engine import transaction
    from gamefactory_dagster.ledger.commands.asking import asking
    from gamefactory_dagster.requests.queue import QueueManager
    from gamefactory_dagster.requests.reading import second_of
    from gamefactory_dagster.settings import get_settings

    engine, owner = asking(user)
    entered = QueueManager(engine, get_settings()).create_job(name, prompt, config, owner=owner)
    ids = [entered.id]
    if compare:
        with transaction(engine) as connection:
            second = second_of(connection, entered.id)
        ids += [] if second is None else [second.id]
    if not as_json:
        numbers = " and ".join(map(str, ids))
        say(f"Request {numbers} {'are' if compare else 'is'} in.")
    if not watch:
        if as_json:
            say_json({"requests": ids})
        else:
            say(f"Follow it: gamefactory requests show {entered.id} --watch")
        return
    _follow_to_end(engine, ids, as_json)


def _follow_to_end(engine: "sa.Engine", ids: list[int], as_json: bool) -> None:
    """Show the phases, then tell how requests ended; exit code 1 when any failed."""
    say_who_works("requests")
    ended = follow(engine, ids, aside=as_json)
    if as_json:
        say_json({"requests": [one.told() for one in ended]})
    else:
        for one in ended:
            say(end_line(one))
    if any(one.status == "failed" for one in ended):
        raise typer.Exit(1)
