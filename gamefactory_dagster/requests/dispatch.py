"""What the sensor of requests does in one tick: plan what waits, follow games, ask for runs, wait for more.

What belongs here: the order of these, and hearing at once that something was entered. What does not: Dagster,
and recovering games whose worker died, which production does for every game.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from time import monotonic, sleep

import psycopg
import sqlalchemy as sa

from gamefactory_dagster.database import databases
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.tables.requests import ENDED
from gamefactory_dagster.errors import GameFactoryError
from gamefactory_dagster.orchestration.tick import Stage, Tick, repeated, request_next
from gamefactory_dagster.production.dispatch import NEXT_GAMES, game_work
from gamefactory_dagster.production.states import GAMES
from gamefactory_dagster.production.workshop import Workshop
from gamefactory_dagster.settings import Settings

from .claiming import plan_left, plan_next
from .following import follow
from .forgetting import forget_lines
from .queue import CHANNEL
from .reading import REQUESTS

WAIT_SECONDS = 6.0
"""How long a tick waits for something to do, of the minute Dagster gives a sensor.

The next one begins up to 5 s later, in which nobody listens. Whoever stops the factory waits for it.
"""

LOOK_SECONDS = 0.5
"""How often games are looked at while requests are open."""

PLAN_SECONDS = 5.0
"""How long a tick plans before runs are asked for."""

Wait = Callable[[float], None]
"""Waits so many seconds, or until something was entered."""


def tick(shop: Workshop, seconds: float) -> Tick:
    """Move everything on, until runs are wanted or ``seconds`` have passed; safe in any number at once."""
    done = Tick()
    until = monotonic() + seconds
    done.attempt("old lines deleted", lambda: forget_lines(shop.engine, shop.settings))
    with _listening(shop.engine) as wait:
        while True:
            _move_on(shop, done)
            left = until - monotonic()
            if done.wanted or done.failed or left <= 0:
                return done
            wait(min(left, LOOK_SECONDS) if _is_any_open(shop.engine) else left)


def _move_on(shop: Workshop, done: Tick) -> None:
    engine, settings = shop.engine, shop.settings
    work = replace(game_work(shop.providers.publisher), next=NEXT_GAMES.where(GAMES.c.priority > 0))

    def plan(one: Callable[[sa.Engine, Settings], int | None]) -> int:
        return repeated(partial(one, engine, settings), PLAN_SECONDS)

    def ask() -> int:
        done.wanted = request_next(engine, settings, work)
        return len(done.wanted)

    stages: dict[str, Stage] = {
        "left requests planned": lambda: plan(plan_left),
        "requests planned": lambda: plan(plan_next),
        "requests told": lambda: follow(engine),
        "runs asked for": ask,
    }
    for name, stage in stages.items():
        done.attempt(name, partial(_after, done.done.get(name, 0), stage))


def _after(before: int, stage: Stage) -> int:
    """Count on."""
    return before + stage()


def _is_any_open(engine: sa.Engine) -> bool:
    with transaction(engine) as connection:
        open_ = sa.exists().where(REQUESTS.c.status.not_in(ENDED), REQUESTS.c.game_id.is_not(None))
        return bool(connection.scalar(sa.select(open_)))


@contextmanager
def _listening(engine: sa.Engine) -> Iterator[Wait]:
    """Give what waits; where nothing can be heard it waits and hears nothing."""
    connection: psycopg.Connection | None = None
    with suppress(psycopg.Error, GameFactoryError):
        connection = databases.connect(engine.url)
        connection.execute(f"LISTEN {CHANNEL}")

    def wait(seconds: float) -> None:
        if connection is None or connection.closed:
            sleep(min(seconds, LOOK_SECONDS))
            return
        with suppress(psycopg.Error):
            for _ in connection.notifies(timeout=seconds, stop_after=1):
                pass

    try:
        yield wait
    finally:
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()
