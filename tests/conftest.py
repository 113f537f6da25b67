"""Fixtures every slice's tests share: one embedded server a session, a migrated database a test, a browser.

The server starts when the first test asks for it, in a folder of its own; workers of pytest-xdist share it.
It runs without fsync: a test loses nothing by a power cut. ``make test-postgres15`` names another server by
two variables. On either, what is tested works as a role that is no superuser.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import hypothesis
import psycopg
import pytest
import sqlalchemy as sa
from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright

from gamefactory_dagster.database import address, databases, migrations, roles
from gamefactory_dagster.database import server as embedded
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.database.uri import OURS, parse, render
from gamefactory_dagster.orchestration import tick
from gamefactory_dagster.settings import Settings, get_settings
from gamefactory_dagster.studio.browser.process import FLAGS

from . import s3
from .databases import Databases

if TYPE_CHECKING:
    from dagster import DagsterInstance

HOME_VARIABLE = "GAMEFACTORY_TEST_HOME"

SERVER_VARIABLE = "GAMEFACTORY_TEST_SERVER"
"""Address of a server to test on instead of the embedded one, for a role that may make databases."""

ADMINISTRATOR_VARIABLE = "GAMEFACTORY_TEST_ADMINISTRATOR"
"""The same server's address for its superuser."""

TEMPLATE = "migrated"

# Matrices are small here: more threads spin, waiting for each other, many times longer than they work
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


# A busy machine is no fault of what is tested
hypothesis.settings.register_profile("whatever it takes", deadline=None)
hypothesis.settings.load_profile("whatever it takes")


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sensors that tests evaluate look once, and do not wait for something to do."""
    monkeypatch.setattr(tick, "PATIENCE_SECONDS", 0.0)


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in the background: SIGTERM would follow it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):
        os.environ[HOME_VARIABLE] = tempfile.mkdtemp(prefix="gamefactory-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        home = Path(os.environ.pop(HOME_VARIABLE))
        embedded.stop(Settings(home=home, database_url=None))
        shutil.rmtree(home)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a server that is named only what asks it: the rest is the same as on the embedded one."""
    if SERVER_VARIABLE not in os.environ:
        return
    asking = [item for item in items if "server" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in asking])
    items[:] = asking


@dataclass(frozen=True)
class Database:
    """A migrated database of one test's own. ``settings`` name it as ``DATABASE_URL`` and an empty home."""

    settings: Settings
    engine: sa.Engine


@pytest.fixture(scope="session")
def server() -> Settings:
    """The running server, with a migrated template database."""
    home = Path(os.environ[HOME_VARIABLE])
    settings = Settings(home=home, database_url=os.environ.get(SERVER_VARIABLE))
    with FileLock(settings.home / "template.lock"):
        embedded.ensure(settings)
        with databases.connect(superusers_url(settings)) as connection:
            there = connection.execute("SELECT FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone()
            if there is None:
                _make_template(settings, connection)
    return settings


def superusers_url(server: Settings, name: str = address.MAINTENANCE) -> sa.URL:
    """A database on the test server as its superuser reaches it."""
    if address.is_embedded(server):
        return address.superusers_url(server, name)
    return parse(os.environ[ADMINISTRATOR_VARIABLE]).set(database=name)


def database_address(server: Settings, name: str) -> str:
    """A database on the test server, as ``DATABASE_URL`` would name it."""
    return render(address.url(server, name))


def _make_template(settings: Settings, connection: psycopg.Connection) -> None:
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        connection.execute(f"ALTER SYSTEM SET {name} = off")
    connection.execute("SELECT pg_reload_conf()")
    role = str(address.url(settings).username)
    databases.execute(connection, "GRANT SET ON PARAMETER deadlock_timeout TO {}", role)  # or tests wait
    roles.introduce_to(connection, role)
    databases.execute(connection, "CREATE DATABASE being_migrated OWNER {}", role)
    draft = address.named(settings, "being_migrated")
    migrations.upgrade(draft)
    get_engine(draft).dispose()
    connection.execute(f"ALTER DATABASE being_migrated RENAME TO {TEMPLATE}")


@pytest.fixture(scope="session")
def administrator(server: Settings) -> Iterator[psycopg.Connection]:
    """The server's superuser, for what a test does to the server and not to its database."""
    with databases.connect(superusers_url(server)) as connection:
        yield connection


@pytest.fixture(scope="session")
def databases_of_tests(server: Settings, administrator: psycopg.Connection) -> Databases:
    return lender(server, administrator)


def lender(server: Settings, administrator: psycopg.Connection) -> Databases:
    """Who lends databases like the template, which belong to the role that is tested."""
    return Databases(administrator, superusers_url(server), TEMPLATE, str(address.url(server).username))


@pytest.fixture
def database(
    server: Settings, administrator: psycopg.Connection, databases_of_tests: Databases, tmp_path: Path
) -> Iterator[Database]:
    """A database as all migrations leave it, under a name of its own."""
    with borrowed(server, administrator, databases_of_tests, tmp_path) as found:
        yield found


@contextmanager
def borrowed(
    server: Settings, administrator: psycopg.Connection, databases: Databases, folder: Path
) -> Iterator[Database]:
    """One of ``databases`` during the block, for a home in ``folder``."""
    name, made = databases.take()
    url = database_address(server, name)
    settings = Settings(home=folder / "home", database_url=url, dagster_database=f"{name}_dagster")
    engine = get_engine(settings, pool_size=4, max_overflow=12)
    yield Database(settings, engine)
    engine.dispose()
    administrator.execute(f"DROP DATABASE IF EXISTS {settings.dagster_database} WITH (FORCE)")
    databases.give_back(name, made)


@pytest.fixture
def settings(database: Database) -> Settings:
    return database.settings


@pytest.fixture
def database_url(database: Database) -> str:
    """The test's database for our driver."""
    return render(database.engine.url, OURS)


@pytest.fixture
def engine(database: Database) -> sa.Engine:
    return database.engine


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection in a transaction; what is not committed is rolled back."""
    with engine.connect() as connection:
        yield connection


@pytest.fixture
def instance() -> Iterator["DagsterInstance"]:
    """Dagster's own records, in memory."""
    from dagster import DagsterInstance

    with DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser of this machine; skips where there is none."""
    found = get_settings().chromium
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """One Chromium a module: while it is open an event loop runs, which other rooms' tests cannot bear."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[s3.S3]:
    """One S3 server for all tests of this process; each takes a folder of its own."""
    with s3.running(tmp_path_factory.mktemp("s3")) as server:
        yield server


STORAGES = ("file", "memory", pytest.param("s3", marks=pytest.mark.s3))
"""Kinds of storage that are the same to whoever uses them."""


@pytest.fixture(params=STORAGES)
def storage_url(request: pytest.FixtureRequest) -> str:
    """An empty place in each kind of storage."""
    return place_in(request.param, request)


def place_in(kind: str, request: pytest.FixtureRequest) -> str:
    """URL of an empty place in a kind of storage."""
    if kind == "file":
        folder: Path = request.getfixturevalue("tmp_path") / "storage"
        return folder.as_uri()
    if kind == "memory":
        return f"memory://{uuid4()}"
    return s3.new_place(request.getfixturevalue("s3_server"), request.getfixturevalue("monkeypatch"))
