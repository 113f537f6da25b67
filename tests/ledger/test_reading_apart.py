"""Twenty owners and eight threads share a pool, and nobody is shown a row of another."""

import os
import sys

import pytest
import sqlalchemy as sa

from tests.conftest import Database

from .reading_apart import COUNT, MISHAPS, THREADS, fill, read


@pytest.mark.slow
def test_no_read_finds_a_row_of_another(database: Database) -> None:
    times = int(os.environ.get(COUNT, "3000"))
    fill(database.engine)
    pool = sa.create_engine(database.engine.url, pool_size=5, max_overflow=0, pool_pre_ping=True)
    found = read(pool, times)
    sys.stdout.write(f"{dict(found)} {pool.pool.status()}\n")
    pool.dispose()
    assert found["of another"] == 0
    assert found["read"] >= times > THREADS
    assert min(found[mishap] for mishap in MISHAPS) > 0


def test_a_reader_that_is_shown_anothers_rows_notices(database: Database) -> None:
    fill(database.engine)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER POLICY jobs_read ON ledger.jobs USING (true)")
    assert read(database.engine, 40, 2)["of another"] > 0
