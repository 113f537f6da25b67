"""The landing zone: every file is found when it is whole, and taken in once, whatever dies meanwhile."""

import gzip
import json
import os
import subprocess
import sys
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from fsspec.implementations.local import LocalFileSystem
from typer.testing import CliRunner
from upath import UPath

from gamefactory_dagster.analytics import landing
from gamefactory_dagster.analytics.commands import landing as commands
from gamefactory_dagster.analytics.ingest import CHUNK
from gamefactory_dagster.analytics.ingest import IntakeCounts as Counts
from gamefactory_dagster.analytics.landing import fingerprint_of, scan, take_in
from gamefactory_dagster.cli import app
from gamefactory_dagster.errors import InputError, LeaseLostError, PermanentError, TransientError
from tests.live import kill, wait_for

from .test_events import GAME, OTHER, event


def lines(number, start=0, **changes):
    return b"".join(
        json.dumps(event(event_id=str(UUID(int=index)), **changes)).encode() + b"\n"
        for index in range(start, start + number)
    )


@pytest.fixture(params=["local", "memory"])
def zone(request, settings):
    """A landing zone that is there, as an UPath, and the settings that name it."""
    url = (
        f"memory://{uuid4().hex}" if request.param == "memory" else str(settings.home / "a b%20" / "landing")
    )
    folder = UPath(url)
    folder.mkdir(parents=True)
    return folder, settings.model_copy(update={"landing_url": url})


@pytest.fixture
def local(settings):
    folder = UPath(settings.landing)
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def games(engine):
    with engine.begin() as connection:
        statement = "INSERT INTO games (id, name, slug, genre) VALUES (:id, 'a', 'a', 'runner')"
        connection.execute(sa.text(statement), {"id": GAME})
    return engine


def look(engine, settings, **options):
    with engine.begin() as connection:
        return landing.look(connection, settings, **options)


def let_settle(engine, seconds=60):
    """What was found and given out was so longer ago."""
    statement = """
    UPDATE landed_files SET found_at = found_at - make_interval(secs => :seconds),
                            requested_at = requested_at - make_interval(secs => :seconds)
    """
    with engine.begin() as connection:
        connection.execute(sa.text(statement), {"seconds": seconds})


def settled_look(engine, settings):
    look(engine, settings)
    let_settle(engine)
    return look(engine, settings)


def known(engine):
    with engine.connect() as connection:
        return connection.execute(sa.text("SELECT * FROM landed_files ORDER BY found_at, url")).all()


def count(engine, table="analytics_events"):
    with engine.connect() as connection:
        return connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_a_file_is_found_given_out_and_taken_in_once(games, zone):
    folder, settings = zone
    (folder / "day one.ndjson").write_bytes(lines(3) + b"{\n")
    assert look(games, settings) == []
    assert look(games, settings) == []  # not long enough the same
    let_settle(games)
    [file] = look(games, settings)
    assert file.url.endswith("/day one.ndjson")
    assert (file.size_bytes, file.attempt) == (len(lines(3)) + 2, 0)
    assert look(games, settings) == []
    assert take_in(games, file.url, file.fingerprint) == Counts(stored=3, quarantined=1)
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
    first = take_in(games, file.url, file.fingerprint)
    (local / "a.ndjson").unlink()
    assert take_in(games, file.url, file.fingerprint) == first == Counts(stored=2)
    assert known(games)[0].attempt == 1


def test_the_same_name_with_new_content_is_a_new_file(games, zone):
    folder, settings = zone
    (folder / "a.jsonl").write_bytes(lines(2))
    [old] = settled_look(games, settings)
    take_in(games, old.url, old.fingerprint)
    (folder / "a.jsonl").write_bytes(lines(3))
    [new] = settled_look(games, settings)
    assert new.url == old.url
    assert take_in(games, new.url, new.fingerprint) == Counts(stored=1, duplicate=2)
    assert [row.status for row in known(games)] == ["completed", "completed"]


def test_a_file_that_is_still_written_is_left_for_later(games, zone):
    folder, settings = zone
    for number in range(1, 4):
        (folder / "a.ndjson").write_bytes(lines(number))
        assert look(games, settings) == []
        assert len(known(games)) == 1
        let_settle(games)
    [file] = look(games, settings)
    assert take_in(games, file.url, file.fingerprint) == Counts(stored=3)


def test_only_event_files_are_found(zone):
    folder, settings = zone
    for name in ("sub/deeper/b.jsonl.gz", "a.ndjson", ".hidden.ndjson", ".tmp/c.ndjson", "d.ndjson.part",
                 "e.ndjson.tmp", "f.csv", "g.gz", "ndjson"):  # fmt: skip
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    found = sorted(file.url.partition(str(folder.path))[2] for file in scan(settings.landing))
    assert found == ["/a.ndjson", "/sub/deeper/b.jsonl.gz"]


def test_folders_too_deep_and_links_are_not_followed(local, settings, tmp_path):
    (tmp_path / "elsewhere.ndjson").write_bytes(b"x")
    (local / "link.ndjson").symlink_to(tmp_path / "elsewhere.ndjson")
    (local / "loop").symlink_to(local)
    deep = local.joinpath(*["sub"] * (landing.DEPTH - 1))
    (deep / "sub").mkdir(parents=True)
    (deep / "there.ndjson").write_bytes(b"x")
    (deep / "sub" / "too-deep.ndjson").write_bytes(b"x")
    assert [file.url.rpartition("/")[2] for file in scan(settings.landing)] == ["there.ndjson"]


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
    with pytest.raises(PermissionError):
        look(engine, settings)


def test_compressed_files_in_folders_are_taken_in(games, zone):
    folder, settings = zone
    (folder / "2026" / "03").mkdir(parents=True)
    (folder / "2026" / "03" / "a.ndjson.gz").write_bytes(gzip.compress(lines(50)))
    [file] = settled_look(games, settings)
    assert take_in(games, file.url, file.fingerprint) == Counts(stored=50)


def test_no_more_are_given_out_than_asked_for_and_the_rest_next(engine, local, settings, monkeypatch):
    monkeypatch.setattr(landing, "PAGE", 3)
    for number in range(8):
        (local / f"{number}.ndjson").write_bytes(b"x")
    look(engine, settings)
    let_settle(engine)
    given = [[file.url[-8:-7] for file in look(engine, settings, limit=5)] for _ in range(3)]
    assert given == [list("01234"), list("567"), []]


def test_what_was_given_out_and_never_begun_is_given_out_again_with_another_key(engine, local, settings):
    (local / "a.ndjson").write_bytes(b"x")
    [first] = settled_look(engine, settings)
    let_settle(engine, landing.AGAIN_SECONDS - 10)
    assert look(engine, settings) == []
    let_settle(engine, 20)
    [again] = look(engine, settings)
    assert (again.url, again.fingerprint, again.attempt) == (first.url, first.fingerprint, 0)
    assert again.run_key != first.run_key


def test_a_look_that_is_rolled_back_gave_nothing_out(engine, local, settings):
    (local / "a.ndjson").write_bytes(b"x")
    look(engine, settings)
    let_settle(engine)
    with engine.connect() as connection:
        assert len(landing.look(connection, settings)) == 1
    assert len(look(engine, settings)) == 1


def test_two_who_take_in_one_file_do_not_both(games, local, settings, monkeypatch):
    (local / "a.ndjson").write_bytes(lines(5))
    [file] = settled_look(games, settings)
    barrier = Barrier(2)
    inside = Barrier(2)
    results = []

    def slow_import(*given, **options):
        inside.wait()  # until the other one has been turned away
        return real_import(*given, **options)

    def run():
        barrier.wait()
        try:
            results.append(take_in(games, file.url, file.fingerprint))
        except LeaseLostError as error:
            results.append(error)
            inside.wait()

    real_import = landing.import_file
    monkeypatch.setattr(landing, "import_file", slow_import)
    runners = [Thread(target=run) for _ in range(2)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    refusal, counts = results
    assert counts == Counts(stored=5)
    assert "another process" in str(refusal)
    assert known(games)[0].attempt == 1


def test_a_file_at_work_is_not_given_out(games, local, settings, monkeypatch):
    (local / "a.ndjson").write_bytes(lines(5))
    [file] = settled_look(games, settings)
    given = []

    def import_and_look(*arguments, **options):
        let_settle(games, 10_000)
        given.append((look(games, settings), known(games)[0].status))
        return Counts()

    monkeypatch.setattr(landing, "import_file", import_and_look)
    take_in(games, file.url, file.fingerprint)
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
        take_in(games, file.url, file.fingerprint)
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
        take_in(games, file.url, file.fingerprint)
    [new] = settled_look(games, settings)
    assert take_in(games, new.url, new.fingerprint) == Counts(stored=1, duplicate=3)


def test_what_may_pass_is_put_off_and_given_up_after_some_attempts(games, local, settings, monkeypatch):
    (local / "a.ndjson").write_bytes(lines(3))
    settled_look(games, settings)

    def away(*given, **options):
        raise TransientError("the storage is away")

    states = []
    with monkeypatch.context() as broken:
        broken.setattr(landing, "import_file", away)
        for _ in range(landing.ATTEMPTS):
            let_settle(games, landing.AGAIN_SECONDS)
            [file] = look(games, settings)
            with pytest.raises(TransientError):
                take_in(games, file.url, file.fingerprint)
            states.append(known(games)[0].status)
    assert states == ["pending", "pending", "failed"]
    let_settle(games, 10_000)
    assert look(games, settings) == []
    assert take_in(games, file.url, file.fingerprint) == Counts(stored=3)  # because somebody asks for it
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
        take_in(games, file.url, file.fingerprint)
    assert (known(games)[0].status, known(games)[0].error_message) == (status, "it cannot be read")


def test_a_file_whose_imports_keep_dying_is_given_up(games, local, settings):
    (local / "a.ndjson").write_bytes(lines(3))
    [file] = settled_look(games, settings)
    with games.begin() as connection:
        connection.execute(sa.text("UPDATE landed_files SET status = 'running', attempt = 3"))
    [file] = look(games, settings)
    with pytest.raises(PermanentError, match="given up after 3"):
        take_in(games, file.url, file.fingerprint)
    assert known(games)[0].status == "failed"
    assert count(games) == 0


def test_a_file_nobody_found_is_not_taken_in(engine):
    with pytest.raises(InputError, match="landing zone"):
        take_in(engine, "file:///etc/passwd", "x")


def test_a_digest_tells_more_than_size_and_time():
    same = {"size": 3, "mtime": 1.5}
    assert fingerprint_of(same) == fingerprint_of({**same, "ino": 7})
    assert fingerprint_of(same) != fingerprint_of({**same, "mtime": 1.25})
    assert fingerprint_of(same) != fingerprint_of({**same, "size": 4})
    assert fingerprint_of({**same, "ETag": "a"}) == fingerprint_of({"size": 3, "ETag": "a"})
    assert fingerprint_of({**same, "ETag": "a"}) != fingerprint_of({**same, "ETag": "b"})


TAKE_IN = """
import sys
from gamefactory_dagster.analytics.landing import take_in
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.settings import get_settings
take_in(get_engine(get_settings()), *sys.argv[1:])
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
    assert (again.url, again.attempt) == (file.url, 1)
    assert again.run_key != file.run_key
    counts = take_in(games, again.url, again.fingerprint)
    assert counts == Counts(stored=10, duplicate=CHUNK)
    assert count(games) == events
    assert count(games, "quarantined_events") == 0
    [row] = known(games)
    assert (row.status, row.attempt) == ("completed", 2)


def test_the_command_lists_what_became_of_the_files(games, local, settings, monkeypatch):
    monkeypatch.setattr(commands, "get_settings", lambda: settings)
    (local / "good.ndjson").write_bytes(lines(2))
    (local / "gone.ndjson").write_bytes(lines(2))
    files = settled_look(games, settings)
    (local / "gone.ndjson").unlink()
    with pytest.raises(PermanentError):
        [
            take_in(games, file.url, file.fingerprint)
            for file in sorted(files, key=lambda file: file.url, reverse=True)
        ]

    def run(*arguments):
        return CliRunner().invoke(app, ["events", "landed", *arguments], catch_exceptions=False).stdout

    report = {one["url"].rpartition("/")[2]: one for one in json.loads(run("--json"))}
    assert report["good.ndjson"]["stored"] == 2
    assert report["gone.ndjson"]["status"] == "failed"
    assert [one["status"] for one in json.loads(run("--status", "failed", "--json"))] == ["failed"]
    assert "gone" in run()
    with pytest.raises(InputError):
        run("--status", "lost")
