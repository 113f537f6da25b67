"""The landing zone as Dagster runs it: one run a file, each event stored once."""

import gzip
import json
from pathlib import Path
from uuid import UUID

import dagster as dg
import pytest
import sqlalchemy as sa

from gamefactory_dagster.analytics import landing
from gamefactory_dagster.analytics.defs.landing import import_events, landing_zone
from gamefactory_dagster.definitions import defs
from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.orchestration.defs import Factory
from tests.factory_rows import rows

from .test_events import GAME, event


@pytest.fixture
def folder(engine, settings) -> Path:
    """The landing zone, with a game to land events of."""
    with engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO games (id, name, slug, genre) VALUES (:id, 'a', 'a', 'runner')"),
            {"id": GAME},
        )
    folder = settings.home / "landing"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def look(engine, settings, instance):
    """Evaluate the sensor as the daemon would, over files that have been there for a while."""

    def look(**changes):
        landing.register(engine, settings)
        with engine.begin() as connection:
            been_there = "UPDATE landed_files SET found_at = found_at - interval '1 minute'"
            connection.execute(sa.text(been_there))
        factory = Factory(engine, settings.model_copy(update=changes))
        context = dg.build_sensor_context(instance=instance, definitions=defs, resources={"factory": factory})
        return landing_zone.evaluate_tick(context)

    return look


@pytest.fixture
def carry_out(engine, settings, instance):
    """Run what was asked for."""

    def carry_out(request, **more):
        return import_events.execute_in_process(
            run_config=request.run_config,
            instance=instance,
            resources={"factory": Factory(engine, settings)},
            **more,
        )

    return carry_out


def content(first: int, number: int, **changes) -> bytes:
    return b"".join(
        json.dumps(event(event_id=str(UUID(int=index)), **changes)).encode() + b"\n"
        for index in range(first, first + number)
    )


def asked(found) -> list:
    return found.run_requests or []


def shown(result) -> dict:
    [output] = result.filter_events(lambda one: one.is_successful_output)
    return {name: value.value for name, value in output.step_output_data.metadata.items()}


def test_each_file_is_one_run_and_each_event_is_stored_once(engine, folder, look, carry_out) -> None:
    (folder / "a.ndjson").write_bytes(content(0, 10) + content(0, 1, level="x"))
    (folder / "b.ndjson.gz").write_bytes(gzip.compress(content(5, 10)))
    (folder / "notes.txt").write_bytes(b"no events")
    found = asked(look())
    assert len({request.run_key for request in found}) == 2
    results = [shown(carry_out(request)) for request in found]
    assert sorted(result["file"].rpartition("/")[2] for result in results) == ["a.ndjson", "b.ndjson.gz"]
    assert sum(result["stored"] for result in results) == 15
    assert sum(result["duplicate"] for result in results) == 5
    assert sum(result["quarantined"] for result in results) == 1
    assert rows(engine, "SELECT count(*) FROM analytics_events") == [(15,)]
    assert not asked(look())
    assert shown(carry_out(found[0])) == results[0], "run once more, it changes nothing"
    assert rows(engine, "SELECT count(*) FROM analytics_events") == [(15,)]


def test_an_empty_or_absent_folder_is_said(folder, settings, look) -> None:
    assert look().skip_message == f"no new file in {settings.landing}"
    folder.rmdir()
    assert look().skip_message == f"no new file in {settings.landing}"


def test_a_folder_that_cannot_be_read_fails_the_tick(engine, settings, instance, folder, monkeypatch) -> None:
    def refuse(*_):
        raise PermissionError("no entry")

    monkeypatch.setattr(landing, "scan", refuse)
    context = dg.build_sensor_context(
        instance=instance, definitions=defs, resources={"factory": Factory(engine, settings)}
    )
    with pytest.raises(TransientError, match="files found failed: no entry"):
        landing_zone.evaluate_tick(context)


def test_a_file_that_cannot_be_read_fails_its_run_once(engine, folder, look, carry_out) -> None:
    (folder / "bad.ndjson.gz").write_bytes(gzip.compress(content(0, 3))[:-12])
    (folder / "bad.jsonl.bz2").write_bytes(b"BZh91AY&SY" + bytes(100))
    (folder / "bad.zip").write_bytes(b"PK\x03\x04" + bytes(100))
    (folder / "good.ndjson").write_bytes(content(0, 3))
    results = {}
    for request in asked(look()):
        result = carry_out(request, raise_on_error=False)
        assert not result.filter_events(lambda one: one.is_step_up_for_retry)
        results[request.run_config["url"].rpartition("/")[2]] = result.success
    bad = dict.fromkeys(("bad.ndjson.gz", "bad.jsonl.bz2", "bad.zip"), False)
    assert results == bad | {"good.ndjson": True}
    ended = rows(engine, "SELECT status FROM landed_files ORDER BY url")
    assert ended == [("failed",)] * 3 + [("completed",)]
    assert not asked(look())


def test_a_tick_asks_for_some_files_at_a_time(folder, look) -> None:
    for number in range(5):
        (folder / f"{number}.ndjson").write_bytes(content(number, 1))
    assert [len(asked(look(runs_per_tick=2))) for _ in range(4)] == [2, 2, 1, 0]
