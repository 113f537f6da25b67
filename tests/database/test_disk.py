"""Whether there is room for events on the disk of the embedded server."""

import shutil
from collections import namedtuple

import pytest

from gamefactory_dagster.database.disk import lack_of_room
from gamefactory_dagster.settings import Settings

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def home(tmp_path):
    return Settings(home=tmp_path, database_url=None, free_disk_mb=500)


@pytest.mark.parametrize(("free", "full"), [(500_000_000, False), (499_999_999, True), (0, True)])
def test_below_the_floor_there_is_no_room(home, monkeypatch, free, full):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 0, free))
    why = lack_of_room(home)
    assert (why is not None) == full
    assert why is None or f"{free // 10**6} MB are free, and the last 500 MB" in why


def test_the_real_disk_is_asked(home):
    assert lack_of_room(home.model_copy(update={"free_disk_mb": 0})) is None
    assert "The disk is full" in lack_of_room(home.model_copy(update={"free_disk_mb": 10**12}))


def test_of_other_disks_nothing_is_known(home, tmp_path):
    full = home.model_copy(update={"free_disk_mb": 10**12})
    assert lack_of_room(full.model_copy(update={"database_url": "postgresql://elsewhere/x"})) is None
    assert lack_of_room(full.model_copy(update={"home": tmp_path / "none"})) is None
