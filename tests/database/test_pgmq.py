"""PGMQ in our database, whatever there is of it already: made, left alone, brought up to date, or refused."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pgmq.install import get_embedded_install_sql, get_embedded_sql_version

from gamefactory_dagster.database import databases, migrations, pgmq
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.settings import Settings
from tests.conftest import Database, superusers_url

from .conftest import BEFORE

QUEUES = ["job_queue", "job_queue_dead", "job_queue_high", "job_queue_low"]
NEWEST = re.compile(
    r"CREATE FUNCTION pgmq\.set_vt\(\s+queue_name TEXT,\s+msg_ids BIGINT\[\],.*?LANGUAGE \w+;", re.DOTALL
)
"""What an older SQL did not have yet."""


def older() -> str:
    """The package's SQL as it might have been some versions ago."""
    text = NEWEST.sub("", get_embedded_install_sql())
    text = text.replace(
        "    queue_visible_length bigint,\n    default_partition_length bigint\n",
        "    queue_visible_length bigint\n",
    )
    assert "msg_ids BIGINT[],\n    vt" not in text
    return text


def one(connection: psycopg.Connection, statement: str) -> object:
    found = connection.execute(statement.encode()).fetchone()
    return None if found is None else found[0]


def queues(connection: psycopg.Connection) -> list[object]:
    return [name for (name,) in connection.execute("SELECT queue_name FROM pgmq.meta ORDER BY 1").fetchall()]


def test_it_is_made_of_the_package_s_sql_with_four_queues(ours: psycopg.Connection) -> None:
    assert one(ours, "SELECT obj_description('pgmq'::regnamespace)") == pgmq.OURS.format(
        version=get_embedded_sql_version()
    )
    assert queues(ours) == QUEUES


def test_a_second_time_changes_nothing(database: Database, ours: psycopg.Connection) -> None:
    ours.execute("SELECT pgmq.send('job_queue', '1')")
    every = "SELECT xmin FROM pg_proc UNION ALL SELECT xmin FROM pg_class"
    state = f"SELECT max(xmin::text::bigint) FROM ({every}) AS every"
    before = one(ours, state)
    with database.engine.begin() as connection:
        pgmq.install(connection)
        pgmq.install(connection)
    assert one(ours, state) == before
    assert one(ours, "SELECT count(*) FROM pgmq.q_job_queue") == 1


@pytest.mark.parametrize("notifying", [False, True])
def test_what_an_older_sql_of_ours_made_is_brought_up_to_date(
    before: Settings, ours: psycopg.Connection, notifying: bool
) -> None:
    ours.execute(older().encode())
    ours.execute(
        "COMMENT ON SCHEMA pgmq IS 'pgmq 1.9.0, by the SQL of its Python package; made by gamefactory'"
    )
    ours.execute("SELECT pgmq.create('job_queue')")
    ours.execute("SELECT pgmq.create('mine')")
    if notifying:
        ours.execute("SELECT pgmq.enable_notify_insert('mine', 0)")
    for queue in ("job_queue", "mine"):
        ours.execute("SELECT pgmq.send(%s, '{\"a\": 1}')", [queue])
        ours.execute("SELECT pgmq.archive(%s, pgmq.send(%s, '2'))", [queue, queue])
    migrations.upgrade(before)
    with get_engine(before).begin() as connection:
        assert pgmq.made_by_us(connection) == pgmq.embedded()
    assert queues(ours) == [*QUEUES, "mine"]
    for queue in ("job_queue", "mine"):
        found = ours.execute("SELECT msg_id, message FROM pgmq.read(%s, 30, 9)", [queue]).fetchall()
        assert found == [(1, {"a": 1})]
        assert one(ours, f"SELECT array_agg(message) FROM pgmq.a_{queue}") == [2]
        assert one(ours, f"SELECT count(*) FROM pgmq.set_vt('{queue}', ARRAY[1], now())") == 1
    assert one(ours, "SELECT count(*) FROM pgmq.metrics_all()") == 5
    if notifying:
        ours.execute('LISTEN "pgmq.q_mine.INSERT"')
        ours.execute("SELECT pgmq.send('mine', '3')")
        assert len(list(ours.notifies(timeout=10, stop_after=1))) == 1


def test_newer_ones_of_ours_are_left(database: Database, ours: psycopg.Connection) -> None:
    told = pgmq.OURS.format(version="999.0.0")
    ours.execute(f"COMMENT ON SCHEMA pgmq IS '{told}'")
    with database.engine.begin() as connection:
        pgmq.install(connection)
    assert one(ours, "SELECT obj_description('pgmq'::regnamespace)") == told


def test_what_others_built_on_it_is_named_and_not_dropped(
    database: Database, ours: psycopg.Connection
) -> None:
    ours.execute("CREATE TABLE public.keeps (found pgmq.message_record)")
    told = pgmq.OURS.format(version="1.9.0")
    ours.execute(f"COMMENT ON SCHEMA pgmq IS '{told}'")
    with database.engine.begin() as connection, pytest.raises(PermanentError) as caught:
        pgmq.install(connection)
    assert "column found of table keeps depends on type pgmq.message_record" in str(caught.value)
    assert one(ours, "SELECT to_regtype('pgmq.message_record')") == "pgmq.message_record"
    assert queues(ours) == QUEUES


@pytest.mark.parametrize("statement", ["DROP SCHEMA pgmq CASCADE", "DROP TABLE pgmq.q_job_queue_high"])
def test_what_was_dropped_by_hand_comes_with_the_next_way_up(
    database: Database, ours: psycopg.Connection, statement: str
) -> None:
    ours.execute(statement.encode())
    assert "queue job_queue_high is missing, or its archive" in migrations.verify(database.settings)
    migrations.downgrade(database.settings, BEFORE)
    migrations.upgrade(database.settings)
    assert migrations.verify(database.settings) == []


def test_what_was_begun_and_left_is_made_anew(before: Settings, ours: psycopg.Connection) -> None:
    begun = get_embedded_install_sql().partition("-- Functions\n")[0]
    ours.execute(begun.encode())
    migrations.upgrade(before)
    assert migrations.verify(before) == []


def test_half_of_it_is_nobody_s_and_refused(before: Settings, ours: psycopg.Connection) -> None:
    begun = get_embedded_install_sql().partition("-- send: actual implementation")[0]
    ours.execute(begun.encode())
    with pytest.raises(PermanentError, match=r"schema pgmq lacks create.*DROP SCHEMA pgmq CASCADE"):
        migrations.upgrade(before)
    assert migrations.current(before) == BEFORE
    ours.execute("DROP SCHEMA pgmq CASCADE")
    migrations.upgrade(before)


def test_somebody_else_s_is_used_as_it_is(before: Settings, superuser: psycopg.Connection) -> None:
    superuser.execute(get_embedded_install_sql().encode())
    superuser.execute("SELECT pgmq.create('job_queue')")
    superuser.execute("SELECT pgmq.send('job_queue', '{\"theirs\": true}')")
    with pytest.raises(PermanentError, match=r"permission denied .* by the owner of schema pgmq: ") as caught:
        migrations.upgrade(before)
    for statement in str(caught.value).partition("by the owner of schema pgmq: ")[2].split("; "):
        superuser.execute(statement.encode())
    migrations.upgrade(before)
    assert migrations.verify(before) == []
    assert one(superuser, "SELECT obj_description('pgmq'::regnamespace)") is None
    assert queues(superuser) == QUEUES
    migrations.downgrade(before, BEFORE)
    assert queues(superuser) == ["job_queue"]
    assert one(superuser, "SELECT message FROM pgmq.q_job_queue") == {"theirs": True}


def test_somebody_else_s_that_is_too_old_is_refused_and_nothing_changed(
    before: Settings, superuser: psycopg.Connection
) -> None:
    superuser.execute(older().encode())
    with pytest.raises(
        PermanentError, match=r"schema pgmq lacks set_vt\(text,bigint\[\],timestamp .*bring schema pgmq"
    ):
        migrations.upgrade(before)
    assert migrations.current(before) == BEFORE
    assert queues(superuser) == []
    assert one(superuser, "SELECT to_regclass('public.jobs')") is None


def test_a_queue_of_that_name_keeps_what_is_in_it(before: Settings, ours: psycopg.Connection) -> None:
    ours.execute(get_embedded_install_sql().encode())
    ours.execute("SELECT pgmq.create('job_queue')")
    ours.execute("SELECT pgmq.send('job_queue', '{\"theirs\": true}')")
    ours.execute("SELECT pgmq.create('job_queue_low')")
    ours.execute("DROP TABLE pgmq.a_job_queue_low")
    migrations.upgrade(before)
    assert queues(ours) == QUEUES
    assert one(ours, "SELECT message FROM pgmq.q_job_queue") == {"theirs": True}
    assert one(ours, "SELECT to_regclass('pgmq.a_job_queue_low') IS NOT NULL")
    ours.execute("SELECT pgmq.purge_queue('job_queue')")
    migrations.downgrade(before, BEFORE)
    assert queues(ours) == ["job_queue", "job_queue_low"], "which were there before"


@pytest.mark.parametrize(
    "kept",
    [
        None,
        "SELECT pgmq.send('job_queue', '1')",
        "SELECT pgmq.archive('job_queue', pgmq.send('job_queue', '1'))",
        "SELECT pgmq.create('another')",
        "CREATE TABLE pgmq.theirs (id int)",
        "CREATE VIEW public.sizes AS SELECT * FROM pgmq.metrics_all()",
    ],
)
def test_it_goes_again_unless_something_hangs_on_it(
    database: Database, ours: psycopg.Connection, kept: str | None
) -> None:
    if kept is not None:
        ours.execute(kept.encode())
    migrations.downgrade(database.settings, BEFORE)
    assert one(ours, "SELECT to_regnamespace('pgmq') IS NOT NULL") is (kept is not None)
    migrations.upgrade(database.settings)
    assert migrations.verify(database.settings) == []
    assert one(ours, "SELECT count(*) FROM pgmq.metrics_all()") == 4 + ("another" in (kept or ""))


def test_nobody_else_may_reach_messages_whatever_a_server_grants(
    before: Settings, ours: psycopg.Connection
) -> None:
    everybody = "PUBLIC, anon, authenticated, service_role"
    for kind in ("SCHEMAS", "TABLES", "SEQUENCES", "FUNCTIONS"):
        ours.execute(f"ALTER DEFAULT PRIVILEGES GRANT ALL ON {kind} TO {everybody}".encode())
    migrations.upgrade(before)
    assert migrations.verify(before) == []
    for role in ("anon", "authenticated", "service_role"):
        assert one(ours, f"SELECT has_schema_privilege('{role}', 'pgmq', 'USAGE')") is False
        open_tables = f"""
            SELECT array_agg(relname) FROM pg_class
            WHERE relnamespace = 'pgmq'::regnamespace AND relkind = 'r'
            AND has_table_privilege('{role}', oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
        """
        assert one(ours, open_tables) is None
        with ours.transaction(force_rollback=True):
            ours.execute(f"SET LOCAL ROLE {role}".encode())
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ours.execute("SELECT pgmq.read('job_queue', 1, 1)")


class Offered:
    """The server's extension, told by control files of the test's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "extension"
        self._folder.mkdir()

    def write(self, version: str, text: str, superuser: bool = False) -> None:
        told = {"default_version": f"'{version}'", "schema": "'pgmq'", "superuser": str(superuser).lower()}
        lines = "".join(f"{name} = {value}\n" for name, value in told.items())
        (self._folder / "pgmq.control").write_text(lines)
        (self._folder / f"pgmq--{version}.sql").write_text(text)


@pytest.fixture
def offered(
    before: Settings, database: Database, administrator: psycopg.Connection, superuser: psycopg.Connection
) -> Iterator[Offered]:
    if administrator.info.server_version < 180_000:
        pytest.skip("before PostgreSQL 18 extensions are in the server's own folder alone")
    folder = Path(tempfile.mkdtemp(prefix="gf-"))
    folder.chmod(0o755)  # the server is another user's
    name = str(database.engine.url.database)
    statement = f"ALTER DATABASE {{}} SET extension_control_path = '{folder}:$system'"
    databases.execute(administrator, statement, name)
    get_engine(before).dispose()
    yield Offered(folder)
    superuser.execute("DROP EXTENSION IF EXISTS pgmq CASCADE; DROP SCHEMA IF EXISTS pgmq CASCADE")
    shutil.rmtree(folder)


EXTENSION = "SELECT extversion FROM pg_extension WHERE extname = 'pgmq'"


def test_the_server_s_extension_goes_before_our_sql(
    before: Settings, database: Database, offered: Offered
) -> None:
    offered.write("1.13.0", get_embedded_install_sql())
    migrations.upgrade(before)
    assert migrations.verify(before) == []
    with databases.connect(database.engine.url) as ours:
        assert one(ours, EXTENSION) == "1.13.0"
        assert queues(ours) == QUEUES
        migrations.downgrade(before, BEFORE)
        migrations.upgrade(before)
        assert one(ours, EXTENSION) == "1.13.0"


@pytest.mark.parametrize("why", ["only a superuser may", "too old", "broken"])
def test_an_extension_that_cannot_be_had_is_done_without(
    before: Settings, database: Database, offered: Offered, why: str
) -> None:
    text = {"too old": older(), "broken": "SELECT 1 / 0;"}.get(why, get_embedded_install_sql())
    offered.write("1.9.0", text, superuser=why == "only a superuser may")
    migrations.upgrade(before)
    assert migrations.verify(before) == []
    with databases.connect(database.engine.url) as ours:
        assert one(ours, EXTENSION) is None


def test_an_extension_that_is_there_is_used_or_refused(
    before: Settings, server: Settings, database: Database, offered: Offered
) -> None:
    offered.write("1.9.0", older())
    offered.write("1.13.0", get_embedded_install_sql())
    with databases.connect(superusers_url(server, str(database.engine.url.database))) as superuser:
        superuser.execute("CREATE EXTENSION pgmq VERSION '1.9.0'")
        with pytest.raises(PermanentError, match=r"lacks set_vt.*ALTER EXTENSION pgmq UPDATE"):
            migrations.upgrade(before)
        assert migrations.current(before) == BEFORE
        superuser.execute("DROP EXTENSION pgmq; DROP SCHEMA IF EXISTS pgmq; CREATE EXTENSION pgmq")
        with pytest.raises(PermanentError, match="by the owner of schema pgmq: ") as caught:
            migrations.upgrade(before)
        for statement in str(caught.value).partition("by the owner of schema pgmq: ")[2].split("; "):
            superuser.execute(statement.encode())
        migrations.upgrade(before)
        assert queues(superuser) == QUEUES
