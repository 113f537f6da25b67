"""What an error, a plan, a connection used again or a view of somebody's gives away of others: nothing."""

import re
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from gamefactory_dagster.database import databases, migrations
from gamefactory_dagster.ledger.access import owners_view
from gamefactory_dagster.settings import Settings
from tests.conftest import Database

from .callers import ANN, BEN, CALLERS, Caller, acting, claims
from .hostile import ARTIFACT, EVENT, RUNS, part

WAYS = {
    "INSERT": "{insert}",
    "RETURNING": "{insert} RETURNING id, run_id",
    "ON CONFLICT DO NOTHING": "{insert} ON CONFLICT DO NOTHING",
    "ON CONFLICT of a key": "{insert} ON CONFLICT (id) DO NOTHING",
    "a row of another owner": "{insert_as_owner}",
    "MERGE": "MERGE INTO ledger.{table} USING (VALUES (1)) AS new ON false "
    "WHEN NOT MATCHED THEN INSERT (run_id, owner_id, {columns}) VALUES ('{run}', '{ann}', {values})",
    "SELECT into it": "INSERT INTO ledger.{table} (run_id, owner_id, {columns}) "
    "SELECT run, '{ann}', {values} FROM (VALUES ('{run}')) AS runs (run)",
    "COPY": "COPY ledger.{table} (run_id, owner_id, {columns}) FROM STDIN",
    "a CTE": "WITH new AS ({insert} RETURNING id) SELECT count(*) FROM new",
}
"""How something is added to a run."""


def error_of(connection: psycopg.Connection, caller: Caller, statement: str) -> dict[str, str | None]:
    """All that an error says, but where in our own sources it arose."""
    with pytest.raises(psycopg.Error) as caught, acting(connection, caller):
        if statement.startswith("COPY"):
            with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
                copy.write(b"")
        else:
            connection.execute(statement.encode())
    diag = caught.value.diag
    fields = [name for name in dir(diag) if not name.startswith("_") and isinstance(getattr(diag, name), str)]
    return {name: getattr(diag, name) for name in fields}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("of", [EVENT, ARTIFACT], ids=["event", "artifact"])
def test_anothers_run_and_one_that_is_not_there_are_refused_in_the_same_words(
    ledger: psycopg.Connection, way: str, of: tuple[str, str, str]
) -> None:
    with acting(ledger, CALLERS["service"]) as connection:
        connection.execute("SELECT ledger.set_status('ben-1', 'completed')")
        ended = said(connection, way, of, "ben-1")
    assert said(ledger, way, of, "ben-1") == said(ledger, way, of, "nowhere") == ended


def said(
    connection: psycopg.Connection, way: str, of: tuple[str, str, str], run: str
) -> dict[str, str | None]:
    table, columns, values = of
    inserts = {"insert": part(of, run, ANN), "insert_as_owner": part(of, run, BEN)}
    words = {"table": table, "columns": columns, "values": values, "run": run, "ann": ANN}
    statement = WAYS[way].format(**inserts, **words)
    found = error_of(connection, CALLERS["ann"], statement)
    assert not any(run in (words or "") for words in found.values())
    return found


def test_looking_for_anothers_run_on_the_way_in_reads_a_block_more_at_most(
    ledger: psycopg.Connection, superuser: psycopg.Connection
) -> None:
    """No clock: the blocks read for the question the policy asks of a run that was named."""
    fill = """
        INSERT INTO ledger.jobs (run_id, owner_id, project_spec)
        SELECT owner || '-' || n, owner, '{}' FROM unnest(%s::uuid[]) AS owner, generate_series(2, 2000) AS n
    """
    superuser.execute(fill, [[ANN, BEN]])
    superuser.execute("VACUUM ANALYZE ledger.jobs")
    asked = (
        "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT "
        f"EXISTS (SELECT FROM ledger.jobs WHERE run_id = '{{}}' AND owner_id = '{ANN}')"
    )
    blocks = []
    for run in (f"{BEN}-1000", f"{BEN}-1000", f"{BEN}-1000x"):
        with acting(ledger, CALLERS["ann"]) as connection:
            [(plan,)] = connection.execute(asked.format(run).encode()).fetchall()
        blocks.append(plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"])
    assert 0 <= blocks[1] - blocks[2] <= 1
    assert 1 < blocks[2] < 5


def test_a_refused_row_is_never_written_and_no_constraint_looks_at_it(superuser: psycopg.Connection) -> None:
    """Policies come before keys: with every key and trigger gone the refusal is the same."""
    with superuser.transaction(force_rollback=True):
        before = error_of(superuser, CALLERS["ann"], part(EVENT, "ben-1", ANN))
        superuser.execute("ALTER TABLE ledger.job_events DISABLE TRIGGER ALL")
        superuser.execute("ALTER TABLE ledger.job_events DROP CONSTRAINT events_of_owner")
        superuser.execute("ALTER TABLE ledger.job_events DROP CONSTRAINT job_events_run_id_fkey")
        assert error_of(superuser, CALLERS["ann"], part(EVENT, "ben-1", ANN)) == before


def test_what_is_said_of_ones_own_row_shows_nothing_of_others(ledger: psycopg.Connection) -> None:
    missing = part(("job_events", "bot_name, event_type", "NULL, 'x'"), "ann-1", ANN)
    assert "message_detail" not in error_of(ledger, CALLERS["ann"], missing)


def test_plans_for_anothers_run_and_for_none_are_alike(ledger: psycopg.Connection) -> None:
    plans = []
    for run in ("ben-1", "nowhere"):
        with acting(ledger, CALLERS["ann"]) as connection:
            rows = connection.execute(f"EXPLAIN {RUNS} WHERE run_id = '{run}'".encode()).fetchall()
        plans.append("\n".join(row[0] for row in rows).replace(run, "..."))
    assert plans[0] == plans[1]


def test_a_view_with_its_owners_rights_is_named_and_one_with_its_callers_is_not(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE VIEW ledger.fine WITH (security_invoker = true) AS SELECT 1 AS one"
        )
        assert migrations.unprotected(connection) == []
        connection.exec_driver_sql("CREATE VIEW ledger.runs AS SELECT * FROM ledger.jobs")
        connection.exec_driver_sql("CREATE MATERIALIZED VIEW ledger.copied AS SELECT * FROM ledger.jobs")
        connection.exec_driver_sql("CREATE TABLE ledger.loose (run_id text)")
        assert sorted(migrations.unprotected(connection)) == [
            "ledger.loose lacks FORCE ROW LEVEL SECURITY",
            "ledger.loose lacks ROW LEVEL SECURITY",
            "ledger.loose lacks a policy",
            "view ledger.copied reads with its owner's rights",
            "view ledger.runs reads with its owner's rights",
        ]
        connection.rollback()


def test_views_of_the_ledger_elsewhere_are_named_too(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE VIEW public.runs AS SELECT * FROM ledger.jobs")
        assert migrations.unprotected(connection) == ["view public.runs reads with its owner's rights"]
        connection.rollback()


def test_the_verification_names_a_function_too_many(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE FUNCTION ledger.all_runs() RETURNS bigint RETURN 1")
        connection.exec_driver_sql("REVOKE ALL ON FUNCTION ledger.all_runs() FROM PUBLIC")
        assert migrations.unprotected(connection) == ["function ledger.all_runs() should not be"]
        connection.rollback()


@pytest.fixture
def login(server: Settings, database: Database, administrator: psycopg.Connection) -> Iterator[sa.URL]:
    """The address of a role that may act as ``authenticated`` and nobody else."""
    role = f"signed_in_{uuid4().hex}"
    administrator.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x' IN ROLE authenticated")
    yield database.engine.url.set(username=role, password="x")
    administrator.execute(f"DROP ROLE {role}")


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE service_role",
        "SET ROLE ledger_keeper",
        "SET SESSION AUTHORIZATION service_role",
        "SET SESSION AUTHORIZATION postgres",
        "SELECT set_config('role', 'service_role', false)",
        "SELECT set_config('session_authorization', 'postgres', false)",
        "SET session_replication_role = replica",
        "ALTER ROLE service_role LOGIN",
        "GRANT service_role TO CURRENT_USER",
        "SELECT pg_read_file('PG_VERSION')",
        "COPY ledger.jobs TO PROGRAM 'cat'",
    ],
)
def test_who_is_signed_in_stays_what_they_are(
    ledger: psycopg.Connection, login: sa.URL, statement: str
) -> None:
    with databases.connect(login) as connection:
        connection.execute("SELECT set_config('request.jwt.claims', %s, false)", [claims(sub=str(ANN))])
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedObject)):
            connection.execute(statement.encode())
        connection.execute("RESET ROLE; RESET SESSION AUTHORIZATION")
        found = connection.execute(f"SET ROLE authenticated; {RUNS}".encode())
        found.nextset()
        assert sorted(run for (run,) in found.fetchall()) == ["ann-0", "ann-1"]


def test_claims_of_one_block_are_gone_in_the_next(ledger: psycopg.Connection, database: Database) -> None:
    engine = sa.create_engine(database.engine.url, pool_size=1, max_overflow=0)
    seen = []
    for owner in (ANN, BEN, ANN):
        with owners_view(engine, owner) as connection:
            seen.append(sorted(connection.scalars(sa.text(RUNS))))
    assert seen == [["ann-0", "ann-1"], ["ben-1"], ["ann-0", "ann-1"]]
    with pytest.raises(sa.exc.ProgrammingError), owners_view(engine, ANN) as connection:
        connection.exec_driver_sql("DELETE FROM ledger.jobs")
    with engine.connect() as connection:
        left = "SELECT current_user = session_user, coalesce(current_setting('request.jwt.claims', true), '')"
        assert connection.exec_driver_sql(left).one() == (True, "")
    engine.dispose()


def test_claims_a_sloppy_caller_left_on_a_connection_give_nobody_their_rows(
    ledger: psycopg.Connection, database: Database
) -> None:
    engine = sa.create_engine(database.engine.url, pool_size=1, max_overflow=0)
    with engine.begin() as connection:
        connection.execute(
            sa.text("SELECT set_config('request.jwt.claims', :c, false)"), {"c": claims(sub=str(ANN))}
        )
    with owners_view(engine, BEN) as connection:
        assert list(connection.scalars(sa.text(RUNS))) == ["ben-1"]
    with engine.begin() as connection:
        connection.exec_driver_sql("SET ROLE authenticated")
    with owners_view(engine, BEN) as connection:
        assert list(connection.scalars(sa.text(RUNS))) == ["ben-1"]
    engine.dispose()


def test_the_backup_says_it_for_itself_alone(ledger: psycopg.Connection) -> None:
    assert ledger.execute("SELECT current_setting('ledger.backup', true)").fetchone() in [(None,), ("",)]
    assert ledger.execute(RUNS.encode()).fetchall() == []


def test_nothing_in_the_ledger_says_what_it_refuses(ledger: psycopg.Connection) -> None:
    found = error_of(ledger, CALLERS["ann"], part(EVENT, "ben-1", BEN))
    assert {name for name in found if name.startswith("message")} == {"message_primary"}
    assert not {"constraint_name", "table_name", "column_name"} & set(found)
    assert not re.search(r"ben|" + str(BEN), " ".join(map(str, found.values())))
