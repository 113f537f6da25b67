"""A factory's state to report on: games of several kinds, months of metrics, events by level, weights."""

import datetime as dt
import random
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from gamefactory_dagster.database.tables.factory import GameMetrics
from tests import factory_rows

UNTIL = dt.date(2026, 3, 30)
NAMES = ("Reef Run", "Tile Town", "Moss Maze", "Comet Catch", "Husky and Icicle", "Lantern Leap")
GENRES = ("runner", "puzzle", "arcade")


def add_reported(connection, number, name=None, **columns):
    values = {
        "id": UUID(int=number + 1),
        "name": name or f"{NAMES[number % len(NAMES)]} {number // len(NAMES) or ''}".strip(),
        "slug": f"game-{number}", "genre": GENRES[number % len(GENRES)], "status": "published",
        "play_url": f"http://127.0.0.1:3001/games/game-{number}/",
    } | columns  # fmt: skip
    return factory_rows.add_game(connection, **values)


def add_metrics(connection, game, until=UNTIL, days=60, size=100, seed=0):
    """A game's metrics, a row a day, with a weekend bump and a decline."""
    luck = random.Random(f"{seed}:{game}")
    rows = []
    quality = luck.uniform(0.6, 1.4)
    for back in range(days):
        date = until - dt.timedelta(back)
        week = 1.25 if date.weekday() >= 5 else 1.0
        installs = int(size * week * (0.5 + 0.5 * back / days) * luck.uniform(0.8, 1.2))
        attempts = installs * 14
        completed = int(attempts * 0.6 * luck.uniform(0.9, 1.1))
        rows.append({
            "game_id": game, "date": date, "installs": installs,
            "dau": int(installs * (1.6 + quality) * luck.uniform(0.95, 1.05)), "sessions": installs * 3,
            "cohort_d1": size, "retained_d1": int(size * 0.36 * quality * luck.uniform(0.8, 1.1)),
            "cohort_d7": size, "retained_d7": int(size * 0.13 * quality * luck.uniform(0.8, 1.1)),
            "cohort_d30": size, "retained_d30": int(size * 0.05 * quality * luck.uniform(0.8, 1.1)),
            "levels_completed": completed, "levels_failed": attempts - completed,
            "ad_prompts": installs * 2, "ad_impressions": int(installs * 0.9 * quality),
            "ad_revenue_cents": int(installs * 1.7 * quality),
            "iap_revenue_cents": int(installs * luck.uniform(0.2, 1.4)),
            "score": round(45 * quality + luck.uniform(-1, 1), 4),
        })  # fmt: skip
    connection.execute(sa.insert(GameMetrics), rows)


def add_events(connection, game, players=60, levels=8, date=UNTIL, seed=0):
    """Each player goes on from level to level until they give up."""
    luck = random.Random(f"{seed}:{game}")
    noon = dt.datetime.combine(date, dt.time(12), dt.UTC)
    connection.execute(sa.text("SELECT ensure_events_partition(:moment)"), {"moment": noon})
    rows = []
    for player in range(players):
        for level in range(1, levels + 1):
            won = False
            while not won and luck.random() < 0.9:
                won = luck.random() < 0.75
                for kind in ("level_start", "level_complete" if won else "level_fail"):
                    rows.append((kind, f"player-{player}", level))
            if not won:
                break
    columns = "id, game_id, event_type, user_id, level, timestamp"
    with connection.connection.cursor().copy(f"COPY analytics_events ({columns}) FROM STDIN") as copy:
        for place, (kind, user, level) in enumerate(rows):
            time = noon + dt.timedelta(seconds=place % 3600)
            copy.write_row((UUID(int=luck.getrandbits(128)), game, kind, user, level, time))


def add_runs(connection, game):
    """Endless runs, which are none of a game's levels."""
    connection.execute(
        sa.text(
            "INSERT INTO factory.analytics_events (id, game_id, event_type, user_id, properties, timestamp)"
            " SELECT gen_random_uuid(), :game, 'level_fail', 'u' || n, '{\"mode\": \"endless\"}',"
            " '2026-03-30T12:00:00Z' FROM generate_series(1, 50) AS n"
        ),
        {"game": game},
    )


def add_weights(connection, seed=0):
    """A weight for each mechanic and genre the library allows; a few nobody has tried."""
    luck = random.Random(seed)
    mechanics = connection.execute(sa.text("SELECT id, genre_tags FROM mechanics ORDER BY name")).all()
    for mechanic, genres in mechanics:
        for genre in genres:
            games = luck.choice((0, 3, 9, 22))
            weight = round(min(max(2.718 ** luck.gauss(0, 0.5), 0.1), 9.9999), 4) if games else 1
            factory_rows.insert(
                connection, "learning_weights", mechanic_id=mechanic, genre=genre, weight=weight,
                sample_count=games,
            )  # fmt: skip


def add_quarantine(connection, reason, field, count, received_at):
    for _ in range(count):
        factory_rows.insert(
            connection, "quarantined_events", id=uuid4(), raw="{}", reason=reason, field=field,
            received_at=received_at, source="file",
        )  # fmt: skip


def add_days(connection, until=UNTIL, days=60, stale=(), late=()):
    for back in range(days):
        date = until - dt.timedelta(back)
        factory_rows.insert(
            connection, "rollup_days", date=date, events=1000, player_days_at=dt.datetime.now(dt.UTC),
            game_metrics_at=dt.datetime.now(dt.UTC), late_events=dict(late).get(back, 0),
            stale_since=dt.datetime.now(dt.UTC) if back in stale else None,
        )  # fmt: skip


def fill(connection, games=14, until=UNTIL):
    """A factory at work: two batches, games in every state, sixty days of metrics, and some trouble."""
    done = factory_rows.insert(connection, "batches", name="spring", status="completed", game_count=games)
    factory_rows.insert(connection, "batches", name="summer", status="running", game_count=3)
    ids = []
    for number in range(games):
        ids.append(add_reported(connection, number, batch_id=done))
        add_metrics(connection, ids[-1], until, size=400 // (number + 1) + 3)
        add_events(connection, ids[-1], players=max(90 - 9 * number, 4), levels=6 + number, date=until)
    for number, status in enumerate(("failed", "in_progress", "created"), start=games):
        add_reported(connection, number, name=f"Unborn {number}", status=status, play_url=None)
    add_weights(connection)
    add_quarantine(connection, "unknown_game", "game_id", 7, dt.datetime(2026, 3, 29, 5, tzinfo=dt.UTC))
    add_quarantine(connection, "not_json", None, 2, dt.datetime(2026, 3, 12, 5, tzinfo=dt.UTC))
    add_days(connection, until, stale=(3, 11), late=((2, 40), (20, 2)))
    return ids


@pytest.fixture
def filled(engine):
    with engine.begin() as connection:
        return fill(connection)
