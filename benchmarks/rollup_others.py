"""What a day of metrics costs otherwise: plain SQL over raw events, pandas, ORM objects, or all days at once.

What belongs here: the other ways, each as good as it is usually written, giving figures to compare. None of
them computes the score, or keeps anything for the next day.
"""

import datetime as dt
from collections import defaultdict
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gamefactory_dagster.database.tables.analytics import Player
from gamefactory_dagster.database.tables.factory import AnalyticsEvent
from gamefactory_dagster.days import day_bounds

Figures = dict[tuple[str, dt.date], tuple[int, ...]]
"""(game, day) -> installs, dau, sessions, mean seconds, returners after 1 day, levels completed, ad cents."""

FLOOR = """
SELECT count(*) FROM (
    SELECT FROM factory.raw_events WHERE timestamp >= :start AND timestamp < :end
    GROUP BY game_id, user_id, session_id
) AS keys
"""
"""The least any way must do: find the day's events and hash their keys."""

PLAIN = """
WITH firsts AS (
    SELECT game_id, user_id, CAST(min(timestamp) AT TIME ZONE 'UTC' AS date) AS first_date
    FROM factory.analytics_events
    WHERE timestamp < :end AND user_id IS NOT NULL
    GROUP BY game_id, user_id
),
sessions AS (
    SELECT game_id, avg(extract(epoch FROM last - first)) AS seconds
    FROM (
        SELECT game_id, min(timestamp) AS first, max(timestamp) AS last
        FROM factory.analytics_events
        WHERE timestamp >= :start AND timestamp < :end AND user_id IS NOT NULL AND session_id IS NOT NULL
        GROUP BY game_id, user_id, session_id
    ) AS each
    GROUP BY game_id
)
SELECT
    CAST(game_id AS text) AS game,
    count(DISTINCT user_id) FILTER (WHERE first_date = :day) AS installs,
    count(DISTINCT user_id) AS dau,
    count(DISTINCT (user_id, session_id)) FILTER (WHERE session_id IS NOT NULL AND user_id IS NOT NULL)
        AS sessions,
    CAST(round(max(seconds)) AS integer) AS seconds,
    count(DISTINCT user_id) FILTER (WHERE first_date = CAST(:day AS date) - 1) AS retained_d1,
    count(DISTINCT user_id) FILTER (WHERE first_date = CAST(:day AS date) - 7) AS retained_d7,
    count(DISTINCT user_id) FILTER (WHERE first_date = CAST(:day AS date) - 30) AS retained_d30,
    count(*) FILTER (WHERE event_type = 'level_complete') AS levels_completed,
    count(*) FILTER (WHERE event_type = 'level_fail') AS levels_failed,
    count(*) FILTER (WHERE event_type = 'unlock_prompt_shown') AS ad_prompts,
    count(*) FILTER (WHERE event_type = 'rewarded_ad_started') AS ad_impressions,
    CAST(round(sum(CAST(properties ->> 'revenue_micros' AS bigint))
        FILTER (WHERE event_type = 'rewarded_ad_completed') / 10000) AS integer) AS ad_cents,
    sum(CAST(properties ->> 'revenue_cents' AS bigint)) FILTER (WHERE event_type = 'iap_completed')
        AS iap_cents
FROM factory.analytics_events
LEFT JOIN firsts USING (game_id, user_id)
LEFT JOIN sessions USING (game_id)
WHERE timestamp >= :start AND timestamp < :end
GROUP BY game_id
"""

FIRSTS = """
SELECT
    CAST(game_id AS text) AS game, user_id AS "user", CAST(min(timestamp) AT TIME ZONE 'UTC' AS date) AS first
FROM factory.analytics_events
WHERE timestamp < :end AND user_id IS NOT NULL
GROUP BY game_id, user_id
"""

KNOWN = 'SELECT CAST(game_id AS text) AS game, user_id AS "user", first_date AS first FROM factory.players'

EVENTS = """
SELECT
    CAST(game_id AS text) AS game, user_id AS "user", session_id AS session, event_type AS type, timestamp,
    CAST(properties ->> 'revenue_micros' AS float) AS micros
FROM factory.analytics_events
WHERE timestamp >= :start AND timestamp < :end
"""

ALL_DAYS = """
CREATE TEMP TABLE all_days ON COMMIT DROP AS
WITH sessions AS MATERIALIZED (
    SELECT
        CAST(timestamp AT TIME ZONE 'UTC' AS date) AS date, game_id, user_id, session_id,
        max(timestamp) - min(timestamp) AS length,
        count(*) FILTER (WHERE event_type = 'level_complete') AS levels_completed,
        count(*) FILTER (WHERE event_type = 'level_fail') AS levels_failed,
        count(*) FILTER (WHERE event_type = 'unlock_prompt_shown') AS ad_prompts,
        count(*) FILTER (WHERE event_type = 'rewarded_ad_started') AS ad_impressions,
        sum(revenue_micros) AS micros,
        sum(revenue_cents) AS cents
    FROM factory.raw_events
    WHERE timestamp >= :start AND timestamp < :end
    GROUP BY 1, 2, 3, 4
),
player_days AS MATERIALIZED (
    SELECT
        date, game_id, user_id, count(session_id) AS sessions, sum(extract(epoch FROM length)) AS seconds,
        sum(levels_completed) AS levels_completed, sum(levels_failed) AS levels_failed,
        sum(ad_prompts) AS ad_prompts, sum(ad_impressions) AS ad_impressions,
        sum(micros) AS micros, sum(cents) AS cents
    FROM sessions GROUP BY 1, 2, 3
),
firsts AS MATERIALIZED (SELECT game_id, user_id, min(date) AS first_date FROM player_days GROUP BY 1, 2)
SELECT
    date, CAST(game_id AS text) AS game, count(*) FILTER (WHERE date = first_date) AS installs,
    count(user_id) AS dau, CAST(sum(sessions) AS bigint) AS sessions,
    CAST(round(sum(seconds) / sum(sessions)) AS integer) AS seconds,
    count(*) FILTER (WHERE date = first_date + 1) AS retained_d1,
    count(*) FILTER (WHERE date = first_date + 7) AS retained_d7,
    count(*) FILTER (WHERE date = first_date + 30) AS retained_d30,
    CAST(sum(levels_completed) AS bigint) AS levels_completed, sum(levels_failed) AS levels_failed,
    sum(ad_prompts) AS ad_prompts, sum(ad_impressions) AS ad_impressions,
    CAST(round(sum(micros) / 10000) AS bigint) AS ad_cents, sum(cents) AS iap_cents
FROM player_days LEFT JOIN firsts USING (game_id, user_id)
GROUP BY date, game_id
"""

COMPARED = ("installs", "dau", "sessions", "seconds", "retained_d1", "levels_completed", "ad_cents")


def floor(engine: sa.Engine, day: dt.date) -> None:
    """Hash the keys of the day's events."""
    with engine.begin() as connection:
        _plan_as_ours(connection)
        start, end = day_bounds(day)
        connection.execute(sa.text(FLOOR), {"start": start, "end": end})


def plain(engine: sa.Engine, day: dt.date) -> Figures:
    """One statement with count(DISTINCT) over raw events; first days from all the history."""
    start, end = day_bounds(day)
    with engine.begin() as connection:
        _plan_as_ours(connection)
        rows = connection.execute(sa.text(PLAIN), {"day": day, "start": start, "end": end}).mappings()
        return {(row["game"], day): _compared(row) for row in rows}


def all_days(engine: sa.Engine, first: dt.date, last: dt.date) -> Figures:
    """The best single statement for a range of days: right only when history begins with it."""
    with engine.begin() as connection:
        _plan_as_ours(connection)
        start, end = day_bounds(first, last)
        connection.execute(sa.text(ALL_DAYS), {"start": start, "end": end})
        rows = connection.execute(sa.text("SELECT * FROM all_days")).mappings()
        return {(row["game"], row["date"]): _compared(row) for row in rows}


def with_pandas(engine: sa.Engine, day: dt.date, *, history: bool) -> Figures:
    """The day's events as a DataFrame; first days from raw history, or from ``players`` as ours leaves it."""
    start, end = day_bounds(day)
    moments = {"start": start, "end": end}
    with engine.connect() as connection:
        events = pd.read_sql(sa.text(EVENTS), connection, params=moments)
        firsts = pd.read_sql(sa.text(FIRSTS if history else KNOWN), connection, params=moments)
    played = events.dropna(subset=["user"]).drop_duplicates(["game", "user"])[["game", "user"]]
    played = played.merge(firsts, on=["game", "user"])
    age = (pd.Timestamp(day) - pd.to_datetime(played["first"])).dt.days
    active = played.assign(**{f"d{days}": age == days for days in (0, 1, 7, 30)}).groupby("game")
    sessions = events.dropna(subset=["user", "session"]).groupby(["game", "user", "session"])["timestamp"]
    length = (sessions.max() - sessions.min()).dt.total_seconds().groupby("game")
    levels = events.groupby(["game", "type"]).size().unstack(fill_value=0)
    micros = events.groupby("game")["micros"].sum()
    table = pd.DataFrame(
        {
            "installs": active["d0"].sum(),
            "dau": active.size(),
            "sessions": length.size(),
            "seconds": (length.mean() + 0.5).astype(int),
            "retained_d1": active["d1"].sum(),
            "levels_completed": levels["level_complete"],
            "ad_cents": (micros / 10_000 + 0.5).astype(int),
        }
    )
    return {(str(row[0]), day): tuple(map(int, row[1:])) for row in table.itertuples()}


def with_orm(engine: sa.Engine, day: dt.date) -> Figures:
    """The day's events as mapped objects, a thousand at a time; first days from ``players``."""
    start, end = day_bounds(day)
    active: dict[str, set[str]] = defaultdict(set)
    times: dict[str, dict[tuple[str, str], list[dt.datetime]]] = defaultdict(dict)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    micros: dict[str, int] = defaultdict(int)
    when = (AnalyticsEvent.timestamp >= start, AnalyticsEvent.timestamp < end)
    with Session(engine) as session:
        statement = sa.select(AnalyticsEvent).where(*when).execution_options(yield_per=1000)
        for event in session.scalars(statement):
            game = str(event.game_id)
            counts[game][event.event_type] += 1
            if event.event_type == "rewarded_ad_completed":
                micros[game] += event.properties.get("revenue_micros", 0)
            if event.user_id is not None:
                active[game].add(event.user_id)
                if event.session_id is not None:
                    span = times[game].setdefault((event.user_id, event.session_id), [event.timestamp] * 2)
                    span[0], span[1] = min(span[0], event.timestamp), max(span[1], event.timestamp)
        ages: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        days = [day, day - dt.timedelta(1), day - dt.timedelta(7), day - dt.timedelta(30)]
        for player in session.scalars(sa.select(Player).where(Player.first_date.in_(days))):
            if player.user_id in active[str(player.game_id)]:
                ages[str(player.game_id)][(day - player.first_date).days] += 1
    return {
        (game, day): (
            ages[game][0],
            len(active[game]),
            len(times[game]),
            int(_mean_seconds(list(times[game].values())) + 0.5),
            ages[game][1],
            counts[game]["level_complete"],
            (micros[game] + 5_000) // 10_000,
        )
        for game in counts
    }


def _mean_seconds(spans: list[list[dt.datetime]]) -> float:
    return sum((last - first).total_seconds() for first, last in spans) / max(len(spans), 1)


def _compared(row: Any) -> tuple[int, ...]:
    return tuple(int(row[name] or 0) for name in COMPARED)


def _plan_as_ours(connection: sa.Connection) -> None:
    connection.execute(sa.text("SELECT set_config('work_mem', '256MB', true)"))
