"""The whole factory on real parts: orders by the command line, runs, play, events, clicks in the UI.

One daemon, one arcade and one browser serve all tests here; each test goes on where the one before ended.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import dagster as dg
import httpx
import pytest
from playwright.sync_api import Browser

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.local.kept import Child
from gamefactory_dagster.production.dispatch import GAME_TAG
from gamefactory_dagster.production.lifecycle import STEPS
from gamefactory_dagster.production.planning import check_order
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.families.base import Certificate
from tests.bad_orders import BAD_ORDERS, BAD_ROWS
from tests.live import ONE_COMMIT_A_STEP, Factory, free_port, wait_for
from tests.players import STORY, Visit, visit_all

CHROMIUM = Settings().chromium

pytestmark = [
    pytest.mark.slow,
    pytest.mark.daemon,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
]


NAME = """Grandma's "best" [bold] games 🎮"""

EVENTS = {
    "game_start", "level_start", "level_complete", "level_fail", "unlock_prompt_shown", "level_unlocked",
    "rewarded_ad_started", "rewarded_ad_completed", "rewarded_ad_failed",
}  # fmt: skip

BREAK_STEP_4 = """
CREATE FUNCTION factory.break_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the ink ran out'; END $$;
CREATE TRIGGER broken BEFORE UPDATE ON factory.game_steps FOR EACH ROW
    WHEN (NEW.step_number = 4 AND NEW.status = 'completed') EXECUTE FUNCTION factory.break_step();
"""
MEND_STEP_4 = "DROP TRIGGER broken ON factory.game_steps; DROP FUNCTION factory.break_step();"

RE_EXECUTE = """
mutation ($parent: String!) {
  launchRunReexecution(reexecutionParams: {parentRunId: $parent, strategy: FROM_FAILURE}) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
  }
}
"""
"""What the button "Re-execute from failure" in the UI sends."""


def answers(url: str, child: Child) -> bool:
    child.check()
    try:
        return httpx.get(url, timeout=10).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def factory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Factory]:
    made = Factory(tmp_path_factory.mktemp("factory"), GAMEFACTORY_ARCADE_PORT=str(free_port()))
    yield made
    made.close()


@pytest.fixture(scope="module", autouse=True)
def daemon(factory: Factory) -> Iterator[Child]:
    with factory.daemon() as child:
        yield child


@pytest.fixture(scope="module")
def arcade(factory: Factory) -> Iterator[str]:
    url = f"http://127.0.0.1:{factory.environment['GAMEFACTORY_ARCADE_PORT']}"
    with factory.running("arcade", ["gamefactory_dagster.cli", "arcade"]) as child:
        wait_for("the arcade's opening", 120, lambda: answers(f"{url}/healthz", child))
        yield url


@pytest.fixture(scope="module")
def instance(factory: Factory) -> Iterator[dg.DagsterInstance]:
    with factory.instance() as found:
        yield found


def runs_of(instance: dg.DagsterInstance, game: Any) -> list[dg.DagsterRun]:
    """Every run of a game, newest first."""
    return list(instance.get_runs(dg.RunsFilter(tags={GAME_TAG: str(game.id)})))


def test_a_bad_order_is_refused_in_one_line_and_leaves_no_row(factory: Factory) -> None:
    def order(arguments: list[str]) -> Any:
        return factory.run("batch", "submit", "--name", "bad", *arguments)

    with ThreadPoolExecutor(3) as pool:
        refusals = pool.map(order, [arguments for arguments, _ in BAD_ORDERS.values()])
        for refused, (case, (_, begins)) in zip(refusals, BAD_ORDERS.items(), strict=True):
            assert (refused.returncode, refused.stdout) == (1, ""), case
            assert refused.stderr.startswith(f"Error: {begins}"), case
            assert refused.stderr.count("\n") == 1, case
    assert factory.rows("SELECT name FROM factory.batches") == []


def test_a_name_with_nul_is_refused() -> None:
    # no command line can pass NUL, so this asks the function behind it
    with pytest.raises(InputError, match=r"^name: 'a\\x00b' is not accepted; expected 1 to 255 printable"):
        check_order("a\0b", 1, [], {}, 1000)


@pytest.fixture(scope="module")
def bad_rows(factory: Factory) -> None:
    """Batches somebody wrote into the database by hand, without asking whether they make sense."""
    for name, (count, mix, constraints, _) in BAD_ROWS.items():
        factory.rows(
            "INSERT INTO factory.batches (name, game_count, genre_mix, constraints) "
            "VALUES (:name, :count, CAST(:mix AS jsonb), CAST(:constraints AS jsonb))",
            name=name,
            count=count,
            mix=mix,
            constraints=constraints,
        )


@pytest.fixture(scope="module")
def batch(factory: Factory, bad_rows: None) -> str:
    """A good batch, behind the bad ones."""
    return factory.submit(NAME, 2, "--genre", "runner=1", "--genre", "puzzle=1", "--seed", "20")


def test_bad_rows_fail_and_say_why(factory: Factory, daemon: Child, batch: str) -> None:
    def all_looked_at() -> bool:
        daemon.check()
        pending = "SELECT 1 FROM factory.batches WHERE status = 'pending'"
        return not factory.rows(pending)

    wait_for("the planning of every batch", 180, all_looked_at)
    for name, (*_, begins) in BAD_ROWS.items():
        [row] = factory.rows("SELECT * FROM factory.batches WHERE name = :name", name=name)
        assert (row.status, row.started_at) == ("failed", None), name
        assert row.completed_at is not None, name
        assert row.error_message.startswith(f"{begins}is not accepted; expected "), name
        assert factory.games(row.id) == []
        logs = factory.rows("SELECT * FROM factory.generation_logs WHERE batch_id = :batch", batch=row.id)
        assert [(log.log_level, log.message) for log in logs] == [("error", row.error_message)]


def test_a_good_batch_becomes_published_games(
    factory: Factory, daemon: Child, instance: dg.DagsterInstance, batch: str
) -> None:
    end = factory.wait_for_end(daemon, batch, 600)
    games = factory.games(batch)
    assert [game.error_message for game in games] == [None] * 2
    assert end == "completed"
    assert sorted(game.genre for game in games) == ["puzzle", "runner"]
    for game in games:
        assert (game.status, game.current_step, game.attempt) == ("published", 12, 1)
        steps = factory.steps(game)
        assert [(step.step_name, step.status) for step in steps] == [(name, "completed") for name in STEPS]
        levels = [certificate["level"] for certificate in steps[8].artifacts["certificates"]]
        assert levels == list(range(1, 11))
        assert factory.commits(game) == ONE_COMMIT_A_STEP
        [run] = runs_of(instance, game)
        assert run.status == dg.DagsterRunStatus.SUCCESS
        stats = instance.get_run_step_stats(run.run_id)
        assert {stat.step_key: (stat.status.value, stat.attempts) for stat in stats} == dict.fromkeys(
            STEPS, ("SUCCESS", 1)
        )
    assert len(instance.get_runs(dg.RunsFilter(job_name="make_game"))) == len(games)


def test_what_the_command_line_shows(factory: Factory, batch: str, arcade: str) -> None:
    state = factory.json("batch", "status", "latest")
    assert (state["id"], state["name"], state["status"]) == (batch, NAME, "completed")
    assert [(game["status"], game["levels"], game["retries"]) for game in state["games"]] == [
        ("published", 10, 0)
    ] * 2
    listed = {game["slug"]: game for game in factory.json("game", "list")}
    assert listed.keys() == {game["slug"] for game in state["games"]}
    assert len(factory.json("game", "list", "--genre", "puzzle", "--status", "published")) == 1
    for shown in (factory.run("game", "list"), factory.run("batch", "status", batch[:8])):
        assert shown.returncode == 0, shown.stderr
        for game in listed.values():
            assert game["name"] in shown.stdout
            assert game["play_url"] == f"{arcade}/games/{game['slug']}/"
            assert game["play_url"] in shown.stdout
    assert NAME in shown.stdout
    refused = factory.run("batch", "cancel", "latest")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: a batch cannot go from completed to cancelled")
    assert refused.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def visits(factory: Factory, batch: str, arcade: str, browser: Browser) -> list[Visit]:
    """All games are played by their certificates, then by two people at the same time."""
    games = [
        (game, [Certificate(**proof) for proof in factory.steps(game)[8].artifacts["certificates"]])
        for game in factory.games(batch)
    ]
    assert CHROMIUM is not None
    return visit_all(CHROMIUM, browser, arcade, games)


def test_every_certificate_wins_its_level_in_the_browser(visits: list[Visit]) -> None:
    for visit in visits:
        assert visit.driven.problems() == []
        assert [(play.level, play.outcome) for play in visit.driven.levels] == [
            (level, 1) for level in range(1, 11)
        ]
        assert all(play.idle_outcome == (2 if play.timed else 0) for play in visit.driven.levels)
        assert all(play.final_hash == play.expected_hash != "" for play in visit.driven.levels)


def test_people_see_no_error(visits: list[Visit]) -> None:
    assert [visit.complaints for visit in visits] == [[]] * 2


def test_what_was_played_is_in_the_database(factory: Factory, visits: list[Visit]) -> None:
    expected = sum((visit.reported for visit in visits), Counter())

    def all_there() -> bool:
        [row] = factory.rows("SELECT count(*) AS events FROM factory.analytics_events")
        return row.events >= expected.total()

    wait_for(f"the arrival of {expected.total()} events", 60, all_there)
    for visit in visits:
        rows = factory.rows(
            "SELECT * FROM factory.analytics_events WHERE game_id = :game ORDER BY id", game=visit.game.id
        )
        counts = Counter(row.event_type for row in rows)
        assert counts == visit.reported
        assert counts.keys() == EVENTS
        assert counts["level_start"] == counts["level_complete"] + counts["level_fail"]
        ends = counts["rewarded_ad_completed"] + counts["rewarded_ad_failed"]
        assert counts["rewarded_ad_started"] == ends == 2
        assert all(row.id.version == 7 and row.id.variant == "specified in RFC 4122" for row in rows)
        players = {(row.user_id, row.session_id) for row in rows}
        assert len(players) == 2  # the certificates' and the person's
        assert {UUID(name).version for player in players for name in player} == {7}
        causes = [row.properties["cause"] for row in rows if row.event_type == "level_fail"]
        left = sum(play.idle_outcome == 0 for play in visit.driven.levels)
        assert causes.count("quit") == STORY["level_fail"] + left
        opened_levels = [row.level for row in rows if row.event_type == "level_unlocked"]
        assert opened_levels == [4]
        reasons = [
            (row.level, row.properties["reason"]) for row in rows if row.event_type == "rewarded_ad_failed"
        ]
        assert reasons == [(5, "closed")]
    assert factory.rows("SELECT * FROM factory.quarantined_events") == []


def test_cancelling_stops_the_batch_and_nothing_else(
    factory: Factory, daemon: Child, instance: dg.DagsterInstance, batch: str
) -> None:
    before = factory.games(batch)
    working = factory.submit("cancelled at work", 2, "--genre", "puzzle")

    def at_work() -> list[Any]:
        daemon.check()
        return [game for game in factory.games(working) if game.current_step >= 1]

    wait_for("a game at work", 120, at_work)
    early = factory.submit("cancelled at once", 2, "--genre", "puzzle")
    for order in (early, working):
        assert factory.json("batch", "cancel", order)["status"] == "cancelled"

    def runs() -> list[dg.DagsterRun]:
        return [
            run
            for order in (early, working)
            for run in instance.get_runs(dg.RunsFilter(tags={"gamefactory/batch": order[:8]}))
        ]

    def let_go() -> bool:
        daemon.check()
        held = "SELECT 1 FROM factory.games WHERE status = 'cancelled' AND requested_at IS NOT NULL"
        return not factory.rows(held) and all(run.is_finished for run in runs())

    wait_for("the end of every run of cancelled games", 240, let_go)
    assert len(factory.games(working)) == 2
    for order in (early, working):
        assert factory.json("batch", "status", order)["status"] == "cancelled"
        for game in factory.games(order):
            assert game.status == "cancelled"
            assert (game.lease_owner, game.published_at, game.play_url) == (None, None, None)
            assert {step.status for step in factory.steps(game)} <= {"completed", "failed", "skipped"}
            assert not (factory.settings.published / game.slug).exists()
    assert not any(run.status == dg.DagsterRunStatus.SUCCESS for run in runs())
    assert factory.games(batch) == before


def test_a_failed_run_goes_on_from_failure_at_a_click(
    factory: Factory, daemon: Child, instance: dg.DagsterInstance
) -> None:
    with factory.engine.begin() as connection:
        connection.exec_driver_sql(BREAK_STEP_4)
    port = free_port()
    arguments = ["dagster_webserver", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)]
    with factory.running("webserver", arguments) as ui:
        broken = factory.submit("broken", 1, "--genre", "puzzle")
        assert factory.wait_for_end(daemon, broken) == "failed"
        [game] = factory.games(broken)
        run = assert_failed_in_step_4(factory, instance, game)
        with factory.engine.begin() as connection:
            connection.exec_driver_sql(MEND_STEP_4)
        url = f"http://127.0.0.1:{port}"
        wait_for("the UI's opening", 180, lambda: answers(f"{url}/server_info", ui))
        request = {"query": RE_EXECUTE, "variables": {"parent": run.run_id}}
        answer = httpx.post(f"{url}/graphql", json=request, timeout=120).json()
        launched = answer["data"]["launchRunReexecution"]
        assert launched["__typename"] == "LaunchRunSuccess", answer
        ui.check()

        def published() -> bool:
            daemon.check()
            return factory.games(broken)[0].status == "published"

        wait_for("the game's publication", 600, published)
    assert factory.wait_for_end(daemon, broken) == "completed"
    [game] = factory.games(broken)
    assert (game.current_step, game.error_message) == (12, None)
    assert [step.status for step in factory.steps(game)] == ["completed"] * 12
    assert factory.commits(game) == ONE_COMMIT_A_STEP
    wait_for("the run's end", 60, lambda: all(one.is_finished for one in runs_of(instance, game)))
    again, first = runs_of(instance, game)
    assert (again.run_id, first.run_id) == (launched["run"]["runId"], run.run_id)
    assert again.status == dg.DagsterRunStatus.SUCCESS
    assert {stat.step_key for stat in instance.get_run_step_stats(again.run_id)} == set(STEPS[3:])


def assert_failed_in_step_4(factory: Factory, instance: dg.DagsterInstance, game: Any) -> dg.DagsterRun:
    """The game's only run has failed, and everything that tells why tells it in the same words."""
    steps = factory.steps(game)
    assert [step.status for step in steps] == ["completed"] * 3 + ["failed"] + ["pending"] * 8
    words = steps[3].error_message
    assert "the ink ran out" in words
    assert "UPDATE" not in words, "a person is shown SQL"
    assert (game.status, game.error_message) == ("failed", words)
    logs = factory.rows(
        "SELECT message FROM factory.generation_logs WHERE game_id = :game AND log_level = 'error'",
        game=game.id,
    )
    assert [log.message for log in logs] == [words]

    def failed() -> list[dg.DagsterRun]:
        return [run for run in runs_of(instance, game) if run.status == dg.DagsterRunStatus.FAILURE]

    [run] = wait_for("the run's failure", 60, failed)
    told = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    [event] = [entry.get_dagster_event() for entry in told]
    assert event.step_key == STEPS[3]
    assert event.step_failure_data.user_failure_data.description == words
    return run
