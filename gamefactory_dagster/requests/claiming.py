"""A request that waits becomes a planned game: its prompt is read, and one game is entered for it.

What belongs here: claiming, planning and entering in one transaction, so that a request is ``processing``
exactly when there is a game for it. What does not: what words mean (``studio/reading``), what they become
(``production/planning.py``), and what becomes of the game (``following.py``).
"""

import datetime as dt
import logging
import secrets
from collections.abc import Collection
from dataclasses import replace
from typing import Any, get_args

import sqlalchemy as sa

from gamefactory_dagster.database import locks
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.locks import Lock
from gamefactory_dagster.database.tables.requests import ENDED
from gamefactory_dagster.errors import GameFactoryError, PermanentError, TransientError
from gamefactory_dagster.production import single
from gamefactory_dagster.production.planning import SEED_BITS, PlannedGame, plan_request
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.design.wishes import MOST_SUBJECTS, Mention, Part, Wishes
from gamefactory_dagster.studio.designer import DESIGNERS
from gamefactory_dagster.studio.reading import Reading, read

from . import reading
from .asking import check_config
from .queue import QueueManager, add_lines, fail, set_outputs
from .reading import REQUESTS, Request

log = logging.getLogger(__name__)

PRIORITY = 20
"""Of a request's run: somebody waits for it."""

RECENT = 4
"""Requests whose genres are not used again where a prompt names none."""

_PARTS = get_args(Part)


def plan_next(engine: sa.Engine, settings: Settings) -> int | None:
    """Claim the oldest request that waits, and enter its game; 1, or None when no request waits.

    One no game can be planned for has failed, and says why; it holds up no other.
    """
    with transaction(engine) as connection:
        locks.take(connection, Lock.PLANNING)  # or two at once settle on the same genre or slug
        request = QueueManager(engine, settings, connection=connection).get_next_job()
        if request is None:
            return None
        _plan_or_fail(connection, request)
        return 1


def plan_left(engine: sa.Engine, settings: Settings) -> int | None:
    """The same of the oldest request that somebody claimed by other ways and left without a game.

    Left is one of which nothing was told for as long as a lease lasts.
    """
    columns = REQUESTS.c
    until = sa.func.clock_timestamp() - dt.timedelta(seconds=settings.lease_seconds)
    left = sa.and_(columns.status == "processing", columns.game_id.is_(None), columns.updated_at < until)
    wanted = sa.select(REQUESTS).where(left, columns.status.not_in(ENDED)).order_by(columns.id).limit(1)
    with transaction(engine) as connection:
        locks.take(connection, Lock.PLANNING)
        row = connection.execute(wanted.with_for_update(skip_locked=True)).mappings().one_or_none()
        if row is None:
            return None
        add_lines(connection, [(row["id"], "warning", "Claimed and left; it is planned again")])
        _plan_or_fail(connection, Request.of(row))
        return 1


def _plan_or_fail(connection: sa.Connection, request: Request) -> None:
    try:
        with connection.begin_nested():
            _plan(connection, request)
    except (TransientError, sa.exc.SQLAlchemyError):
        raise
    except Exception as error:
        if not isinstance(error, GameFactoryError):
            log.exception("request %s", request.id)
        words = str(error) or type(error).__name__
        fail(connection, replace(request, status="processing"), words)


def _plan(connection: sa.Connection, request: Request) -> None:
    said = read(request.prompt)
    if request.pair_of is None:
        game = _own(connection, request, said)
        designer, *_ = DESIGNERS
    else:
        game = _twin(connection, request)
        _, designer, *_ = DESIGNERS
    game_id = single.enter(
        connection,
        game,
        owner=request.owner_id,
        designer=designer,
        priority=PRIORITY,
        asked={"id": request.id, "prompt": request.prompt},
    )
    idea = {"title": game.name, "genre": game.genre, "theme": game.theme, "style": game.style}
    told = {
        "status": "waiting",
        "detail": f"{game.name}: a {game.genre} game",
        "timestamp": request.updated_at.isoformat(),
        "reading": said.as_json(),
        "designer": designer,
        **idea,
    }
    theirs = sa.update(REQUESTS).where(REQUESTS.c.id == request.id)
    connection.execute(theirs.values(game_id=game_id, game_name=game.name))
    set_outputs(connection, request.id, {"phase1": told})
    add_lines(connection, [(request.id, "info", line) for line in _lines(said, game)])


def _lines(said: Reading, game: PlannedGame) -> list[str]:
    return [*said.notes, f"Planned as {game.name}, a {game.genre} game"]


def _own(connection: sa.Connection, request: Request, said: Reading) -> PlannedGame:
    """Plan the game of a request that is by itself, or the first of its pair."""
    options = check_config(request.config)
    asked = {name: value for name in ("genre", "style") if (value := getattr(options, name)) is not None}
    wishes = Wishes.from_json(said.wishes.as_json() | asked)
    is_free = options.seed is None  # else all follows from words and seed
    seed = secrets.randbits(SEED_BITS) if options.seed is None else options.seed
    recent = _recent_genres(connection) if is_free else []

    def plan(taken: Collection[str]) -> PlannedGame:
        return plan_request(wishes, seed, taken_slugs=taken, recent_genres=recent)

    name = request.game_name if request.is_named else None
    return single.planned_around(connection, plan, name, unlike_all=is_free)


def _twin(connection: sa.Connection, request: Request) -> PlannedGame:
    """Plan the second of a pair: the first one's name, genre, theme, style, seed and cast."""
    first = reading.find(connection, request.pair_of or 0)
    if first is None or first.game_id is None:
        raise PermanentError("the request it shares its idea with is no longer there")
    game = single.as_planned(connection, first.game_id)
    cast = first.phase_outputs.get("phase1", {}).get("cast", {})
    wishes = game.wishes.model_copy(update={"subjects": _as_cast(game.wishes, cast)})
    return single.planned_around(connection, lambda _: replace(game, wishes=wishes), game.name)


def _as_cast(wishes: Wishes, cast: dict[str, Any]) -> tuple[Mention, ...]:
    """Give subjects as mentioned, in the parts they play in the first game of a pair."""
    parts = {subject: part for part, subject in cast.items() if part in _PARTS}
    mentioned = [
        mention.model_copy(update={"role": mention.role or parts.get(mention.subject)})
        for mention in wishes.subjects
    ]
    named = {mention.subject for mention in mentioned}
    others = [
        Mention(subject=subject, word=subject, role=part)
        for subject, part in parts.items()
        if subject not in named
    ]
    return (*mentioned, *others)[:MOST_SUBJECTS]


def _recent_genres(connection: sa.Connection) -> list[str]:
    newest = sa.select(REQUESTS.c.game_id).where(REQUESTS.c.game_id.is_not(None))
    games = connection.scalars(
        newest.order_by(REQUESTS.c.created_at.desc(), REQUESTS.c.id.desc()).limit(RECENT)
    )
    return single.genres_of(connection, list(games))
