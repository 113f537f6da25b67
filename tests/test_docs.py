"""What the documents say of commands, files, rooms and schedules, held against what there is."""

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from gamefactory_dagster import cli
from gamefactory_dagster.definitions import defs
from gamefactory_dagster.production.lifecycle import STEPS
from gamefactory_dagster.studio.families import FAMILIES
from tools.pictures import FOLDER as PICTURES
from tools.pictures import LARGEST

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "gamefactory_dagster"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
FILE = re.compile(r"[\w.*-]+(?:/[\w.*-]+)*(?:/|\.(?:py|js|sql|md|yaml|toml|txt|svg))")
"""A file or, with a slash at its end, a folder; a star stands for any name."""

ELSEWHERE = {
    ".gamefactory/", ".gamefactory/repositories/", "artifacts/", "dagster/", "landing/", "logs/", "postgres/",
    "fetched/", "published/", "repositories/", "DAGSTER_HOME/dagster.yaml", "web/",
}  # fmt: skip
"""Of a factory's home or a game's repository."""

PLACEHOLDERS = {"NNNN_name.py", "NNNN_name.up.sql", "NNNN_name.down.sql"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code(text: str) -> Iterator[str]:
    """Lines of code blocks, and code within lines."""
    for block in FENCED.findall(text):
        yield from block.splitlines()
    yield from INLINE.findall(FENCED.sub("", text))


def commands(text: str, program: str) -> Iterator[list[str]]:
    """The arguments of every call of a program in code, those within ``$(...)`` too."""
    for line in code(text):
        if program not in line:
            continue
        lexer = shlex.shlex(
            re.sub(r'"?\$\(([^)]*)\)"?', r" ; \1 ; ", line), posix=True, punctuation_chars=True
        )
        lexer.whitespace_split = True
        try:
            words = list(lexer)
        except ValueError:  # a quotation, not a command
            continue
        call: list[str] = []
        for word in [*words, ";"]:
            if set(word) <= set(";|&"):
                if call and call[0].rpartition("/")[2] == program:
                    yield call[1:]
                call = []
            elif call or not re.fullmatch(r"[A-Z_]+=.*", word):
                call.append(word)


def fault(arguments: list[str]) -> str | None:
    """What of a call of ``gamefactory`` the command line does not know; None when it knows all."""
    if not arguments or arguments[0].startswith("-"):
        return None
    name, *rest = arguments
    if name not in cli.COMMANDS:
        return name
    command: Any = cli.load(name)
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        if rest[0] not in command.commands:
            return rest[0]
        command, rest = command.commands[rest[0]], rest[1:]
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    options = {word.partition("=")[0] for word in rest if word.startswith("-") and word != "-"}
    return next(iter(sorted(options - known - {"--help"})), None)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_is_one(page: Path) -> None:
    found = {
        " ".join(call): fault(call) for call in commands(page.read_text(encoding="utf-8"), "gamefactory")
    }
    assert {call: unknown for call, unknown in found.items() if unknown} == {}


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("`gamefactory bach submit`", "bach"),
        ("`gamefactory batch sumbit`", "sumbit"),
        ("```sh\nA=1 .venv/bin/gamefactory demo --cuont 3  # --not this\n```", "--cuont"),
        ('```sh\npsql "$(gamefactory db ulr)" -c "SELECT 1"\n```', "ulr"),
        ("```sh\nzcat a.gz | gamefactory events import - --jsno\n```", "--jsno"),
        ("`gamefactory metrics query --engine duckdb` and `gamefactory --help`", None),
    ],
)
def test_a_command_that_is_none_is_noticed(text: str, unknown: str | None) -> None:
    assert next(filter(None, map(fault, commands(text, "gamefactory"))), None) == unknown


def test_every_command_of_the_first_level_is_told_of() -> None:
    told = {
        call[0]
        for page in PAGES
        for call in commands(page.read_text(encoding="utf-8"), "gamefactory")
        if call
    }
    assert set(cli.COMMANDS) - told == set()


def targets_missing(text: str) -> set[str]:
    """Targets of make that code names and the Makefile lacks."""
    there = set(re.findall(r"^([a-z][\w-]*):", read("Makefile"), re.MULTILINE))
    return {call[0] for call in commands(text, "make") if call} - there


def test_every_target_of_make_is_there() -> None:
    assert {page.name: targets_missing(page.read_text(encoding="utf-8")) for page in PAGES} == {
        page.name: set() for page in PAGES
    }
    assert targets_missing("`make coffee`\n```sh\nmake demo    # make tea\n```") == {"coffee"}


def anchors(page: Path) -> set[str]:
    """What a link into a page may name: its headings, as they are made into anchors."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path, text: str) -> list[str]:
    found = []
    for link in LINK.findall(text):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if "://" not in link and (not target.exists() or (anchor and anchor not in anchors(target))):
            found.append(link)
    return found


def missing_files(text: str) -> list[str]:
    """Files and folders in backticks that are not there: from root or package, or by name."""
    found = []
    for name in {name for name in INLINE.findall(FENCED.sub("", text)) if FILE.fullmatch(name)}:
        where = [ROOT, PACKAGE] if "/" in name.rstrip("/") else [ROOT, PACKAGE, *PACKAGE.rglob("*/")]
        places = [place for folder in where for place in folder.glob(name.rstrip("/"))]
        if not any(place.is_dir() if name.endswith("/") else place.is_file() for place in places):
            found.append(name)
    return sorted(set(found) - ELSEWHERE - PLACEHOLDERS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_everything_that_is_named_or_linked_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert broken_links(page, text) == []
    assert missing_files(text) == []


def test_what_is_not_there_is_noticed() -> None:
    links = "[a](docs/metrics.md#score-0-to-100) [b](docs/metrics.md#no) [c](no.md) [d](https://example.org/no.md)"
    assert broken_links(ROOT / "README.md", links) == ["docs/metrics.md#no", "no.md"]
    files = (
        "`studio/design/gdd.py` `tick.py` `sql/` `select_*.sql` `sql/analytics/select_*.sql` `no.py` `no/`"
    )
    assert missing_files(f"{files} `studio/no.js`") == ["no.py", "no/", "select_*.sql", "studio/no.js"]


ROOMS = sorted(path.parent for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE)


def says_what_belongs(source: str) -> bool:
    words = " ".join((ast.get_docstring(ast.parse(source)) or "").split())
    return "What belongs here: " in words and "What does not: " in words


def test_every_room_says_what_belongs_in_it() -> None:
    silent = [
        room for room in ROOMS if not says_what_belongs((room / "__init__.py").read_text(encoding="utf-8"))
    ]
    assert [room.relative_to(PACKAGE).as_posix() for room in silent] == []
    assert not says_what_belongs('"""A room. What belongs here: all."""')


def unnamed_rooms(text: str) -> list[str]:
    names = (f"{room.relative_to(PACKAGE).as_posix()}/" for room in ROOMS)
    return [name for name in names if not re.search(rf"`(gamefactory_dagster/)?{name}`", text)]


def test_every_room_is_in_the_architecture() -> None:
    text = read("docs/architecture.md")
    assert unnamed_rooms(text) == []
    assert unnamed_rooms(text.replace("analytics/engines/", "")) == ["analytics/engines/"]


def layers(contract: int) -> list[str]:
    """Rooms of a contract of import-linter that are there; one in parentheses may not be."""
    words = " ".join(
        tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"][contract]["layers"]
    )
    return [name for name in words.split() if name != "|" and not name.startswith("(")]


@pytest.mark.parametrize(("contract", "picture"), [(0, "floors.svg"), (1, "studio-floors.svg")])
def test_the_pictures_of_the_floors_show_every_room_on_its_floor(contract: int, picture: str) -> None:
    drawn = re.findall(r'font-weight="600"[^>]*>([^<]+)<', read(f"docs/{picture}"))
    assert drawn == layers(contract)


def triggers(definitions: dg.Definitions) -> dict[str, str]:
    """Sensor or schedule -> when it runs, as the table of operations says it."""
    repository = definitions.get_repository_def()
    schedules = {schedule.name: f"`{schedule.cron_schedule}`" for schedule in repository.schedule_defs}
    return schedules | {
        sensor.name: f"every {sensor.minimum_interval_seconds} s" for sensor in repository.sensor_defs
    }


def told_triggers(page: str) -> dict[str, str]:
    return dict(re.findall(r"^\| `(\w+)` \| (every \d+ s|`[\d*/, -]+`) \|", page, re.MULTILINE))


def test_operations_say_when_everything_runs() -> None:
    page = read("docs/operations.md")
    assert told_triggers(page) == triggers(defs)
    for said, other in (
        ("every 3 s", "every 9 s"),
        ("`10 0 * * *`", "`0 0 * * *`"),
        ("| `late_events`", "|"),
    ):
        assert told_triggers(page.replace(said, other)) != triggers(defs)


def rows(page: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("|")
    ]


def test_the_studios_page_has_every_family_and_every_step() -> None:
    table = rows(read("docs/studio.md"))
    for family in FAMILIES.values():
        [row] = [row for row in table if row[0] == f"`{family.name}`"]
        named = re.findall(r"\w+", " ".join(row[2:]))
        assert (row[1], set(named)) == (family.genre, set(family.mechanics))
    steps = [row[0] for row in table if re.match(r"\d+ `", row[0])]
    assert steps == [f"{number} `{name}`" for number, name in enumerate(STEPS, 1)]


def test_pictures_are_small_and_all_are_shown() -> None:
    pictures = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert set(pictures) == set(re.findall(r"docs/pictures/([\w.]+)", read("README.md")))
    assert max(pictures.values()) < LARGEST
