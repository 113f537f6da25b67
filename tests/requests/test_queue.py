"""The queue of requests: its nine operations, many at once, and what is refused."""

import threading
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, product
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.requests import STATUSES
from gamefactory_dagster.errors import IllegalTransitionError, InputError
from gamefactory_dagster.ledger.access import owners_view
from gamefactory_dagster.requests import reading
from gamefactory_dagster.requests.queue import LINES_KEPT, QueueManager
from gamefactory_dagster.requests.reading import REQUESTS
from gamefactory_dagster.settings import LOCAL_USER, Settings
from tests.studio.reading.prompts import HOSTILE

STRANGER = "00000000-0000-4000-8000-0000000000ff"

FAILURE = {"phase": "phase2", "message": "no"}


@pytest.fixture
def queue(engine: sa.Engine, settings: Settings) -> QueueManager:
    return QueueManager(engine, settings)


def put(engine: sa.Engine, count: int, **columns: Any) -> None:
    """Rows as they may be, however they became so."""
    row = {"prompt": "a puzzle", **columns}
    with engine.begin() as connection:
        connection.execute(sa.insert(REQUESTS), [row] * count)


def rows(engine: sa.Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(sa.select(REQUESTS).order_by(REQUESTS.c.id)).all())


def test_what_becomes_of_the_first_of_a_pair_reaches_the_second(
    queue: QueueManager, engine: sa.Engine
) -> None:
    named, failed = (queue.create_job(name, "a", {"compare": True}).id for name in ("Moon Run", None))
    for id_ in (named, failed):
        queue.get_next_job()
        queue.update_status(id_, "phase_1")
    queue.update_status(failed, "failed", {"phase": "phase1", "message": "no"})
    queue.update_status(named, "phase_2")
    found = {row.id: row for row in rows(engine)}
    assert [found[id_].waits_for for id_ in found] == [None] * 4
    assert (found[named + 1].status, found[named + 1].game_name) == ("pending", "Moon Run")
    words = f"request {failed}, whose idea it shares, failed before: no"
    assert (found[failed + 1].status, found[failed + 1].error["message"]) == ("failed", words)
    queue.update_status(named, "failed", FAILURE)
    assert queue.get_job(named + 1).status == "pending"


def test_a_request_is_entered_as_it_was_asked_for(queue: QueueManager) -> None:
    config = {"genre": "runner", "style": "pixel_retro", "seed": 0}
    made = queue.create_job(" Moon Run ", "a calm runner", config, address="192.0.2.7")
    assert (made.game_name, made.prompt, made.config, made.status) == (
        "Moon Run",
        "a calm runner",
        config,
        "pending",
    )
    assert (made.phase_outputs, made.logs, made.error, made.owner_id) == ({}, [], None, LOCAL_USER)
    assert queue.get_job(made.id) == made
    assert queue.get_job(made.id + 1) is None
    assert queue.get_job(2**40) is None
    assert {"address", "is_named"}.isdisjoint(made.told())
    empty = queue.create_job("", "b", {"compare": False})
    assert (empty.game_name, empty.config) == (None, {})


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (("n", ""), "prompt"),
        (("n", " \n\t\u3000"), "prompt"),
        (("n", "a" * 4001), "prompt"),
        (("n", "a" * 2**20), "prompt"),
        (("n", "a\0b"), "prompt"),
        (("n", "a\ud800b"), "prompt"),
        (("n", None), "prompt"),
        (("a" * 61, "p"), "game_name"),
        (("a\u202eb", "p"), "game_name"),
        (("n", "p", []), "config"),
        (("n", "p", {"colour": 1}), "config"),
        (("n", "p", {"genre": "shooter"}), "config.genre"),
        (("n", "p", {"style": "ugly"}), "config.style"),
        (("n", "p", {"seed": "1"}), "config.seed"),
        (("n", "p", {"seed": True}), "config.seed"),
        (("n", "p", {"seed": -1}), "seed"),
        (("n", "p", {"compare": "yes"}), "config.compare"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_will_not_do_is_refused_by_its_name(
    queue: QueueManager, given: tuple[Any, ...], field: str
) -> None:
    with pytest.raises(InputError) as refused:
        queue.create_job(*given)
    assert refused.value.field == field
    assert len(str(refused.value)) < 400
    assert sum(queue.get_stats().values()) == 0


def test_whose_it_would_be_has_to_be_somebody(queue: QueueManager) -> None:
    with pytest.raises(InputError, match="user"):
        queue.create_job(None, "p", owner=UUID(STRANGER))


def test_hostile_prompts_are_kept_to_the_letter_and_do_nothing(
    queue: QueueManager, engine: sa.Engine
) -> None:
    longest = "\u202e😀" * 2000
    prompts = [*(prompt for prompt in _stored(HOSTILE)), longest, "lighthouse " * 363]
    made = [queue.create_job(None, prompt).id for prompt in prompts]
    assert [row.prompt for row in rows(engine)] == prompts
    for id_, prompt in zip(made, prompts, strict=True):
        queue.add_log(id_, "info", prompt)
        queue.update_phase_output(id_, "phase1", {"detail": prompt})
    assert [row.phase_outputs["phase1"]["detail"] for row in rows(engine)] == prompts
    assert [row.logs[0]["message"] for row in rows(engine)] == [prompt[:2000] for prompt in prompts]


def _stored(given: Any) -> Iterator[str]:
    for prompt in given:
        text = prompt if isinstance(prompt, str) else prompt.text
        if text.strip() and len(text) <= 4000 and "\0" not in text and not _surrogates(text):
            yield text


def _surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def test_eight_claim_two_thousand_requests_each_once_and_the_oldest_first(
    queue: QueueManager, engine: sa.Engine
) -> None:
    put(engine, 2000)
    put(engine, 5, status="completed")
    claimed: list[list[int]] = [[] for _ in range(8)]

    def claim(mine: list[int], limit: int) -> None:
        while found := queue.get_next_jobs(limit):
            mine += [one.id for one in found]

    threads = [
        threading.Thread(target=claim, args=(mine, 1 if number == 0 else 25))
        for number, mine in enumerate(claimed)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = Counter(id_ for mine in claimed for id_ in mine)
    assert len(counts) == 2000
    assert set(counts.values()) == {1}
    assert all(mine == sorted(mine) for mine in claimed)
    assert len([mine for mine in claimed if mine]) > 1
    assert queue.get_stats() == dict.fromkeys(STATUSES, 0) | {"processing": 2000, "completed": 5}
    assert queue.get_next_job() is None


def test_a_claim_sorts_nothing_however_few_the_planner_believes_to_wait(
    queue: QueueManager, engine: sa.Engine
) -> None:
    put(engine, 5000, status="completed")
    with engine.begin() as connection:
        connection.execute(sa.text("ANALYZE requests.jobs"))
    put(engine, 500)
    with engine.begin() as connection:
        assert QueueManager(engine, connection=connection).get_next_job() is not None
        explained = connection.scalars(sa.text(f"EXPLAIN {load('requests/claim')}"), {"limit": 1})
        plan = "\n".join(explained)
    assert "jobs_pending_idx" in plan, plan
    assert "Sort" not in plan, plan


def test_every_change_of_status_but_the_documents_raises_and_changes_nothing(
    queue: QueueManager, engine: sa.Engine
) -> None:
    way = list(STATUSES[:-1])
    legal = set(pairwise(way)) | {(old, "failed") for old in way[:-1]}
    assert len(legal) == 6 + 6
    for old in STATUSES:
        put(engine, len(STATUSES), status=old)
    made = [row.id for row in rows(engine)]
    for id_, (old, new) in zip(made, product(STATUSES, STATUSES), strict=True):
        before = queue.get_job(id_)
        error = FAILURE if new == "failed" else None
        if (old, new) in legal:
            queue.update_status(id_, new, error)
            now = queue.get_job(id_)
            assert now is not None and before is not None
            assert (now.status, now.error) == (new, error)
            assert now.updated_at > before.updated_at
        else:
            with pytest.raises(IllegalTransitionError, match=f"from {old} to {new}"):
                queue.update_status(id_, new, error)
            assert queue.get_job(id_) == before


@pytest.mark.parametrize(
    ("operation", "given", "field"),
    [
        ("update_status", ("done",), "status"),
        ("update_status", ("failed",), "error"),
        ("update_status", ("processing", FAILURE), "error"),
        ("update_status", ("failed", {"phase": "phase5", "message": ""}), "error.phase"),
        ("update_status", ("failed", {"message": ""}), "error"),
        ("add_log", ("loud", "x"), "level"),
        ("update_phase_output", ("phase5", {}), "phase"),
        ("update_phase_output", ("phase1", []), "data"),
    ],
)
def test_no_other_words_are_written(
    queue: QueueManager, operation: str, given: tuple[Any, ...], field: str
) -> None:
    made = queue.create_job(None, "p")
    for id_, wrong in ((made.id, field), (made.id + 1, None)):
        with pytest.raises(InputError) as refused:
            getattr(queue, operation)(id_, *given)
        assert wrong is None or refused.value.field == wrong
    assert queue.get_job(made.id) == made


def test_nothing_is_said_of_what_is_not_there(queue: QueueManager) -> None:
    for operation, given in (
        ("update_status", ("processing",)),
        ("add_log", ("info", "x")),
        ("update_phase_output", ("deployment", {})),
    ):
        with pytest.raises(InputError, match="request"):
            getattr(queue, operation)(7_000_000, *given)


def test_outputs_are_put_together_and_an_end_forgets_the_address(
    queue: QueueManager, engine: sa.Engine
) -> None:
    made = queue.create_job(None, "p", address="2001:db8::1")
    queue.update_phase_output(made.id, "phase1", {"status": "running"})
    queue.update_phase_output(made.id, "phase1", {"status": "completed", "a": ["'\\"]})
    queue.update_phase_output(made.id, "deployment", {"url": "http://x/"})
    queue.update_status(made.id, "failed", {"phase": "phase1", "message": "a\0b"})
    [row] = rows(engine)
    assert row.phase_outputs == {
        "phase1": {"status": "completed", "a": ["'\\"]},
        "deployment": {"url": "http://x/"},
    }
    assert row.error == {"phase": "phase1", "message": "ab"}
    assert row.address is None


def test_a_log_has_all_lines_and_the_row_the_newest(queue: QueueManager, engine: sa.Engine) -> None:
    made, other = queue.create_job(None, "p"), queue.create_job(None, "q")
    count = LINES_KEPT + 50
    queue.add_logs([(made.id, "info", f"line {number}") for number in range(count - 1)])
    queue.add_logs([(other.id, "error", "theirs"), (made.id, "warning", "last")])
    row = queue.get_job(made.id)
    assert row is not None
    assert [line["message"] for line in row.logs] == [
        *(f"line {number}" for number in range(50, count - 1)),
        "last",
    ]
    assert set(row.logs[-1]) == {"level", "message", "timestamp"}
    assert row.logs[-1]["timestamp"] > row.created_at.isoformat()
    with engine.connect() as connection:
        page = reading.lines(connection, made.id, limit=100)
        rest = reading.lines(connection, made.id, after=page.after, limit=100)
    assert [line.message for line in page.rows + rest.rows] == [
        *(f"line {number}" for number in range(count - 1)),
        "last",
    ]
    assert rest.after is None


def test_what_a_line_costs_does_not_depend_on_how_many_there_are(
    queue: QueueManager, engine: sa.Engine
) -> None:
    made = queue.create_job(None, "p").id

    def size() -> int:
        statement = sa.text("SELECT pg_column_size(logs) FROM requests.jobs WHERE id = :id")
        with engine.connect() as connection:
            return int(connection.execute(statement, {"id": made}).scalar_one())

    def read() -> int:
        statement = sa.text("SELECT pg_stat_get_xact_tuples_fetched('requests.job_logs'::regclass)")
        with engine.begin() as connection:
            QueueManager(engine, connection=connection).add_log(made, "info", "the next line")
            return int(connection.execute(statement).scalar_one())

    queue.add_logs([(made, "info", "the next line")] * LINES_KEPT)
    full = size()
    for _ in range(10):
        queue.add_logs([(made, "info", "the next line")] * 990)
    assert size() < 1.2 * full
    assert read() == 0, "no line that was there before is looked at"
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM requests.job_logs")) == 10_001


def test_statuses_add_up_while_they_change(queue: QueueManager, engine: sa.Engine) -> None:
    put(engine, 60)
    stop = threading.Event()

    def churn() -> None:
        while not stop.is_set():
            for one in queue.get_next_jobs(5):
                queue.update_status(one.id, "phase_1")
                queue.update_status(one.id, "failed", FAILURE)

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        while True:
            found = queue.get_stats()
            assert sum(found.values()) == 60
            assert list(found) == list(STATUSES)
            if found["failed"] == 60:
                break
    finally:
        stop.set()
        thread.join()


def test_pages_and_lists_are_newest_first_and_a_status_that_is_none_is_refused(
    queue: QueueManager, engine: sa.Engine
) -> None:
    put(engine, 5)
    put(engine, 2, status="completed")
    newest = [row.id for row in reversed(rows(engine))]
    assert [one.id for one in queue.get_jobs(limit=4, offset=1)] == newest[1:5]
    assert [one.id for one in queue.get_jobs("completed")] == newest[:2]
    with engine.connect() as connection:
        page = reading.requests(connection, limit=4)
        rest = reading.requests(connection, after=page.after, limit=4)
        assert [one.id for one in page.rows + rest.rows] == newest
        assert reading.find_named(connection, "latest").id == newest[0]
        assert reading.find_named(connection, f"#{newest[3]}").id == newest[3]
        for wrong in ("first", "0", "-1", "9" * 40, "١", ""):
            with pytest.raises(InputError, match="request"):
                reading.find_named(connection, wrong)
    for given in ({"status": "done"}, {"limit": 0}, {"offset": -1}, {"limit": True}):
        with pytest.raises(InputError):
            queue.get_jobs(**given)


def test_an_owner_sees_their_own_requests_and_their_lines(queue: QueueManager, engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO auth.users (id) VALUES (:id)"), {"id": STRANGER})
    mine, theirs = queue.create_job(None, "mine"), queue.create_job(None, "theirs", owner=UUID(STRANGER))
    queue.add_logs([(mine.id, "info", "a"), (theirs.id, "info", "b")])
    with owners_view(engine, UUID(STRANGER)) as connection:
        assert [one.prompt for one in reading.requests(connection).rows] == ["theirs"]
        assert reading.find(connection, mine.id) is None
        assert reading.lines(connection, mine.id).rows == []
        assert [line.message for line in reading.lines(connection, theirs.id).rows] == ["b"]
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), connection.begin_nested():
            connection.execute(sa.text("UPDATE requests.jobs SET prompt = 'x'"))
