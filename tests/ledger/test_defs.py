"""The ledger's asset and its checks in Dagster, on the database."""

import base64
import datetime as dt
import io
from uuid import UUID, uuid4

import dagster as dg
import matplotlib.image
import pytest
import sqlalchemy as sa

from gamefactory_dagster.days import day_range
from gamefactory_dagster.ledger import checks, defs
from gamefactory_dagster.ledger.checks import Sample, wrong_files
from gamefactory_dagster.ledger.overview import runs_chart
from gamefactory_dagster.ledger.recording import Made
from gamefactory_dagster.orchestration.defs import Factory
from gamefactory_dagster.production.lifecycle import STEPS

from .callers import ANN, BEN
from .entered import enter, users
from .test_verifying import Factory as Shop
from .test_verifying import file_of

GAME = str(uuid4())


def of_game(game=GAME, kind="game"):
    return {"kind": kind, "game": {"id": game}}


def steps(*names):
    return [(name, kind, {}) for name in names for kind in ("start", "end")]


@pytest.fixture
def shop(settings, engine):
    users(engine)
    return Shop(settings, engine)


@pytest.fixture
def ask(engine, settings):
    """Materialize with checks; gives the metadata, and of each check whether it passed and what it said."""

    def do():
        done = dg.materialize(
            [defs.run_ledger, *defs.defs.asset_checks], resources={"factory": Factory(engine, settings)}
        )
        [made] = done.asset_materializations_for_node("run_ledger")
        said = {one.check_name: (one.passed, one.description) for one in done.get_asset_check_evaluations()}
        return made.metadata, said

    return do


def counts(metadata, name):
    return {tuple(row.data.values()) for row in metadata[name].records}


def test_runs_are_counted_by_state_kind_and_owner(shop, ask):
    enter(shop.engine, "1", spec={"kind": "report"})
    enter(shop.engine, "2", BEN, {"kind": "report"}, status="failed")
    enter(shop.engine, "3", BEN, [1], status=None)
    metadata, said = ask()
    assert metadata["runs"].value == 3
    assert counts(metadata, "by state") == {("completed", 1), ("failed", 1), ("pending", 1)}
    assert counts(metadata, "by kind") == {("report", 2), ("other", 1)}
    assert counts(metadata, "by owner") == {(str(BEN), 2), (str(ANN), 1)}
    assert said == {
        "twelve_ends": (True, "every step has ended"),
        "files_as_made": (True, "all as they were made"),
        "protected": (True, "protected as it should be"),
    }
    drawn = metadata["runs a day"].value.partition("base64,")[2].rstrip(")")
    assert matplotlib.image.imread(io.BytesIO(base64.b64decode(drawn)), format="png").shape == (330, 880, 4)


def test_without_a_run_there_is_nothing_wrong(shop, ask):
    metadata, said = ask()
    assert metadata["runs"].value == 0
    assert all(passed for passed, _ in said.values())


def test_a_finished_game_has_an_end_of_each_step_over_all_its_runs(shop, ask):
    enter(shop.engine, "1", spec=of_game(), events=steps(*STEPS[:5]), status="failed")
    enter(shop.engine, "2", spec=of_game(), events=steps(*STEPS[4:]))
    assert ask()[1]["twelve_ends"][0]
    other = str(uuid4())
    enter(shop.engine, "3", spec=of_game(other), events=steps(*STEPS[:11]))
    assert ask()[1]["twelve_ends"] == (False, f"game {other} (run 3): 11 of 12 steps have ended")


def test_what_others_say_of_a_game_does_not_count(shop, ask):
    enter(shop.engine, "1", spec=of_game(), events=steps(*STEPS[:11]))
    enter(shop.engine, "2", BEN, of_game(), events=steps(STEPS[11]), status=None)
    enter(shop.engine, "3", spec=of_game(kind="report"), events=steps(STEPS[11]))
    assert not ask()[1]["twelve_ends"][0]


def test_a_game_that_is_not_finished_or_finished_long_ago_is_not_looked_at(shop, engine):
    enter(engine, "1", spec=of_game(), events=steps(STEPS[0]), status=None)
    enter(engine, "2", spec=of_game(str(uuid4())), status="failed")
    enter(engine, "3", spec=of_game(str(uuid4())))
    now = dt.datetime.now(dt.UTC)
    with engine.begin() as connection:
        assert len(checks.unfinished_games(connection, now)) == 1
        assert checks.unfinished_games(connection, now + checks.LATELY + dt.timedelta(minutes=1)) == []


def test_the_steps_are_as_many_as_production_has():
    assert len(STEPS) == checks.STEPS


def test_files_that_are_wrong_are_named(shop, ask):
    made = [shop.stored(b"mine", "mine.zip"), *shop.committed({"a": b"1"})]
    enter(shop.engine, "1", made=made)
    bens = shop.stored(b"bens", "bens.zip")
    enter(shop.engine, "2", BEN, made=[bens])
    file_of(made[0]).write_bytes(b"bens")
    file_of(bens).unlink()
    passed, words = ask()[1]["files_as_made"]
    assert not passed
    assert "mine.zip of run 1 is swapped: it is what bens.zip of run 2 should be" in words
    assert "bens.zip of run 2 is missing: artifact" in words


def test_what_people_named_is_theirs_to_move(shop, tmp_path):
    enter(shop.engine, "1", made=[Made.of(b"x", "report", (tmp_path / "gone.html").as_uri(), "text/html")])
    assert wrong_files(shop.engine, shop.files, Sample()).files == 0


@pytest.mark.parametrize(
    ("most", "looked"),
    [(Sample(), 10), (Sample(bytes=55), 5), (Sample(seconds=0), 1), (Sample(files=0), 0)],
)
def test_no_more_is_looked_at_than_the_sample(shop, most, looked):
    enter(shop.engine, "1", made=[shop.stored(f"bundle {n:03}".encode(), f"{n}.zip") for n in range(10)])
    assert wrong_files(shop.engine, shop.files, most).files == looked


def test_old_artifacts_come_into_the_sample_too(shop, monkeypatch):
    enter(shop.engine, "old", made=[shop.stored(b"old", "old.zip")])
    for number in range(20):
        enter(shop.engine, f"new {number}")
    for anywhere, looked in ((UUID(int=0), 1), (UUID(int=2**128 - 1), 0)):
        monkeypatch.setattr(checks, "uuid4", lambda anywhere=anywhere: anywhere)
        assert wrong_files(shop.engine, shop.files, Sample()).files == looked


def test_a_table_without_protection_is_named(shop, ask, engine):
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE ledger.artifacts NO FORCE ROW LEVEL SECURITY"))
    assert ask()[1]["protected"] == (False, "ledger.artifacts lacks FORCE ROW LEVEL SECURITY")


def test_many_faults_are_counted():
    assert defs._told([], "well") == "well"
    assert defs._told([str(number) for number in range(22)], "well").endswith("; 19; and 2 more")


def test_the_picture_of_no_days_and_of_many():
    days = day_range(dt.date(2026, 3, 1), dt.date(2026, 3, 30))
    empty = runs_chart({day: {} for day in days})
    full = runs_chart({day: {"completed": 3, "failed": 1} for day in days})
    assert empty.startswith(b"\x89PNG")
    assert empty != full
