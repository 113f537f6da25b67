import datetime as dt
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from gamefactory_dagster.database import address, databases, migrations
from gamefactory_dagster.database.address import is_embedded
from gamefactory_dagster.database.backup import backup, check_version, default_folder, restore
from gamefactory_dagster.database.cluster import binaries
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.database.tables.analytics import PlayerDay
from gamefactory_dagster.database.tables.base import table_of
from gamefactory_dagster.database.tables.factory import Batch
from gamefactory_dagster.database.uri import render
from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.settings import Settings
from tests.conftest import Database, superusers_url
from tests.factory_rows import add_game, insert, rows, scalar


@pytest.fixture(autouse=True)
def tools_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's database is named by DATABASE_URL, so its tools come from PATH: the wheel's will do."""
    monkeypatch.setenv("PATH", str(binaries()), prepend=":")


def names(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(sa.select(Batch.name).order_by(Batch.name)))


COUNTS = "events sessions session_micros levels_completed levels_failed ad_prompts ad_impressions"
COUNTS += " ad_revenue_micros iap_revenue_cents"
PLAYER_DAY = dict.fromkeys(COUNTS.split(), 1) | {"date": dt.date(2031, 1, 1)}


def contents(engine: sa.Engine) -> dict[str, list[str]]:
    """Every table's rows, partitions each by itself."""
    with engine.connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relnamespace = 'factory'::regnamespace AND relkind = 'r'"
        ).scalars()
        rows = "SELECT t::text FROM factory.{} AS t ORDER BY 1"
        return {name: list(connection.exec_driver_sql(rows.format(name)).scalars()) for name in tables.all()}


def add_game_then(engine: sa.Engine) -> Any:
    """A game of a revision whose tables lack columns the models have."""
    statement = "INSERT INTO games (name, slug, genre) VALUES ('a', 'a', 'runner') RETURNING id"
    return scalar(engine, statement)


@pytest.fixture
def left_over(administrator: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many databases that restoring made are still there, this test's alone."""
    made: list[str] = []
    create = databases.create
    monkeypatch.setattr(
        databases, "create", lambda settings, names: made.extend(names) or create(settings, names)
    )

    def count() -> int:
        there = "SELECT count(*) FROM unnest(%s::text[]) AS name JOIN pg_database ON datname ~ ('^' || name)"
        assert any(name.startswith("gamefactory_restore_") for name in made)
        return administrator.execute(there, [made]).fetchone()[0]

    return count


def add(engine: sa.Engine, name: str) -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(Batch).values(name=name, genre_mix=[{"genre": "runner", "count": 1}]))


def test_a_restored_database_is_as_it_was(
    database: Database, left_over: Callable[[], int], tmp_path: Path
) -> None:
    engine = database.engine
    add(engine, "before")
    file = backup(database.settings, tmp_path / "new folder" / "one.dump")
    add(engine, "after")

    restore(database.settings, file)  # ends the sessions the engine's pool still holds

    assert names(engine) == ["before"]
    assert migrations.current(database.settings) == migrations.head()
    assert migrations.verify(database.settings) == []
    assert left_over() == 0
    assert [path.name for path in file.parent.iterdir()] == ["one.dump"]


def test_every_table_comes_back_as_it_was(database: Database, tmp_path: Path) -> None:
    engine, settings = database.engine, database.settings
    game = add_game(engine, "pear", gdd_spec={"text": "a\tb\\c\nd\x7f\u4e16"})
    months = [dt.datetime(2031, month, 1, tzinfo=dt.UTC) for month in (1, 2)]
    with engine.begin() as connection:
        for month in months:
            connection.execute(sa.text("SELECT ensure_events_partition(:month)"), {"month": month})
    insert(engine, "analytics_events", game_id=game, event_type="game_start", timestamp=months[0])
    with engine.begin() as connection:
        connection.execute(sa.insert(table_of(PlayerDay)).values(**PLAYER_DAY, game_id=game))
        connection.exec_driver_sql("DELETE FROM mechanics WHERE name = 'card_flip'")
        connection.exec_driver_sql("CREATE TABLE factory.archived_events_2030_01 (id int)")
    before = contents(engine)
    file = backup(settings, tmp_path / "one.dump")
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM games")
    assert contents(engine) != before

    assert restore(settings, file) == []

    before.pop("archived_events_2030_01")
    assert contents(engine) == before
    assert before["analytics_events_2031_02"] == []


def test_a_backup_of_an_older_version_is_brought_up_to_date(database: Database, tmp_path: Path) -> None:
    engine, settings = database.engine, database.settings
    migrations.downgrade(settings, "0005")
    game = add_game_then(engine)
    file = backup(settings, tmp_path / "old.dump")
    migrations.upgrade(settings)
    restore(settings, file)
    assert migrations.current(settings) == migrations.head()
    assert [row.id for row in rows(engine, "SELECT id FROM games WHERE NOT external")] == [game]


def test_a_backup_of_a_newer_version_is_refused_in_words(database: Database, tmp_path: Path) -> None:
    engine, settings = database.engine, database.settings
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE public.alembic_version SET version_num = '9998'")
    file = backup(settings, tmp_path / "new.dump")
    with engine.begin() as connection:
        back = sa.text("UPDATE public.alembic_version SET version_num = :head")
        connection.execute(back, {"head": migrations.head()})
    add(engine, "kept")
    with pytest.raises(InputError, match=rf"made at revision 9998, .* up to {migrations.head()}"):
        restore(settings, file)
    assert names(engine) == ["kept"]


def test_what_is_not_the_factorys_is_left_out_and_named(database: Database, tmp_path: Path) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE factory.notes (text text)")
        connection.exec_driver_sql("CREATE INDEX mine ON factory.games (name)")
    file = backup(database.settings, tmp_path / "one.dump")
    assert restore(database.settings, file) == ["notes"]
    assert migrations.verify(database.settings) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE games ADD COLUMN extra text", "games has no column extra at its revision"),
        ("DROP TABLE learning_weights", "does not hold the rows of learning_weights"),
        ("ALTER TABLE games DROP CONSTRAINT games_batch_id_fkey; "
         "INSERT INTO games (batch_id, name, slug, genre) VALUES (gen_random_uuid(), 'a', 'a', 'a')",
         "contradicts itself: insert or update on table \"games\" violates foreign key"),
        ("ALTER TABLE games DROP CONSTRAINT valid_step; "
         "INSERT INTO games (current_step, name, slug, genre) VALUES (99, 'a', 'a', 'a')",
         'contradicts itself: new row for relation "games" violates check constraint'),
    ],
)  # fmt: skip
def test_a_backup_that_does_not_fit_changes_nothing(
    database: Database,
    administrator: psycopg.Connection,
    left_over: Callable[[], int],
    tmp_path: Path,
    change: str,
    said: str,
) -> None:
    url = address.url(database.settings, f"odd_{uuid4().hex}")
    name = str(url.database)
    odd = address.named(database.settings, name)
    databases.create(odd, [name])
    migrations.upgrade(odd)
    with get_engine(odd).begin() as connection:
        connection.exec_driver_sql(change)
    get_engine(odd).dispose()
    file = backup(odd, tmp_path / "odd.dump")
    administrator.execute(f"DROP DATABASE {name}")
    add(database.engine, "kept")
    with pytest.raises(PermanentError, match=said) as caught:
        restore(database.settings, file)
    assert "\n" not in str(caught.value)
    assert names(database.engine) == ["kept"]
    assert left_over() == 0


def test_nothing_is_swapped_in_that_does_not_verify(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = backup(database.settings, tmp_path / "one.dump")
    add(database.engine, "kept")
    monkeypatch.setattr(migrations, "verify", lambda settings: ["missing table games"])
    with pytest.raises(PermanentError, match="missing table games"):
        restore(database.settings, file)
    assert names(database.engine) == ["kept"]


HOSTILE = """
CREATE FUNCTION factory.strike_now() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('COPY (SELECT 1) TO PROGRAM %L', 'cat > {mark}');
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$;
CREATE FUNCTION factory.strike() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    PERFORM factory.strike_now();
    RETURN NEW;
END $$;
CREATE FUNCTION factory.strike(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    PERFORM factory.strike_now();
    RETURN $1;
END $$;
CREATE FUNCTION factory.strike_event() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM factory.strike_now();
END $$;
CREATE FUNCTION factory.strike_file(text) RETURNS text LANGUAGE internal STRICT AS 'pg_read_file_all';
CREATE TRIGGER strike BEFORE INSERT OR UPDATE ON factory.batches
    FOR EACH ROW EXECUTE FUNCTION factory.strike();
ALTER TABLE factory.batches ALTER name SET DEFAULT factory.strike('x');
ALTER TABLE factory.batches ADD CONSTRAINT strike CHECK (factory.strike(name) IS NOT NULL);
CREATE INDEX strike ON factory.batches (factory.strike(name));
CREATE RULE strike AS ON UPDATE TO factory.games DO ALSO SELECT factory.strike('x');
CREATE EVENT TRIGGER strike ON ddl_command_end WHEN TAG IN ('CREATE TYPE')
    EXECUTE FUNCTION factory.strike_event();
"""
"""Everything in a database that acts for whoever works there next."""

STRIKERS = """
SELECT (SELECT count(*) FROM pg_proc WHERE proname ~ 'strike') + (SELECT count(*) FROM pg_event_trigger)
    + (SELECT count(*) FROM pg_trigger WHERE tgname = 'strike')
    + (SELECT count(*) FROM pg_rewrite WHERE rulename = 'strike')
"""


@pytest.fixture
def mark() -> Iterator[Path]:
    """A file that only a program of the server's machine can make."""
    path = Path(f"/tmp/gamefactory-struck-{uuid4().hex}")
    yield path
    path.unlink(missing_ok=True)


@pytest.mark.parametrize("copy", ["COPY factory.batches FROM PROGRAM 'touch {mark}'", None])
def test_a_hostile_backup_runs_no_program(
    database: Database, server: Settings, mark: Path, copy: str | None
) -> None:
    if not is_embedded(server):
        pytest.skip("needs to know where the server can write")
    settings, engine = database.settings, database.engine
    add(engine, "before")
    add_game(engine, "pear")
    file = backup(settings, Path(settings.home) / "one.dump")
    if copy is None:
        with databases.connect(superusers_url(server, str(engine.url.database))) as connection:
            connection.execute(HOSTILE.replace("{mark}", str(mark)))
            connection.execute("UPDATE factory.batches SET name = 'before'")
        assert mark.exists(), "it strikes"
        mark.unlink()
        backup(settings, file)
    else:
        whole = file.read_bytes()
        [statement] = set(re.findall(rb"COPY factory\.batches \([^)]*\) FROM stdin;\n", whole))
        hostile = (copy.format(mark=mark) + ";").encode().ljust(len(statement) - 1) + b"\n"
        assert len(hostile) == len(statement)
        file.write_bytes(whole.replace(statement, hostile))
    if copy is None:
        restore(settings, file)
        assert names(engine) == ["before"]
    else:
        with pytest.raises(PermanentError, match="does not hold the rows of batches"):
            restore(settings, file)
    with engine.begin() as connection:  # what wakes a sleeper
        connection.exec_driver_sql("UPDATE games SET name = 'x'")
        connection.exec_driver_sql("UPDATE batches SET name = 'y'")
        connection.exec_driver_sql("CREATE TYPE kind AS ENUM ('a')")
        assert connection.exec_driver_sql(STRIKERS).scalar() == 0
    time.sleep(0.1)
    assert not mark.exists()


def test_a_plain_file_is_no_backup(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "plain.sql"
    file.write_text("\\! touch struck\nCREATE TABLE factory.games (id int);\n")
    with pytest.raises(InputError, match="a file written by gamefactory db backup"):
        restore(database.settings, file)


def test_only_the_owner_can_read_a_backup_from_the_first_byte(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    watching = tmp_path / "bin" / "pg_dump"
    watching.parent.mkdir()
    watching.write_text(f"""#!/bin/sh
for word in "$@"; do case "$word" in --file=*) file="${{word#--file=}}";; esac; done
[ -z "$file" ] || ls -l "$file" | cut -c 1-10 > {seen}
exec {binaries() / "pg_dump"} "$@"
""")
    watching.chmod(0o755)
    monkeypatch.setenv("PATH", str(watching.parent), prepend=":")
    old = os.umask(0)
    try:
        folder = default_folder(database.settings)
        folder.mkdir(parents=True, mode=0o755)
        file = backup(database.settings, folder / "one.dump")
        elsewhere = backup(database.settings, tmp_path / "new" / "one.dump")
    finally:
        os.umask(old)
    assert seen.read_text() == "-rw-------\n"
    assert [path.stat().st_mode & 0o777 for path in (file, elsewhere)] == [0o600, 0o600]
    assert [path.parent.stat().st_mode & 0o777 for path in (file, elsewhere)] == [0o700, 0o700]


def test_who_may_not_make_a_database_is_told(
    database: Database, administrator: psycopg.Connection, tmp_path: Path
) -> None:
    file = backup(database.settings, tmp_path / "one.dump")
    role, owner = f"plain_{uuid4().hex}", str(address.url(database.settings).username)
    databases.execute(administrator, f"CREATE ROLE {role} LOGIN PASSWORD 'x' IN ROLE {{}}", owner)
    url = address.url(database.settings).set(username=role, password="x")
    plain = database.settings.model_copy(update={"database_url": render(url)})
    try:
        with pytest.raises(PermanentError, match=f'ALTER ROLE "{role}" CREATEDB'):
            restore(plain, file)
    finally:
        administrator.execute(f"DROP ROLE {role}")


def test_the_schema_has_no_sequences(connection: sa.Connection) -> None:
    """A restored one would begin at 1 again: whoever adds the first sets it in ``backup._fill``."""
    found = "SELECT count(*) FROM pg_sequences WHERE schemaname = 'factory'"
    assert connection.exec_driver_sql(found).scalar() == 0


def test_what_is_no_backup_of_ours_changes_nothing(database: Database, tmp_path: Path) -> None:
    add(database.engine, "kept")
    other = tmp_path / "other.dump"
    other.write_bytes(b"PGDMP, not really")
    for file in (other, tmp_path / "nothing.dump"):
        with pytest.raises(InputError, match="a file written by gamefactory db backup"):
            restore(database.settings, file)
    assert names(database.engine) == ["kept"]


def test_a_damaged_backup_changes_nothing(database: Database, tmp_path: Path) -> None:
    add(database.engine, "kept")
    file = backup(database.settings, tmp_path / "one.dump")
    file.write_bytes(file.read_bytes()[:-200])  # within the rows of a table, or between two
    with pytest.raises(PermanentError, match=r"pg_restore failed|ends within the rows of a table"):
        restore(database.settings, file)
    assert names(database.engine) == ["kept"]


def test_a_failed_backup_leaves_the_older_one(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = backup(database.settings, tmp_path / "one.dump")
    before = file.read_bytes()
    breaking = tmp_path / "bin" / "pg_dump"
    breaking.parent.mkdir()
    breaking.write_text(f"""#!/bin/sh\n{binaries() / "pg_dump"} "$@"\n[ "$1" = --version ]\n""")
    breaking.chmod(0o755)
    monkeypatch.setenv("PATH", str(breaking.parent), prepend=":")
    add(database.engine, "more")
    with pytest.raises(PermanentError, match="pg_dump failed"):
        backup(database.settings, file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if "one.dump" in path.name] == ["one.dump"]


def test_tools_older_than_the_server_are_named_with_what_to_do() -> None:
    said = subprocess.check_output([binaries() / "pg_dump", "--version"], text=True)
    check_version("pg_dump", said, 18, "here")
    with pytest.raises(PermanentError, match=r"pg_dump is too old for here.*install .* version 99"):
        check_version("pg_dump", said, 99, "here")


def test_missing_tools_are_named(
    database: Database, administrator: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    version = administrator.info.server_version // 10_000
    with pytest.raises(PermanentError, match=rf"pg_dump is not on PATH; install .* version {version}"):
        backup(database.settings, tmp_path / "one.dump")
