from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from gamefactory_dagster.database import address, databases
from gamefactory_dagster.database import server as embedded
from gamefactory_dagster.database.uri import render
from gamefactory_dagster.errors import GameFactoryError, PermanentError, TransientError
from gamefactory_dagster.settings import Settings
from tests.conftest import database_address


def at(url: str, **others: str) -> Settings:
    return Settings(database_url=url, **others)


@pytest.mark.parametrize(
    "scheme",
    [
        "postgres",
        "postgresql",
        "postgresql+psycopg",
        "postgresql+psycopg2",
        "postgresql+asyncpg",
        "postgres+pg8000",
    ],
)
def test_whatever_scheme_the_user_names_each_side_gets_its_driver(scheme: str) -> None:
    settings = at(f"{scheme}://ann:s%40crét@db.example:6432/games?sslmode=require")
    ours, dagsters = address.url(settings), sa.make_url(address.dagster_url(settings))
    assert (ours.drivername, dagsters.drivername) == ("postgresql+psycopg", "postgresql+psycopg2")
    assert (ours.database, dagsters.database) == ("games", "dagster")
    for url in (ours, dagsters):
        assert (url.username, url.password, url.host, url.port) == ("ann", "s@crét", "db.example", 6432)
        assert url.query["sslmode"] == "require"


def test_a_url_without_a_database_means_ours() -> None:
    assert address.url(at("postgresql://db.example")).database == "gamefactory"


def test_a_link_that_was_cut_is_noticed_on_both_sides_unless_the_url_says_otherwise() -> None:
    settings = at("postgresql://db.example/games?tcp_user_timeout=5000")
    for url in (address.url(settings), sa.make_url(address.dagster_url(settings))):
        assert (url.query["tcp_user_timeout"], url.query["keepalives_idle"]) == ("5000", "10")
    assert "tcp_user_timeout=30s" in str(sa.make_url(address.dagster_url(settings)).query["options"])


def test_a_socket_folder_may_be_named_in_libpqs_way() -> None:
    url = address.url(at("postgresql://ann@%2Fvar%2Frun%2Fpostgresql/games"))
    assert url.query["host"] == "/var/run/postgresql"


def test_an_empty_variable_is_no_variable(tmp_path: Path) -> None:
    assert address.is_embedded(Settings(home=tmp_path, database_url=""))


@pytest.mark.parametrize("bad", ["s3cr3t", "mysql://u:s3cr3t@h/d", "postgresql://u:s3cr3t@h:port/d"])
def test_a_url_that_makes_no_sense_is_refused_without_showing_it(bad: str) -> None:
    with pytest.raises(PermanentError, match="postgresql://user:password@host:5432/database") as caught:
        address.url(at(bad))
    assert "s3cr3t" not in str(caught.value)


def test_one_name_for_both_databases_is_refused() -> None:
    with pytest.raises(PermanentError, match="GAMEFACTORY_DAGSTER_DATABASE"):
        address.dagster_url(at("postgresql://h/same", dagster_database="same"))


def test_the_socket_path_stays_short_and_plain(tmp_path: Path) -> None:
    for home in (tmp_path / ("long" * 30), tmp_path / "a, b'c"):
        folder = address.socket_folder(Settings(home=home, database_url=None))
        assert len(str(folder / ".s.PGSQL.5432.lock")) < 100
        assert set(str(folder)) & set(", '\"") == set()
    assert address.socket_folder(Settings(home=Path("/a/b"), database_url=None)) == Path("/a/b/postgres")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("postgresql://ann:s3cr3t@127.0.0.1:1/games", "127.0.0.1:1"),
        ("postgresql://ann:s3cr3t@nowhere.invalid/games", "nowhere.invalid"),
        ("postgresql://ann:s3cr3t@/games?host=/nowhere", "/nowhere"),
    ],
)
def test_a_server_that_is_not_there_may_come_back(url: str, host: str) -> None:
    with pytest.raises(TransientError) as caught:
        embedded.ensure(at(url))
    message = str(caught.value)
    assert f'"games" on {host}' in message
    assert "s3cr3t" not in message


def test_a_server_that_turns_us_away_needs_a_person(server: Settings) -> None:
    url = address.url(server, "games").set(username="stranger", password="s3cr3t")
    with pytest.raises(PermanentError, match='"stranger"') as caught:
        embedded.ensure(at(render(url)))
    assert "s3cr3t" not in str(caught.value)


@pytest.fixture
def unmade(server: Settings, administrator: psycopg.Connection) -> Iterator[Settings]:
    """Settings whose databases are not there yet."""
    name = f"made_{uuid4().hex[:8]}"
    yield at(database_address(server, name), dagster_database=f"{name}_dagster")
    administrator.execute(f"DROP DATABASE IF EXISTS {name}")
    administrator.execute(f"DROP DATABASE IF EXISTS {name}_dagster")


def test_missing_databases_are_made_once_by_many(unmade: Settings) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(embedded.ensure, [unmade] * 4))
    assert databases.missing(unmade) == []


def test_a_database_made_by_another_just_now_is_there(
    unmade: Settings, administrator: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = databases.missing

    def made_meanwhile(settings: Settings, through: str | None = None) -> list[str]:
        if through:
            administrator.execute(f"CREATE DATABASE {databases.wanted(settings)[0]}")
        return look(settings, through)

    monkeypatch.setattr(databases, "missing", made_meanwhile)
    embedded.ensure(unmade)
    assert look(unmade) == []


def test_who_may_not_create_databases_is_told_what_to_ask_for(
    server: Settings, administrator: psycopg.Connection
) -> None:
    administrator.execute("CREATE ROLE powerless LOGIN PASSWORD 'x'")
    try:
        url = address.url(server, "wanted").set(username="powerless", password="x")
        with pytest.raises(PermanentError, match='CREATE DATABASE "wanted" OWNER "powerless"'):
            embedded.ensure(at(render(url)))
    finally:
        administrator.execute("DROP ROLE powerless")


def test_a_foreign_server_is_not_started_or_stopped() -> None:
    for act in (embedded.start, embedded.stop):
        with pytest.raises(GameFactoryError, match="not ours to start or stop"):
            act(at("postgresql://h/d"))
