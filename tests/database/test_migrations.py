import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
import sqlalchemy as sa

from gamefactory_dagster.database import databases, migrations
from gamefactory_dagster.database.tables.factory import Game, Mechanic
from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.design.library import MECHANICS
from tests.conftest import Database


def schema(engine: sa.Engine) -> set[tuple[str, ...]]:
    """All there is in schema factory: tables, functions, triggers."""
    extra = """
        SELECT 'function', proname, '', pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'factory'::regnamespace
        UNION ALL
        SELECT 'trigger', tgname, tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger
        WHERE NOT tgisinternal
    """
    with engine.connect() as connection:
        connection.exec_driver_sql("SET LOCAL search_path = pg_catalog")  # so that names are written in full
        rows = connection.exec_driver_sql(extra).all()
        return {tuple(row) for row in rows} | migrations.catalogue(connection, "factory")


def new_game(connection: sa.Connection, slug: str = "one") -> UUID:
    statement = sa.insert(Game).values(name=slug, slug=slug, genre="runner").returning(Game.id)
    return connection.execute(statement).scalar_one()


def searched(database: Database) -> str:
    """What a session that is not ours searches."""
    with databases.connect_plainly(database.engine.url) as connection:
        [(path,)] = connection.execute("SHOW search_path").fetchall()
        return str(path)


def test_up_down_up_leaves_the_same_schema(database: Database) -> None:
    before = schema(database.engine)
    assert {name for _, table, name, _ in before if name == table} >= {"games", "batches"}
    migrations.downgrade(database.settings, "base")
    assert searched(database) == '"$user", public'
    with database.engine.connect() as connection:
        assert migrations.catalogue(connection, "factory") == set()
        left = "SELECT count(*) FROM pg_namespace WHERE nspname = 'factory'"
        assert connection.exec_driver_sql(left).scalar() == 0
    assert migrations.current(database.settings) is None
    migrations.upgrade(database.settings)
    assert migrations.current(database.settings) == migrations.head()
    assert schema(database.engine) == before
    assert searched(database) == "factory, public"


def test_every_revision_undoes_exactly_what_it_did(database: Database) -> None:
    engine, settings = database.engine, database.settings
    revisions = [f"{number:04}" for number in range(1, int(migrations.head()) + 1)]
    seen = {}
    migrations.downgrade(settings, "base")
    for revision in revisions:
        migrations.upgrade(settings, revision)
        seen[revision] = schema(engine)
    for revision in reversed(revisions):
        migrations.downgrade(settings, revision)
        assert schema(engine) == seen[revision]
    assert seen["0003"] != seen["0002"]


def test_files_that_were_landing_are_taken_over_by_leases(database: Database) -> None:
    engine, settings = database.engine, database.settings
    migrations.downgrade(settings, "0007")
    statement = """
        INSERT INTO factory.landed_files (url, fingerprint, size_bytes, status, attempt, requested_at)
        VALUES ('new', 'x', 1, 'pending', 0, NULL), ('put off', 'x', 1, 'pending', 2, now()),
               ('at work', 'x', 1, 'running', 1, now()), ('in', 'x', 1, 'completed', 1, now())
    """
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    migrations.upgrade(settings)
    now = "SELECT url, attempt, requested_at IS NULL, lease_expires_at <= now() FROM factory.landed_files"
    with engine.connect() as connection:
        found = {row[0]: tuple(row[1:]) for row in connection.exec_driver_sql(now)}
    assert found["new"] == (1, True, None)
    assert found["put off"] == (3, True, None)
    assert found["at work"] == (1, False, True), "whoever was at work is found silent at the next tick"
    assert found["in"] == (1, False, None)
    migrations.downgrade(settings, "0007")
    with engine.connect() as connection:
        attempts = "SELECT url, attempt FROM factory.landed_files WHERE status = 'pending' ORDER BY url"
        assert [tuple(row) for row in connection.exec_driver_sql(attempts)] == [("new", 0), ("put off", 2)]


def test_models_and_migrations_agree(settings: Settings) -> None:
    assert migrations.verify(settings) == []


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("ALTER TABLE games DROP CONSTRAINT valid_step", "missing constraint games.valid_step"),
        ("ALTER TABLE games ALTER name DROP NOT NULL", "missing column games.name"),
        ("ALTER TABLE games ALTER attempt SET DEFAULT 2", "missing column games.attempt"),
        ("ALTER TABLE games ALTER name TYPE varchar(254)", "missing column games.name"),
        ("ALTER TABLE games ADD COLUMN extra text", "unexpected column games.extra"),
        ("DROP INDEX idx_games_active", "missing index games.idx_games_active"),
        ("CREATE INDEX extra ON games (name)", "unexpected index games.extra"),
        (
            "ALTER TABLE game_steps DROP CONSTRAINT unique_game_step",
            "missing constraint game_steps.unique_game_step",
        ),
        (
            "ALTER TABLE game_steps DROP CONSTRAINT game_steps_game_id_fkey",
            "missing constraint game_steps.game_steps",
        ),
        ("DROP TABLE learning_weights", "missing table learning_weights"),
        ("CREATE TABLE extra (id int)", "unexpected table extra"),
    ],
)
def test_verify_names_each_kind_of_drift(database: Database, statement: str, complaint: str) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert any(problem.startswith(complaint) for problem in migrations.verify(database.settings))


def test_verify_leaves_nothing_behind(database: Database) -> None:
    migrations.verify(database.settings)
    with database.engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'verify%%'")
        assert left.scalar() == 0


def test_two_upgrades_at_once_make_one_schema(database: Database) -> None:
    migrations.downgrade(database.settings, "base")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrations.upgrade, [database.settings] * 2))
    assert migrations.verify(database.settings) == []


def test_an_unknown_revision_is_refused_with_the_known_ones(settings: Settings) -> None:
    with pytest.raises(InputError, match="head, 0001, 0002, 0003"):
        migrations.upgrade(settings, "9999")


def test_the_seeded_mechanics_are_the_library(connection: sa.Connection) -> None:
    rows = {row.name: row for row in connection.execute(sa.select(Mechanic.__table__))}
    assert set(rows) == {entry.name for entry in MECHANICS}
    for entry in MECHANICS:
        row = rows[entry.name]
        assert row.genre_tags == list(entry.genre_tags)
        for field in (
            *("source_url", "flame_example", "input_model", "complexity", "description"),
            *("compatible_with_ads", "compatible_with_levels"),
        ):
            assert getattr(row, field) == getattr(entry, field), f"{entry.name}.{field}"
        assert row.is_active


def test_updated_at_follows_every_update_of_a_game(database: Database) -> None:
    with database.engine.begin() as connection:
        game = new_game(connection)
        made = connection.scalar(sa.select(Game.updated_at).where(Game.id == game))
    with database.engine.begin() as connection:
        old = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
        connection.execute(sa.update(Game).where(Game.id == game).values(theme="reef", updated_at=old))
        assert connection.scalar(sa.select(Game.updated_at).where(Game.id == game)) > made


def test_every_game_gets_a_write_key_of_its_own(connection: sa.Connection) -> None:
    for number in range(5):
        new_game(connection, f"game-{number}")
    keys = connection.scalars(sa.select(Game.write_key)).all()
    assert len(set(keys)) == 5
    assert all(len(key) == 32 and set(key) <= set("0123456789abcdef") for key in keys)


def partitions(connection: sa.Connection) -> list[str]:
    rows = connection.exec_driver_sql(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'analytics_events'::regclass"
    )
    return sorted(name for (name,) in rows)


def test_there_are_partitions_for_this_month_and_the_next(connection: sa.Connection) -> None:
    assert len(partitions(connection)) >= 2
    insert = sa.text(
        "INSERT INTO analytics_events (game_id, event_type, timestamp) "
        "VALUES (:game, 'game_start', now() + :ahead)"
    )
    game = new_game(connection)
    for days in (0, 27):
        connection.execute(insert, {"game": game, "ahead": dt.timedelta(days=days)})


def test_a_partition_covers_its_utc_month_in_any_time_zone(connection: sa.Connection) -> None:
    connection.exec_driver_sql("SET LOCAL timezone = 'Pacific/Kiritimati'")
    ensure = sa.text("SELECT ensure_events_partition(CAST(:moment AS timestamptz))")
    assert (
        connection.scalar(ensure, {"moment": "2031-01-31 23:59:59.999999+00"}) == "analytics_events_2031_01"
    )
    assert connection.scalar(ensure, {"moment": "2031-02-01 00:00:00+00"}) == "analytics_events_2031_02"
    connection.exec_driver_sql("SET LOCAL timezone = 'UTC'")
    bounds = connection.exec_driver_sql(
        "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'analytics_events_2031_01'"
    ).scalar()
    assert bounds == "FOR VALUES FROM ('2031-01-01 00:00:00+00') TO ('2031-02-01 00:00:00+00')"


def test_many_may_ask_for_the_same_partition_at_once(database: Database) -> None:
    ensure = sa.text("SELECT ensure_events_partition(make_timestamptz(2032, :month, 5, 0, 0, 0, 'UTC'))")

    def ask(number: int) -> str:
        with database.engine.begin() as connection:
            return str(connection.scalar(ensure, {"month": number % 2 + 1}))

    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(ask, range(24)))
    assert set(names) == {"analytics_events_2032_01", "analytics_events_2032_02"}
    with database.engine.connect() as connection:
        assert [name for name in partitions(connection) if "2032" in name] == sorted(set(names))


@pytest.mark.parametrize("moment", ["1999-12-31 23:59:59+00", "2200-01-01 00:00:00+00", None])
def test_no_partition_outside_the_years_events_may_have(
    connection: sa.Connection, moment: str | None
) -> None:
    with pytest.raises(sa.exc.DataError, match="expected a moment from 2000 to 2199"):
        connection.execute(
            sa.text("SELECT ensure_events_partition(CAST(:moment AS timestamptz))"), {"moment": moment}
        )


def test_commands_bring_an_empty_database_up_but_leave_an_older_one_to_its_owner(settings: Settings) -> None:
    migrations.downgrade(settings, "base")
    migrations.ready_engine(settings)
    assert migrations.current(settings) == migrations.head()
    migrations.downgrade(settings, "0001")
    with pytest.raises(PermanentError, match="gamefactory db upgrade"):
        migrations.ready_engine(settings)
    assert migrations.current(settings) == "0001"
