"""A ledger as full as wanted, filled by SQL past triggers and foreign keys, in a database of its own.

What belongs here: how many of what belong to whom. What does not: what is timed (``ledger.py``,
``ledger_months.py``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import sqlalchemy as sa

from benchmarks.factory import BenchFactory
from gamefactory_dagster.database import address, databases
from gamefactory_dagster.settings import Settings

OWNERS = 2_000
SHARE_OF_ONE = 0.1
"""One owner has this share of all runs; of the others the first have more than the last."""

_UNHURRIED = ("fsync = off", "full_page_writes = off", "max_wal_size = '8GB'", "autovacuum = off")
"""What is filled once and thrown away need not survive anything."""

_OWNER = "('00000000-0000-4000-8000-' || lpad(to_hex({} + 256), 12, '0'))::uuid"

_FILL = f"""
SET session_replication_role = replica;
SET maintenance_work_mem = '512MB';
SELECT setseed(0.5);
TRUNCATE ledger.jobs, ledger.job_events, ledger.artifacts;
ALTER TABLE ledger.job_events DROP CONSTRAINT job_events_pkey;
DROP INDEX ledger.idx_job_events_run;
INSERT INTO auth.users (id)
SELECT {_OWNER.format("number")} FROM generate_series(0, {OWNERS} - 1) AS number
ON CONFLICT DO NOTHING;
INSERT INTO ledger.jobs (run_id, project_spec, owner_id, created_at, started_at, completed_at, status)
SELECT
    gen_random_uuid(),
    jsonb_build_object(
        'kind', CASE WHEN number % 10 = 0 THEN 'game' ELSE 'metrics' END, 'number', number,
        'game', jsonb_build_object('name', 'Pearl Dash ' || number, 'slug', 'pearl-dash', 'genre', 'runner')
    ),
    {_OWNER.format("owner")},
    begun, begun, begun + interval '8 s',
    CASE WHEN number % 500 = 0 THEN 'failed' ELSE 'completed' END
FROM (
    SELECT
        number,
        CASE
            WHEN random() < {SHARE_OF_ONE} THEN 0 ELSE 1 + floor(random() ^ 2 * ({OWNERS} - 1))::int
        END AS owner,
        timestamptz '2026-01-01' + number * (interval '365 days' / %(runs)s) AS begun
    FROM generate_series(1, %(runs)s) AS number
) AS drawn
ORDER BY number;
INSERT INTO ledger.job_events (run_id, bot_name, event_type, payload, owner_id, created_at)
SELECT
    run_id, (ARRAY['concept', 'design', 'asset_generation', 'release_prep'])[1 + step %% 4],
    CASE WHEN step %% 2 = 0 THEN 'start' ELSE 'end' END,
    jsonb_build_object('step', step, 'took_seconds', 1.25, 'commit', md5(run_id)), owner_id,
    created_at + step * interval '0.2 s'
FROM ledger.jobs
CROSS JOIN LATERAL generate_series(
    1,
    CASE WHEN (project_spec ->> 'number')::int %% 5000 = 0 THEN 1026
        WHEN project_spec ->> 'kind' = 'game' THEN 26 ELSE 8 END
) AS step
ORDER BY created_at, step;
INSERT INTO ledger.artifacts
    (run_id, kind, url, meta, owner_id, created_at, file_size, content_type, checksum)
SELECT
    run_id, 'file', 'git+file:///repositories/' || run_id || '.git@' || md5(run_id) || '#web/' || step,
    jsonb_build_object('step', 'asset_generation', 'path', 'web/' || step, 'game', 'pearl-dash'),
    owner_id, created_at + step * interval '0.2 s', 100000, 'image/png', md5(run_id) || md5(step::text)
FROM ledger.jobs
CROSS JOIN LATERAL generate_series(
    1,
    CASE WHEN (project_spec ->> 'number')::int %% 5000 = 0 THEN 120
        WHEN project_spec ->> 'kind' = 'game' THEN 20 ELSE 1 END
) AS step
ORDER BY created_at, step;
ALTER TABLE ledger.job_events ADD PRIMARY KEY (id);
CREATE INDEX idx_job_events_run ON ledger.job_events (run_id, created_at, id);
"""
"""Of ten runs one is a game's, with 26 events and 20 artifacts, others have 8 and 1, one of 5,000 has 1,026.
Owners are drawn a run at a time, so that nobody's runs lie together."""


def owner(number: int) -> UUID:
    """Who has that number; 0 has most runs."""
    return UUID(int=UUID("00000000-0000-4000-8000-000000000000").int + number + 256)


@contextmanager
def superuser(settings: Settings) -> Iterator[psycopg.Connection]:
    """Whom no policy holds back, in the factory's database."""
    with databases.connect(superusers_url(settings)) as connection:
        yield connection


def superusers_url(settings: Settings) -> sa.URL:
    """The factory's database as the superuser reaches it."""
    return address.superusers_url(settings, address.DATABASE)


def hurry(factory: BenchFactory) -> None:
    """Let the server fill its disk without waiting for it."""
    with superuser(factory.settings) as connection:
        for setting in _UNHURRIED:
            connection.execute(f"ALTER SYSTEM SET {setting}")  # type: ignore[call-overload]
        connection.execute("SELECT pg_reload_conf()")


def fill(factory: BenchFactory, runs: int) -> None:
    """Let there be this many runs and ten times as many events, and none of those there were."""
    filling = _FILL.replace("%(runs)s", str(int(runs))).replace("%%", "%")
    with superuser(factory.settings) as connection:
        connection.execute(filling)  # type: ignore[call-overload]
        connection.execute("VACUUM ANALYZE ledger.jobs, ledger.job_events, ledger.artifacts")


def rows(settings: Settings, table: str) -> int:
    """How many rows a table of the ledger has."""
    with superuser(settings) as connection:
        [(count,)] = connection.execute(f"SELECT count(*) FROM ledger.{table}").fetchall()  # type: ignore[call-overload]
    return int(count)
