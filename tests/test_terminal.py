"""What commands share: what it prints for people, for logs and for scripts, and how it reads options."""

import datetime as dt
import io
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from rich.console import Console
from rich.text import Text

from gamefactory_dagster import terminal
from gamefactory_dagster.errors import InputError

DAY = dt.date(2026, 3, 1)


@dataclass(frozen=True, slots=True)
class Row:
    id: UUID
    days: tuple[dt.date, ...]
    share: Decimal


def test_json_has_one_form_for_each_kind(capsys) -> None:
    noon = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    terminal.say_json(
        {"row": Row(UUID(int=1), (DAY,), Decimal("0.25")), "at": noon, "in": Path("/a"), "n": None}
    )
    assert json.loads(capsys.readouterr().out) == {
        "row": {"id": "00000000-0000-0000-0000-000000000001", "days": ["2026-03-01"], "share": 0.25},
        "at": "2026-03-01T12:00:00+00:00",
        "in": "/a",
        "n": None,
    }
    with pytest.raises(TypeError, match="set has no form"):
        terminal.say_json({"row": {1}})


def test_what_strangers_wrote_cannot_act(capsys) -> None:
    evil = "\x1b[2J[bold]\x07\u202egnp"
    assert terminal.harmless(evil).plain == "\\x1b[2J[bold]\\x07\\u202egnp"
    terminal.say(f"{evil}\nsecond")
    terminal.fail(evil)
    terminal.say_aside(evil)
    told = capsys.readouterr()
    assert told.out == "\\x1b[2J[bold]\\x07\\u202egnp\nsecond\n"
    assert told.err == "Error: \\x1b[2J[bold]\\x07\\u202egnp\n\\x1b[2J[bold]\\x07\\u202egnp\n"


def test_a_log_gets_wide_tables_and_no_progress(capsys) -> None:
    assert terminal.console().width == terminal.PLAIN_WIDTH
    assert not terminal.console().stderr
    assert terminal.console(aside=True).stderr
    with terminal.waiting("for it"), terminal.progress("it", 3, unit="steps") as move:
        move(1, 5, "more of it")
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "")


def test_progress_is_shown_on_a_terminal(monkeypatch) -> None:
    screen = Console(file=io.StringIO(), force_terminal=True, width=100)
    monkeypatch.setattr(terminal, "console", lambda aside: screen)
    with terminal.progress("it", 3, unit="steps") as move:
        move(2)
        move(2, 4, "\x07[b]next" + "x" * 60)
    shown = Text.from_ansi(screen.file.getvalue()).plain
    assert "2/4 steps" in shown
    assert "\\x07[b]next" in shown
    assert "x" * 40 not in shown


def lines(table: object, width: int = 100) -> list[list[str]]:
    screen = io.StringIO()
    Console(width=width, file=screen).print(table)
    rows = [line for line in screen.getvalue().splitlines() if line.startswith(("│", "┃"))]
    return [[cell.strip() for cell in line.replace("┃", "│").split("│")[1:-1]] for line in rows]


def test_a_table_shows_cells_as_they_are() -> None:
    table = terminal.table(
        ("name", "n"), [("[red]loud", 1234), (None, None), (Text("green"), 0)], numbers=("n",)
    )
    assert lines(table) == [["name", "n"], ["[red]loud", "1,234"], ["-", "-"], ["green", "0"]]
    assert table.columns[1].justify == "right"


def test_a_link_stays_whole_however_narrow_the_table() -> None:
    url = "http://127.0.0.1:3001/games/a-game/"
    table = terminal.table(
        ("name", "play at"), [("word " * 20, url), ("", "failed: " * 20)], links=("play at",)
    )
    assert [row[1] for row in lines(table, 60)[1:] if "http" in row[1]] == [url]


def test_no_rows_are_a_table_too() -> None:
    assert lines(terminal.table(("name", "play at"), [], links=("play at",))) == [["name", "play at"]]


def test_a_table_without_rows_is_said_in_words(capsys) -> None:
    terminal.show(terminal.table(("name",), []), "There is none.")
    assert capsys.readouterr().out == "There is none.\n"
    terminal.show(terminal.table(("name",), [("one",)]), "There is none.")
    told = capsys.readouterr().out
    assert "one" in told
    assert "There is none" not in told


def test_one_is_not_many() -> None:
    said = [terminal.counted(number, "batch", "batches") for number in (0, 1, 2, 1000)]
    assert said == ["0 batches", "1 batch", "2 batches", "1,000 batches"]
    assert [terminal.counted(number, "game") for number in (1, 3)] == ["1 game", "3 games"]
    assert terminal.span([DAY]) == "2026-03-01"
    assert terminal.span([DAY, dt.date(2026, 3, 9)]) == "2 days from 2026-03-01 to 2026-03-09"


@pytest.mark.parametrize("name", [".", "folder", "none/x", "x" * 5000, "nul\0", "/", "file/x"])
def test_what_cannot_be_a_file_is_refused(tmp_path, monkeypatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").touch()
    with pytest.raises(InputError, match=r"^--output: .*a file in a folder that exists"):
        terminal.check_output("--output", Path(name))
    for fine in ("file", "new", "folder/new"):
        terminal.check_output("--output", Path(fine))


def test_rates_and_times() -> None:
    assert (terminal.percent(Decimal("0.1255")), terminal.percent(None)) == ("12.6%", None)
    abroad = dt.datetime(2026, 3, 1, 1, 2, 3, 999, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert terminal.moment(abroad) == "2026-02-28 23:02:03"


def test_what_is_not_there_is_refused_with_what_is() -> None:
    assert terminal.choice("--genre", "b", ["b", "a"]) == "b"
    assert terminal.choice("--genre", None, []) is None
    with pytest.raises(InputError, match=r"^--genre: 'c' is not accepted; expected one of a, b$"):
        terminal.choice("--genre", "c", ["b", "a"])
    with pytest.raises(InputError, match="there are none"):
        terminal.choice("--genre", "c", [])


@pytest.mark.parametrize(
    "text", ["", "yesterday", "20260301", "2026-02-30", "1999-12-31", "2200-01-01", "2026-03-01x"]
)
def test_days_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"^--until: .*a UTC day from 2000-01-01 to 2199-12-31"):
        terminal.parse_day("--until", text)


def test_days_are_read() -> None:
    assert terminal.parse_day("--until", "2026-03-01", DAY, DAY) == DAY
    assert terminal.parse_days("2026-03-01", "2026-03-01") == (DAY, DAY)
    with pytest.raises(InputError, match=r"^--to: .*not before --from 2026-03-01"):
        terminal.parse_days("2026-03-01", "2026-02-28")
    with pytest.raises(InputError, match=r"^--from: "):
        terminal.parse_days("2026-03-01", "2026-03-02", earliest=dt.date(2026, 3, 2))


def test_values_are_read_as_json_where_they_are() -> None:
    deep = "[" * 100_000
    given = ["count=2", 'styles=["neon"]', "text=hello = you", "nothing=", "no=null", f"deep={deep}"]
    assert terminal.parse_values("--param", given, "count=2") == {
        "count": 2, "styles": ["neon"], "text": "hello = you", "nothing": "", "no": None, "deep": deep
    }  # fmt: skip
    for wrong in ("count", "=2", ""):
        with pytest.raises(InputError, match=r"^--param: .*KEY=VALUE such as count=2"):
            terminal.parse_values("--param", [wrong], "count=2")
    with pytest.raises(InputError, match=r"^--param: 'count=3' .*count only once"):
        terminal.parse_values("--param", ["count=2", "count=3"], "count=2")


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("10m", 600), ("2h", 7200), ("1d", 86_400), ("0s", 0)]
)
def test_lengths_of_time_are_read(text: str, seconds: int) -> None:
    assert terminal.parse_duration("--delay", text) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "10", "m", "-1m", "1.5h", "10 m", "1h30m", "9" * 9 + "d", "\uff11s", "1s\n"]
)
def test_lengths_of_time_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"^--delay: .*such as 30s, 10m, 2h or 1d"):
        terminal.parse_duration("--delay", text)
