"""The migrations of background jobs: twice, at once, broken off, down and up again; no job is lost."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from gamefactory_dagster.database import migrations, pgmq
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.settings import CHECKOUT, Settings
from tests.conftest import Database

from .conftest import BEFORE

FOLDER = CHECKOUT / "sql/migrations/versions"
NAMES = ["0017_queue", "0018_jobs", "0019_jobs_at_work"]
ANN = "00000000-0000-4000-8000-00000000000a"

_PIECE = re.compile(r"--[^\n]*|'[^']*'|(\$\w*\$).*?\1|;|[^;]", re.DOTALL)


def statements(text: str) -> list[str]:
    """The statements of a file, one by one."""
    found = [""]
    for piece in _PIECE.finditer(text):
        if piece[0] == ";":
            found.append("")
        elif not piece[0].startswith("--"):
            found[-1] += piece[0]
    return [statement.strip() for statement in found if statement.strip()]


def of(name: str, direction: str) -> list[str]:
    return statements((FOLDER / f"{name}.{direction}.sql").read_text(encoding="utf-8"))


def there(connection: psycopg.Connection) -> tuple[object, ...]:
    """What of background jobs there is."""
    statement = """
        SELECT to_regnamespace('pgmq'), to_regclass('public.jobs'), to_regclass('public.jobs_kept'),
            to_regprocedure('public.enqueue_jobs(jsonb)'), to_regprocedure('public.check_job_transition()')
    """
    return tuple(connection.execute(statement).fetchall()[0])


NOTHING = (None,) * 5


def test_statements_are_told_apart() -> None:
    text = "-- a; b\nSELECT ';';\nDO $$ BEGIN x; END $$; DO $a$ $$;$$ $a$;\n"
    assert statements(text) == ["SELECT ';'", "DO $$ BEGIN x; END $$", "DO $a$ $$;$$ $a$"]
    assert [len(of(name, "up")) for name in NAMES] == [1, 10, 15]


def test_pgmq_without_its_queues_gets_them(before: Settings, database: Database) -> None:
    with database.engine.begin() as connection:
        pgmq.install(connection)
    migrations.upgrade(before)
    assert migrations.verify(before) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [NAMES[1], pytest.param(NAMES[2], marks=pytest.mark.exhaustive)])
def test_each_file_may_be_broken_off_after_any_statement_and_run_again(
    before: Settings, ours: psycopg.Connection, name: str
) -> None:
    previous = f"{int(name[:4]) - 1:04}"
    migrations.upgrade(before, name[:4])
    for direction in ("down", "up"):
        parts = of(name, direction)
        for count in range(1, len(parts) + 1):
            if direction == "up":
                migrations.downgrade(before, previous)
            for statement in parts[:count]:
                ours.execute(statement.encode())
            if direction == "down":
                migrations.downgrade(before, previous)
            migrations.upgrade(before)
            assert migrations.verify(before) == [], f"{name} {direction}, after {count} statements"
            migrations.downgrade(before, name[:4])


def test_each_file_may_be_run_twice(database: Database, ours: psycopg.Connection) -> None:
    enter(ours)
    found = contents(ours)
    for name in NAMES:
        for _ in range(2):
            ours.execute((FOLDER / f"{name}.up.sql").read_bytes())
    assert contents(ours) == found
    assert migrations.verify(database.settings) == []


@contextmanager
def killed_after(
    monkeypatch: pytest.MonkeyPatch, administrator: psycopg.Connection, database: str, statement: int | None
) -> Iterator[list[str]]:
    """Has the server end our session before that statement, those of files counted one by one."""
    execute = psycopg.Cursor.execute
    said: list[str] = []

    def counting(self, query, params=None, **options):
        if self.connection.info.dbname != database:
            return execute(self, query, params, **options)
        parts = statements(query) if isinstance(query, str) and params is None else []
        for part in parts or [query]:
            if len(said) == statement:
                pid = self.connection.info.backend_pid
                administrator.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            said.append(part)
            done = execute(self, part, params, **options)
        return done

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", counting)
        yield said


@pytest.mark.parametrize("every", [9, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_a_migration_whose_session_is_ended_at_any_statement_has_done_nothing(
    before: Settings,
    database: Database,
    administrator: psycopg.Connection,
    ours: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    every: int,
) -> None:
    name = str(database.engine.url.database)
    pid = ours.info.backend_pid
    with killed_after(monkeypatch, administrator, name, None) as said:
        migrations.upgrade(before)
    everything = list(said)
    migrations.downgrade(before, BEFORE)
    assert len([words for words in everything if words.startswith("CREATE FUNCTION pgmq.")]) > 50
    first = next(number for number, words in enumerate(everything) if "pg_extension" in words)
    last = max(
        number for number, words in enumerate(everything) if "ON FUNCTION public.enqueue_jobs" in words
    )
    trials = range(first, last + 2, every)
    assert len(trials) * every > 100
    for trial in trials:
        with (
            killed_after(monkeypatch, administrator, name, trial),
            pytest.raises(Exception, match=r"terminat|closed|lost"),
        ):
            migrations.upgrade(before)
        assert there(ours) == NOTHING, everything[trial]
        assert migrations.current(before) == BEFORE
    assert ours.info.backend_pid == pid
    migrations.upgrade(before)
    assert migrations.verify(before) == []


UPGRADE = """
import sys
from gamefactory_dagster.database import migrations
from gamefactory_dagster.settings import Settings
settings = Settings(database_url=sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrations.upgrade(settings)
"""


def test_two_processes_at_once_make_it_once(
    before: Settings, ours: psycopg.Connection, tmp_path: Path
) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", UPGRADE, str(before.database_url)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=CHECKOUT,
            text=True,
        )
        for _ in range(2)
    ]
    for process in started:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    ends = [process.communicate(timeout=120) for process in started]
    assert [(process.returncode, said) for process, (_, said) in zip(started, ends, strict=True)] == [
        (0, "")
    ] * 2
    assert migrations.verify(before) == []
    assert len(ours.execute("SELECT FROM pgmq.meta").fetchall()) == 4


ENTER = """
INSERT INTO auth.users (id) VALUES (%(ann)s) ON CONFLICT DO NOTHING;
SELECT public.enqueue_jobs(jsonb_build_array(
    jsonb '{"job_type": "a", "unique_key": "k", "queue": "job_queue_high", "run_after": "2100-01-01"}',
    jsonb_build_object('job_type', 'b', 'user_id', %(ann)s::text, 'job_parameters', jsonb '{"n": null}'),
    jsonb '{"job_type": "c"}', jsonb '{"job_type": "d"}', jsonb '{"job_type": "e"}'
));
UPDATE public.jobs SET status = 'processing', started_at = now(), lease_owner = 'w', lease_epoch = 3,
    lease_expires_at = now(), log = 'said', cancel_requested_at = now() WHERE job_type IN ('b', 'c', 'd');
UPDATE public.jobs SET status = 'completed', completed_at = now(), data_references = '{}'
WHERE job_type = 'c';
UPDATE public.jobs SET status = 'failed', error_type = 'X', retry_count = 2 WHERE job_type = 'd';
UPDATE public.jobs SET retry_of = (SELECT id FROM public.jobs WHERE job_type = 'd') WHERE job_type = 'e';
"""


def enter(connection: psycopg.Connection) -> None:
    """Jobs in every state, of two users."""
    with psycopg.ClientCursor(connection) as cursor:
        cursor.execute(ENTER, {"ann": ANN})


def contents(connection: psycopg.Connection, but: str = "") -> list[tuple[object, ...]]:
    """Every job with everything said of it."""
    rows = f"SELECT job_type, to_jsonb(jobs) - '{but}' FROM public.jobs ORDER BY job_type"
    return connection.execute(rows.encode()).fetchall()


@pytest.mark.parametrize("revision", ["0018", "0017", BEFORE, "0009", "base"])
def test_down_and_up_again_loses_no_job(database: Database, ours: psycopg.Connection, revision: str) -> None:
    enter(ours)
    found = contents(ours, but="message_id")
    assert [kind for kind, _ in found] == ["a", "b", "c", "d", "e"]
    messages = ours.execute("SELECT message FROM pgmq.q_job_queue ORDER BY msg_id").fetchall()
    assert len(messages) == 4
    for _ in range(2):
        migrations.downgrade(database.settings, revision)
        migrations.upgrade(database.settings)
        assert contents(ours, but="message_id") == found
    assert ours.execute("SELECT message FROM pgmq.q_job_queue ORDER BY msg_id").fetchall() == messages
    assert ours.execute("SELECT count(message_id) FROM public.jobs").fetchone() == (0,), "each gets another"
    assert migrations.verify(database.settings) == []
    assert ours.execute("SELECT relname FROM pg_class WHERE relname ~ 'jobs.*kept'").fetchall() == []


def test_a_way_down_that_is_broken_off_loses_no_job(database: Database, ours: psycopg.Connection) -> None:
    enter(ours)
    found = contents(ours, but="message_id")
    for name in reversed(NAMES[1:]):
        for count in range(1, len(of(name, "down")) + 1):
            for statement in of(name, "down")[:count]:
                ours.execute(statement.encode())
            migrations.downgrade(database.settings, f"{int(name[:4]) - 1:04}")
            migrations.upgrade(database.settings)
            assert contents(ours, but="message_id") == found, f"{name}, after {count} statements"
        migrations.downgrade(database.settings, f"{int(name[:4]) - 1:04}")


def test_kept_jobs_are_nobody_s_to_read(database: Database, ours: psycopg.Connection) -> None:
    enter(ours)
    ours.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated")
    migrations.downgrade(database.settings, "0017")
    for table in ("jobs_kept", "jobs_at_work_kept"):
        with ours.transaction(force_rollback=True):
            ours.execute("SET LOCAL ROLE authenticated")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ours.execute(f"SELECT FROM public.{table}".encode())
    migrations.upgrade(database.settings)


def test_kept_jobs_of_somebody_other_users_do_not_have_are_told(
    database: Database, ours: psycopg.Connection, superuser: psycopg.Connection
) -> None:
    enter(ours)
    migrations.downgrade(database.settings, "base")
    superuser.execute("CREATE SCHEMA auth; CREATE TABLE auth.users (id uuid PRIMARY KEY)")
    superuser.execute("CREATE FUNCTION auth.uid() RETURNS uuid RETURN NULL::uuid")
    superuser.execute("GRANT USAGE ON SCHEMA auth TO PUBLIC")
    superuser.execute("GRANT SELECT, REFERENCES ON auth.users TO PUBLIC")
    with pytest.raises(
        PermanentError, match=r"are of somebody whom auth\.users does not have: Key \(user_id\)="
    ):
        migrations.upgrade(database.settings)
    assert migrations.current(database.settings) is None
    ours.execute("DELETE FROM public.jobs_kept WHERE user_id <> %s", [ANN])
    superuser.execute("INSERT INTO auth.users VALUES (%s)", [ANN])
    migrations.upgrade(database.settings)
    assert [kind for kind, _ in contents(ours)] == ["b"]
    superuser.execute("DROP SCHEMA auth CASCADE")


STATE = """
SELECT relname, relkind, relowner, relacl, relrowsecurity, reloptions, obj_description(oid), xmin::text
FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1
"""


@pytest.mark.parametrize(
    "kind", ["TABLE public.jobs (id int)", "VIEW public.jobs AS SELECT 1", "SEQUENCE public.jobs"]
)
def test_somebody_else_s_jobs_are_refused_and_left_as_they_are(
    before: Settings, ours: psycopg.Connection, kind: str
) -> None:
    ours.execute(f"CREATE {kind}".encode())
    state = ours.execute(STATE).fetchall()
    with pytest.raises(
        PermanentError, match=r"there is a public\.jobs that is not the factory's, .*; rename it"
    ):
        migrations.upgrade(before)
    assert ours.execute(STATE).fetchall() == state
    assert migrations.current(before) == BEFORE
    assert there(ours)[0] is None
    ours.execute(f"ALTER {kind.split(maxsplit=1)[0]} public.jobs RENAME TO theirs".encode())
    migrations.upgrade(before)
    assert migrations.verify(before) == []


def test_the_name_for_what_is_kept_may_be_somebody_else_s(
    database: Database, ours: psycopg.Connection
) -> None:
    ours.execute("CREATE TABLE public.jobs_kept (id int)")
    migrations.downgrade(database.settings, BEFORE)
    migrations.upgrade(database.settings)
    enter(ours)
    with pytest.raises(PermanentError, match=r"there is a public\.jobs_kept already, .*; rename it"):
        migrations.downgrade(database.settings, "0017")
    assert len(contents(ours)) == 5
    assert migrations.verify(database.settings) == []
