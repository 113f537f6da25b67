"""Files into the database: every line handled, once; games that are not there only when asked."""

import gzip
import io
import json
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner
from upath import UPath

from gamefactory_dagster.analytics import files
from gamefactory_dagster.analytics.files import ImportStoppedError, event_files, import_file, import_stream
from gamefactory_dagster.analytics.ingest import IntakeCounts
from gamefactory_dagster.cli import app
from gamefactory_dagster.errors import InputError
from tests.factory_rows import count, scalar

from .packing import PACKERS
from .test_events import GAME, OTHER, event

STRANGERS = ["6a3db1f0-63a0-4f7a-8a51-28b9e7a43a10", "04b7e3c2-2f83-4f06-9d5e-8c5c5b8de6f7"]


def many(number, first=1, **changes):
    """Events of three months, ids in the order of time."""
    start = datetime(2025, 1, 30, tzinfo=UTC)
    return [
        event(
            event_id=str(UUID(int=first + index)),
            timestamp=(start + timedelta(days=30 * index / number)).isoformat(),
            **{"game_id": (GAME, OTHER)[index % 2], **changes},
        )
        for index in range(number)
    ]


def as_file(events):
    return b"".join(json.dumps(raw).encode() + b"\n" for raw in events)


def stored(engine):
    return count(engine, "analytics_events")


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_a_file_and_a_stream_are_taken_in_once(games, tmp_path, pack):
    data = pack(as_file(many(50)))
    (tmp_path / "a").write_bytes(data)
    assert import_file(games, UPath(tmp_path / "a"), source="a") == IntakeCounts(stored=50)
    assert import_stream(games, io.BytesIO(data), source="b") == IntakeCounts(duplicate=50)
    in_array = pack(json.dumps([*many(50), event()], indent=1).encode())
    assert import_stream(games, io.BytesIO(in_array), source="c") == IntakeCounts(stored=1, duplicate=50)
    assert stored(games) == 51


def test_progress_is_told_after_each_chunk(games, monkeypatch):
    monkeypatch.setattr(files, "CHUNK", 20)
    data = as_file(many(50))
    told = []
    counts = import_stream(
        games, io.BytesIO(data), source="a", on_progress=lambda *so_far: told.append(so_far)
    )
    assert [so_far.total for _, so_far in told] == [20, 40, 50]
    assert told[-1] == (len(data), counts)


def test_each_chunk_is_committed_before_the_next_is_read(games, monkeypatch):
    monkeypatch.setattr(files, "CHUNK", 20)

    def stop(read_bytes, so_far):
        assert stored(games) == so_far.stored == 20
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_stream(games, io.BytesIO(as_file(many(50))), source="a", on_progress=stop)
    assert import_stream(games, io.BytesIO(as_file(many(50))), source="a") == IntakeCounts(
        stored=30, duplicate=20
    )


def test_unknown_games_are_refused_unless_asked(games):
    strangers = [*many(3, 11, game_id=STRANGERS[0]), *many(2, 21, game_id=STRANGERS[1])]
    data = as_file([*many(4), *strangers])
    refused = import_stream(games, io.BytesIO(data), source="a")
    assert refused == IntakeCounts(stored=4, quarantined=5)
    assert refused.reasons == {"unknown_game": 5}
    taken = import_stream(games, io.BytesIO(data), source="a", register_games=True)
    assert taken == IntakeCounts(stored=5, duplicate=4)


def test_registered_games_are_external_and_others_stay_as_they_are(games):
    strangers = [event(event_id=str(UUID(int=number)), game_id=game) for number, game in enumerate(STRANGERS)]
    before = scalar(games, f"SELECT CAST(games AS text) FROM games WHERE id = '{GAME}'")
    data = as_file([event(), *strangers])
    assert import_stream(games, io.BytesIO(data), source="a", register_games=True) == IntakeCounts(stored=3)
    assert scalar(games, f"SELECT CAST(games AS text) FROM games WHERE id = '{GAME}'") == before
    with games.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT * FROM games WHERE external AND batch_id IS NULL ORDER BY id")
        ).all()
    assert [(str(row.id), row.slug, row.genre, row.status) for row in rows] == [
        (game, f"external-{game}", "external", "published") for game in sorted(STRANGERS)
    ]
    assert rows[0].name == "External 04b7e3c2"


def test_the_source_is_kept_in_quarantine_however_long(games):
    import_stream(games, io.BytesIO(b"{"), source="x" * 300 + "end")
    assert scalar(games, "SELECT source FROM quarantined_events") == "x" * 252 + "end"


def test_truncated_gzip_is_an_error_after_its_whole_lines(games):
    data = gzip.compress(as_file(many(2000)))
    with pytest.raises(
        ImportStoppedError, match=r"cut\.gz: the compressed data is damaged or ends early"
    ) as caught:
        import_stream(games, io.BytesIO(data[: len(data) // 2]), source="cut.gz")
    assert 0 < caught.value.counts.stored == stored(games) < 2000
    assert caught.value.counts.quarantined == 0, "half a line is no bad event"
    assert import_stream(games, io.BytesIO(data), source="cut.gz").total == 2000
    assert stored(games) == 2000


def test_a_file_that_cannot_be_opened_is_said(games, tmp_path):
    with pytest.raises(ImportStoppedError, match="cannot be opened"):
        import_file(games, UPath(tmp_path), source="a folder")


def test_the_event_files_of_a_folder(tmp_path):
    for name in ("b.jsonl", "a.ndjson.gz", "c.txt", "d.ndjson", "e.gz", "g.json.zst", "h.zip", "i.zip.gz"):
        (tmp_path / name).touch()
    (tmp_path / "f.ndjson").mkdir()
    assert [one.name for one in event_files(UPath(tmp_path))] == [
        "a.ndjson.gz", "b.jsonl", "d.ndjson", "g.json.zst", "h.zip",
    ]  # fmt: skip
    assert event_files(UPath(tmp_path / "c.txt")) == [UPath(tmp_path / "c.txt")]
    for empty in ("f.ndjson", "nothing"):
        with pytest.raises(InputError, match="FILE"):
            event_files(UPath(tmp_path / empty))


def test_imports_of_the_same_file_at_once_store_it_once(games, monkeypatch):
    monkeypatch.setattr(files, "CHUNK", 100)
    events = [*many(1000), *many(200, 2001, game_id=STRANGERS[0])]
    barrier = Barrier(4)
    results = []

    def run(order):
        barrier.wait()
        data = io.BytesIO(as_file(order))
        results.append(import_stream(games, data, source="a", register_games=True))

    orders = (events, events[::-1], events, events[::-1])
    threads = [Thread(target=run, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4, "one died"
    assert {result.total for result in results} == {1200}
    assert sum(result.stored for result in results) == stored(games) == 1200


@pytest.fixture
def run(games, monkeypatch):
    """Run the command on the test's database."""
    monkeypatch.setattr("gamefactory_dagster.database.migrations.ready_engine", lambda _settings: games)

    def invoke(*arguments, stdin=None):
        return CliRunner().invoke(app, ["events", "import", *map(str, arguments)], input=stdin)

    return invoke


def test_the_command_takes_files_folders_and_standard_input(games, run, tmp_path):
    first, second, third = many(10), many(20)[:15], many(4, game_id=STRANGERS[0])
    (tmp_path / "a.ndjson.gz").write_bytes(gzip.compress(as_file(first)))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "b.jsonl").write_bytes(as_file(second))
    done = run(tmp_path / "a.ndjson.gz", tmp_path / "folder", "-", "--json", stdin=as_file(third))
    assert done.exit_code == 0, done.output
    counts = json.loads(done.stdout)
    assert counts["stored"] == stored(games)
    assert counts["stored"] + counts["duplicate"] == 25
    assert counts["reasons"] == {"unknown_game": 4}


def test_the_command_says_what_was_refused_and_what_to_do(run, tmp_path):
    (tmp_path / "a.ndjson").write_bytes(as_file(many(3, game_id=STRANGERS[0])) + b"{\n[]\n")
    done = run(tmp_path / "a.ndjson")
    said = " ".join(done.output.split())
    assert done.exit_code == 2
    assert "5 of 5 events were refused" in said
    assert "3 of them name a game that is not here" in said
    assert "--register-games" in said
    assert "not_json" in said
    assert run(tmp_path / "a.ndjson", "--register-games").exit_code == 0


def test_the_command_goes_on_after_a_broken_file_and_fails(games, run, tmp_path):
    (tmp_path / "a.ndjson").write_bytes(gzip.compress(as_file(many(2000)))[:-30])
    (tmp_path / "b.ndjson").write_bytes(as_file(many(10)))
    done = run(tmp_path)
    assert done.exit_code == 1
    assert "a.ndjson" in str(done.exception)
    assert stored(games) > 1000
    assert run(tmp_path / "nothing").exit_code == 1
    assert count(games, "quarantined_events") == 0


def moneyless():
    """Events that bring money: three say how much, five do not."""
    kinds = [
        ("iap_completed", {"revenue_cents": 99}), ("iap_completed", {"revenue_cents": 0}),
        ("iap_completed", {"price": 0.99}), ("iap_completed", None), ("iap_completed", ...),
        ("rewarded_ad_completed", {"revenue_micros": 5000}),
        ("rewarded_ad_completed", {"note": '"revenue_micros":1'}),
        ("rewarded_ad_completed", {"revenue_cents": 1}),
        ("level_start", {}),
    ]  # fmt: skip
    return [
        event(event_id=str(UUID(int=number)), event_type=kind, properties=properties)
        for number, (kind, properties) in enumerate(kinds)
    ]


def test_money_that_is_not_said_is_counted_and_told(run, tmp_path):
    (tmp_path / "a.ndjson").write_bytes(as_file(moneyless()) + as_file(moneyless()[-1:]))
    done = run(tmp_path / "a.ndjson")
    said = " ".join(done.output.split())
    assert done.exit_code == 0
    assert "3 iap_completed events do not say how much" in said
    assert "properties.revenue_cents" in said
    assert "2 rewarded_ad_completed events do not say how much" in said
    again = json.loads(run(tmp_path / "a.ndjson", "--json").stdout)
    assert (again["duplicate"], again["quarantined"]) == (10, 0)
    assert again["without_money"] == {"iap_completed": 3, "rewarded_ad_completed": 2}
    assert len(again["advice"]) == 2


def test_an_import_that_refuses_most_says_what_the_file_looks_like(run, tmp_path):
    (tmp_path / "a.ndjson").write_bytes(b"event_id,game_id,event_type\n" + b"1,2,level_start\n" * 5)
    (tmp_path / "b.ndjson").write_bytes(json.dumps(event()).encode("utf-16"))
    done = run(tmp_path)
    said = " ".join(done.output.split())
    assert done.exit_code == 2
    assert "a.ndjson looks like a table with 3 columns, such as CSV" in said
    assert "b.ndjson looks like text in UTF-16" in said
    assert "iconv" in said
    as_json = run(tmp_path, "--json")
    assert as_json.exit_code == 2
    assert any("such as CSV" in line for line in json.loads(as_json.stdout)["advice"])


def test_half_refused_is_not_most(run, tmp_path):
    (tmp_path / "a.ndjson").write_bytes(as_file(many(2)) + b"{\n[]\n")
    done = run(tmp_path / "a.ndjson")
    assert done.exit_code == 0
    assert "looks like" not in done.output
    (tmp_path / "a.ndjson").write_bytes(as_file(many(2)) + b"{\n[]\n7\n")
    assert run(tmp_path / "a.ndjson").exit_code == 2
    (tmp_path / "a.ndjson").write_bytes(b"")
    assert run(tmp_path / "a.ndjson").exit_code == 0


def test_a_huge_number_costs_only_its_own_event_of_an_array(games):
    bad = json.dumps(event(properties={"a": 7})).replace(": 7", f": {'7' * 5000}")
    data = f"[{json.dumps(many(1)[0])},{bad},{json.dumps(many(2)[1])}]".encode()
    counts = import_stream(games, io.BytesIO(data), source="a")
    assert counts == IntakeCounts(stored=2, quarantined=1)
    assert counts.reasons == {"out_of_range": 1}
    assert scalar(games, "SELECT raw FROM quarantined_events") == bad
