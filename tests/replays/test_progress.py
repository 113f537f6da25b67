"""Work at replay jobs: every link counts once, who holds the job no more writes nothing, teams are asked."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from gamefactory_dagster.errors import IllegalTransitionError, LeaseLostError, PermanentError
from gamefactory_dagster.orchestration.attempts import Attempts
from gamefactory_dagster.replays import progress
from gamefactory_dagster.replays.states import JOB, JOBS
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.work.leases import Lease
from tests.conftest import Database

from .desk import Desk, at_desk, link

REPORT = "file:///reports/one.json"


def start_over(engine: sa.Engine, job_id: Any) -> None:
    """As the tick does with a job whose worker fell silent."""
    attempts = Attempts(JOBS, JOB, "PENDING", most=9)
    with engine.begin() as connection:
        row = connection.execute(sa.select(JOBS).where(JOBS.c.id == job_id)).mappings().one()
        attempts.start_over(connection, row, "the worker died")


def test_a_job_is_done_when_every_link_was_counted(database: Database) -> None:
    async def play(desk: Desk) -> None:
        job = await desk.submitted(3)
        lease, taken = await progress.claim(desk.engine, job.id, "run 1", 60)
        assert (taken.status, taken.lease_owner, taken.lease_epoch) == ("RUNNING", "run 1", lease.epoch)
        assert taken.started_at is not None
        assert await progress.url_done(desk.engine, lease, link(1))
        before = await desk.contents()
        for again in (link(1), link(9)):
            assert not await progress.url_done(desk.engine, lease, again)
            assert not await progress.url_failed(desk.engine, lease, again, "late")
        with pytest.raises(IllegalTransitionError, match="has 2 links left to read"):
            await progress.completed(desk.engine, lease, REPORT)
        assert await desk.contents() == before

        start_over(database.engine, job.id)
        assert (await desk.of().job(job.id)).error_message == "the worker died"
        lease, retaken = await progress.claim(desk.engine, job.id, "run 2", 60)
        assert (retaken.started_at, retaken.attempt) == (taken.started_at, 2)
        assert (retaken.error_message, retaken.processed_urls) == (None, 1)
        assert await progress.url_failed(desk.engine, lease, link(2), "not\0 there" + "!" * 3000)
        assert await progress.url_done(desk.engine, lease, link(3))
        urls = await desk.of().urls(job.id)
        assert [url.state for url in urls] == ["done", "failed", "done"]
        assert (urls[1].reason or "").startswith("not there!")
        assert len(urls[1].reason or "") == 2000
        assert urls[1].changed_at > job.created_at
        await progress.completed(desk.engine, lease, REPORT)
        done = await desk.of().job(job.id)
        assert (done.status, done.processed_urls, done.report_url) == ("COMPLETED", 3, REPORT)
        assert (done.lease_owner, done.lease_expires_at) == (None, None)
        assert done.completed_at is not None
        assert job.updated_at < taken.updated_at < retaken.updated_at < done.updated_at

    at_desk(database.settings, play)


def test_links_told_of_twice_at_once_are_counted_once_each(settings: Settings) -> None:
    async def play(desk: Desk) -> None:
        job = await desk.team(25)
        lease = await desk.claimed(job)
        told = [progress.url_done(desk.engine, lease, link(1 + number % 25)) for number in range(50)]
        assert sum(await asyncio.gather(*told)) == 25
        found = await desk.of().job(job.id)
        assert found.processed_urls == found.total_urls == 25

    at_desk(settings, play)


TOLD: dict[str, Any] = {
    "done": lambda engine, lease: progress.url_done(engine, lease, link(2)),
    "failed link": lambda engine, lease: progress.url_failed(engine, lease, link(2), "gone"),
    "discovered": lambda engine, lease: progress.discovered(engine, lease, ["Yugi"]),
    "completed": lambda engine, lease: progress.completed(engine, lease, REPORT),
    "failed": lambda engine, lease: progress.failed(engine, lease, "all gone"),
}


def test_who_holds_a_job_no_more_writes_nothing(database: Database) -> None:
    async def refused(desk: Desk, lease: Lease) -> None:
        before = await desk.contents()
        for told in TOLD.values():
            with pytest.raises(LeaseLostError, match="nothing was written"):
                await told(desk.engine, lease)
        assert await desk.contents() == before

    async def play(desk: Desk) -> None:
        replaced, cancelled = await desk.team(2), await desk.team(2)
        leases = [await desk.claimed(job) for job in (replaced, cancelled)]
        for lease in leases:
            await progress.url_done(desk.engine, lease, link(1))
        start_over(database.engine, replaced.id)
        await refused(desk, leases[0])
        again = await desk.claimed(replaced, "run 2")
        await refused(desk, leases[0])
        await desk.of().cancel(cancelled.id)
        await refused(desk, leases[1])
        anew = await desk.claimed(replaced, "run 2")
        assert anew.epoch == again.epoch + 1, "a run that tries again has its job still"
        await refused(desk, again)
        await progress.failed(desk.engine, anew, "all gone")
        failed = await desk.of().job(replaced.id)
        assert (failed.status, failed.error_message, failed.lease_owner) == ("FAILED", "all gone", None)
        assert failed.completed_at is not None

    at_desk(database.settings, play)


def test_only_what_waits_is_taken_up_and_by_one_run(settings: Settings) -> None:
    async def play(desk: Desk) -> None:
        job, other = await desk.submitted(), await desk.submitted()
        runs = [progress.claim(desk.engine, job.id, f"run {number}", 60) for number in range(5)]
        taken = await asyncio.gather(*runs, return_exceptions=True)
        assert sorted(type(one).__name__ for one in taken) == ["LeaseLostError"] * 4 + ["tuple"]
        with pytest.raises(PermanentError, match="there is no replay job"):
            await progress.claim(desk.engine, uuid4(), "run 1", 60)
        await desk.put(job.id, lease_expires_at=sa.func.now())
        with pytest.raises(
            LeaseLostError, match="in the hands of run"
        ):  # who fell silent is the tick's to replace
            await progress.claim(desk.engine, job.id, "run 9", 60)
        for status in ("AWAITING_CONFIRMATION", "COMPLETED", "FAILED", "CANCELLED"):
            await desk.put(other.id, status=status, processed_urls=1, report_url=REPORT)
            before = await desk.contents()
            with pytest.raises(IllegalTransitionError, match=f"cannot go from {status} to RUNNING"):
                await progress.claim(desk.engine, other.id, "run 1", 60)
            assert await desk.contents() == before

    at_desk(settings, play)


def test_a_team_confirms_its_players_and_the_job_goes_on(settings: Settings) -> None:
    async def play(desk: Desk) -> None:
        jobs, job = desk.of(), await desk.team(2)
        lease = await desk.claimed(job)
        await desk.put(job.id, requested_at=sa.func.now())
        await progress.url_done(desk.engine, lease, link(1))
        with pytest.raises(IllegalTransitionError, match="has 1 links left to read"):
            await progress.discovered(desk.engine, lease, ["Yugi"])
        await progress.url_done(desk.engine, lease, link(2))
        await progress.discovered(desk.engine, lease, ["Yugi", "KAIBA", "Mai", "yugi"])
        waiting = await jobs.job(job.id)
        assert (waiting.status, waiting.completed_at) == ("AWAITING_CONFIRMATION", None)
        assert (waiting.lease_owner, waiting.lease_expires_at, waiting.requested_at) == (None, None, None)
        assert (await jobs.players(job.id)).discovered_players == ["Yugi", "KAIBA", "Mai"]

        again = await jobs.confirm(str(job.id).upper(), ["mai", "YUGI"])
        assert (again.status, again.attempt, again.requested_at) == ("PENDING", 2, None)
        team = await jobs.players(job.id)
        assert (team.confirmed_players, team.confirmation_status) == (["Yugi", "Mai"], "confirmed")
        assert team.updated_at > team.created_at
        with pytest.raises(IllegalTransitionError, match="this job is PENDING"):
            await jobs.confirm(job.id, ["Mai"])
        second, retaken = await progress.claim(desk.engine, job.id, "run 2", 60)
        assert retaken.started_at == waiting.started_at
        await progress.completed(desk.engine, second, REPORT)

        alone = await desk.submitted()
        lease = await desk.claimed(alone)
        await progress.url_done(desk.engine, lease, link(1))
        with pytest.raises(IllegalTransitionError, match="has no team"):
            await progress.discovered(desk.engine, lease, ["Yugi"])
        assert (await jobs.job(alone.id)).status == "RUNNING"

    at_desk(settings, play)
