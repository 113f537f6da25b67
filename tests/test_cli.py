"""The command as a whole: light to start, its list true, its errors one line."""

import json
import os
import re
import subprocess
import sys

import psycopg
import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner

from gamefactory_dagster import cli
from gamefactory_dagster.errors import InputError

HEAVY = {
    "alembic", "dagster", "httpx", "matplotlib", "msgspec", "numpy", "pandas", "PIL", "playwright", "psycopg",
    "pyarrow", "sqlalchemy", "starlette", "upath", "uvicorn", "yaml",
}  # fmt: skip
"""What no command may import before it works."""

TELL = """
import atexit, json, sys
from gamefactory_dagster.cli import main
atexit.register(lambda: print("|" + json.dumps(sorted(sys.modules))))
main()
"""


def imported(*arguments: str) -> tuple[int, set[str]]:
    """Exit code of ``gamefactory ...``, and every module it imported."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GAMEFACTORY_")}
    done = subprocess.run(
        [sys.executable, "-c", TELL, *arguments], capture_output=True, text=True, env=environment, check=False
    )
    return done.returncode, set(json.loads(done.stdout.rpartition("|")[2]))


@pytest.mark.parametrize("name", [None, *cli.COMMANDS])
def test_help_imports_nothing_heavy(name: str | None) -> None:
    code, modules = imported(*filter(None, [name]), "--help")
    assert code == 0
    assert modules & HEAVY == set()
    assert "gamefactory_dagster.settings" not in modules


@pytest.mark.parametrize(
    "arguments",
    [["batch", "submit"], ["events", "quarantine", "retry"], ["jobs", "enqueue"], ["metrics", "query"]],
)
def test_help_of_a_command_s_command_does_not_either(arguments: list[str]) -> None:
    code, modules = imported(*arguments, "--help")
    assert (code, modules & HEAVY) == (0, set())


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (2, ["bach"]),
        (2, ["batch", "submit", "--nam", "x"]),
        (2, ["batch", "submit", "--name", "x", "--count", "many"]),
        (1, ["batch", "submit", "--name", "x", "--genre", "runner=some"]),
        (1, ["metrics", "refresh", "--day", "yesterday"]),
        (1, ["metrics", "query", "--engine", "duckdb", "--from", "2025-03-02", "--to", "2025-03-01"]),
        (1, ["report", "--until", "yesterday"]),
        (1, ["events", "quarantine", "retry"]),
        (1, ["jobs", "enqueue", "sample_task", "--delay", "soon"]),
    ],
)
def test_errors_import_nothing_heavy(code: int, arguments: list[str]) -> None:
    found, modules = imported(*arguments)
    assert (found, modules & HEAVY) == (code, set())


def test_an_order_is_refused_before_there_is_a_database() -> None:
    code, modules = imported("batch", "submit", "--name", "x", "--count", "0")
    assert (code, modules & {"sqlalchemy", "dagster", "numpy", "PIL"}) == (1, set())


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_list_says_what_the_command_says_of_itself(name: str) -> None:
    command = cli.load(name)
    first, *_ = command.help.split("\n\n")
    assert " ".join(first.split()) == cli.COMMANDS[name][1]
    assert not command.hidden


def test_every_command_of_every_command_has_help() -> None:
    def walk(command, *names):
        result = CliRunner().invoke(cli.app, [*names, "--help"])
        assert result.exit_code == 0, names
        assert f"{' '.join(names)} " in " ".join(result.output.split())
        return 1 + sum(walk(below, *names, name) for name, below in getattr(command, "commands", {}).items())

    assert sum(walk(cli.load(name), name) for name in cli.COMMANDS) > 30


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("gamefactory ba", {"batch"}), ("gamefactory batch ", {"submit", "status", "cancel"}),
     ("gamefactory events quarantine re", {"retry"}), ("gamefactory batch submit --n", {"--name"})],
)  # fmt: skip
def test_a_shell_completes_at_every_depth(typed: str, offered: set[str]) -> None:
    environment = {
        **os.environ,
        "_GAMEFACTORY_COMPLETE": "complete_zsh",
        "_TYPER_COMPLETE_ARGS": typed,
    }
    code = "import sys; sys.argv = ['gamefactory']; from gamefactory_dagster.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
    )
    assert set(re.findall(r'"([^"]+)":"', done.stdout)) >= offered, done


def run_main(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def app(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "app", app)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InputError("--genre", "[red]chess", "one of puzzle"),
         "--genre: '[red]chess' is not accepted; expected one of puzzle"),
        (sa.exc.IntegrityError("INSERT", {}, psycopg.errors.UniqueViolation("duplicate\nkey")),
         "the database refused: duplicate key"),
        (sa.exc.OperationalError("UPDATE", {}, psycopg.errors.DeadlockDetected("deadlock detected")),
         "the database could not do it now: deadlock detected"),
        (psycopg.OperationalError("it is closed"), "the database refused: it is closed"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_one_line(monkeypatch, capsys, error: Exception, said: str) -> None:
    run_main(monkeypatch, error)
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", f"Error: {said}\n")


def test_a_fault_of_ours_is_not_hidden(monkeypatch) -> None:
    def app(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "app", app)
    with pytest.raises(ZeroDivisionError):
        cli.main()


@pytest.mark.parametrize(
    ("arguments", "command", "said"),
    [
        (["bach"], "gamefactory", "No such command 'bach'."),
        (["batch", "submit", "--nam", "x"], "gamefactory batch submit", "No such option: --nam"),
        (["batch", "submit"], "gamefactory batch submit", "Missing option '--name'."),
    ],
)
def test_what_cannot_be_read_comes_with_its_usage(monkeypatch, capsys, arguments, command, said) -> None:
    monkeypatch.setattr(sys, "argv", ["gamefactory", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    usage, hint, *error = capsys.readouterr().err.splitlines()
    assert usage.startswith(f"Usage: {command} ")
    assert hint == f"Try '{command} --help' for help."
    assert error[-1].startswith(f"Error: {said}")


def test_without_a_command_there_is_help_and_nothing_else(monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["gamefactory"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr()
    assert (ended.value.code, told.err) == (2, "")
    assert "Order games in batches" in told.out


def test_the_table_names_commands_there_are() -> None:
    assert all(
        isinstance(cli.load(name), typer.core.TyperCommand | typer.core.TyperGroup) for name in cli.COMMANDS
    )
