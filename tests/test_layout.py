"""Rules of the house that no linter knows."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from gamefactory_dagster.settings import Settings, variable

ROOT = Path(__file__).parent.parent


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


PACKAGE = ROOT / "gamefactory_dagster"

LONGEST = 400
"""Lines a file may have."""


def sources(pattern: str) -> list[Path]:
    """Files of the package and of ``sql/``."""
    return [path for folder in (PACKAGE, ROOT / "sql") for path in folder.rglob(pattern)]


NAMES_CHECKED_IN = PACKAGE
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


def copied_whole(node: ast.AST) -> list[ast.expr]:
    """What a node takes over as a whole: ``{**this}``, ``dict(this)``, ``this.items()``."""
    if isinstance(node, ast.Dict):
        return [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "dict":
        return node.args
    if isinstance(node, ast.Attribute) and node.attr == "items":
        return [node.value]
    return []


def environment_reads(source: str) -> list[int]:
    """Lines that read a variable: ``os.environ`` in any way but as a whole, and ``os.getenv``, by any import.

    A whole environment is what a child process is given; no variable of ours is read by that.
    """
    tree = ast.parse(source)
    whole = {id(value) for node in ast.walk(tree) for value in copied_whole(node)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {
            "os.environ",
            "os.getenv",
            "os.environb",
        }:
            if id(node) not in whole:
                found.append(node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.module == "os":
            found += [node.lineno for alias in node.names if alias.name in {"environ", "getenv", "environb"}]
    return found


@pytest.mark.parametrize(
    "code",
    [
        "x = os.environ['A']",
        "x = os.environ.get('A')",
        "x = os.getenv('A')",
        "x = 'A' in os.environ",
        "x = {'A': os.environ['A']}",
        "run(os.environ)",
        "from os import environ",
        "from os import path, getenv as look",
    ],
)
def test_every_way_to_read_the_environment_is_seen(code: str) -> None:
    assert environment_reads(f"import os\n{code}") != []


@pytest.mark.parametrize(
    "code", ["{**os.environ, 'A': 'b'}", "dict(os.environ)", "{a: b for a, b in os.environ.items()}"]
)
def test_a_child_may_be_given_the_environment(code: str) -> None:
    assert environment_reads(f"import os\nrun(env={code})") == []


def test_only_settings_reads_the_environment() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in sources("*.py")
        if environment_reads(path.read_text(encoding="utf-8"))
    }
    assert readers == {"gamefactory_dagster/settings.py"}


def undocumented(page: str) -> list[str]:
    """Variables of the settings that a page does not name in a line of its table."""
    lines = [line.split("|")[1] for line in page.splitlines() if line.startswith("|")]
    named = {word for line in lines for word in re.findall(r"`([A-Z_]+)`", line)}
    short = {word for word in named if word.startswith("_")}
    return [
        name
        for name in map(variable, Settings.model_fields)
        if name not in named and not any(name.endswith(word) for word in short)
    ]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    ("file", "extras"),
    [
        ("constraints.txt", ["dev", "duckdb", "s3"]),
        ("constraints-spark.txt", ["spark"]),
        ("constraints-s3.txt", []),
    ],
)
def test_what_is_installed_is_pinned_with_its_hashes(file: str, extras: list[str]) -> None:
    pins = re.findall(
        r"^(\S+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\\n|\n))+)", text(file), re.M
    )
    whole = "".join(f"{name}=={version} \\\n{hashes}" for name, version, hashes in pins)
    assert whole == text(file), "names, versions and hashes only"
    project = tomllib.loads(text("pyproject.toml"))["project"]
    wanted = [one for extra in extras for one in project["optional-dependencies"][extra]]
    wanted += project["dependencies"] if "dev" in extras else []
    names = {canonical(re.match(r"[\w.-]+", one).group()) for one in wanted}
    assert names <= {canonical(name) for name, *_ in pins}


def test_nothing_is_installed_past_the_hashes() -> None:
    recipes = re.findall(r"pip install[^\n]*", text("Makefile"))
    assert recipes == ["pip install --quiet --disable-pip-version-check"]
    uses = re.findall(r"^(?:HASHED|OURS) := (.*)", text("Makefile"), re.M)
    assert uses == [
        "$(INSTALL) --require-hashes --no-deps -r",
        "$(INSTALL) --no-deps --no-build-isolation -e .",
    ]
    assert set(re.findall(r"/\$\((?:HASHED|OURS)\).*", text("Makefile"))) == {
        "/$(HASHED) constraints.txt",
        "/$(HASHED) constraints-spark.txt",
        "/$(HASHED) constraints-kubernetes.txt",
        "/$(HASHED) constraints-s3.txt",
        "/$(OURS)",
    }


def test_every_setting_is_in_the_table_of_operations() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert undocumented(page) == []
    assert undocumented(page.replace("`GAMEFACTORY_FIRST_DAY`", "")) == ["GAMEFACTORY_FIRST_DAY"]


def too_long(paths: Iterable[Path]) -> list[str]:
    return [path.name for path in paths if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST]


def test_no_file_is_long() -> None:
    found = [path for kind in ("*.py", "*.js", "*.sql") for path in sources(kind)]
    assert {path.suffix for path in found if path.is_relative_to(ROOT / "sql")} == {".py", ".sql"}
    assert len(found) > 250
    for folder, least in (("tests", 100), ("benchmarks", 10)):
        beside = list((ROOT / folder).rglob("*.py"))
        assert len(beside) > least
        found += beside
    assert too_long(found) == []


@pytest.mark.parametrize(("lines", "seen"), [(LONGEST, False), (LONGEST + 1, True)])
def test_a_long_file_is_seen(tmp_path: Path, lines: int, seen: bool) -> None:
    (tmp_path / "a.sql").write_text("SELECT 1;\n" * lines)
    assert bool(too_long(tmp_path.rglob("*.sql"))) is seen


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
    texts = {
        path: path.read_text() for kind in ("*.py", "*.js", "*.sql") for path in NAMES_CHECKED_IN.rglob(kind)
    }
    assert sum(len(NAMED.findall(text)) for text in texts.values()) > 80
    missing = {
        path.relative_to(PACKAGE).as_posix(): names
        for path, text in texts.items()
        if (names := sorted(named_and_missing(path, text)))
    }
    assert missing == {}


def test_a_file_that_is_not_there_is_noticed() -> None:
    text = "``names.py`` ``lost.py`` ``art/`` ``draw/`` ``*/solver.js`` ``*/lost.js`` ``README.md`` ``web/``"
    found = named_and_missing(PACKAGE / "studio" / "design" / "names.py", text)
    assert sorted(found) == ["*/lost.js", "*/solver.js", "draw/", "lost.py"]
