"""Embedded servers of a test's own, to be broken."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gamefactory_dagster.database import address, server
from gamefactory_dagster.settings import Settings


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
