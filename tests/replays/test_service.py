"""Replay jobs in users' names: entered whole, as often as may be, seen by nobody else."""

import asyncio
import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from gamefactory_dagster.database import databases
from gamefactory_dagster.database.engine import async_session
from gamefactory_dagster.database.tables.replays import Job, JobStatus, User
from gamefactory_dagster.errors import IllegalTransitionError, InputError, TransientError
from gamefactory_dagster.replays import progress
from gamefactory_dagster.replays.service import CHANNEL, ReplayJobs, shared
from gamefactory_dagster.replays.states import ENDED
from gamefactory_dagster.settings import Settings
from tests.conftest import Database

from .desk import Desk, at_desk, link

STRANGER = UUID(int=7)


def test_a_job_its_links_and_its_team_are_entered_together_and_told_of(database: Database) -> None:
    week = {"week": 3, "opponents": ["Ü", None]}

    async def play(desk: Desk) -> None:
        with pytest.raises(InputError, match=f"user: '{STRANGER}'"):
            await desk.of().submit("INDIVIDUAL", [link(1)], owner=STRANGER)
        assert await desk.contents() == [[], [], [], [], []]
        default = desk.of(None)
        job = await default.submit("GFWL", [link(2), link(1), link(2)], team_name=" Goats ", team_data=week)
        assert (job.status, job.job_type, job.urls) == ("PENDING", "GFWL", [link(2), link(1)])
        assert (job.total_urls, job.processed_urls, job.is_public, job.attempt) == (2, 0, False, 1)
        assert (job.owner_id, job.requested_at, job.lease_owner) == (database.settings.user, None, None)
        assert job.shareable_id.version == 4, "122 random bits"
        assert job.created_at == job.updated_at
        async with async_session(desk.engine) as session:
            whole = selectinload(User.jobs).selectinload(Job.gfwl_submissions)
            [user] = (await session.scalars(sa.select(User).options(whole))).all()
        assert user.clerk_user_id == str(database.settings.user)
        [[team]] = [job.gfwl_submissions for job in user.jobs]
        assert (team.team_name, team.confirmation_status) == ("Goats", "pending")
        assert (team.discovered_players, team.confirmed_players) == ([], None)
        assert user.jobs[0].team_data == week
        urls = await default.urls(job.id)
        assert [(url.url, url.position, url.state) for url in urls] == [
            (link(2), 0, "pending"),
            (link(1), 1, "pending"),
        ]
        other = await default.submit("INDIVIDUAL", [link(1)], player="Kaiba")
        assert (other.user_id, other.player, other.team_data) == (job.user_id, "Kaiba", None)
        assert other.shareable_id not in (job.shareable_id, other.id)

    with databases.connect(database.engine.url) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        at_desk(database.settings, play)
        assert len(list(listener.notifies(timeout=10, stop_after=2))) == 2


def test_five_an_hour_however_many_ask_at_once(settings: Settings) -> None:
    async def play(desk: Desk) -> None:
        tries = [desk.submitted() for _ in range(20)]
        done = await asyncio.gather(*tries, return_exceptions=True)
        jobs = sorted((one for one in done if isinstance(one, Job)), key=lambda job: job.created_at)
        refused = {str(one) for one in done if isinstance(one, TransientError)}
        free = jobs[0].created_at + dt.timedelta(hours=1, seconds=1)
        said = "at most 5 replay jobs an hour may be submitted; the next one from"
        assert (len(jobs), refused) == (5, {f"{said} {free:%Y-%m-%d %H:%M:%S} UTC on"})
        users, _, _, urls, _ = await desk.contents()
        assert (len(users), len(urls)) == (1, 5), "one user, and nothing of what was refused"
        await desk.submitted(user="ben")

        hour_ago = jobs[0].created_at - dt.timedelta(hours=1)
        await desk.put(jobs[0].id, created_at=hour_ago, status="CANCELLED")
        await desk.put(jobs[1].id, status="CANCELLED")
        await desk.submitted()
        with pytest.raises(TransientError, match=said):
            await desk.submitted()

    at_desk(settings, play)


ASKED: dict[str, Any] = {
    "job": lambda jobs, id_: jobs.job(id_),
    "urls": lambda jobs, id_: jobs.urls(id_),
    "players": lambda jobs, id_: jobs.players(id_),
    "confirm": lambda jobs, id_: jobs.confirm(id_, ["Yugi"]),
    "cancel": lambda jobs, id_: jobs.cancel(id_),
    "share": lambda jobs, id_: jobs.share(id_),
    "unshare": lambda jobs, id_: jobs.unshare(id_),
}


def test_another_s_job_is_one_that_is_not_there(settings: Settings) -> None:
    async def play(desk: Desk) -> None:
        job = await desk.team()
        await desk.submitted(user="ben")
        before = await desk.contents()
        said: list[str] = []
        sa.event.listen(
            desk.engine.sync_engine, "before_cursor_execute", lambda *given: said.append(str(given[2]))
        )

        async def refused(name: str, user: str, id_: Any) -> tuple[str, list[str]]:
            said.clear()
            with pytest.raises(InputError) as caught:
                await ASKED[name](desk.of(user), id_)
            return str(caught.value).replace(str(id_), "ID"), list(said)

        for name in ASKED:
            theirs = await refused(name, "ben", job.id)
            assert theirs == await refused(name, "ben", uuid4()) == await refused(name, "nobody", job.id)
            words, statements = theirs
            assert words == "job: 'ID' is not accepted; expected the id of a replay job of yours"
            assert len(statements) == 1
            assert (await refused(name, "ben", "no id"))[0] == words
        assert [one.id for one in (await desk.of("ben").jobs()).rows] != [job.id]
        assert (await desk.of("nobody").jobs()).rows == []
        assert await desk.contents() == before, "not even a user was made"

    at_desk(settings, play)


def test_a_result_is_shared_only_while_it_is_public_and_completed(settings: Settings) -> None:
    async def play(desk: Desk) -> None:
        job = await desk.submitted()
        jobs = desk.of()
        for status in JobStatus:
            await desk.put(job.id, status=status, processed_urls=1, report_url="file:///report.json")
            assert await shared(desk.engine, job.shareable_id) is None
            assert (await jobs.share(job.id)).is_public
            found = await shared(desk.engine, str(job.shareable_id).upper())
            assert (found and found.id) == (job.id if status == "COMPLETED" else None)
            for wrong in (job.id, uuid4(), "", "latest", "0" * 32, f"{job.shareable_id}\0"):
                assert await shared(desk.engine, wrong) is None
            assert not (await jobs.unshare(job.id)).is_public
            assert await shared(desk.engine, job.shareable_id) is None

    at_desk(settings, play)


def test_what_a_person_may_not_do_to_a_job_changes_nothing(settings: Settings) -> None:
    async def play(desk: Desk) -> None:
        alone, job = await desk.submitted(), await desk.team()
        await desk.put(job.id, processed_urls=1, report_url="file:///report.json")
        jobs = desk.of()
        for status in JobStatus:
            await desk.put(job.id, status=status)
            before = await desk.contents()
            if status == "AWAITING_CONFIRMATION":
                with pytest.raises(InputError, match="players: 'Yugi'"):  # none was discovered
                    await jobs.confirm(job.id, ["Yugi"])
            else:
                with pytest.raises(IllegalTransitionError, match=f"this job is {status}"):
                    await jobs.confirm(job.id, ["Yugi"])
            if status in ENDED:
                with pytest.raises(IllegalTransitionError, match=f"from {status}: nothing, it has ended"):
                    await jobs.cancel(job.id)
            assert await desk.contents() == before, status
        before = await desk.contents()
        for step in (jobs.players(alone.id), jobs.confirm(alone.id, [])):
            with pytest.raises(InputError, match="no other has a team"):
                await step
        assert await desk.contents() == before

    at_desk(settings, play)


def test_a_cancelled_job_keeps_who_is_to_be_stopped_and_lets_it_write_no_more(settings: Settings) -> None:
    async def play(desk: Desk) -> None:
        waiting, job = await desk.submitted(), await desk.submitted()
        lease = await desk.claimed(job)
        done = await desk.of().cancel(job.id)
        assert (done.status, done.lease_owner, done.lease_epoch) == ("CANCELLED", "run 1", lease.epoch + 1)
        assert done.completed_at is not None
        assert done.updated_at > job.updated_at
        assert (await desk.of().cancel(waiting.id)).lease_owner is None

    at_desk(settings, play)


async def is_anybody_waiting(desk: Desk) -> bool:
    """Whether somebody waits for a lock; asked in a transaction of its own, which sees one moment."""
    waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with async_session(desk.engine) as session:
        return (await session.scalars(sa.text(f"SELECT EXISTS ({waiting})"))).one()


def test_who_cancels_a_job_that_is_being_taken_up_waits_and_cancels_it(settings: Settings) -> None:
    async def play(desk: Desk) -> None:
        job = await desk.submitted()
        async with async_session(desk.engine) as session:
            await session.execute(sa.update(Job).where(Job.id == job.id).values(status="RUNNING"))
            cancelling = asyncio.create_task(desk.of().cancel(job.id))
            while not (cancelling.done() or await is_anybody_waiting(desk)):
                await asyncio.sleep(0.01)
        assert (await cancelling).status == "CANCELLED"

    at_desk(settings, play)


def test_pages_of_jobs_are_the_user_s_newest_first(settings: Settings) -> None:
    async def play(desk: Desk) -> None:
        mine = [(await desk.submitted()).id for _ in range(5)]
        await desk.submitted(user="ben")
        await desk.of().cancel(mine[1])
        jobs, seen, after = desk.of(), [], None
        for _ in range(3):
            page = await jobs.jobs(limit=2, after=after)
            seen += [job.id for job in page.rows]
            after = page.after
        assert (seen, after) == (mine[::-1], None)
        assert [job.id for job in (await jobs.jobs("CANCELLED")).rows] == [mine[1]]
        for wrong, words in (
            ({"status": "LOST"}, "status: 'LOST' .* one of PENDING, RUNNING, AWAITING_CONFIRMATION"),
            ({"limit": 0}, "limit: 0"),
            ({"limit": 501}, "limit: 501"),
            ({"after": "1.x"}, "after: '1.x'"),
        ):
            with pytest.raises(InputError, match=words):
                await jobs.jobs(**wrong)
        for user in ("", "a\0", "x" * 256):
            with pytest.raises(InputError, match="user: "):
                ReplayJobs(desk.engine, settings, user=user)

    at_desk(settings, play)


def test_the_database_holds_what_the_calls_rely_on(database: Database) -> None:
    async def play(desk: Desk) -> None:
        job = await desk.submitted(2)
        await progress.url_done(desk.engine, await desk.claimed(job), link(1))

    at_desk(database.settings, play)
    refused = {
        "UPDATE replays.jobs SET processed_urls = 3": psycopg.errors.CheckViolation,
        "UPDATE replays.jobs SET processed_urls = -1": psycopg.errors.CheckViolation,
        "UPDATE replays.jobs SET status = 'COMPLETED', report_url = 'x'": psycopg.errors.CheckViolation,
        "UPDATE replays.jobs SET status = 'COMPLETED', processed_urls = 2": psycopg.errors.CheckViolation,
        "UPDATE replays.jobs SET status = 'pending'": psycopg.errors.InvalidTextRepresentation,
        "UPDATE replays.jobs SET shareable_id = NULL": psycopg.errors.NotNullViolation,
        "UPDATE replays.job_urls SET state = 'lost'": psycopg.errors.CheckViolation,
        "UPDATE replays.job_urls SET state = 'failed'": psycopg.errors.CheckViolation,
        "UPDATE replays.job_urls SET url = 'x'": psycopg.errors.UniqueViolation,
        "INSERT INTO replays.users (clerk_user_id) VALUES ('ann')": psycopg.errors.UniqueViolation,
        "INSERT INTO replays.gfwl_team_submissions (job_id, team_name, confirmation_status) "
        "SELECT id, 'x', 'maybe' FROM replays.jobs": psycopg.errors.CheckViolation,
    }
    with databases.connect(database.engine.url) as connection:
        for statement, kind in refused.items():
            with pytest.raises(kind):
                connection.execute(statement.encode())
