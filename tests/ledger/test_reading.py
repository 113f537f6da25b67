"""What an owner reads of the ledger: pages by key, one run, its parts; never anything of another's."""

import datetime as dt
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.database.paging import Page, key_of, parse_key
from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.ledger import reading
from gamefactory_dagster.ledger.access import owners_view
from gamefactory_dagster.ledger.recording import Made
from tests.ledger_rows import read

from .callers import ANN, BEN
from .entered import enter, enter_prompts, users

OTHERS = "0be00000-0000-4000-8000-000000000000"
RUNS = [f"{number:x}a000000-0000-4000-8000-000000000000" for number in range(7)]


@pytest.fixture
def ledger(engine):
    """Seven runs of Ann's, oldest first as ``RUNS`` has them, and one of Ben's in the middle of them."""
    users(engine)
    for number, run in enumerate(RUNS):
        kind = {"kind": "report", "command": "gamefactory report"} if number % 2 else {"kind": "game"}
        enter(engine, run, spec=kind, status="failed" if number == 2 else "completed")
        if number == 3:
            enter(engine, OTHERS, BEN)
    return engine


def ids(page):
    return [run.run_id for run in page.rows]


def all_pages(connection, **options):
    after, found = None, []
    while True:
        page = reading.runs(connection, after=after, **options)
        assert page.rows
        found += ids(page)
        if (after := page.after) is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 50])
def test_pages_hold_every_run_once_newest_first(ledger, limit):
    with owners_view(ledger, ANN) as connection:
        assert all_pages(connection, limit=limit) == RUNS[::-1]


def test_runs_of_one_moment_are_told_apart_by_their_ids(engine):
    users(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL ROLE service_role"))
        for run in RUNS:
            statement = "INSERT INTO ledger.jobs (run_id, owner_id, project_spec) VALUES (:run, :ann, '[1]')"
            connection.execute(sa.text(statement), {"run": run, "ann": ANN})
    with owners_view(engine, ANN) as connection:
        assert all_pages(connection, limit=2) == RUNS[::-1]


def test_a_page_stays_where_it_was_when_runs_are_added(ledger):
    with owners_view(ledger, ANN) as connection:
        first = reading.runs(connection, limit=2)
    enter(ledger, str(uuid4()))
    with owners_view(ledger, ANN) as connection:
        assert ids(reading.runs(connection, after=first.after, limit=2)) == RUNS[4:2:-1]


def test_runs_by_state_and_kind(ledger):
    with owners_view(ledger, ANN) as connection:
        assert all_pages(connection, kind="report", limit=1) == RUNS[5::-2]
        assert all_pages(connection, status="failed", limit=1) == [RUNS[2]]
        assert all_pages(connection, kind="game", status="completed") == [RUNS[6], RUNS[4], RUNS[0]]
        assert reading.runs(connection, status="running") == Page([], None)


CURSORS = ["", "x", "1", ".", "1.", ".a", "1 .a", "-1.a", "999999999999999999.a", "1.a\0", "1.a b",
           "1.\ud800", "1." + "a" * 201, "1.5e3.\u202e", "\uff11.a"]  # fmt: skip


@pytest.mark.parametrize("cursor", CURSORS)
def test_a_cursor_nobody_gave_is_refused_in_words(ledger, cursor):
    with owners_view(ledger, ANN) as connection, pytest.raises(InputError, match=r"^after: .* expected what"):
        reading.runs(connection, after=cursor)


def test_a_cursor_of_events_has_the_id_of_one(ledger):
    for question in (reading.events, reading.artifacts):
        with owners_view(ledger, ANN) as connection, pytest.raises(InputError, match=r"^after: "):
            question(connection, RUNS[0], after="1.pearl")


@given(st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(9000, 1, 1), timezones=st.just(dt.UTC)), st.uuids())
def test_a_key_is_read_as_it_was_written(moment, id_):
    read_again = parse_key(key_of(moment, id_))
    assert read_again == (moment.isoformat(), str(id_))


def test_a_run_is_found_by_its_id_its_beginning_and_as_the_latest(ledger):
    with owners_view(ledger, ANN) as connection:
        assert reading.find_run(connection, RUNS[1]) == RUNS[1]
        assert reading.find_run(connection, RUNS[1][:4]) == RUNS[1]
        assert reading.find_run(connection, "latest") == RUNS[-1]


def test_a_whole_id_that_another_begins_with_is_found(ledger):
    enter(ledger, f"{RUNS[0]}-again")
    with owners_view(ledger, ANN) as connection:
        assert reading.find_run(connection, RUNS[0]) == RUNS[0]
        with pytest.raises(InputError):
            reading.find_run(connection, RUNS[0][:-1])


@pytest.mark.parametrize(
    "wanted",
    [OTHERS, OTHERS[:8], "0", "0a0", "", "%", "____", "\0", "\ud800", "cd7b112e-c20a-40ba-b3c8-a2f3fda14c7d"],
)
def test_anothers_run_is_no_run_as_one_that_is_not_there(ledger, wanted):
    with owners_view(ledger, ANN) as connection, pytest.raises(InputError) as refused:
        reading.find_run(connection, wanted)
    assert str(refused.value) == str(InputError("run", wanted, reading.A_RUN))


def test_of_another_s_run_there_is_nothing(ledger):
    with owners_view(ledger, BEN) as connection:
        assert reading.summary(connection, OTHERS) is not None
        assert reading.events(connection, OTHERS).rows
    with owners_view(ledger, ANN) as connection:
        assert reading.summary(connection, OTHERS) is None
        assert reading.events(connection, OTHERS) == Page([], None)


def test_who_has_none_is_told_so(ledger):
    with owners_view(ledger, uuid4()) as connection:
        assert reading.runs(connection) == Page([], None)
        with pytest.raises(PermanentError, match="no run yet"):
            reading.find_run(connection, "latest")


def test_a_run_s_summary(engine):
    users(engine)
    steps = [("testing", "start", {"step": 8}), ("testing", "note", {"message": "!"}), ("testing", "end", {})]
    made = [Made.of(b"12", "image", "a", "image/png"), Made.of(b"345", "image", "b", "image/png"),
            Made("repository", "c", "application/x-git")]  # fmt: skip
    enter(engine, RUNS[0], events=steps, made=made)
    with owners_view(engine, ANN) as connection:
        found = reading.summary(connection, RUNS[0])
    assert found.events == {"start": 2, "note": 1, "end": 2}
    assert found.artifacts == {"image": {"files": 2, "bytes": 5}, "repository": {"files": 1, "bytes": 0}}
    assert (found.files, found.size) == (3, 5)
    assert (found.run.kind, found.run.title, found.run.status) == ("game", "Pearl Dash", "completed")
    assert found.run.seconds == (found.run.completed_at - found.run.started_at).total_seconds() > 0


def test_events_and_artifacts_come_in_their_order_page_by_page(engine):
    users(engine)
    made = [Made.of(str(number).encode(), "file", f"f{number}", "text/plain") for number in range(5)]
    enter(
        engine, RUNS[0], events=[("x", "note", {"n": number}) for number in range(5)], made=made, status=None
    )
    with owners_view(engine, ANN) as connection:
        for question, told, number in (
            (reading.events, lambda row: row.payload.get("n"), 6),
            (reading.artifacts, lambda row: int(row.url[1:]), 5),
        ):
            after, found = None, []
            for _ in range(-(-number // 2)):
                page = question(connection, RUNS[0], after=after, limit=2)
                found += page.rows
                after = page.after
            assert after is None
            assert [told(row) for row in found][-5:] == list(range(5))
            assert len(found) == number


def test_an_artifact_is_found_by_its_id_and_its_beginning(engine):
    users(engine)
    enter(engine, RUNS[0], made=[Made.of(b"1", "file", "a", "text/plain", path="web/a.png")])
    enter(engine, OTHERS, BEN, made=[Made.of(b"2", "file", "b", "text/plain")])
    [mine, others] = read(engine, "SELECT id FROM ledger.artifacts ORDER BY url")
    with owners_view(engine, ANN) as connection:
        for wanted in (str(mine.id), str(mine.id)[:4], str(mine.id)[:9], str(mine.id).upper()):
            assert reading.find_artifact(connection, wanted).name == "web/a.png"
        for wanted in (
            str(others.id),
            str(others.id)[:13],
            "",
            "abc",
            "----",
            "0-0-0-0",
            "\0\0\0\0",
            "' OR",
            str(uuid4()),
        ):
            with pytest.raises(InputError, match=r"^artifact: "):
                reading.find_artifact(connection, wanted)


def test_prompts_by_category_context_and_beginning(engine):
    enter_prompts(engine, ("a/1", "player", "title", "One"), ("a/2", "model", "title", "Two"),
                  ("b/1", "player", "store", "Three"))  # fmt: skip
    with owners_view(engine, ANN) as connection:

        def found(**options):
            return [prompt.id for prompt in reading.prompts(connection, **options).rows]

        assert found() == ["a/1", "a/2", "b/1"]
        assert found(category="player") == ["a/1", "b/1"]
        assert found(context="title", category="player") == ["a/1"]
        assert found(prefix="a/") == ["a/1", "a/2"]
        assert found(prefix="%") == []
        first = reading.prompts(connection, limit=2)
        assert first.after == "a/2"
        assert found(after=first.after) == ["b/1"]
        assert reading.categories(connection) == ["model", "player"]
        with pytest.raises(InputError, match=r"^prefix: "):
            found(prefix="\0")


@pytest.mark.parametrize(
    ("spec", "title", "kind"),
    [({"kind": "batch", "batch": {"name": "summer"}}, "summer", "batch"),
     ({"kind": "game", "game": {"name": "  A\nB "}, "batch": {"name": "summer"}}, "A B", "game"),
     ({"kind": "report", "command": "gamefactory report"}, "gamefactory report", "report"),
     ({"kind": "metrics", "job": "day_metrics"}, "day_metrics", "metrics"),
     ({"game": "x", "kind": 7, "name": True}, "7", "7"),
     ([1], RUNS[0], ""), ("text", RUNS[0], ""), (None, RUNS[0], "")],
)  # fmt: skip
def test_what_a_run_is_called_whatever_was_asked(spec, title, kind):
    run = reading.Run(RUNS[0], spec, ANN, "pending", None, None, None, dt.datetime.now(dt.UTC))
    assert (run.title, run.kind, run.seconds) == (title, kind, None)
