"""The landing zone: every file is taken in once, when it is whole, whatever dies meanwhile."""

import gzip
import json
import os
import subprocess
import sys
import time
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from fsspec.implementations.local import LocalFileSystem
from typer.testing import CliRunner

from gamefactory_dagster.analytics import landing
from gamefactory_dagster.analytics.ingest import CHUNK, IntakeCounts
from gamefactory_dagster.cli import app
from gamefactory_dagster.errors import InputError, LeaseLostError, PermanentError, TransientError
from tests.board import Board
from tests.live import kill, wait_for

from .landed import (
    count,
    fall_silent,
    games,
    known,
    let_settle,
    lines,
    local,
    look,
    settled_look,
    take_in,
    tick,
    zone,
)
from .test_events import OTHER

__all__ = ["games", "local", "zone"]


def test_a_file_is_found_given_out_and_taken_in_once(games, zone):
    folder, settings = zone
    (folder / "day one.ndjson").write_bytes(lines(3) + b"{\n")
    assert look(games, settings) == []
    assert look(games, settings) == []  # not long enough the same
    let_settle(games)
    [file] = look(games, settings)
    assert file.url.endswith("/day one.ndjson")
    assert (known(games)[0].size_bytes, file.attempt) == (len(lines(3)) + 2, 1)
    assert look(games, settings) == []
    assert take_in(games, file) == IntakeCounts(stored=3, quarantined=1)
    let_settle(games, 10_000)
    assert look(games, settings) == []
    [row] = known(games)
    assert (row.status, row.stored, row.duplicate, row.quarantined, row.attempt) == ("completed", 3, 0, 1, 1)
    assert row.finished_at is not None
    with games.connect() as connection:
        [source] = connection.execute(sa.text("SELECT source FROM quarantined_events")).scalars()
    assert source == file.url


def test_taking_in_a_completed_file_reads_nothing(games, local, settings):
    (local / "a.ndjson").write_bytes(lines(2))
    [file] = settled_look(games, settings)
    first = take_in(games, file)
    (local / "a.ndjson").unlink()
    assert take_in(games, file) == first == IntakeCounts(stored=2)
    assert known(games)[0].attempt == 1


def test_the_same_name_with_new_content_is_a_new_file(games, zone):
    folder, settings = zone
    (folder / "a.jsonl").write_bytes(lines(2))
    [old] = settled_look(games, settings)
    take_in(games, old)
    (folder / "a.jsonl").write_bytes(lines(3))
    [new] = settled_look(games, settings)
    assert new.url == old.url
    assert take_in(games, new) == IntakeCounts(stored=1, duplicate=2)
    assert [row.status for row in known(games)] == ["completed", "completed"]


def test_a_file_that_is_still_written_is_left_for_later(games, zone):
    folder, settings = zone
    for number in range(1, 4):
        (folder / "a.ndjson").write_bytes(lines(number))
        assert look(games, settings) == []
        assert len(known(games)) == 1
        let_settle(games)
    [file] = look(games, settings)
    assert take_in(games, file) == IntakeCounts(stored=3)


def test_a_folder_that_is_not_there_holds_no_files(engine, settings):
    assert look(engine, settings) == []


def test_a_folder_that_cannot_be_read_is_not_taken_for_an_empty_one(engine, local, settings, monkeypatch):
    (local / "sub").mkdir()
    read = LocalFileSystem.ls

    def refuse(filesystem, path, **options):
        if path.endswith("sub"):
            raise PermissionError(path)
        return read(filesystem, path, **options)

    monkeypatch.setattr(LocalFileSystem, "ls", refuse)
    done = tick(engine, settings)
    assert done.failed == {"files found": f"{local / 'sub'}"}


def test_compressed_files_in_folders_are_taken_in(games, zone):
    folder, settings = zone
    (folder / "2026" / "03").mkdir(parents=True)
    (folder / "2026" / "03" / "a.ndjson.gz").write_bytes(gzip.compress(lines(50)))
    [file] = settled_look(games, settings)
    assert take_in(games, file) == IntakeCounts(stored=50)


def test_no_more_are_given_out_than_asked_for_and_the_rest_next(engine, local, settings, monkeypatch):
    monkeypatch.setattr(landing, "PAGE", 3)
    for number in range(8):
        (local / f"{number}.ndjson").write_bytes(b"x")
    five = settings.model_copy(update={"runs_per_tick": 5})
    look(engine, five)
    let_settle(engine)
    given = [[file.url[-8:-7] for file in look(engine, five)] for _ in range(3)]
    assert given == [list("01234"), list("567"), []]


def test_a_request_that_never_became_a_run_is_made_again_under_the_same_key(engine, local, settings):
    (local / "a.ndjson").write_bytes(b"x")
    [first] = settled_look(engine, settings)
    assert look(engine, settings) == []
    let_settle(engine)
    assert look(engine, settings) == [first]


def test_a_run_that_ended_without_taking_its_file_up_is_replaced(engine, local, settings):
    (local / "a.ndjson").write_bytes(b"x")
    [first] = settled_look(engine, settings)
    board = Board()
    board.put("r1", "failed", key=first.run_key)
    let_settle(engine)
    [again] = look(engine, settings, board)
    assert (again.url, again.fingerprint, again.attempt) == (first.url, first.fingerprint, 2)
    assert again.run_key != first.run_key


def test_a_run_a_person_stopped_fails_its_file(games, local, settings):
    (local / "a.ndjson").write_bytes(lines(1))
    [file] = settled_look(games, settings)
    board = Board()
    board.put("stopped", "cancelled", key=file.run_key)
    let_settle(games)
    assert look(games, settings, board) == []
    [row] = known(games)
    assert (row.status, row.error_message) == ("failed", "run stopped was stopped by a person")


def test_two_who_take_in_one_file_do_not_both(games, local, settings, monkeypatch):
    (local / "a.ndjson").write_bytes(lines(5))
    [file] = settled_look(games, settings)
    barrier = Barrier(2)
    inside = Barrier(2)
    results = []

    def slow_import(*given, **options):
        inside.wait()  # until the other one has been turned away
        return real_import(*given, **options)

    def run(owner):
        barrier.wait()
        try:
            results.append(take_in(games, file, owner))
        except LeaseLostError as error:
            results.append(error)
            inside.wait()

    real_import = landing.import_file
    monkeypatch.setattr(landing, "import_file", slow_import)
    runners = [Thread(target=run, args=(owner,)) for owner in ("one", "two")]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    refusal, counts = results
    assert counts == IntakeCounts(stored=5)
    assert "is in the hands of" in str(refusal)
    assert known(games)[0].attempt == 1


def test_a_file_at_work_is_not_given_out(games, local, settings, monkeypatch):
    (local / "a.ndjson").write_bytes(lines(5))
    [file] = settled_look(games, settings)
    given = []

    def import_and_look(*arguments, **options):
        let_settle(games, 10_000)
        given.append((look(games, settings), known(games)[0].status))
        return IntakeCounts()

    monkeypatch.setattr(landing, "import_file", import_and_look)
    take_in(games, file)
    assert given == [([], "running")]


@pytest.mark.parametrize(
    ("change", "word"),
    [(lambda path: path.unlink(), "gone"), (lambda path: path.write_bytes(lines(4)), "changed")],
)
def test_a_file_that_is_gone_or_another_by_now_is_failed(games, zone, change, word):
    folder, settings = zone
    (folder / "a.ndjson").write_bytes(lines(3))
    [file] = settled_look(games, settings)
    change(folder / "a.ndjson")
    with pytest.raises(PermanentError, match=word):
        take_in(games, file)
    assert count(games) == 0
    [row] = known(games)
    assert row.status == "failed"
    assert word in row.error_message


def test_a_file_that_grew_while_it_was_read_is_failed_and_found_again(games, local, settings, monkeypatch):
    (local / "a.ndjson").write_bytes(lines(3))
    [file] = settled_look(games, settings)
    real_import = landing.import_file

    def import_and_grow(*given, **options):
        counts = real_import(*given, **options)
        (local / "a.ndjson").write_bytes(lines(4))
        return counts

    with monkeypatch.context() as growing, pytest.raises(PermanentError, match="changed"):
        growing.setattr(landing, "import_file", import_and_grow)
        take_in(games, file)
    [new] = settled_look(games, settings)
    assert take_in(games, new) == IntakeCounts(stored=1, duplicate=3)


def test_what_may_pass_is_put_off_and_given_up_after_some_attempts(games, local, settings, monkeypatch):
    (local / "a.ndjson").write_bytes(lines(3))
    [file] = settled_look(games, settings)

    def away(*given, **options):
        raise TransientError("the storage is away")

    states = []
    with monkeypatch.context() as broken:
        broken.setattr(landing, "import_file", away)
        for _ in range(landing.ATTEMPTS):
            if states:
                [file] = look(games, settings)
            with pytest.raises(TransientError):
                take_in(games, file)
            states.append(known(games)[0].status)
    assert states == ["pending", "pending", "failed"]
    let_settle(games, 10_000)
    assert look(games, settings) == []
    assert take_in(games, file) == IntakeCounts(stored=3)  # because somebody asks for it
    assert known(games)[0].status == "completed"


@pytest.mark.parametrize(
    ("error", "status"),
    [(ConnectionError("reset"), "pending"), (gzip.BadGzipFile("no gzip"), "failed"), (EOFError(), "failed")],
)
def test_only_what_may_pass_is_put_off(games, local, settings, monkeypatch, error, status):
    (local / "a.ndjson").write_bytes(lines(1))
    [file] = settled_look(games, settings)

    def stopped(*given, **options):
        raise PermanentError("it cannot be read") from error

    monkeypatch.setattr(landing, "import_file", stopped)
    with pytest.raises(PermanentError):
        take_in(games, file)
    assert (known(games)[0].status, known(games)[0].error_message) == (status, "it cannot be read")


def test_a_file_whose_imports_keep_dying_is_given_up(games, local, settings, monkeypatch):
    (local / "a.ndjson").write_bytes(lines(3))
    [file] = settled_look(games, settings)

    class Killed(BaseException):
        pass

    def die(*_, **options):
        raise Killed

    monkeypatch.setattr(landing, "import_file", die)
    for attempt in range(1, landing.ATTEMPTS + 1):
        assert file.attempt == attempt
        with pytest.raises(Killed):
            take_in(games, file, f"run {attempt}")
        assert look(games, settings) == [], "its lease has not run out"
        fall_silent(games)
        [file] = look(games, settings) or [None]
    [row] = known(games)
    assert row.status == "failed"
    assert row.error_message == "gave up after 3 attempts; last: the worker of run run 3 died"
    assert row.lease_owner is None
    assert count(games) == 0


def test_an_import_that_lost_its_file_stops_and_says_nothing_of_it(games, local, settings, monkeypatch):
    (local / "a.ndjson").write_bytes(lines(3))
    [file] = settled_look(games, settings)

    def slow(*_, on_progress, **options):
        with games.begin() as connection:
            connection.execute(
                sa.text("UPDATE landed_files SET lease_owner = 'other', lease_epoch = lease_epoch + 1")
            )
        until = time.monotonic() + 10
        while time.monotonic() < until:
            on_progress(0, IntakeCounts())
            time.sleep(0.01)

    monkeypatch.setattr(landing, "import_file", slow)
    begun = time.monotonic()
    with pytest.raises(LeaseLostError, match="the work stops here"):
        landing.take_in(games, file.url, file.fingerprint, "run", 1.0)
    assert time.monotonic() - begun < 5
    assert (known(games)[0].status, known(games)[0].lease_owner) == ("running", "other")


def test_a_file_nobody_found_is_not_taken_in(engine):
    with pytest.raises(InputError, match="landing zone"):
        take_in(engine, SimpleNamespace(url="file:///etc/passwd", fingerprint="x"))


TAKE_IN = """
import sys
from gamefactory_dagster.analytics.landing import take_in
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.settings import get_settings
take_in(get_engine(get_settings()), *sys.argv[1:], "killed", 2.0)
"""


@pytest.mark.faults
def test_an_import_that_is_killed_is_given_out_again_and_ends_exact(games, local, settings):
    with games.begin() as connection:
        statement = "INSERT INTO games (id, name, slug, genre) VALUES (:id, 'b', 'b', 'runner')"
        connection.execute(sa.text(statement), {"id": OTHER})
    events = CHUNK + 10
    (local / "a.ndjson").write_bytes(lines(CHUNK) + lines(10, start=CHUNK, game_id=OTHER))
    [file] = settled_look(games, settings)
    command = [sys.executable, "-c", TAKE_IN, file.url, file.fingerprint]
    environment = {
        **os.environ, "DATABASE_URL": settings.database_url, "GAMEFACTORY_HOME": str(settings.home)
    }  # fmt: skip
    with subprocess.Popen(command, env=environment) as process, games.begin() as connection:
        connection.execute(sa.text("SELECT FROM games WHERE id = :id FOR UPDATE"), {"id": OTHER})
        wait_for("a first chunk", 60, lambda: count(games))
        assert look(games, settings) == []
        kill(process.pid)
        process.wait()
    assert count(games) == CHUNK
    [again] = wait_for("the dead import's file", 10, lambda: look(games, settings))
    assert (again.url, again.attempt) == (file.url, 2)
    assert again.run_key != file.run_key
    counts = take_in(games, again)
    assert counts == IntakeCounts(stored=10, duplicate=CHUNK)
    assert count(games) == events
    assert count(games, "quarantined_events") == 0
    [row] = known(games)
    assert (row.status, row.attempt) == ("completed", 2)


def test_the_command_lists_what_became_of_the_files(games, local, settings, monkeypatch):
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: settings)
    (local / "good.ndjson").write_bytes(lines(2))
    (local / "gone.ndjson").write_bytes(lines(2))
    files = settled_look(games, settings)
    (local / "gone.ndjson").unlink()
    with pytest.raises(PermanentError):
        [take_in(games, file) for file in sorted(files, key=lambda file: file.url, reverse=True)]

    def run(*arguments):
        return CliRunner().invoke(app, ["events", "landed", *arguments], catch_exceptions=False).stdout

    report = {one["url"].rpartition("/")[2]: one for one in json.loads(run("--json"))}
    assert report["good.ndjson"]["stored"] == 2
    assert report["gone.ndjson"]["status"] == "failed"
    assert [one["status"] for one in json.loads(run("--status", "failed", "--json"))] == ["failed"]
    assert "gone" in run()
    with pytest.raises(InputError):
        run("--status", "lost")
