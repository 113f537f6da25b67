"""A tour of wrong commands: each is refused in a few lines that name what is wrong, and nothing happens."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gamefactory_dagster import cli
from gamefactory_dagster.days import today
from gamefactory_dagster.settings import Settings, get_settings, variable

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
"""No server listens there: who needs a database to see a mistake, says something else of it."""

LINES = 4
"""Usage, where help is, the error, and one to spare."""

SUBMIT = ("batch", "submit", "--name", "x")
EXPORT = ("metrics", "export", "--format", "csv")
ENQUEUE = ("jobs", "enqueue", "sample_task")
QUERY = ("metrics", "query", "--engine", "duckdb", "--from", "2025-03-01")

WRONG: list[tuple[int, tuple[str, ...], str]] = [
    (2, ("bach",), "No such command 'bach'"),
    (2, ("",), "No such command ''"),
    (2, ("--verbose",), "No such option: --verbose"),
    (2, ("batch", "sumbit"), "No such command 'sumbit'"),
    (2, ("batch", "submit"), "Missing option '--name'"),
    (2, (*SUBMIT, "--count", "many"), "'--count': Input should be a valid integer"),
    (2, (*SUBMIT, "--count", "9" * 5000), "'--count'"),
    (2, (*SUBMIT, "--seed", "1e9"), "'--seed': Input should be a valid integer"),
    (1, (*SUBMIT, "--seed", "-1"), "seed: -1"),
    (1, (*SUBMIT, "--count", "0"), "game_count: 0"),
    (1, (*SUBMIT, "--count", "99999999"), "game_count: 99999999"),
    (1, ("batch", "submit", "--name", ""), "name: ''"),
    (1, (*SUBMIT, "--genre", "chess"), "genre: 'chess'"),
    (1, (*SUBMIT, "--genre", "runner=some"), "--genre: 'runner=some'"),
    (1, (*SUBMIT, "--genre", "runner=" + "9" * 5000), "--genre: 'runner=999"),
    (1, (*SUBMIT, "--genre", "runner=6"), "genre_mix: {'runner': 6}"),
    (1, (*SUBMIT, "--constraint", "easy"), "--constraint: 'easy'"),
    (1, (*SUBMIT, "--constraint", "colour=red"), "colour"),
    (1, (*SUBMIT, "--constraint", "free_levels=99"), "free_levels: 99"),
    (1, (*SUBMIT, "--constraint", "free_levels=" + "9" * 5000), "free_levels: '999"),
    (1, (*SUBMIT, "--constraint", "styles=" + "[" * 100_000), "styles"),
    (2, ("batch", "status", "--wtach"), "No such option: --wtach"),
    (1, ("game", "list", "--status", "lost"), "--status: 'lost'"),
    (2, ("game", "list", "--limit", "0"), "'--limit'"),
    (2, ("game", "retry"), "Missing argument 'game'"),
    (2, ("events", "import"), "Missing argument 'FILE"),
    (1, ("events", "import", "nothing.ndjson"), "FILE: 'nothing.ndjson'"),
    (1, ("events", "import", "folder"), "FILE: 'folder'"),
    (1, ("events", "landed", "--status", "lost"), "--status: 'lost'"),
    (2, ("events", "landed", "--limit", "5000"), "'--limit'"),
    (1, ("events", "archive"), "--month: None"),
    (1, ("events", "archive", "--month", "2020-13"), "--month: '2020-13'"),
    (1, ("events", "archive", "--month", "2020-01", "--before", "2020-02"), "either --month or --before"),
    (1, ("events", "archive", "--before", "yesterday", "--dry-run"), "--before: 'yesterday'"),
    (2, ("events", "restore"), "Missing option '--month'"),
    (1, ("events", "restore", "--month", "01-2020"), "--month: '01-2020'"),
    (1, ("events", "quarantine", "list", "--reason", "nonsense"), "--reason: 'nonsense'"),
    (2, ("events", "quarantine", "list", "--limit", "-1"), "'--limit'"),
    (1, ("events", "quarantine", "retry"), "--reason: None"),
    (1, ("events", "quarantine", "retry", "--reason", "nonsense"), "--reason: 'nonsense'"),
    (1, ("metrics", "refresh", "--day", "yesterday"), "--day: 'yesterday'"),
    (1, ("metrics", "refresh", "--day", "2026-02-30"), "--day: '2026-02-30'"),
    (1, ("metrics", "refresh", "--day", "1999-12-31"), "--day: '1999-12-31'"),
    (1, ("metrics", "refresh", "--day", "2190-01-01"), "--day: '2190-01-01'"),
    (1, ("metrics", "refresh", "--from", "2026-02-02", "--to", "2026-02-01"), "--to: '2026-02-01'"),
    (1, ("metrics", "refresh", "--to", "2026-02-01"), "--from with it"),
    (1, ("metrics", "refresh", "--from", ""), "--from: ''"),
    (1, ("metrics", "refresh", "--day", "2026-01-01", "--from", "2026-01-01"), "--day: '2026-01-01'"),
    (2, ("metrics", "export"), "Missing option '--format'. Choose from: csv, json"),
    (2, ("metrics", "export", "--format", "xml"), "'--format': Value error, 'xml'"),
    (1, (*EXPORT, "--from", "2026-02-01", "--to", "2026-01-01"), "--to: '2026-01-01'"),
    (1, (*EXPORT, "--to", ""), "--to: ''"),
    (1, (*EXPORT, "--output", "folder"), "--output: 'folder'"),
    (1, (*EXPORT, "--output", "none/x.csv"), "--output: 'none/x.csv'"),
    (1, (*EXPORT, "--output", "x" * 5000), "--output: 'xxx"),
    (2, ("metrics", "query", "--engine", "mysql"), "'--engine': Value error, 'mysql'"),
    (1, (*QUERY, "--to", "2025-02-01"), "--to: '2025-02-01'"),
    (1, (*QUERY, "--to", "2025-04-01", "--output", "folder"), "--output: 'folder'"),
    (1, ("db", "upgrade", "9999"), "revision: '9999'"),
    (1, ("db", "downgrade", "nosuch"), "revision: 'nosuch'"),
    (1, ("db", "downgrade", "head"), "revision: 'head'"),
    (2, ("db", "downgrade"), "Missing argument 'revision'"),
    (1, ("db", "backup", "folder"), "FILE: 'folder'"),
    (2, ("arcade", "--port", "99999"), "'--port': Input should be less than or equal to 65535"),
    (2, ("arcade", "--port", "http"), "'--port': Input should be a valid integer"),
    (1, ("arcade", "--host", "0.0.0.0"), "0.0.0.0"),
    (2, ("demo", "--count", "0"), "'--count': Input should be greater than or equal to 1"),
    (2, ("demo", "--days", "3"), "'--days': Input should be greater than or equal to 8"),
    (1, ("demo", "--seed", "-1"), "seed: -1"),
    (1, ("playtest", "--players", "0"), "players: 0"),
    (1, ("playtest", "--days", "1000"), "days: 1000"),
    (1, ("playtest", "--until", "2100-01-01"), "until: '2100-01-01'"),
    (2, ("playtest", "--until", "yesterday"), "'--until': Value error, 'yesterday'"),
    (2, ("report", "--days", "0"), "'--days': Input should be greater than or equal to 1"),
    (1, ("report", "--until", "yesterday"), "--until: 'yesterday'"),
    (1, ("report", "--output", "folder"), "--output: 'folder'"),
    (1, ("report", "--output", "none/report.html"), "--output: 'none/report.html'"),
    (1, ("weights", "--genre", "chess"), "--genre: 'chess'"),
    (2, ("worker", "--runs", "none"), "'--runs': Input should be a valid integer"),
    (1, ("worker",), "GAMEFACTORY_RUN_BROKER: None"),
    (2, ("replays", "analyze"), "Missing argument 'FOLDER"),
    (1, ("replays", "analyze", "nothing"), "FOLDER: 'nothing'"),
    (1, ("replays", "analyze", "folder"), "FOLDER: 'folder'"),
    (1, ("replays", "analyze", "folder", "--format", "page"), "--output: None"),
    (1, ("replays", "analyze", "folder", "--output", "none/x.html"), "--output: 'none/x.html'"),
    (1, ("runs", "list", "--status", "lost"), "--status: 'lost'"),
    (1, ("runs", "list", "--kind", "chess"), "--kind: 'chess'"),
    (1, ("runs", "list", "--after", "page 2"), "after: 'page 2'"),
    (1, ("runs", "list", "--user", "ann"), "user: 'ann'"),
    (2, ("runs", "list", "--limit", "0"), "'--limit'"),
    (1, ("runs", "events", "latest", "--after", "1e9.x"), "after: '1e9.x'"),
    (1, ("runs", "artifacts", "--after", ""), "after: ''"),
    (2, ("runs", "download"), "Missing argument 'ARTIFACT'"),
    (2, ("runs", "download", "0b9c"), "Missing option '--output'"),
    (1, ("runs", "download", "0b9c", "--output", "folder"), "--output: 'folder'"),
    (2, ("runs", "verify"), "No such command 'verify'"),
    (2, ("jobs", "enqueue"), "Missing argument 'TYPE'"),
    (1, ("jobs", "enqueue", "nosuch"), "job_type: 'nosuch'"),
    (1, (*ENQUEUE, "--param", "seconds"), "--param: 'seconds'"),
    (1, (*ENQUEUE, "--param", "seconds=-1"), "job_parameters.seconds: -1"),
    (1, (*ENQUEUE, "--param", "seconds=soon"), "job_parameters.seconds: 'soon'"),
    (1, (*ENQUEUE, "--param", "colour=red"), "job_parameters.colour: 'red'"),
    (1, (*ENQUEUE, "--param", "text=" + "[" * 100_000), "job_parameters"),
    (1, (*ENQUEUE, "--param", "lines=1", "--param", "lines=2"), "--param: 'lines=2'"),
    (1, (*ENQUEUE, "--params", "[1]"), "--params: '[1]'"),
    (1, (*ENQUEUE, "--params", ""), "--params: ''"),
    (1, (*ENQUEUE, "--priority", "urgent"), "--priority: 'urgent'"),
    (1, (*ENQUEUE, "--delay", "soon"), "--delay: 'soon'"),
    (1, (*ENQUEUE, "--delay", "-5m"), "--delay: '-5m'"),
    (1, (*ENQUEUE, "--replace"), "--replace: True"),
    (1, (*ENQUEUE, "--unique", "x", "--count", "2"), "--count: 2"),
    (2, (*ENQUEUE, "--count", "0"), "'--count'"),
    (1, (*ENQUEUE, "--user", "ann"), "user: 'ann'"),
    (1, ("jobs", "list", "--status", "lost"), "--status: 'lost'"),
    (1, ("jobs", "list", "--type", "chess"), "--type: 'chess'"),
    (1, ("jobs", "list", "--after", "1.x"), "after: '1.x'"),
    (2, ("jobs", "list", "--limit", "0"), "'--limit'"),
    (2, ("jobs", "cancel"), "Missing argument 'JOB'"),
    (2, ("request",), "Missing argument 'WORDS'"),
    (1, ("request", " "), "prompt: ' '"),
    (1, ("request", "a" * 4001), "prompt: '4,001 characters'"),
    (1, ("request", "a", "--genre", "chess"), "config.genre: 'chess'"),
    (1, ("request", "a", "--seed", "-1"), "seed: -1"),
    (1, ("requests", "list", "--status", "lost"), "--status: 'lost'"),
    (1, ("requests", "list", "--after", "1.x"), "after: '1.x'"),
    (2, ("requests", "cancel"), "Missing argument 'REQUEST'"),
    (2, ("jobs", "dead", "drpo"), "No such command 'drpo'"),
    (1, ("jobs", "dead", "drop"), "JOB: None"),
    (1, ("jobs", "dead", "drop", "0b9c", "--all"), "JOB: ['0b9c']"),
    (1, ("jobs", "dead", "redrive", "0b9c", "--type", "sample_task"), "--type: 'sample_task'"),
    (1, ("jobs", "dead", "list", "--type", "chess"), "--type: 'chess'"),
    (2, ("dev", "now"), "now"),
    (2, ("env", "--json"), "No such option: --json"),
]
"""Exit code, command, and what is named; no database is needed to see any of these."""

ASKED: list[tuple[int, tuple[str, ...], str]] = [
    (1, ("batch", "status"), "there is no batch yet"),
    (1, ("batch", "status", "nosuch"), "batch: 'nosuch'"),
    (1, ("batch", "cancel", "latest"), "there is no batch yet"),
    (1, ("batch", "cancel", "nosuch"), "batch: 'nosuch'"),
    (1, ("game", "list", "--genre", "poker"), "--genre: 'poker'"),
    (1, ("game", "retry", "nosuch"), "game: 'nosuch'"),
    (1, ("game", "retry", ""), "game: ''"),
    (1, ("events", "archive", "--month", f"{today():%Y-%m}"), f"month: '{today():%Y-%m}'"),
    (1, ("events", "restore", "--month", "2020-01"), "month: '2020-01'"),
    (1, ("events", "quarantine", "list", "--game", "nosuch"), "--game: 'nosuch'"),
    (1, ("events", "quarantine", "retry", "--game", "nosuch"), "--game: 'nosuch'"),
    (1, (*QUERY, "--to", "2025-03-02"), "last: '2025-03-02'"),
    (1, ("runs", "show"), "you have no run yet"),
    (1, ("runs", "show", "nosuch"), "run: 'nosuch'"),
    (1, ("runs", "verify-files", ""), "run: ''"),
    (1, ("runs", "artifacts", "nosuch", "--after", "1.nosuch"), "run: 'nosuch'"),
    (1, ("runs", "download", "nosuch", "--output", "x"), "artifact: 'nosuch'"),
    (1, ("runs", "prompts", "--category", "poem"), "--category: 'poem'"),
    (1, ("runs", "prompts", "--id", "\x1b[2J"), "prefix: '\\x1b[2J'"),
    (1, ("requests", "show", "nosuch"), "request: 'nosuch'"),
    (1, ("requests", "retry", "7"), "request: '7'"),
    (1, ("jobs", "show"), "job: 'latest'"),
    (1, ("jobs", "show", "nosuch"), "job: 'nosuch'"),
    (1, ("jobs", "cancel", "0b9c2f5e"), "job: '0b9c2f5e'"),
    (1, ("jobs", "retry", ""), "job: ''"),
    (1, ("jobs", "dead", "drop", "0b9c"), "job: '0b9c'"),
    (1, (*ENQUEUE, "--delay", "400d"), "delay: '400 days"),
    (1, (*ENQUEUE, "--unique", ""), "unique_key: ''"),
    (1, (*ENQUEUE, "--unique", "\x1b[2J"), "unique_key: '\\x1b[2J'"),
    (1, (*ENQUEUE, "--user", "00000000-0000-4000-8000-00000000000f"), "user: '00000000"),
    (1, ("db", "upgrade", "0001"), "revision: '0001'"),
    (1, ("playtest",), "no game is published yet"),
    (1, ("playtest", "--game", "nosuch"), "games: 'nosuch'"),
    (1, ("report", "--output", "/proc/report.html"), "/proc/"),
    (1, (*EXPORT, "--output", "/proc/metrics.csv"), "--output: '/proc/metrics.csv'"),
]
"""The same where the database has to be asked."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A current folder with nothing but an empty folder in it, and no setting but those a test makes."""
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    monkeypatch.setenv("GAMEFACTORY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_URL", NOWHERE)
    get_settings.cache_clear()
    yield monkeypatch
    get_settings.cache_clear()


def check_refused(
    place: pytest.MonkeyPatch, told: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, named: str
) -> None:
    place.setattr(sys, "argv", ["gamefactory", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = told.readouterr()
    assert (ended.value.code, out) == (code, "")
    said = err.splitlines()
    assert len(said) <= LINES
    assert max(map(len, said)) < 1000
    assert said[-1].startswith("Error: ")
    assert named in said[-1]
    assert "Traceback" not in err


@pytest.mark.parametrize(("code", "words", "named"), WRONG, ids=lambda given: str(given)[:60])
def test_it_is_refused_before_there_is_a_database(place, capsys, code, words, named) -> None:
    check_refused(place, capsys, words, code, named)
    assert not Path("home").exists()
    assert [path.name for path in Path().iterdir()] == ["folder"]


@pytest.mark.parametrize(("code", "words", "named"), ASKED, ids=lambda given: str(given)[:60])
def test_it_is_refused_by_what_is_there(place, capsys, database, code, words, named) -> None:
    place.setenv("DATABASE_URL", database.settings.database_url)
    check_refused(place, capsys, words, code, named)


def test_the_tour_is_long_enough() -> None:
    assert len(WRONG) + len(ASKED) > 90
    assert len({words for _, words, _ in [*WRONG, *ASKED]}) == len(WRONG) + len(ASKED)
    rooms = {words[0] for _, words, _ in [*WRONG, *ASKED]}
    assert rooms >= set(cli.COMMANDS)


@pytest.fixture
def process(place: pytest.MonkeyPatch, database) -> dict[str, str]:
    """The environment of a command in a process of its own, on the test's database."""
    return {**os.environ, "DATABASE_URL": database.settings.database_url}


COMMAND = [sys.executable, "-m", "gamefactory_dagster.cli"]


@pytest.mark.parametrize(
    ("code", "words", "changes", "named"),
    [
        (2, ["bach"], {}, "'bach'"),
        (1, ["metrics", "refresh", "--day", "yesterday"], {}, "'yesterday'"),
        (1, ["game", "retry", b"\xff\xfe"], {}, r"'\udcff\udcfe' is not UTF-8 text"),
        (1, ["game", "list"], {"GAMEFACTORY_UI_PORT": "http"}, "GAMEFACTORY_UI_PORT: 'http'"),
        (1, ["game", "list"], {"GAMEFACTORY_FIRST_DAY": "2026-13-01"}, "GAMEFACTORY_FIRST_DAY: '2026-13-01'"),
        (1, ["report", "--output", "/proc/report.html"], {}, "/proc/"),
    ],
)
def test_a_process_says_it_too(process, code, words, changes, named) -> None:
    done = subprocess.run(
        [*COMMAND, *words], env={**process, **changes}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (code, "")
    assert named in done.stderr
    assert len(done.stderr.splitlines()) <= LINES
    assert "Traceback" not in done.stderr


def test_ctrl_c_stops_a_command_without_a_word_too_many(process) -> None:
    """While it waits for events on its standard input."""
    waiting = subprocess.Popen(
        [*COMMAND, "events", "import", "-"],
        env=process,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a test may run in the background, where Ctrl-C is ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )
    assert waiting.stdin is not None
    waiting.stdin.write("\n" * 1_000_000)  # more than a pipe holds: written, when the command is reading
    waiting.stdin.flush()
    time.sleep(1)
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=30)
    assert (waiting.returncode, out, err) == (130, "", "Error: stopped\n")


@pytest.mark.parametrize(
    ("interrupt", "code"), [(KeyboardInterrupt, 130), (EOFError, 1)], ids=["Ctrl-C", "no answer"]
)
def test_at_a_question_it_stops_as_well(place, capsys, database, interrupt, code) -> None:
    def ask(_: str) -> str:
        raise interrupt

    place.setenv("DATABASE_URL", database.settings.database_url)
    place.setattr("typer._click.termui.visible_prompt_func", ask)
    place.setattr(sys, "argv", ["gamefactory", "db", "downgrade", "0001"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr()
    assert ended.value.code == code
    assert told.err.endswith("Error: stopped\n")


@pytest.mark.parametrize("at", ["app", "inside"])
def test_ctrl_c_anywhere_else_is_told_by_its_code(monkeypatch, capsys, at) -> None:
    def app(**_: object) -> int:
        if at == "inside":
            return 130  # what Typer makes of it within a command
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "app", app)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code, capsys.readouterr().err) == (130, "Error: stopped\n")


def test_the_version_is_told(monkeypatch, capsys) -> None:
    from gamefactory_dagster import __version__

    monkeypatch.setattr(sys, "argv", ["gamefactory", "--version"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code, capsys.readouterr().out) == (0, f"gamefactory {__version__}\n")


EMPTY = [
    (("game", "list"), "There is no game yet."),
    (("game", "list", "--status", "failed"), "There is no such game."),
    (("events", "landed"), "No such file has been found in"),
    (("events", "quarantine", "list"), "No such event is in quarantine."),
    (("events", "archive", "--before", "2020-01", "--dry-run"), "No such month has events in the database."),
    (("metrics", "refresh"), "Every day is up to date."),
    (("runs", "list"), "You have no run yet."),
    (("runs", "list", "--kind", "game"), "There is no such run of yours."),
    (("runs", "prompts"), "There is no such text."),
    (("runs", "verify-files"), "There is no artifact to compare."),
]


@pytest.mark.parametrize(("words", "said"), EMPTY, ids=lambda given: str(given)[:40])
def test_where_there_is_nothing_words_say_so(place, capsys, database, words, said) -> None:
    place.setenv("DATABASE_URL", database.settings.database_url)
    place.setattr(sys, "argv", ["gamefactory", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    assert (ended.value.code, err) == (0, "")
    assert out.startswith(said)
    assert len(out.splitlines()) == 1
