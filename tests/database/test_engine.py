import asyncio
import threading

import pytest
import sqlalchemy as sa

from gamefactory_dagster.database import sessions
from gamefactory_dagster.database.engine import (
    async_session,
    get_async_engine,
    get_engine,
    transaction,
    translated_errors,
)
from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.settings import Settings
from tests.conftest import Database


def test_a_process_has_one_engine_of_two_connections(settings: Settings) -> None:
    engine = get_engine(settings)
    assert get_engine(settings) is engine
    impatient = sa.create_engine(engine.url, pool_size=1, max_overflow=1, pool_timeout=0.1)
    full = pytest.raises(TransientError, match="became free")
    with impatient.connect(), impatient.connect(), full, translated_errors():
        impatient.connect()
    impatient.dispose()
    with engine.connect(), engine.connect():
        assert (engine.pool.size(), engine.pool.overflow()) == (2, 0)  # type: ignore[attr-defined]
    engine.dispose()


def test_a_lock_that_is_not_free_in_time_may_be_later(engine: sa.Engine) -> None:
    with engine.begin() as holder, engine.begin() as waiter:
        holder.exec_driver_sql("LOCK TABLE games")
        waiter.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
        with pytest.raises(TransientError, match="lock timeout"), translated_errors():
            waiter.exec_driver_sql("SELECT count(*) FROM games")
        waiter.rollback()


def test_a_deadlock_may_be_tried_again(engine: sa.Engine) -> None:
    failures: list[Exception] = []
    barrier = threading.Barrier(2)

    def lock(first: int, second: int) -> None:
        try:
            with transaction(engine) as connection:
                connection.exec_driver_sql("SET LOCAL deadlock_timeout = '50ms'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({first})")
                barrier.wait(10)
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({second})")
        except TransientError as error:
            failures.append(error)

    threads = [threading.Thread(target=lock, args=order) for order in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(failures) == 1
    assert "deadlock" in str(failures[0])


def test_a_lost_connection_may_be_tried_again_and_then_works(database: Database) -> None:
    engine = database.engine
    with pytest.raises(TransientError), transaction(engine) as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with engine.begin() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
        connection.exec_driver_sql("SELECT 1")
    with transaction(engine) as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_a_pooled_connection_that_died_meanwhile_is_replaced(engine: sa.Engine) -> None:
    with engine.connect() as first, engine.connect() as second:
        pids = [each.exec_driver_sql("SELECT pg_backend_pid()").scalar() for each in (first, second)]
    with engine.begin() as one:
        own = one.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        [other] = [pid for pid in pids if pid != own]
        one.exec_driver_sql(f"SELECT pg_terminate_backend({other}, 5000)")
        with engine.connect() as again:
            assert again.exec_driver_sql("SELECT pg_backend_pid()").scalar() not in pids


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("INSERT INTO batches (name, status) VALUES ('x', 'odd')", sa.exc.IntegrityError),
        ("SELECT nothing FROM games", sa.exc.ProgrammingError),
        ("SELECT 1 / 0", sa.exc.DataError),
    ],
)
def test_a_mistake_stays_a_mistake(engine: sa.Engine, statement: str, kind: type[Exception]) -> None:
    with pytest.raises(kind), transaction(engine) as connection:
        connection.exec_driver_sql(statement)


def test_a_transaction_that_fails_changes_nothing(engine: sa.Engine) -> None:
    with pytest.raises(ZeroDivisionError), transaction(engine) as connection:
        connection.exec_driver_sql("DELETE FROM mechanics")
        raise ZeroDivisionError
    with transaction(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM mechanics").scalar() == 20


def test_a_server_that_is_away_is_named_without_the_password() -> None:
    engine = get_engine(Settings(database_url="postgresql://ann:s3cr3t@127.0.0.1:1/games"))
    with pytest.raises(TransientError, match=r'"games" on 127\.0\.0\.1:1') as caught, transaction(engine):
        pass
    assert "s3cr3t" not in str(caught.value)


def test_a_pool_with_nothing_free_may_have_something_later(engine: sa.Engine) -> None:
    small = sa.create_engine(engine.url, pool_size=1, max_overflow=0, pool_timeout=0.01)
    with transaction(small), pytest.raises(TransientError, match="no database connection became free"):
        transaction(small).__enter__()
    small.dispose()


def test_an_event_loop_has_the_same_sessions_and_errors(
    settings: Settings, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGTZ", "Asia/Tokyo")

    async def run() -> None:
        own = get_async_engine(settings)
        async with async_session(own) as session:
            for name, value in sessions.OURS.items():
                assert await session.scalar(sa.text("SELECT current_setting(:name)"), {"name": name}) == value
            await session.execute(sa.text("DELETE FROM mechanics WHERE name = 'physics_gravity'"))
        with pytest.raises(TransientError, match="lock timeout"):
            async with async_session(own) as session:
                await session.execute(sa.text("DELETE FROM mechanics"))
                await session.execute(sa.text("SET LOCAL lock_timeout = '50ms'"))
                await session.execute(sa.text("SELECT count(*) FROM games"))
        async with async_session(own) as session:
            assert await session.scalar(sa.text("SELECT count(*) FROM mechanics")) == 19
            pid = await session.scalar(sa.text("SELECT pg_backend_pid()"))
        holder.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")
        async with async_session(own) as session:
            assert await session.scalar(sa.text("SELECT pg_backend_pid()")) != pid
        await own.dispose()
        away = get_async_engine(Settings(database_url="postgresql://ann:s3cr3t@127.0.0.1:1/games"))
        with pytest.raises(TransientError, match=r'"games" on 127\.0\.0\.1:1') as caught:
            async with async_session(away):
                pass
        assert "s3cr3t" not in str(caught.value)

    with engine.begin() as holder:
        holder.exec_driver_sql("LOCK TABLE games")
        asyncio.run(run())
