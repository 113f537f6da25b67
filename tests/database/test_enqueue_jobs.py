"""``public.enqueue_jobs``, from SQL alone: as psql or a trigger of one's own calls it."""

import json
import threading
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import psycopg
import pytest

from gamefactory_dagster.database import databases
from tests.conftest import Database

LOCAL = UUID("00000000-0000-4000-8000-000000000001")
Rows = list[tuple[object, ...]]
Connect = Callable[[], psycopg.Connection]


@pytest.fixture
def connect(database: Database) -> Iterator[Connect]:
    """Opens connections as another tool has them."""
    opened: list[psycopg.Connection] = []

    def open_one() -> psycopg.Connection:
        opened.append(databases.connect_plainly(database.engine.url))
        return opened[-1]

    yield open_one
    for connection in opened:
        connection.close()


@pytest.fixture
def sql(connect: Connect) -> psycopg.Connection:
    return connect()


def enqueue(connection: psycopg.Connection, *jobs: object) -> list[UUID]:
    rows = connection.execute("SELECT public.enqueue_jobs(%s::jsonb)", [json.dumps(jobs)]).fetchall()
    return [id for (id,) in rows]


def jobs(connection: psycopg.Connection, columns: str = "id") -> Rows:
    return connection.execute(f"SELECT {columns} FROM public.jobs ORDER BY job_type".encode()).fetchall()


def messages(connection: psycopg.Connection, queue: str = "job_queue") -> Rows:
    rows = f"SELECT msg_id, message FROM pgmq.q_{queue} ORDER BY msg_id"
    return connection.execute(rows.encode()).fetchall()


def test_one_word_is_enough(sql: psycopg.Connection) -> None:
    [id] = enqueue(sql, {"job_type": "sample_task"})
    assert jobs(
        sql,
        "id, job_type, status, user_id, job_parameters, retry_count, queue, unique_key, retry_of, "
        "lease_owner, error_message, run_after = created_at, created_at = updated_at",
    ) == [(id, "sample_task", "pending", LOCAL, {}, 0, "job_queue", None, None, None, None, True, True)]
    [(number, message)] = messages(sql)
    assert jobs(sql, "message_id") == [(number,)]
    assert message == {
        "job_id": str(id), "job_type": "sample_task", "user_id": str(LOCAL), "job_parameters": {},
    }  # fmt: skip


def test_null_is_as_if_it_were_not_there_but_not_within_parameters(sql: psycopg.Connection) -> None:
    names = ("user_id", "id", "job_parameters", "queue", "run_after", "unique_key", "retry_of")
    given = {"a": None, "b": [None, {"c": None}]}
    first, second = enqueue(
        sql, {"job_type": "a", **dict.fromkeys(names)}, {"job_type": "b", "job_parameters": given}
    )
    assert jobs(sql, "id, user_id, job_parameters, queue, unique_key, run_after = created_at") == [
        (first, LOCAL, {}, "job_queue", None, True),
        (second, LOCAL, given, "job_queue", None, True),
    ]
    assert [message["job_parameters"] for _, message in messages(sql)] == [{}, given]
    assert sql.execute("SELECT public.enqueue_jobs(NULL)").fetchall() == []
    assert enqueue(sql) == []
    assert len(jobs(sql)) == 2


def test_everything_may_be_said(sql: psycopg.Connection) -> None:
    user, old, new = uuid4(), uuid4(), uuid4()
    sql.execute("INSERT INTO auth.users (id) VALUES (%s)", [user])
    said = {
        "id": str(new),
        "job_type": "x",
        "user_id": str(user),
        "job_parameters": {"a": "x\t';--\\ \u4e16"},
        "queue": "job_queue_high",
        "run_after": "2101-02-03T04:05:06+00:00",
        "unique_key": "",
        "retry_of": str(old),
    }
    assert enqueue(sql, said) == [new]
    [row] = jobs(sql, "to_jsonb(jobs)")
    assert {name: row[0][name] for name in said} == said
    assert messages(sql) == []
    [(number, message)] = messages(sql, "job_queue_high")
    assert (row[0]["message_id"], message["job_parameters"]) == (number, said["job_parameters"])
    vt = sql.execute("SELECT vt = '2101-02-03T04:05:06Z' FROM pgmq.q_job_queue_high").fetchall()
    assert vt == [(True,)], "the message is seen when the job may run"


@pytest.mark.parametrize("plan", ["", "SET jit = off; SET enable_nestloop = off; SET enable_hashjoin = off"])
def test_ids_come_in_the_order_given_from_whatever_queues(sql: psycopg.Connection, plan: str) -> None:
    sql.execute(plan.encode())
    queues = ("job_queue", "job_queue_high", "job_queue_low")
    given = [
        {
            "id": str(uuid4()),
            "job_type": f"{number * 7 % 60:03}",
            "queue": queues[number % 3],
            "run_after": f"2100-01-{number % 4 + 1:02}T00:00:00Z",
        }
        for number in range(60)
    ]
    assert [str(id) for id in enqueue(sql, *given)] == [one["id"] for one in given]
    for queue in queues:
        said = {number: message["job_id"] for number, message in messages(sql, queue)}
        rows = sql.execute(
            "SELECT message_id, id::text FROM public.jobs WHERE queue = %s", [queue]
        ).fetchall()
        assert len(rows) == 20
        assert dict(rows) == said


BAD = psycopg.errors.InvalidParameterValue

REFUSED: dict[str, tuple[str, type[Exception], str]] = {
    "an object": ('{"job_type": "a"}', BAD, "cannot extract elements from an object"),
    "a number": ("1", BAD, "cannot extract elements from a scalar"),
    "a list of words": ('["a"]', BAD, "cannot call jsonb_object_keys on a scalar"),
    "a list of null": ("[null]", BAD, "cannot call jsonb_object_keys on a scalar"),
    "a word misspelt": (
        '[{"job_type": "a", "parameters": {}}]', BAD,
        "parameters is none of a job's: job_type, user_id, id, job_parameters, queue, run_after",
    ),
    "no type": ('[{"user_id": null}]', psycopg.errors.NotNullViolation, '"job_type"'),
    "no queue": (
        '[{"job_type": "a", "queue": "nope"}]', psycopg.errors.UndefinedTable, "there is no queue nope",
    ),
    "a queue that is a statement": (
        '[{"job_type": "a", "queue": "job_queue; DROP TABLE public.jobs"}]', psycopg.errors.UndefinedTable,
        "there is no queue job_queue; DROP",
    ),
    "no user": (
        '[{"job_type": "a", "user_id": "00000000-0000-4000-8000-0000000000ff"}]',
        psycopg.errors.ForeignKeyViolation, "jobs_user_id_fkey",
    ),
    "no uuid": ('[{"job_type": "a", "id": "x"}]', psycopg.errors.InvalidTextRepresentation, "uuid"),
    "no moment": ('[{"job_type": "a", "run_after": "soon"}]', psycopg.errors.InvalidDatetimeFormat, "soon"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_entered_enters_nothing(sql: psycopg.Connection, what: str) -> None:
    given, kind, said = REFUSED[what]
    if given.startswith("[{"):
        given = f'[{{"job_type": "good"}}, {given[1:-1]}, {{"job_type": "good", "queue": "job_queue_low"}}]'
    with pytest.raises(kind, match=said):
        sql.execute("SELECT public.enqueue_jobs(%s::jsonb)", [given])
    assert jobs(sql) == []
    assert messages(sql) + messages(sql, "job_queue_low") == []


TRIGGER = """
CREATE TABLE public.orders (id int PRIMARY KEY, fails bool);
CREATE FUNCTION public.on_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.enqueue_jobs(jsonb_build_array(
        jsonb_build_object('job_type', 'sample_task', 'job_parameters', jsonb_build_object('text', NEW.id))
    ));
    IF NEW.fails THEN
        RAISE EXCEPTION 'no';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER on_order AFTER INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION public.on_order();
"""


def test_a_trigger_enters_in_its_own_transaction(sql: psycopg.Connection, connect: Connect) -> None:
    sql.execute(TRIGGER)
    other = connect()
    with sql.transaction():
        sql.execute("INSERT INTO public.orders VALUES (1, false), (2, false)")
        assert len(jobs(sql)) == len(messages(sql)) == 2
        assert jobs(other) == messages(other) == []
    assert [job["text"] for (job,) in jobs(other, "job_parameters")] == [1, 2]
    assert len(messages(other)) == 2
    with pytest.raises(psycopg.errors.RaiseException):
        sql.execute("INSERT INTO public.orders VALUES (3, false), (4, true)")
    with sql.transaction(force_rollback=True):
        sql.execute("INSERT INTO public.orders VALUES (5, false)")
    with sql.transaction(), sql.transaction(force_rollback=True):
        sql.execute("INSERT INTO public.orders VALUES (6, false)")
    assert len(jobs(other)) == len(messages(other)) == 2


def test_ten_thousand_at_once(sql: psycopg.Connection) -> None:
    moments = ("2100-01-01", None)
    given = [{"job_type": "x", "run_after": moments[number % 2]} for number in range(10_000)]
    ids = enqueue(sql, *given)
    assert len(set(ids)) == 10_000
    pairs = """
        SELECT count(*) FROM public.jobs JOIN pgmq.q_job_queue ON msg_id = message_id
        WHERE message ->> 'job_id' = id::text
    """
    assert sql.execute(pairs).fetchall() == [(10_000,)]
    assert len(messages(sql)) == 10_000


def test_the_same_job_waits_once(sql: psycopg.Connection) -> None:
    same = {"job_type": "x", "unique_key": "k"}
    others = [{**same, "job_type": "y"}, {**same, "unique_key": "K"}, {"job_type": "x"}, {"job_type": "x"}]
    first, second, *rest = enqueue(sql, same, same, *others)
    assert first == second
    assert len({first, *rest}) == 5
    assert enqueue(sql, others[0], same) == [rest[0], first]
    assert len(jobs(sql)) == len(messages(sql)) == 5
    sql.execute("UPDATE public.jobs SET status = 'processing' WHERE id = %s", [first])
    assert enqueue(sql, same) == [first]
    sql.execute("UPDATE public.jobs SET status = 'completed' WHERE id = %s", [first])
    [third] = enqueue(sql, same)
    assert third not in {first, *rest}
    assert len(messages(sql)) == 6


def test_another_user_s_job_is_another_job(sql: psycopg.Connection) -> None:
    ann = uuid4()
    sql.execute("INSERT INTO auth.users (id) VALUES (%s)", [ann])
    same = {"job_type": "x", "unique_key": "k"}
    assert len(set(enqueue(sql, same, {**same, "user_id": str(ann)}))) == 2


def test_an_id_twice_is_one_job(sql: psycopg.Connection) -> None:
    one = {"id": str(uuid4()), "job_type": "x"}
    assert len(set(enqueue(sql, one, one, {**one, "job_type": "y"}))) == 1
    sql.execute("UPDATE public.jobs SET status = 'failed'")
    assert [str(id) for id in enqueue(sql, one)] == [one["id"]]
    assert jobs(sql, "job_type, status") == [("x", "failed")]
    assert len(messages(sql)) == 1


@pytest.mark.parametrize("kept", [True, False])
def test_two_who_ask_for_the_same_at_once_get_one(
    sql: psycopg.Connection, connect: Connect, kept: bool
) -> None:
    """The second waits for how the first one's transaction ends."""
    same = {"job_type": "x", "unique_key": "k"}
    first, second = connect(), connect()
    found: list[UUID] = []
    waits = "SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s"
    with first.transaction(force_rollback=not kept):
        [mine] = enqueue(first, same)
        thread = threading.Thread(target=lambda: found.extend(enqueue(second, same)))
        thread.start()
        while sql.execute(waits, [second.info.backend_pid]).fetchone() != ("Lock",):
            assert thread.is_alive()
    thread.join()
    assert (found == [mine]) is kept
    assert jobs(sql) == [(found[0],)]
    assert [message["job_id"] for _, message in messages(sql)] == [str(found[0])]


def test_whoever_listens_hears_it_at_the_commit(sql: psycopg.Connection, connect: Connect) -> None:
    listening = connect()
    listening.execute("LISTEN background_jobs")
    enqueue(sql, {"job_type": "x"})
    assert [heard.channel for heard in listening.notifies(timeout=5, stop_after=1)] == ["background_jobs"]


STATES = ("pending", "processing", "completed", "failed")
ALLOWED = {
    ("pending", "processing"),
    ("processing", "completed"),
    ("processing", "failed"),
    ("pending", "failed"),
}


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", [*STATES, "cancelled"])
def test_a_job_goes_the_document_s_ways_alone(sql: psycopg.Connection, before: str, after: str) -> None:
    insert = "INSERT INTO public.jobs (job_type, user_id, status) VALUES ('x', %s, %s)"
    sql.execute(insert, [LOCAL, before])
    update = "UPDATE public.jobs SET status = %s, retry_count = 1"
    if before == after or (before, after) in ALLOWED:
        sql.execute(update, [after])
        assert jobs(sql, "status, retry_count") == [(after, 1)]
    else:
        with pytest.raises(psycopg.errors.CheckViolation, match=f"cannot go from {before} to {after}"):
            sql.execute(update, [after])
        assert jobs(sql, "status, retry_count") == [(before, 0)]
