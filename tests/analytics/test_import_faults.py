"""An import that is killed anywhere is run again; every kind of bad event among very many good ones."""

import json
import logging
import multiprocessing
import random
import time
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from upath import UPath

from benchmarks.log import add_games, game_ids, lines
from gamefactory_dagster.analytics.files import import_file
from tests.factory_rows import count, scalar

from . import importing
from .packing import BOMBS

LOG = logging.getLogger(__name__)
"""For the figures a person wants to see: ``pytest -o log_cli=true --log-level=INFO``."""

pytestmark = pytest.mark.slow

KILLS = 20
EVENTS = 4000
CHUNK = 200
PEAK = 300_000_000


@pytest.fixture
def processes(monkeypatch):
    """Processes forked from one that has imported what is tested: they start in milliseconds."""
    monkeypatch.syspath_prepend(Path(__file__).parent.parent)  # where they find ``importing``
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["gamefactory_dagster.analytics.files", "sqlalchemy", "upath"])
    return context


@pytest.fixture
def games(engine):
    add_games(engine)
    return engine


def start(processes, *arguments):
    answers, theirs = processes.Pipe(duplex=False)
    child = processes.Process(target=importing.run, args=(*arguments, theirs))
    child.start()
    theirs.close()
    assert answers.recv() == "begin"
    return child, answers


def stored_ids(engine):
    with engine.connect() as connection:
        return list(connection.scalars(sa.text("SELECT CAST(id AS text) FROM analytics_events ORDER BY id")))


@pytest.mark.faults
def test_after_a_kill_anywhere_a_second_run_leaves_every_event_once(
    games, processes, database_url, tmp_path, record_property
):
    """The moments of the kills are spread evenly over a whole run, and each run begins with no events."""
    path = tmp_path / "log.ndjson"
    log = [line for chunk in lines(EVENTS, days=40) for line in chunk]
    bad = [b"{", b'{"level": 1', b"[]"]
    path.write_bytes(b"\n".join([*log[: EVENTS // 2], *bad, *log[EVENTS // 2 :]]))
    ids = sorted(json.loads(line)["event_id"] for line in log)
    child, answers = start(processes, database_url, path, CHUNK)
    began = time.monotonic()
    counts, _ = answers.recv()
    whole = time.monotonic() - began
    child.join()
    assert (counts.stored, counts.quarantined) == (EVENTS, 3)
    seen = []
    for number in range(KILLS):
        with games.begin() as connection:
            connection.execute(sa.text("TRUNCATE analytics_events, quarantined_events"))
        child, _ = start(processes, database_url, path, CHUNK)
        time.sleep(whole * (number + random.random()) / KILLS)
        child.kill()
        child.join()
        seen.append(count(games, "analytics_events"))
        again = import_file(games, UPath(path), source="test")
        assert again.stored + again.duplicate == EVENTS
        assert stored_ids(games) == ids
        assert count(games, "quarantined_events") == 3
    LOG.info("stored at the kills: %s", sorted(seen))
    assert len({number // CHUNK for number in seen if 0 < number < EVENTS}) >= 5, "the kills were not spread"


def good_lines(number):
    for chunk in lines(number):
        yield from chunk


def bad_lines():
    """Lines of fifteen kinds, five each, no two the same; with the reason for each."""
    template = {
        "event_id": "",
        "game_id": game_ids(1)[0],
        "event_type": "level_complete",
        "timestamp": "2026-01-05T10:00:00Z",
    }
    changes = {
        "missing": {"timestamp": None},
        "unparseable": {"timestamp": "yesterday"},
        "too_early": {"timestamp": "1999-12-31T23:59:59Z"},
        "too_late": {"timestamp": "2199-01-01T00:00:00Z"},
        "unknown_type": {"event_type": "level_skipped"},
        "unknown_game": {"game_id": str(uuid4())},
        "not_a_uuid": {"game_id": "my-game"},
        "too_long": {"user_id": "x" * 256},
        "holds_nul": {"session_id": "a\0b"},
        "not_an_integer": {"level": "seven"},
        "out_of_range": {"level": 2**31},
        "negative": {"event_type": "iap_completed", "properties": {"revenue_cents": -1}},
        "not_usd": {"event_type": "iap_completed", "properties": {"currency": "EUR"}},
    }
    for number in range(5):
        for reason, change in changes.items():
            yield json.dumps({**template, "event_id": str(uuid4()), **change}).encode(), reason
        yield b'{"event_id": "%d' % number, "not_json"
        yield b"[%d]" % number, "not_an_object"


def test_every_bad_event_among_very_many_good_ones(games, processes, database_url, tmp_path):
    events = 250_000
    bad = list(bad_lines())
    assert len({reason for _, reason in bad}) >= 10
    waiting = list(bad)
    path = tmp_path / "log.ndjson"
    with path.open("wb") as file:
        for number, line in enumerate(good_lines(events)):
            file.write(line + b"\n")
            if waiting and number % 3_000 == 0:
                file.write(waiting.pop()[0] + b"\n")
        file.write(b"[" * 50_000_000)
    assert not waiting
    child, answers = start(processes, database_url, path, 20_000)
    counts, peak = answers.recv()
    child.join()
    LOG.info("peak memory: %.0f MB of a file of %.0f MB", peak / 1e6, path.stat().st_size / 1e6)
    assert (counts.stored, counts.duplicate) == (events, 0)
    assert counts.reasons == Counter(reason for _, reason in bad) + Counter({"too_large": 1})
    assert scalar(games, "SELECT count(DISTINCT (id, timestamp)) FROM analytics_events") == events
    with games.connect() as connection:
        kept = {
            tuple(row) for row in connection.execute(sa.text("SELECT raw, reason FROM quarantined_events"))
        }
    assert {(line.decode(), reason) for line, reason in bad} < kept
    [(oversized, reason)] = kept - {(line.decode(), reason) for line, reason in bad}
    assert reason == "too_large"
    assert "50000000 bytes" in oversized
    assert peak < PEAK


ENDLESS = 4 * PEAK // 3
BLANK = PEAK // 4
"""Each takes eight bytes where lines are kept."""


@pytest.mark.parametrize(
    ("kind", "byte", "size"), [*((kind, b"[", ENDLESS) for kind in BOMBS), ("gzip", b"\n", BLANK)]
)
def test_a_bomb_of_any_kind_stays_within_the_bound(
    games, processes, database_url, tmp_path, kind, byte, size
):
    """One endless line, or nothing but blank ones."""
    path = tmp_path / "bomb"
    path.write_bytes(BOMBS[kind](byte, size))
    child, answers = start(processes, database_url, path, 20_000)
    counts, peak = answers.recv()
    child.join()
    LOG.info("peak memory: %.0f MB of a file of %.1f MB", peak / 1e6, path.stat().st_size / 1e6)
    assert counts.total == (1 if byte == b"[" else 0)
    assert peak < PEAK
