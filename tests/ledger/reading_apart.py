"""Many owners read through one pool while much goes wrong; each read must find its owner's rows alone.

What belongs here: the readers and what they do to each other. ``test_reading_apart.py`` has them read a few
thousand times; ``python -m tests.ledger.reading_apart 100000`` any number of times.
"""

import os
import random
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID, uuid5

import pytest
import sqlalchemy as sa

from gamefactory_dagster.errors import GameFactoryError
from gamefactory_dagster.ledger.access import as_service, owners_view

from .callers import claims

OWNERS = [uuid5(UUID(int=0), str(number)) for number in range(20)]
THREADS = 8
COUNT = "GAMEFACTORY_TEST_READS"

MISHAPS = {"none": 80, "sloppy": 4, "sloppy role": 4, "given up": 6, "error": 5, "killed": 1}
"""How often what goes wrong in a hundred reads."""

READS = (
    "SELECT owner_id FROM ledger.jobs",
    "SELECT owner_id FROM ledger.job_events LIMIT 20",
    "SELECT e.owner_id FROM ledger.jobs JOIN ledger.job_events AS e USING (run_id) ORDER BY e.id LIMIT 9",
    "SELECT owner_id FROM ledger.artifacts WHERE kind = 'file'",
)


class GoneError(Exception):
    """A transaction that is given up."""


FILL = (
    "INSERT INTO ledger.jobs (run_id, owner_id, project_spec) SELECT owner || '-' || n, owner, '{}'",
    "INSERT INTO ledger.job_events (run_id, owner_id, bot_name, event_type) "
    "SELECT owner || '-' || n, owner, 'x', 'note'",
    "INSERT INTO ledger.artifacts (run_id, owner_id, kind) SELECT owner || '-' || n, owner, 'file'",
)
THRICE = " FROM unnest(CAST(:owners AS uuid[])) AS owner, generate_series(1, 3) AS n"


def fill(engine: sa.Engine) -> None:
    """Three runs for each owner, with an event and an artifact each."""
    with engine.begin() as connection:
        users = "INSERT INTO auth.users (id) SELECT unnest(CAST(:owners AS uuid[]))"
        connection.execute(sa.text(users), {"owners": OWNERS})
        with as_service(connection):
            for statement in FILL:
                connection.execute(sa.text(statement + THRICE), {"owners": OWNERS})


def read(engine: sa.Engine, times: int, threads: int = THREADS) -> Counter[str]:
    """What came of so many reads: ``read``, each of ``MISHAPS``, and ``of another`` for a row of another."""
    shares = [times // threads + (number < times % threads) for number in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        found = pool.map(lambda seed: _reader(engine, shares[seed], seed), range(threads))
        return sum(found, Counter())


def _reader(engine: sa.Engine, times: int, seed: int) -> Counter[str]:
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    while found["read"] < times:
        [mishap] = chance.choices(tuple(MISHAPS), tuple(MISHAPS.values()))
        if mishap.startswith("sloppy"):
            _sloppy(engine, mishap, chance.choice(OWNERS))
        owner = chance.choice(OWNERS)
        found[mishap] += 1
        with (
            suppress(GoneError, GameFactoryError, sa.exc.DBAPIError, sa.exc.TimeoutError),
            owners_view(engine, owner) as connection,
        ):
            whose = set(connection.scalars(sa.text(chance.choice(READS))))
            found["read"] += 1
            found["of another"] += whose != {owner}
            _go_wrong(connection, mishap)
    return found


def _sloppy(engine: sa.Engine, mishap: str, owner: UUID) -> None:
    """Leave claims, or a role as well, on a connection for good."""
    with suppress(sa.exc.DBAPIError, sa.exc.TimeoutError), engine.begin() as connection:
        setting = sa.text("SELECT set_config('request.jwt.claims', :claims, false)")
        connection.execute(setting, {"claims": claims(sub=str(owner))})
        if mishap == "sloppy role":
            connection.exec_driver_sql("SET ROLE authenticated")


def _go_wrong(connection: sa.Connection, mishap: str) -> None:
    if mishap == "given up":
        raise GoneError
    if mishap == "error":
        connection.exec_driver_sql("SELECT 1 / 0")
    if mishap == "killed":
        connection.exec_driver_sql("RESET ROLE")
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")


if __name__ == "__main__":
    os.environ[COUNT] = sys.argv[1]
    raise SystemExit(
        pytest.main(["-q", "-s", "-p", "no:cacheprovider", "tests/ledger/test_reading_apart.py"])
    )
