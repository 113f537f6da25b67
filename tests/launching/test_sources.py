"""Whether two machines have the same code."""

from pathlib import Path

import pytest

from gamefactory_dagster.launching import sources


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package and its SQL, small ones."""
    for name, text in {"package/a.py": "1", "package/b/c.js": "2", "sql/d.sql": "3"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(sources, "PACKAGE", tmp_path / "package")
    monkeypatch.setattr(sources, "project_file", lambda name: tmp_path / name)
    return tmp_path


def digest() -> str:
    return sources.digest.__wrapped__()


def test_all_code_counts_and_nothing_that_tools_leave(copy: Path) -> None:
    before = digest()
    for left in ("package/__pycache__/a.pyc", "package/.DS_Store", "package/files/sql/d.sql"):
        (copy / left).parent.mkdir(parents=True, exist_ok=True)
        (copy / left).write_text("left")
    assert digest() == before
    found = {before}
    for name in ("package/b/c.js", "sql/d.sql", "package/new.py"):
        (copy / name).write_text("new")
        found.add(digest())
    assert len(found) == 4


def test_the_project_s_own_has_one() -> None:
    sources.digest.cache_clear()
    assert len(sources.digest()) == 12
