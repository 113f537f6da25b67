"""Embedded servers of a test's own, to be broken; databases before background jobs, and connections."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gamefactory_dagster.database import address, databases, migrations, server
from gamefactory_dagster.settings import Settings
from tests.conftest import Database, superusers_url

BEFORE = "0016"
"""The revision before there is PGMQ, and are background jobs."""


@pytest.fixture
def own() -> Iterator[Settings]:
    """A home without a server yet."""
    home = Path(tempfile.mkdtemp(prefix="gf-"))
    settings = Settings(home=home, database_url=None)
    yield settings
    server.stop(settings)
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def first_started() -> Iterator[Path]:
    """The folder of a server as its first start left it, stopped."""
    settings = Settings(home=Path(tempfile.mkdtemp(prefix="gf-")), database_url=None)
    server.ensure(settings)
    server.stop(settings)
    yield address.server_folder(settings)
    shutil.rmtree(settings.home)


@pytest.fixture
def made(own: Settings, first_started: Path) -> Settings:
    """A home with a server that was made before, which takes longer than anything else; it does not run."""
    subprocess.run(["cp", "-a", first_started, address.server_folder(own)], check=True)
    return own


@pytest.fixture
def before(database: Database) -> Settings:
    """A database that has neither PGMQ nor background jobs yet."""
    migrations.downgrade(database.settings, BEFORE)
    return database.settings


@pytest.fixture
def ours(database: Database) -> Iterator[psycopg.Connection]:
    """Our role's connection."""
    with databases.connect(database.engine.url) as connection:
        yield connection


@pytest.fixture
def superuser(server: Settings, database: Database) -> Iterator[psycopg.Connection]:
    """A superuser's connection to the same database."""
    with databases.connect(superusers_url(server, str(database.engine.url.database))) as connection:
        yield connection
