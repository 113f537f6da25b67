"""A run's events as steps."""

import datetime as dt
from uuid import uuid4

from gamefactory_dagster.ledger.reading import Event
from gamefactory_dagster.ledger.timeline import timeline

WHEN = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def steps(*told):
    events = [
        Event(uuid4(), "run", bot, kind, payload, WHEN + dt.timedelta(seconds=second))
        for second, (bot, kind, payload) in enumerate(told)
    ]
    return [(step.bot, step.state, step.seconds, step.words, step.notes) for step in timeline(events)]


def test_steps_in_their_order_with_what_became_of_each():
    assert steps(
        ("system", "start", {}), ("design", "start", {"step": 1}), ("design", "note", {"message": "a name"}),
        ("design", "end", {"step": 1}), ("art", "start", {}),
        ("art", "error", {"message": "dark", "again": True}),
        ("art", "start", {}), ("art", "error", {"message": "dark", "again": False}), ("build", "start", {}),
        ("system", "error", {"status": "failed", "message": "dark"}),
    ) == [
        ("design", "done", 2.0, "", ["a name"]), ("art", "again", 1.0, "dark", []),
        ("art", "failed", 1.0, "dark", []), ("build", "running", None, "", []),
    ]  # fmt: skip


def test_what_owners_enter_themselves_is_shown_as_it_is():
    assert steps(
        ("x", "end", None), ("x", "note", "text"), ("x", "error", [1]), ("y", "start", 3), ("y", "start", {}),
        ("y", "end", {}), ("z", "whatever", {"message": 7}),
    ) == [
        ("x", "done", None, "", []), ("x", "failed", None, "", [""]), ("y", "running", None, "", []),
        ("y", "done", 1.0, "", []), ("z", "running", None, "", []),
    ]  # fmt: skip
