"""Reading the report's facts from the database.

What belongs here: the queries, and how much of everything is shown. What does not: the definition of any
metric (``analytics``): stored counts are only added up over days and games.
"""

import datetime as dt
from dataclasses import fields
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.analytics import trends
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.analytics import EventArchive, LandedFile, RollupDay
from gamefactory_dagster.database.tables.factory import Batch, Game
from gamefactory_dagster.days import day_bounds, month_of
from gamefactory_dagster.studio.shipping.published import PublishedGames

from .facts import Facts, Funnel, GameLine, Level, MetricCounts, Quarantined, Rollups, Totals, Weight, Window
from .icons import small_icons

GAMES = 100
"""Games in the table: the most installed."""

FUNNELS = 8
"""Games whose levels are shown: the most installed."""

LEVELS = 15
"""Levels shown of one game: the first."""

LEVEL_DAYS = 30
"""Levels are counted from raw events, some microseconds each: over the last of the window's days only."""

WEIGHTS = 6
"""Mechanics shown of one genre: those whose weight moved most."""


def last_computed_day(connection: sa.Connection) -> dt.date | None:
    """The newest day with metrics, the natural end of a report."""
    newest = sa.select(sa.func.max(RollupDay.date)).where(RollupDay.game_metrics_at.is_not(None))
    return connection.execute(newest).scalar_one()


def read(
    connection: sa.Connection, window: Window, made_at: dt.datetime, published: PublishedGames | None = None
) -> Facts:
    """Read a report's facts; in one transaction of level REPEATABLE READ they agree with one another.

    ``published``: the games' files, for their icons.
    """
    games, games_total = list_games(connection, window)
    days = trends.days(connection, window.first, window.last)
    levels_window = Window.ending(window.last, min(window.days, LEVEL_DAYS))
    return Facts(
        made_at=made_at,
        window=window,
        totals=_totals(connection, window),
        before=_before(connection, window, days),
        days=days,
        retention=trends.retention(connection, window.first, window.last),
        games=games,
        games_total=games_total,
        icons=small_icons(published, [game.slug for game in games]) if published else {},
        levels_window=levels_window,
        funnels=_funnels(connection, levels_window, games),
        archived=_archived(connection, levels_window),
        weights=[Weight(*row) for row in _rows(connection, "weights", limit=WEIGHTS)],
        batch_states=_states(connection, Batch.status, sa.true()),
        game_states=_states(connection, Game.status, Game.external.is_(False)),
        quarantine=[Quarantined(*row) for row in _rows(connection, "quarantine")],
        rollups=_rollups(connection, window),
        failed_files=_failed_files(connection),
    )


def list_games(connection: sa.Connection, window: Window) -> tuple[list[GameLine], int]:
    """The most installed games of the window, at most ``GAMES``, and how many there are."""
    rows = _rows(connection, "games", first=window.first, last=window.last, limit=GAMES)
    return [_game(row._mapping) for row in rows], rows[0].total if rows else 0


def _totals(connection: sa.Connection, window: Window) -> Totals:
    [row] = _rows(connection, "totals", first=window.first, last=window.last)
    return Totals(**{name: int(value) for name, value in row._mapping.items()})


def _before(connection: sa.Connection, window: Window, days: list[trends.Day]) -> Totals | None:
    earlier = window.before()
    compared = [*trends.days(connection, earlier.first, earlier.last), *days]
    return _totals(connection, earlier) if all(day.computed for day in compared) else None


def _game(row: Any) -> GameLine:
    counted: dict[str, Any] = {field.name: int(row[field.name]) for field in fields(MetricCounts)}
    rest = {name: row[name] for name in ("id", "slug", "name", "genre", "play_url", "score")}
    return GameLine(dau=int(row["dau"]), **counted, **rest)


def _funnels(connection: sa.Connection, window: Window, games: list[GameLine]) -> list[Funnel]:
    start, end = day_bounds(window.first, window.last)
    chosen = {game.id: game for game in games[:FUNNELS]}
    rows = _rows(
        connection,
        "levels",
        games=list(chosen),
        levels=LEVELS,
        start=start,
        end=end,
    )
    played = {game: list(group) for game, group in groupby(rows, key=lambda row: row.game_id)}
    return [_funnel(game, played[id_]) for id_, game in chosen.items() if id_ in played]


def _funnel(game: GameLine, rows: list[Any]) -> Funnel:
    levels = [Level(row.level, row.players, row.started, row.completed, row.failed) for row in rows]
    return Funnel(game.name, game.genre, levels, rows[0].total, sum(row.simulated for row in rows))


def _archived(connection: sa.Connection, window: Window) -> list[dt.date]:
    inside = EventArchive.month.between(month_of(window.first), window.last)
    statement = sa.select(EventArchive.month).where(inside).distinct().order_by(EventArchive.month)
    return list(connection.scalars(statement))


def _rollups(connection: sa.Connection, window: Window) -> Rollups:
    [row] = _rows(connection, "rollups", first=window.first, last=window.last)
    return Rollups(**row._mapping)


def _states(connection: sa.Connection, status: Any, which: sa.ColumnElement[bool]) -> dict[str, int]:
    rows = connection.execute(sa.select(status, sa.func.count()).where(which).group_by(status))
    return {state: int(count) for state, count in rows}


def _failed_files(connection: sa.Connection) -> int:
    statement = sa.select(sa.func.count()).select_from(LandedFile).where(LandedFile.status == "failed")
    return connection.execute(statement).scalar_one()


def _rows(connection: sa.Connection, name: str, **parameters: object) -> list[Any]:
    return list(connection.execute(sa.text(load(f"report/{name}")), parameters))
