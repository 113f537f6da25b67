"""Rules of the house that no linter knows."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "gamefactory_dagster"


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
