"""A day of metrics, a day after more and more history, and a whole backfill: ours against the other ways.

CPU is this process and PostgreSQL together. Ours writes its rows, scores included; the others only work
theirs out, and must come to the same figures.
"""

import datetime as dt
import statistics
from collections.abc import Callable

import orjson
import sqlalchemy as sa

from benchmarks import log, rollup_others
from benchmarks.factory import BenchFactory, bench_factory
from benchmarks.measure import Cost, console, measured, print_table, spread
from benchmarks.rollup_others import Figures
from gamefactory_dagster.analytics.rollup import compute_game_metrics, compute_player_days, refresh
from gamefactory_dagster.analytics.scoring import Scoring
from gamefactory_dagster.settings import Settings

RUNS = 5
HEAVY_RUNS = 3
"""Runs of what takes seconds at full size, the first one included."""

_UNREAD = """
ALTER TABLE factory.analytics_events DROP CONSTRAINT analytics_events_game_id_fkey;
DROP INDEX factory.idx_analytics_events_game_id, factory.idx_analytics_events_type,
    factory.idx_analytics_game_type_time;
"""
"""What no way here reads: without them the log loads in half the time."""

_MONTHS = """
SELECT factory.ensure_events_partition(day)
FROM generate_series(CAST(:first AS timestamptz), :last, '1 day') AS day
"""

_COPY = """
COPY factory.analytics_events
    (id, game_id, event_type, user_id, session_id, level, properties, device_info, timestamp)
FROM STDIN
"""

SCORING = Scoring.of(Settings(database_url=None))
Row = tuple[object, ...]


def main(events: int, days: int) -> None:
    """Print the tables. ``days``: at least 6."""
    with bench_factory(browser=False) as factory:
        _load(factory, events, days)
        all_days = [log.FIRST_DAY + dt.timedelta(number) for number in range(days)]
        histories = (days // 6, days // 2, days)
        rows: list[Row] = []
        plain_seconds: dict[int, float] = {}
        begun = 0
        for history in histories:
            refresh(factory.engine, all_days[begun : history - 1], SCORING)
            day, begun = all_days[history - 1], history - 1
            ours = _runs(
                factory,
                RUNS,
                lambda day=day: _ours(factory.engine, day),
                lambda day=day: _forget(factory, day),
            )
            plain = _runs(factory, HEAVY_RUNS, lambda day=day: rollup_others.plain(factory.engine, day))
            plain_seconds[history] = _median(plain)
            rows.append(
                (history, spread(_cpu(ours)), spread(_wall(ours)), spread(_cpu(plain)), _median(ours))
            )
        least = rows[0][-1]
        print_table(
            "One day after more and more history, CPU seconds: median (range)",
            ("days of history", "ours", "ours, wall", "plain SQL", "ours to the first"),
            [(*row[:-1], f"{row[-1] / least:.2f}") for row in rows],  # type: ignore[operator]
        )
        _one_day(factory, all_days[-1], events / days)
        _backfill(factory, all_days, plain_seconds)


def _load(factory: BenchFactory, events: int, days: int) -> None:
    log.add_games(factory.engine)
    last = log.FIRST_DAY + dt.timedelta(days)
    with factory.engine.begin() as connection:
        connection.exec_driver_sql(_UNREAD)
        connection.execute(sa.text(_MONTHS), {"first": log.FIRST_DAY, "last": last})
    with measured(factory.postmaster) as cost, factory.engine.begin() as connection:
        cursor = connection.connection.cursor()
        with cursor.copy(_COPY) as copy:
            for chunk in log.lines(events, days=days):
                copy.write("".join(map(_copy_line, chunk)))
    with factory.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE factory.analytics_events")
    console.print(f"{events:,} events over {days} days loaded in {cost.cpu:.0f} s of CPU, {cost.wall:.0f} s.")


def _copy_line(line: bytes) -> str:
    event = orjson.loads(line)
    level = "\\N" if event["level"] is None else event["level"]
    properties, device = orjson.dumps(event["properties"]), orjson.dumps(event["device_info"])
    return (
        f"{event['event_id']}\t{event['game_id']}\t{event['event_type']}\t{event['user_id']}\t{event['session_id']}\t"
        f"{level}\t{properties.decode()}\t{device.decode()}\t{event['timestamp']}\n"
    )


def _one_day(factory: BenchFactory, day: dt.date, events: float) -> None:
    """The last day, every way; checks that all give the same figures."""
    engine = factory.engine
    found: dict[str, Figures] = {}

    def keep(name: str, way: Callable[[], Figures]) -> Callable[[], None]:
        def run() -> None:
            found[name] = way()

        return run

    others = rollup_others
    costs = {
        "hashing the day's keys (floor)": _runs(factory, RUNS, lambda: others.floor(engine, day)),
        "ours": _runs(factory, RUNS, lambda: _ours(engine, day), lambda: _forget(factory, day)),
        "plain SQL, count(distinct) over raw": _runs(
            factory, HEAVY_RUNS, keep("plain", lambda: others.plain(engine, day))
        ),
        "pandas, first days from raw": _runs(
            factory, HEAVY_RUNS, keep("pandas", lambda: others.with_pandas(engine, day, history=True))
        ),
        "pandas, first days given": _runs(
            factory, RUNS, keep("pandas given", lambda: others.with_pandas(engine, day, history=False))
        ),
        "ORM objects, first days given": _runs(
            factory, RUNS, keep("orm", lambda: others.with_orm(engine, day))
        ),
    }
    expected = _stored(engine, [day])
    for name, figures in found.items():
        if figures != {key: expected[key] for key in figures}:
            raise SystemExit(f"{name} gives other figures")
    ours, least = _median(costs["ours"]), _median(costs["hashing the day's keys (floor)"])
    print_table(
        f"One day of metrics, {events:,.0f} events, CPU seconds: median (range)",
        ("way", "CPU", "wall", "microseconds an event", "to the floor", "to ours"),
        [
            (
                name, spread(_cpu(cost)), spread(_wall(cost)), f"{_median(cost) * 1e6 / events:.2f}",
                f"{_median(cost) / least:.1f}", f"{_median(cost) / ours:.1f}",
            )
            for name, cost in costs.items()
        ],
    )  # fmt: skip


def _backfill(factory: BenchFactory, days: list[dt.date], plain_seconds: dict[int, float]) -> None:
    """All days, three ways; plain SQL is summed up over the line through its measured days."""
    engine = factory.engine
    figures: Figures = {}

    def single() -> None:
        figures.update(rollup_others.all_days(engine, days[0], days[-1]))

    statement = _runs(factory, HEAVY_RUNS, single)
    ours = _runs(factory, HEAVY_RUNS, lambda: _day_by_day(engine, days), lambda: _forget_all(factory))
    range_ = _runs(factory, HEAVY_RUNS, lambda: refresh(engine, days, SCORING), lambda: _forget_all(factory))
    expected = _stored(engine, days)
    if figures != {key: expected[key] for key in figures}:
        raise SystemExit("the single statement gives other figures")
    plain = sum(_on_line(plain_seconds, number) for number in range(1, len(days) + 1))
    best = _median(statement)
    rows = [
        ("best single statement", statement),
        ("ours, day by day in order", ours),
        ("ours, as one range", range_),
    ]
    print_table(
        f"Backfill of {len(days)} days, CPU seconds: median (range)",
        ("way", "CPU", "wall", "to the single statement"),
        [
            *(
                (name, spread(_cpu(cost)), spread(_wall(cost)), f"{_median(cost) / best:.2f}")
                for name, cost in rows
            ),
            (
                "plain SQL, day by day (from the days measured)",
                f"about {plain:.0f}",
                "",
                f"{plain / best:.1f}",
            ),
        ],
    )


def _on_line(measured_at: dict[int, float], number: int) -> float:
    slope, intercept = statistics.linear_regression(list(measured_at), list(measured_at.values()))
    return intercept + slope * number


def _ours(engine: sa.Engine, day: dt.date) -> None:
    compute_player_days(engine, day)
    compute_game_metrics(engine, [day], SCORING)


def _day_by_day(engine: sa.Engine, days: list[dt.date]) -> None:
    for day in days:
        _ours(engine, day)


def _forget(factory: BenchFactory, day: dt.date) -> None:
    """Take the last computed day away, so that computing it is the first time again."""
    with factory.engine.begin() as connection:
        for statement in (
            "DELETE FROM factory.game_metrics WHERE date = :day",
            "DELETE FROM factory.player_days WHERE date = :day",
            "DELETE FROM factory.players WHERE first_date = :day",
            "DELETE FROM factory.rollup_days WHERE date = :day",
        ):
            connection.execute(sa.text(statement), {"day": day})
    with factory.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(
            "VACUUM ANALYZE factory.players, factory.player_days, factory.game_metrics"
        )


def _forget_all(factory: BenchFactory) -> None:
    with factory.engine.begin() as connection:
        connection.execute(
            sa.text(
                "TRUNCATE factory.game_metrics, factory.player_days, factory.players, factory.rollup_days"
            )
        )


def _stored(engine: sa.Engine, days: list[dt.date]) -> Figures:
    statement = """
        SELECT game_id::text AS game, date, installs, dau, sessions, avg_session_duration_seconds AS seconds,
            retained_d1, levels_completed, ad_revenue_cents AS ad_cents
        FROM factory.game_metrics WHERE date = ANY (:days)
    """
    with engine.connect() as connection:
        rows = connection.execute(sa.text(statement), {"days": days})
        return {(row.game, row.date): tuple(row[2:]) for row in rows}


def _runs(
    factory: BenchFactory, runs: int, run: Callable[[], object], before: Callable[[], object] = lambda: None
) -> list[Cost]:
    """Costs of ``runs`` runs; ``before`` each, unmeasured, comes what it needs."""
    costs = []
    for _ in range(runs):
        before()
        with measured(factory.postmaster) as cost:
            run()
        costs.append(cost)
    return costs


def _cpu(costs: list[Cost]) -> list[float]:
    return [cost.cpu for cost in costs]


def _wall(costs: list[Cost]) -> list[float]:
    return [cost.wall for cost in costs]


def _median(costs: list[Cost]) -> float:
    return statistics.median(_cpu(costs))
