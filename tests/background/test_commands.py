"""``gamefactory jobs`` as a person and a script see it; what is enqueued is done for real."""

import json
from uuid import UUID

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from gamefactory_dagster.background import reading
from gamefactory_dagster.background.commands.sharing import TYPES
from gamefactory_dagster.background.queue import Queues, give_up
from gamefactory_dagster.background.registry import registry
from gamefactory_dagster.background.service import JobQueueService
from gamefactory_dagster.background.states import Failure
from gamefactory_dagster.cli import app
from gamefactory_dagster.errors import IllegalTransitionError, InputError, TransientError
from tests.ledger.callers import ANN, BEN
from tests.ledger.entered import enter, users

from .rows import add, ago, ahead

EVIL = "\x1b[2J[red]\u202e<b>"


@pytest.fixture
def service(settings, engine):
    return JobQueueService(engine, settings)


@pytest.fixture
def run(settings, engine, monkeypatch):
    """Run ``gamefactory jobs ...`` in this process as Ann."""
    users(engine)
    acting = settings.model_copy(update={"user": ANN})
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: acting)
    return lambda *words: CliRunner().invoke(app, ["jobs", *words])


def told(result):
    assert result.exit_code == 0, result
    return json.loads(result.stdout)


def entered(run, *words):
    [one] = told(run("enqueue", "sample_task", "--json", *words))["jobs"]
    return one["id"]


def shown(run, job="latest"):
    return told(run("show", job, "--json"))


def test_a_job_is_entered_followed_and_done(run, service):
    done = run("enqueue", "sample_task", "--param", "text=abc", "--param", "lines=1")
    assert (done.exit_code, done.stderr) == (0, "")
    job = shown(run)
    assert done.stdout == (
        f"Job {job['id']} (sample_task) is in.\nFollow it: gamefactory jobs show {job['id'][:8]} --watch\n"
    )
    assert (job["state"], job["priority"], job["user_id"]) == ("waiting", "normal", str(ANN))
    assert (job["job_parameters"]["text"], job["job_parameters"]["lines"]) == ("abc", 1)
    service.process_job(UUID(job["id"]))
    lines = run("show", job["id"][:8]).output.splitlines()
    assert lines[0].startswith(f"Job {job['id']}: sample_task, completed, ")
    assert lines[1].startswith("Times: entered 20")
    assert lines[3].startswith('Made: {"sha256": "ba7816bf')
    assert lines[4:] == ["It said:", f"line          0 {'.' * 83}"]


def test_jobs_are_listed_for_people_and_scripts(run, engine):
    assert run("list").output == "You have no job yet.\n"
    mine = [add(engine, user_id=ANN, created_at=ago(minutes=number)) for number in range(3)]
    bens = add(engine, user_id=BEN)
    failed = add(engine, user_id=ANN, status="failed", job_type="refresh_metrics", created_at=ago(hours=1),
                 error_type="X", error_message=EVIL)  # fmt: skip
    listed = told(run("list", "--json"))
    assert [job["id"] for job in listed["jobs"]] == [str(job) for job in [*mine, failed]]
    assert listed["after"] is None
    output = run("list").output
    assert "waiting" in output
    assert "\\x1b[2J[red]\\u202e<b>" in output
    assert str(bens)[:13] not in output
    assert [job["id"] for job in told(run("list", "--user", str(BEN), "--json"))["jobs"]] == [str(bens)]
    assert [job["id"] for job in told(run("list", "--status", "failed", "--json"))["jobs"]] == [str(failed)]
    assert run("list", "--status", "completed").output == "There is no such job of yours.\n"
    first = run("list", "--limit", "1")
    key = first.stderr.strip().removeprefix("There are more: --after ")
    assert told(run("list", "--limit", "1", "--json"))["after"] == key
    assert told(run("list", "--limit", "1", "--after", key, "--json"))["jobs"][0]["id"] == str(mine[1])


def test_parameters_are_put_together(run):
    entered(run, "--params", '{"text": "a", "lines": 2}', "--param", "text=b", "--param", "fails=null")
    given = shown(run)["job_parameters"]
    assert (given["text"], given["lines"], given.get("fails")) == ("b", 2, None)


def test_priority_delay_and_key(run):
    first = entered(run, "--priority", "high", "--delay", "10m", "--unique", "daily")
    job = shown(run, first)
    assert (job["state"], job["priority"], job["unique_key"]) == ("waits until", "high", "daily")
    assert f"Job {first}: sample_task, waits until 20" in run("show", first).output
    again = run("enqueue", "sample_task", "--unique", "daily")
    assert again.stdout.splitlines()[0] == f"The same job is in already: {first}"
    second = entered(run, "--unique", "daily", "--replace")
    assert (second != first, shown(run, first)["state"]) == (True, "cancelled")


def test_as_many_as_are_wanted(run):
    done = run("enqueue", "sample_task", "--count", "3")
    assert done.stdout.startswith("3 jobs of type sample_task are in; the first is ")
    assert len(told(run("list", "--json"))["jobs"]) == 3


def end_when_looked_at(monkeypatch, engine, ends):
    """Let as many jobs end at each look as there are ``ends``, as these say."""

    def pause(_):
        for status, words in ends:
            with engine.begin() as connection:
                connection.execute(sa.text(BEGIN))
                connection.execute(sa.text(END), {"status": status, "error": words})

    monkeypatch.setattr("gamefactory_dagster.background.commands.sharing.sleep", pause)


BEGIN = """
UPDATE public.jobs SET status = 'processing'
WHERE id = (SELECT id FROM public.jobs WHERE status = 'pending' LIMIT 1)
"""
END = """
UPDATE public.jobs SET status = :status, completed_at = now(), started_at = now(), error_message = :error,
    data_references = '{"sha256": "ab"}'
WHERE status = 'processing'
"""


@pytest.mark.parametrize(("status", "code"), [("completed", 0), ("failed", 1)])
def test_an_end_is_waited_for(run, monkeypatch, engine, status, code):
    end_when_looked_at(monkeypatch, engine, [(status, "broke")])
    done = run("enqueue", "sample_task", "--wait")
    said = 'completed after 0.0 s: {"sha256": "ab"}' if code == 0 else "failed after 0.0 s: broke"
    assert (done.exit_code, done.stdout.splitlines()[1]) == (code, f"It {said}")
    assert done.stderr == "Nothing takes up jobs in this home at present; gamefactory dev does.\n"
    as_json = run("enqueue", "sample_task", "--wait", "--json")
    assert as_json.exit_code == code
    assert [job["status"] for job in json.loads(as_json.stdout)["jobs"]] == [status]


def test_the_ends_of_many_are_waited_for(run, monkeypatch, engine):
    end_when_looked_at(monkeypatch, engine, [("completed", None), ("failed", "broke")])
    done = run("enqueue", "sample_task", "--count", "4", "--wait")
    assert (done.exit_code, done.stdout.splitlines()[1]) == (1, "2 jobs completed, 2 not.")
    assert len([line for line in done.stdout.splitlines() if line.endswith(" failed: broke")]) == 2


@pytest.mark.parametrize(("status", "code"), [("completed", 0), ("failed", 1)])
def test_a_job_is_watched_to_its_end(run, monkeypatch, engine, status, code):
    id_ = entered(run)
    end_when_looked_at(monkeypatch, engine, [(status, None)])
    done = run("show", id_[:8], "--watch")
    assert done.exit_code == code
    assert done.stdout.startswith(f"Job {id_}: sample_task, {status}, 0.0 s\n")
    assert [line.partition("  ")[2] for line in done.stderr.splitlines()[1:]] == ["waiting", status]
    assert run("show", id_).exit_code == 0


def test_a_database_that_is_away_for_a_moment_is_waited_for(run, monkeypatch, engine):
    id_ = entered(run)
    end_when_looked_at(monkeypatch, engine, [("completed", None)])
    jobs, away = reading.jobs, [True]

    def look(*given, **asked):
        if away.pop(0):
            raise TransientError("the server is starting again")
        return jobs(*given, **asked)

    away[:] = [True, False]
    monkeypatch.setattr(reading, "jobs", look)
    assert run("show", id_, "--watch").exit_code == 0
    away[:] = [True]
    monkeypatch.setattr("gamefactory_dagster.background.commands.sharing.GONE_SECONDS", -1)
    again = add(engine, user_id=ANN)
    assert isinstance(run("show", str(again), "--watch").exception, TransientError)


def test_a_job_that_went_wrong_says_where(run, engine):
    context = {"tries": 4, "traceback": "Traceback:\n  here\n"}
    job = add(engine, user_id=ANN, status="failed", error_type="X", error_message="y", error_context=context)
    lines = run("show", str(job)).output.splitlines()
    assert lines[-5:] == [
        "Error: X: y",
        'Context: {"tries": 4}',
        "Where it went wrong:",
        "Traceback:",
        "  here",
    ]


def test_a_job_s_runs_in_the_ledger_are_named(run, engine):
    job = add(engine, user_id=ANN, status="processing", started_at=ago(seconds=9))
    enter(engine, "its-run", ANN, {"kind": "job", "job": "sample_task", "job_id": str(job)})
    assert "In the ledger: gamefactory runs show its-run" in run("show").output
    assert shown(run)["runs"] == ["its-run"]


def test_a_job_is_cancelled(run, engine):
    id_ = entered(run)
    assert run("cancel", id_[:8]).output == f"Job {id_} is cancelled.\n"
    assert "Error: JobCancelledError: " in run("show", id_).output
    assert isinstance(run("cancel", id_).exception, IllegalTransitionError)
    at_work = add(engine, user_id=ANN, status="processing", lease_owner="w", lease_expires_at=ahead(hours=1))
    assert "is asked to stop; its worker ends it within 5 seconds." in run("cancel", str(at_work)).output
    assert told(run("cancel", str(at_work), "--json"))["state"] == "asked to stop"


def fail(run, settings, engine, count=1):
    """Jobs that failed for good, the first first."""
    ids = [entered(run) for _ in range(count)]
    for id_ in ids:
        with engine.begin() as connection:
            give_up(connection, Queues.of(settings), [UUID(id_)], Failure("PermanentError", "broke"))
    return ids


def test_a_failed_job_is_tried_anew(run, settings, engine):
    [id_] = fail(run, settings, engine)
    lines = run("show", id_).output.splitlines()
    assert "Error: PermanentError: broke" in lines
    assert "Its message is among the dead letters: gamefactory jobs dead" in lines
    said = run("retry", id_).output
    again = shown(run)["id"]
    assert said == f"Job {again} (sample_task) is another try of {id_}.\n"
    assert f"Tried anew as: {again}" in run("show", id_).output
    assert f"Another try of: {id_}" in run("show", again).output
    assert isinstance(run("retry", id_).exception, InputError)
    assert isinstance(run("retry", again).exception, InputError)


def test_dead_letters_are_listed_driven_again_and_dropped(run, settings, engine):
    first, second, third = fail(run, settings, engine, 3)
    listed = told(run("dead", "list", "--json"))["jobs"]
    assert [job["id"] for job in listed] == [third, second, first]
    assert "PermanentError: broke" in run("dead", "list", "--type", "sample_task").output
    assert told(run("dead", "list", "--user", str(BEN), "--json"))["jobs"] == []
    assert run("dead", "redrive", "--user", str(BEN)).output == "0 dead letters tried anew.\n"
    assert run("dead", "redrive", "--limit", "1").output == "1 dead letter tried anew.\n"
    assert shown(run, first)["retried_as"] == shown(run)["id"]
    assert run("dead", "redrive", second[:8]).output == "1 dead letter tried anew.\n"
    refused = run("dead", "redrive", second).exception
    assert (
        str(refused)
        == f"job: {second!r} is not accepted; expected a dead letter of yours; this job is failed"
    )
    assert run("dead", "drop", "--all").output == "1 dead letter dropped.\n"
    assert told(run("dead", "drop", "--all", "--json")) == {"dropped": 0}
    assert run("dead", "list").output == "There is no dead letter of yours.\n"
    assert shown(run, third)["state"] == "failed"


@pytest.mark.parametrize("words", [["show"], ["cancel"], ["retry"], ["dead", "redrive"], ["dead", "drop"]])
def test_another_s_job_is_no_job(run, engine, words):
    bens = add(engine, user_id=BEN, status="failed", queue="job_queue_dead", message_id=1)
    refused = run(*words, str(bens)).exception
    assert isinstance(refused, InputError)
    assert str(refused).startswith(f"job: '{bens}' is not accepted; expected the id of a job of yours")


def test_the_queue_in_numbers(run, engine):
    add(engine, user_id=BEN, queue="job_queue_high")
    add(engine, user_id=ANN, status="completed")
    found = told(run("stats", "--json"))
    assert found["waiting"] == {"high": 1, "normal": 0, "low": 0}
    assert len(found["steps"]) == 144
    output = run("stats").output
    assert "1 (1 high, 0 normal, 0 low)" in output
    assert "1 completed, 0 failed" in output


def test_types_are_told_with_parameters_and_limits(run):
    output = run("types").output
    for name, kind in registry().items():
        assert f"{name}: {kind.summary}" in output
    assert "  seconds: number from 0 to 86,400; default 0.0\n" in output
    assert "  fails: string of at most 1,000 characters or nothing; default null\n" in output
    assert "  game: string from 1 to 80 characters; needed\n" in output
    assert "  a try has 60 s and 512 MB; 3 retries\n" in output
    types = {one["name"]: one for one in told(run("types", "--json"))["types"]}
    assert list(types) == TYPES == list(registry())
    assert types["sample_task"]["parameters"]["properties"]["text"]["maxLength"] == 10_000


def test_help_names_every_type(run):
    for words in (["enqueue", "--help"], ["list", "--help"]):
        said = "".join(run(*words).output.split())
        assert all(name in said for name in registry()), words
