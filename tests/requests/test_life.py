"""A request's life over its game's: planned, followed, cancelled, tried again, in pairs."""

import threading
import time
from datetime import timedelta
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from gamefactory_dagster.database import databases
from gamefactory_dagster.errors import IllegalTransitionError, InputError, TransientError
from gamefactory_dagster.production import dispatch
from gamefactory_dagster.production.lifecycle import STEPS
from gamefactory_dagster.production.states import GAMES
from gamefactory_dagster.production.telling import step_begun
from gamefactory_dagster.requests import changing, claiming, following
from gamefactory_dagster.requests.dispatch import tick
from gamefactory_dagster.settings import LOCAL_USER
from gamefactory_dagster.studio import reading
from tests import factory_rows

from .conftest import Counter

ALL = [line for number in range(1, 5) for line in (f"Starting phase{number}", f"phase{number} completed")]


def test_a_request_becomes_one_game_of_its_words(counter: Counter) -> None:
    id_ = counter.ask("a calm night-time puzzle about lighthouses, easy", seed=7)
    assert counter.plan() == 1
    row, game = counter.row(id_), counter.game(id_)
    assert (row.status, row.game_name) == ("processing", game.name)
    assert (game.status, game.genre, game.batch_id, game.owner_id) == ("created", "puzzle", None, LOCAL_USER)
    assert game.priority == claiming.PRIORITY
    assert game.asked == {"id": id_, "prompt": row.prompt}
    assert {name: game.wishes[name] for name in ("mood", "light", "difficulty")} == {
        "mood": "calm",
        "light": "night",
        "difficulty": "easy",
    }
    steps = factory_rows.rows(counter.engine, "SELECT step_name FROM game_steps ORDER BY step_number")
    assert [step.step_name for step in steps] == list(STEPS)
    phase = row.phase_outputs["phase1"]
    assert (phase["status"], phase["title"], phase["genre"]) == ("waiting", game.name, "puzzle")
    assert phase["reading"]["wishes"] == game.wishes
    assert phase["reading"]["understood"]
    again = counter.planned(row.prompt, seed=7)
    assert again.phase_outputs["phase1"]["theme"] == phase["theme"]


def test_options_go_before_words_and_a_name_before_a_made_up_one(counter: Counter) -> None:
    first = counter.ask("a puzzle", "Harbour Hop", genre="runner", style="watercolor")
    second = counter.ask("a puzzle", "Harbour  Hop!", seed=3)
    counter.plan()
    games = [counter.game(id_) for id_ in (first, second)]
    assert [game.name for game in games] == ["Harbour Hop", "Harbour  Hop!"]
    assert [game.slug for game in games] == ["harbour-hop", "harbour-hop-2"]
    assert (games[0].genre, games[0].style) == ("runner", "watercolor")


def test_requests_planned_at_once_get_different_genres_and_seeds(counter: Counter) -> None:
    for _ in range(2):
        counter.ask("something nice")
    threads = [threading.Thread(target=counter.plan) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    games = factory_rows.rows(counter.engine, "SELECT genre, seed, slug FROM games")
    assert len(games) == 2
    for name in ("genre", "seed", "slug"):
        assert len({getattr(game, name) for game in games}) == 2, name


def test_a_request_no_game_can_be_planned_for_fails_and_holds_up_no_other(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = counter.ask("bad"), counter.ask("good")

    def refuse(prompt: str) -> object:
        if prompt == "bad":
            raise ZeroDivisionError("by nothing")
        return reading.read(prompt)

    monkeypatch.setattr(claiming, "read", refuse)
    assert counter.plan() == 2
    row = counter.row(bad)
    assert (row.status, row.error) == ("failed", {"phase": "phase1", "message": "by nothing"})
    assert counter.lines(bad) == ["phase1 error: by nothing"]
    assert counter.row(good).status == "processing"
    assert factory_rows.count(counter.engine, "games") == 1


def test_it_follows_its_game_to_its_end_and_says_nothing_twice(counter: Counter) -> None:
    id_ = counter.planned().id
    assert counter.follow() == 0
    for step, status in enumerate(["phase_1", *["phase_2"] * 3, *["phase_3"] * 5, *["phase_4"] * 3]):
        counter.do(id_, step)
        counter.follow()
        assert counter.row(id_).status == status
        assert counter.follow() == 0
    counter.do(id_, 12)
    counter.change(id_, play_url="http://127.0.0.1:3001/games/x/")
    assert counter.follow() == 1
    row, game = counter.row(id_), counter.game(id_)
    assert row.status == "completed"
    assert counter.lines(id_) == ALL
    assert row.phase_outputs["deployment"] == {
        "url": f"http://{game.slug}.localhost:3001/",
        "subdomain": game.slug,
        "containerId": None,
    }
    assert [phase["status"] for phase in row.phases.values()] == ["completed"] * 4
    times = [phase["timestamp"] for phase in row.phases.values()]
    assert times == sorted(times)
    assert row.phase_outputs["phase1"]["reading"]
    assert row.url == row.phase_outputs["deployment"]["url"]


def test_looked_at_only_at_the_end_it_says_the_same(counter: Counter) -> None:
    id_ = counter.planned().id
    counter.do(id_, 12)
    threads = [threading.Thread(target=counter.follow) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.row(id_).status == "completed"
    assert counter.lines(id_) == ALL


def test_a_game_that_could_not_be_deployed_is_a_request_that_failed(counter: Counter) -> None:
    id_ = counter.planned().id
    counter.do(id_, 11)
    counter.change(id_, status="failed", error_message="nowhere to publish")
    counter.follow()
    row = counter.row(id_)
    assert (row.status, row.error) == ("failed", {"phase": "phase4", "message": "nowhere to publish"})
    assert counter.lines(id_)[-2:] == ["Starting phase4", "phase4 error: nowhere to publish"]
    assert row.phase_outputs["phase4"]["status"] == "failed"
    assert "deployment" not in row.phase_outputs


def test_a_game_that_is_gone_fails_its_request(counter: Counter) -> None:
    id_ = counter.planned().id
    counter.do(id_, 1)
    counter.follow()
    factory_rows.rows(counter.engine, "DELETE FROM games")
    counter.follow()
    row = counter.row(id_)
    assert (row.status, row.error) == (
        "failed",
        {"phase": "phase2", "message": "its game is no longer there"},
    )


def test_one_that_cannot_be_told_holds_up_no_other(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = counter.planned().id, counter.planned().id
    for id_ in (bad, good):
        counter.do(id_, 1)
    one = following.follow_one

    def follow_one(engine: sa.Engine, id_: int) -> bool:
        if id_ == bad:
            raise ValueError("no")
        return one(engine, id_)

    monkeypatch.setattr(following, "follow_one", follow_one)
    with pytest.raises(TransientError, match=f"1 of 2 were not followed: request {bad}: no"):
        counter.follow()
    assert counter.row(good).status == "phase_2"
    assert counter.row(bad).status == "processing"


def test_a_tick_plans_asks_for_one_run_and_asks_no_more(counter: Counter) -> None:
    id_ = counter.ask()
    done = tick(counter.shop, 0)
    [wanted] = done.wanted
    game = counter.game(id_)
    assert (wanted.run_key, wanted.config) == (f"{game.id}:1", {"game_id": str(game.id)})
    assert wanted.tags["dagster/priority"] == "20"
    assert wanted.tags[".dagster/gamefactory_kind"] == "request"
    counts = {
        "old lines deleted": 0, "left requests planned": 0, "requests planned": 1, "requests told": 0,
        "runs asked for": 1,
    }  # fmt: skip
    assert (done.failed, done.done) == ({}, counts)
    assert tick(counter.shop, 0).wanted == ()
    assert dispatch.wanted(game._mapping) == wanted


def test_what_somebody_claimed_and_left_is_planned_once(counter: Counter) -> None:
    left, held = counter.ask(), counter.ask()
    claimed = counter.queue.get_next_jobs(2)
    assert ([one.id for one in claimed], counter.plan_left()) == ([left, held], None)
    with counter.engine.begin() as connection:
        ago = "UPDATE requests.jobs SET updated_at = updated_at - :ago WHERE id = :id"
        lease = timedelta(seconds=counter.shop.settings.lease_seconds)
        connection.execute(sa.text(ago), {"ago": lease, "id": left})
    counter.queue.add_log(held, "info", "at it")
    done = tick(counter.shop, 0)
    assert (done.failed, done.done["left requests planned"], len(done.wanted)) == ({}, 1, 1)
    assert counter.row(left).status == counter.row(held).status == "processing"
    assert (counter.game(left).genre, counter.row(held).game_id) == ("puzzle", None)
    assert counter.row(left).logs[0]["message"] == "Claimed and left; it is planned again"
    assert counter.plan_left() is None


def test_a_tick_that_waits_hears_of_a_request_at_once(counter: Counter) -> None:
    ids = []
    timer = threading.Timer(0.3, lambda: ids.append(counter.ask()))
    timer.start()
    done = tick(counter.shop, 20)
    timer.join()
    assert len(done.wanted) == 1
    assert counter.row(ids[0]).status == "processing"


def test_a_tick_that_can_hear_nothing_looks_again_soon(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise TransientError("the database takes no more connections")

    timer = threading.Timer(0.3, counter.ask)
    timer.start()
    began = time.monotonic()
    with monkeypatch.context() as patch:
        patch.setattr(databases, "connect", away)
        done = tick(counter.shop, 60)
    timer.join()
    assert (len(done.wanted), done.failed) == (1, {})
    assert time.monotonic() - began < 30


def test_batches_come_after_what_somebody_asked_for(counter: Counter) -> None:
    batch = factory_rows.insert(counter.engine, "batches", name="b", status="running")
    factory_rows.add_game(counter.engine, "early", batch_id=batch, batch_position=1, seed=1)
    factory_rows.add_game(counter.engine, "nobodys", seed=1)
    mine = counter.planned()
    with counter.engine.connect() as connection:
        rows = connection.execute(dispatch.NEXT_GAMES).mappings().all()
    assert [row["id"] for row in rows[:1]] == [mine.game_id]
    assert [row["slug"] for row in rows[1:]] == ["nobodys", "early"]


@pytest.mark.parametrize("done", [None, 0, 3])
def test_a_cancelled_request_takes_its_game_with_it(counter: Counter, done: int | None) -> None:
    id_ = counter.planned().id
    if done is not None:
        counter.do(id_, done)
        counter.change(id_, lease_owner="w")
        counter.follow()
    publisher = counter.shop.providers.publisher
    row = changing.cancel(counter.engine, publisher, id_, "not any more")
    phase = "phase2" if done else "phase1"
    assert (row.status, row.error) == ("failed", {"phase": phase, "message": "not any more"})
    assert counter.game(id_).status == "cancelled"
    assert counter.lines(id_)[-1] == f"{phase} error: not any more"
    with pytest.raises(IllegalTransitionError):
        changing.cancel(counter.engine, publisher, id_)
    with pytest.raises(InputError):
        changing.cancel(counter.engine, publisher, id_ + 1)


def test_a_request_that_waits_or_is_done_is_cancelled_or_not(counter: Counter) -> None:
    publisher = counter.shop.providers.publisher
    waiting, made = counter.ask(), counter.ask()
    changing.cancel(counter.engine, publisher, waiting)
    assert counter.row(waiting).error == {"phase": "phase1", "message": "cancelled"}
    counter.plan()
    counter.do(made, 12)
    with pytest.raises(IllegalTransitionError, match="published at this very moment"):
        changing.cancel(counter.engine, publisher, made)
    counter.follow()
    assert counter.row(made).status == "completed"


def test_a_failed_request_is_tried_again_as_another(counter: Counter) -> None:
    publisher, settings = counter.shop.providers.publisher, counter.shop.settings
    named = counter.ask("a puzzle", "Mine", seed=4, compare=True)
    with pytest.raises(InputError, match="one that has failed; this one is pending"):
        changing.retry(counter.engine, settings, named)
    counter.plan()
    changing.cancel(counter.engine, publisher, named)
    again = changing.retry(counter.engine, settings, named)
    assert (again.game_name, again.prompt, again.config, again.retry_of, again.owner_id) == (
        *("Mine", "a puzzle", {"seed": 4, "compare": True}, named, LOCAL_USER),
    )
    second = changing.retry(counter.engine, settings, named + 1)
    assert (second.config, second.pair_of) == ({"seed": 4}, None)
    unnamed = counter.planned("b").id
    changing.cancel(counter.engine, publisher, unnamed)
    assert changing.retry(counter.engine, settings, unnamed).game_name is None


def test_the_second_of_a_pair_waits_for_the_idea_and_shares_it(counter: Counter) -> None:
    first = counter.ask("a fox and a lighthouse, a runner", compare=True)
    second = first + 1
    assert counter.plan() == 1
    assert (counter.row(second).status, counter.row(second).game_id) == ("pending", None)
    assert tick(counter.shop, 0).done["runs asked for"] == 1
    cast = {"hero": "fox", "item": "shell"}
    counter.change(first, gdd_spec=orjson.dumps({"style_guide": {"cast": cast}}).decode())
    counter.do(first, 1)
    counter.follow()
    assert counter.row(second).game_name == counter.row(first).game_name
    assert counter.plan() == 1
    one, other = counter.game(first), counter.game(second)
    assert [getattr(one, name) for name in ("name", "genre", "theme", "style", "seed")] == [
        getattr(other, name) for name in ("name", "genre", "theme", "style", "seed")
    ]
    assert other.slug == f"{one.slug}-2"
    assert one.designer != other.designer
    roles = {mention["subject"]: mention.get("role") for mention in other.wishes["subjects"]}
    assert roles["fox"] == "hero"
    assert counter.row(second).pair_of == first
    assert counter.row(second).phase_outputs["phase1"]["designer"] == other.designer


@pytest.mark.parametrize("when", ["before", "while"])
def test_the_second_of_a_pair_fails_where_the_idea_will_never_come(counter: Counter, when: str) -> None:
    first = counter.ask("a runner", compare=True)
    if when == "while":
        counter.plan()
        counter.change(first, status="failed", error_message="no idea")
        counter.follow()
    else:
        changing.cancel(counter.engine, counter.shop.providers.publisher, first, "no idea")
    row = counter.row(first + 1)
    assert (row.status, row.error) == (
        "failed",
        {"phase": "phase1", "message": f"request {first}, whose idea it shares, failed before: no idea"},
    )
    assert counter.plan() == 0


def test_whose_a_game_is_and_what_was_asked_is_in_the_ledger(counter: Counter) -> None:
    ann = UUID(int=10)
    factory_rows.rows(counter.engine, "INSERT INTO auth.users (id) VALUES (:id)", id=ann)
    longest = "ü'\"<\\" * 800
    id_ = counter.queue.create_job(None, longest, owner=ann).id
    counter.plan()
    with counter.engine.begin() as connection:
        game = connection.execute(sa.select(GAMES)).mappings().one()
        step_begun(connection, counter.shop.settings, game, None, 1, "run")
    statement = "SELECT owner_id, project_spec FROM ledger.jobs"
    with counter.engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL ROLE service_role"))
        row = connection.execute(sa.text(statement)).one()
    assert row.owner_id == ann
    assert row.project_spec["request"] == {"id": id_, "prompt": longest}


def test_lines_older_than_is_kept_go_and_the_request_s_own_column_keeps_its_own(counter: Counter) -> None:
    request = counter.ask()
    counter.queue.add_log(request, "info", "long ago")
    age = sa.text("""UPDATE requests.job_logs SET "timestamp" = now() - make_interval(days => :days)""")
    with counter.engine.begin() as connection:
        connection.execute(age, {"days": counter.shop.settings.keep_logs_days + 1})
    counter.queue.add_log(request, "info", "today")
    assert tick(counter.shop, 0).done["old lines deleted"] == 1
    with counter.engine.connect() as connection:
        left = connection.scalars(sa.text("SELECT message FROM requests.job_logs ORDER BY id")).all()
    assert "today" in left and "long ago" not in left
    assert "long ago" in [line["message"] for line in counter.row(request).logs]
