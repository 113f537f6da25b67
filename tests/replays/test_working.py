"""A job's whole way: read, counted once, asked about, reported; cut off and gone on with; cancelled."""

import random
import threading

import pytest
import sqlalchemy as sa

from gamefactory_dagster.errors import CancelledError, IllegalTransitionError
from gamefactory_dagster.replays import dispatch, working
from gamefactory_dagster.replays.desk import Desk

from .desk import link
from .site import Site
from .trials import trial


@pytest.fixture
def site(settings, engine) -> Site:
    return Site(settings, engine)


def test_one_player_s_job_reads_what_it_can_and_reports_with_reasons(site: Site) -> None:
    good = [site.record(1), site.record(2, "bob", "Ann")]
    broken = site.record(3, content=b'{"plays": [], "player1": {}}')
    job = site.submit(*good, broken, link(4), good[0], player="ann")
    [wanted] = site.tick().wanted
    assert (wanted.subject, wanted.run_key, dict(wanted.config)) == (
        str(job), f"{job}:1", {"job_id": str(job)}
    )  # fmt: skip
    assert site.tick().wanted == ()
    done = site.work(job)
    row = site.row(job)
    assert (row.status, row.processed_urls, row.total_urls, row.error_message) == ("COMPLETED", 4, 4, None)
    assert row.started_at < row.completed_at
    assert row.lease_owner is None
    states = site.links(job)
    assert [state for state, _ in states] == ["done", "done", "failed", "failed"]
    assert "does not say who player1 is" in str(states[2][1])
    assert (done.status, done.links, done.unread, done.players) == ("COMPLETED", 4, 2, ("Ann",))
    report = site.report(job)
    [player] = report.players
    assert (player.matches.won, player.matches.lost, report.replays) == (1, 1, 2)
    assert [one.source for one in report.unread] == [broken, link(4)]
    with pytest.raises(IllegalTransitionError):
        site.work(job, "run 2")


def test_what_was_fetched_once_is_not_fetched_again_by_another_job(site: Site) -> None:
    links = [site.record(1), site.record(2)]
    first = site.submit(*links)
    site.work(first)
    for file in (site.settings.home / "replays").iterdir():
        file.unlink()
    second = site.submit(*links)
    site.work(second)
    assert site.row(second).report_url == site.row(first).report_url
    with site.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM replays.scraped_data")) == 2


def test_a_team_is_asked_who_plays_for_it_and_waits_without_a_run(site: Site) -> None:
    job = site.submit(site.record(1, "Ann", "Xan"), site.record(2, "Bob", "Yan"), site.record(3), team="Owls")
    site.tick()
    done = site.work(job)
    assert (done.status, set(done.players)) == ("AWAITING_CONFIRMATION", {"Ann", "Bob", "Xan", "Yan"})
    row = site.row(job)
    assert (row.status, row.processed_urls, row.lease_owner, row.requested_at) == (
        "AWAITING_CONFIRMATION", 3, None, None
    )  # fmt: skip
    assert site.tick().wanted == ()
    with pytest.raises(IllegalTransitionError):
        site.work(job, "run 2")
    site.ask(lambda jobs: jobs.confirm(job, ["ann", "BOB"]))
    [wanted] = site.tick().wanted
    assert wanted.run_key == f"{job}:2"
    assert site.work(job, "run 2").status == "COMPLETED"
    report = site.report(job)
    assert (report.team, [player.name for player in report.players]) == ("Owls", ["Ann", "Bob"])
    assert site.row(job).processed_urls == 3


@pytest.mark.parametrize(("team", "player"), [("Owls", None), (None, None), (None, "Cyd")])
def test_a_job_that_comes_to_nothing_says_why(site: Site, team: str | None, player: str | None) -> None:
    links = [link(5), link(6)] if player is None else [site.record(1)]
    job = site.submit(*links, team=team, player=player)
    done = site.work(job)
    row = site.row(job)
    assert (row.status, done.status, row.processed_urls) == ("FAILED", "FAILED", len(links))
    expected = "no match could be read of the links" if player is None else "'Cyd' is not accepted"
    assert expected in row.error_message
    assert row.completed_at is not None
    assert row.report_url is None


def test_a_source_there_is_not_is_said_by_the_job(site: Site) -> None:
    job = site.submit(site.record(1))
    nowhere = site.settings.model_copy(update={"replays": "nothing://opens/this"})
    done = Site(nowhere, site.engine).work(job)
    assert (done.status, site.row(job).status) == ("FAILED", "FAILED")
    assert "GAMEFACTORY_REPLAYS" in site.row(job).error_message


def test_without_a_name_it_is_about_whoever_is_in_most_of_the_matches(site: Site) -> None:
    job = site.submit(site.record(1), site.record(2, "Cyd", "Ann"))
    assert site.work(job).players == ("Ann",)
    both = site.submit(site.record(3))
    assert set(site.work(both).players) == {"Ann", "Bob"}


def test_a_worker_that_died_is_replaced_and_its_links_are_not_counted_again(site: Site, monkeypatch) -> None:
    job = site.submit(*(site.record(number) for number in range(1, 6)))
    site.tick()
    read, dies = Desk.read, 3

    async def die(desk: Desk, url: str):
        if int(url.rpartition("=")[2]) == dies:
            raise SystemExit("dead")
        return await read(desk, url)

    monkeypatch.setattr(Desk, "read", die)
    with pytest.raises(BaseException, match="dead"):
        site.work(job)
    counted = site.row(job).processed_urls
    assert site.row(job).status == "RUNNING"
    assert counted == sum(state != "pending" for state, _ in site.links(job)) < 5
    monkeypatch.setattr(Desk, "read", read)
    site.board.put("run 1", "alive")
    site.let_run_out(job)
    [wanted] = site.tick().wanted
    assert (wanted.run_key, site.board.given_up) == (f"{job}:2", ["run 1"])
    assert site.row(job).status == "PENDING"
    site.work(job, "run 2")
    assert (site.row(job).status, site.row(job).processed_urls) == ("COMPLETED", 5)


def test_a_job_whose_workers_die_again_and_again_is_given_up(site: Site) -> None:
    job = site.submit(site.record(1))
    for attempt in range(1, dispatch.ATTEMPTS + 1):
        [wanted] = site.tick().wanted
        assert wanted.attempt == attempt
        with site.engine.begin() as connection:
            held = "UPDATE replays.jobs SET status = 'RUNNING', lease_owner = 'x', lease_expires_at = now()"
            connection.execute(sa.text(held))
    assert site.tick().wanted == ()
    row = site.row(job)
    assert (row.status, row.completed_at is not None) == ("FAILED", True)
    assert f"gave up after {dispatch.ATTEMPTS} attempts" in row.error_message


def test_cancelling_stops_the_work_where_it_is(site: Site, monkeypatch) -> None:
    job = site.submit(*(site.record(number) for number in range(1, 9)))
    site.tick()
    read = Desk.read

    async def cancel(desk: Desk, url: str):
        if site.row(job).status == "RUNNING":
            thread = threading.Thread(target=lambda: site.ask(lambda jobs: jobs.cancel(job)))
            thread.start()
            thread.join()
        return await read(desk, url)

    monkeypatch.setattr(Desk, "read", cancel)
    with pytest.raises(CancelledError):
        site.work(job)
    row = site.row(job)
    assert (row.status, row.processed_urls, row.report_url) == ("CANCELLED", 0, None)
    assert site.tick().wanted == ()
    assert site.board.stopped == [str(job)]
    assert site.row(job).lease_owner is None
    with pytest.raises(IllegalTransitionError):
        site.work(job, "run 2")


def test_a_run_a_person_stopped_ends_its_job(site: Site) -> None:
    job = site.submit(site.record(1))
    site.tick()
    site.board.put("run 1", "cancelled", key=f"{job}:1")
    with site.engine.begin() as connection:
        connection.execute(sa.text("UPDATE replays.jobs SET requested_at = now() - interval '1 day'"))
    assert site.tick().wanted == ()
    assert (site.row(job).status, site.row(job).completed_at is not None) == ("CANCELLED", True)


def test_a_few_links_at_a_time_are_fetched(site: Site, monkeypatch) -> None:
    job = site.submit(*(site.record(number) for number in range(1, 12)))
    read, at_once, most = Desk.read, 0, 0

    async def watched(desk: Desk, url: str):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        try:
            return await read(desk, url)
        finally:
            at_once -= 1

    monkeypatch.setattr(Desk, "read", watched)
    site.work(job)
    assert 1 < most <= working.AT_ONCE


@pytest.mark.faults
@pytest.mark.parametrize("team", [False, True], ids=["individual", "team"])
def test_a_worker_killed_anywhere_loses_nothing_and_counts_nothing_twice(site: Site, team: bool) -> None:
    trial(site, random.Random(7), team=team)
