"""Files of the landing zone with odd names: taken for what they are, or named as what cannot be taken."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gamefactory_dagster.analytics.checks import STATE_CHECKS, check_state
from gamefactory_dagster.analytics.ingest import IntakeCounts

from .landed import games, known, lines, local, look, settled_look, take_in, tick

__all__ = ["games", "local"]


@pytest.mark.parametrize(
    "name", ["shard::1.ndjson", "::x.ndjson", "memory:a.ndjson", "simplecache::b.ndjson"]
)
def test_a_name_that_looks_like_an_address_is_a_name(games, local, settings, name):
    (local / "c::d").mkdir()
    Path(local, "c::d", name).write_bytes(lines(1))
    [file] = settled_look(games, settings)
    assert take_in(games, file) == IntakeCounts(stored=1)


def test_a_landing_zone_below_a_folder_with_colons_is_looked_through(games, settings, tmp_path):
    settings = settings.model_copy(update={"home": tmp_path / "a::b"})
    folder = tmp_path / "a::b" / "landing"
    folder.mkdir(parents=True)
    (folder / "a.ndjson").write_bytes(lines(1))
    [file] = settled_look(games, settings)
    assert take_in(games, file) == IntakeCounts(stored=1)


BAD = os.fsdecode(b"bad\xff.ndjson")


def test_a_file_whose_name_is_not_utf8_is_named_and_passed_over(games, local, settings):
    (local / "good.ndjson").write_bytes(lines(1))
    Path(local, BAD).write_bytes(lines(2))
    [file] = settled_look(games, settings)
    assert take_in(games, file) == IntakeCounts(stored=1)
    refused = next(row for row in known(games) if row.url != file.url)
    assert refused.url.endswith(r"/bad\xff.ndjson")
    assert (refused.status, refused.error_message) == ("failed", "its name is not UTF-8; rename it")
    [check] = [check for check in STATE_CHECKS if check.name == "files_taken_in"]
    with games.connect() as connection:
        finding = check_state(connection, check, datetime.now(UTC), 2)
    assert r"bad\xff.ndjson is failed: its name is not UTF-8" in finding.description
    assert look(games, settings) == []
    assert len(known(games)) == 2


def test_a_file_that_was_renamed_is_no_longer_at_fault(games, local, settings):
    bad = Path(local, BAD)
    bad.write_bytes(lines(2))
    assert settled_look(games, settings) == []
    bad.rename(local / "better.ndjson")
    [file] = settled_look(games, settings)
    assert [row.url for row in known(games)] == [file.url]
    assert take_in(games, file) == IntakeCounts(stored=2)


def test_a_zone_that_nothing_opens_is_said_in_one_line(engine, settings):
    settings = settings.model_copy(update={"landing_url": "foo://x"})
    assert (
        tick(engine, settings).failed["files found"].startswith("GAMEFACTORY_LANDING_URL: 'foo://x' is not")
    )
