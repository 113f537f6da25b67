"""Refused events that came through the collector, tried again: its door holds unless a person says no."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from gamefactory_dagster.analytics.plausible import Bounds
from gamefactory_dagster.analytics.quarantine import Retried, Which, retry
from gamefactory_dagster.cli import app
from gamefactory_dagster.settings import Settings
from tests.factory_rows import count, insert, rows

from .test_events import GAME, event

BOUNDS = Bounds.of(Settings(database_url=None))
NOW = datetime.now(UTC)
ALL = Which()


@pytest.fixture
def keep(games):
    """Put an event into quarantine as if it had come a month ago, of a game published long before."""
    rows(games, "UPDATE games SET published_at = now() - interval '2 years', created_at = NULL")
    received = NOW - timedelta(days=30)

    def keep(reason, source="arcade", field="timestamp", *, age=timedelta(minutes=1), **changes):
        raw = json.dumps(event(timestamp=(received - age).isoformat(), **changes))
        insert(
            games, "quarantined_events", id=uuid4(), raw=raw, reason=reason, field=field, game_id=GAME,
            received_at=received, source=source,
        )  # fmt: skip

    return keep


def test_what_came_too_late_for_the_collector_is_too_late_when_tried_again(games, keep):
    keep("too_early", age=timedelta(days=36))
    assert retry(games, ALL, bounds=BOUNDS) == Retried(refused=1)
    assert [row.reason for row in rows(games, "SELECT * FROM quarantined_events")] == ["too_early"]
    assert retry(games, ALL, bounds=BOUNDS, any_day=True) == Retried(stored=1)


def test_the_window_is_that_of_the_day_it_came(games, keep):
    """Now it is 64 days old, when it came it was 34."""
    keep("unparseable", age=timedelta(days=34))
    assert retry(games, ALL, bounds=BOUNDS) == Retried(stored=1)


def test_files_bring_any_day(games, keep):
    keep("unparseable", "old.ndjson", age=timedelta(days=5000))
    assert retry(games, ALL, bounds=BOUNDS) == Retried(stored=1)


def test_what_is_implausible_is_believed_only_by_name(games, keep):
    keep("implausible", field="properties.revenue_cents", event_type="iap_completed",
         properties={"revenue_cents": 10**9})  # fmt: skip
    keep("implausible", field="address.events", event_id="0195511a-7a7b-7c3e-8b1f-0123456789ac")
    for which in (ALL, Which(game_id=GAME)):
        assert retry(games, which, bounds=BOUNDS) == Retried()
    assert count(games, "quarantined_events") == 2
    assert retry(games, Which("implausible"), bounds=BOUNDS) == Retried(stored=2)
    assert count(games, "quarantined_events") == 0


def test_a_fix_of_something_else_lets_no_million_in(games, keep):
    keep("unparseable", event_type="iap_completed", properties={"revenue_cents": 10**9})
    assert retry(games, ALL, bounds=BOUNDS) == Retried(refused=1)
    [row] = rows(games, "SELECT * FROM quarantined_events")
    assert (row.reason, row.field) == ("implausible", "properties.revenue_cents")


def test_the_command_keeps_the_door_and_has_an_option_for_each_part(games, keep, settings, monkeypatch):
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: settings)

    def run(*arguments):
        done = CliRunner().invoke(app, ["events", "quarantine", "retry", *arguments, "--json"])
        return json.loads(done.stdout)

    keep("too_early", age=timedelta(days=36))
    keep("implausible", field="address.events", event_id="0195511a-7a7b-7c3e-8b1f-0123456789ac")
    nothing = {"tried": 1, "stored": 0, "duplicate": 0, "refused": 1, "left_alone": 1}
    assert run("--all") == nothing
    assert run("--all", "--any-day") == nothing | {"stored": 1, "refused": 0}
    assert run("--reason", "implausible") == nothing | {"stored": 1, "refused": 0, "left_alone": 0}
