"""Rules of the house that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "gamefactory_dagster"

NAMES_CHECKED_IN = PACKAGE / "studio"
"""Where a file that is named must exist."""

NAMED = re.compile(r"``([\w.*/-]+(?:\.(?:py|js|sql|md)|/))``")
"""A file, a folder (``art/``), or one of a kind (``*/solver.js``), as docstrings and comments name them."""

OF_A_GAME = {"web/", "web/src/", "web/src/events.js", "events.js", "player.js"}
"""Files of a game's own repository and bundle."""


def imports(path: Path) -> set[str]:
    """Top-level names of everything a module imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_dagster_lives_in_defs() -> None:
    users = {path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if "dagster" in imports(path)}
    assert Path("production/defs.py") in users
    strangers = {
        path.as_posix()
        for path in users
        if path.name not in {"definitions.py", "defs.py"} and path.parts[1] != "defs"
    }
    assert strangers == set()


def test_only_settings_reads_the_environment() -> None:
    readers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(word in path.read_text() for word in ("os.getenv", "os.environ["))
    }
    assert readers <= {"settings.py"}


def test_no_file_is_long() -> None:
    sources = [path for kind in ("*.py", "*.js", "*.sql") for path in PACKAGE.rglob(kind)]
    assert len(sources) > 100
    assert [path.name for path in sources if len(path.read_text().splitlines()) > 400] == []


def named_and_missing(path: Path, text: str) -> Iterator[str]:
    """Files ``text`` names that are in no folder from that of ``path`` up to the repository's."""
    above = [
        folder for folder in path.parents if folder == PACKAGE.parent or PACKAGE.parent in folder.parents
    ]
    for name in set(NAMED.findall(text)) - OF_A_GAME:
        found = [each for folder in above for each in folder.glob(name.rstrip("/"))]
        if not any(each.is_dir() if name.endswith("/") else each.is_file() for each in found):
            yield name


def test_every_file_that_is_named_exists() -> None:
    sources = {
        path: path.read_text() for kind in ("*.py", "*.js", "*.sql") for path in NAMES_CHECKED_IN.rglob(kind)
    }
    assert sum(len(NAMED.findall(text)) for text in sources.values()) > 80
    missing = {
        path.relative_to(PACKAGE).as_posix(): names
        for path, text in sources.items()
        if (names := sorted(named_and_missing(path, text)))
    }
    assert missing == {}


def test_a_file_that_is_not_there_is_noticed() -> None:
    text = "``names.py`` ``lost.py`` ``art/`` ``draw/`` ``*/solver.js`` ``*/lost.js`` ``README.md`` ``web/``"
    found = named_and_missing(PACKAGE / "studio" / "design" / "names.py", text)
    assert sorted(found) == ["*/lost.js", "*/solver.js", "draw/", "lost.py"]
