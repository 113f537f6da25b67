"""Advisory locks: one at a time, until the end of the transaction or of the block, and no key twice."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from gamefactory_dagster import database
from gamefactory_dagster.database.locks import Lock, held, take

PACKAGE = Path(database.__file__).parent.parent


def is_free(engine: sa.Engine, lock: Lock, *part: int) -> bool:
    with engine.begin() as other:
        return other.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(int(lock), *part)))


def test_no_two_locks_share_a_key() -> None:
    assert len({int(lock) for lock in Lock}) == len(Lock.__members__)
    assert all(0 < lock < 2**31 for lock in Lock), "a lock with parts has 32 bits for its key"


def test_a_lock_is_kept_until_the_transaction_ends(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        take(connection, Lock.ROLLUPS)
        take(connection, Lock.ROLLUPS)  # again is no harm
        assert not is_free(engine, Lock.ROLLUPS)
        assert is_free(engine, Lock.WEIGHTS)
    assert is_free(engine, Lock.ROLLUPS)


def test_a_part_is_a_lock_of_its_own(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        take(connection, Lock.PLAYER_DAYS, 7)
        assert not is_free(engine, Lock.PLAYER_DAYS, 7)
        assert is_free(engine, Lock.PLAYER_DAYS, 8)


def test_a_held_lock_outlives_transactions_and_ends_with_the_block(engine: sa.Engine) -> None:
    told = []
    with engine.connect() as connection, engine.connect() as other:
        other.connection.driver_connection.add_notice_handler(told.append)
        with held(connection, Lock.ARCHIVE) as mine:
            assert mine
            with connection.begin():
                connection.execute(sa.text("SELECT 1"))
            with held(other, Lock.ARCHIVE) as theirs:
                assert not theirs
            assert not is_free(engine, Lock.ARCHIVE)
            assert not told, "PostgreSQL warns of letting go what one does not hold"
        assert is_free(engine, Lock.ARCHIVE)


def test_a_held_lock_is_let_go_when_the_block_fails_in_a_transaction(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        with pytest.raises(ZeroDivisionError), held(connection, Lock.ARCHIVE):
            connection.execute(sa.text("CREATE TABLE half_done ()"))
            raise ZeroDivisionError
        assert is_free(engine, Lock.ARCHIVE)
        assert connection.scalar(sa.text("SELECT to_regclass('half_done')")) is None


def test_keys_are_here_and_nowhere_else() -> None:
    takes = re.compile(r"pg_(try_)?advisory_(xact_)?lock")
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if takes.search(path.read_text())
    }
    assert users == {"database/locks.py"}
