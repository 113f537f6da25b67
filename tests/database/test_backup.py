import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from gamefactory_dagster.database import migrations
from gamefactory_dagster.database.backup import backup, check_version, restore
from gamefactory_dagster.database.cluster import binaries
from gamefactory_dagster.database.tables.factory import Batch
from gamefactory_dagster.errors import InputError, PermanentError
from tests.conftest import Database


@pytest.fixture(autouse=True)
def tools_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's database is named by DATABASE_URL, so its tools come from PATH: the wheel's will do."""
    monkeypatch.setenv("PATH", str(binaries()), prepend=":")


def names(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(sa.select(Batch.name).order_by(Batch.name)))


def add(engine: sa.Engine, name: str) -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(Batch).values(name=name, genre_mix=[{"genre": "runner", "count": 1}]))


def test_a_restored_database_is_as_it_was(database: Database, tmp_path: Path) -> None:
    engine = database.engine
    add(engine, "before")
    file = backup(database.settings, tmp_path / "new folder" / "one.dump")
    add(engine, "after")

    restore(database.settings, file)  # ends the sessions the engine's pool still holds

    assert names(engine) == ["before"]
    assert migrations.current(database.settings) == migrations.head()
    assert migrations.verify(database.settings) == []
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW search_path").scalar() == "factory, public"
        left = "SELECT count(*) FROM pg_database WHERE datname LIKE 'gamefactory_restore%%'"
        assert connection.exec_driver_sql(left).scalar() == 0
    assert [path.name for path in file.parent.iterdir()] == ["one.dump"]


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
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(PermanentError, match="pg_restore failed"):
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


def test_missing_tools_are_named(database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PermanentError, match=r"pg_dump is not on PATH; install .* version 18"):
        backup(database.settings, tmp_path / "one.dump")
