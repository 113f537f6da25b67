"""One request from its words to its published game, without Dagster: the row reads as its document says."""

import datetime as dt
from typing import Any

from gamefactory_dagster.production.lifecycle import STEPS
from gamefactory_dagster.production.worker import perform
from tests import factory_rows
from tests.ledger_rows import of_game

from .conftest import Counter

PROMPT = "a calm night-time puzzle about lighthouses, easy"


def test_a_sentence_becomes_a_published_game_and_the_row_reads_as_documented(counter: Counter) -> None:
    before = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    id_ = counter.ask(PROMPT, seed=11)
    counter.plan()
    game = counter.game(id_)
    seen = []
    for number in range(1, len(STEPS) + 1):
        perform(counter.shop, game.id, number, "run")
        counter.follow()
        seen.append(counter.row(id_).status)
    assert seen == [*["phase_2"], *["phase_2"] * 2, *["phase_3"] * 5, *["phase_4"] * 3, "completed"]

    row, game = counter.row(id_), counter.game(id_)
    assert (row.id, row.prompt, row.status) == (id_, PROMPT, "completed")
    assert row.game_name == game.name
    assert (row.error, row.config) == (None, {"seed": 11})
    assert before < row.created_at < row.updated_at
    assert_phases(row.phase_outputs, game)
    [build] = factory_rows.rows(counter.engine, "SELECT id FROM game_builds")
    assert row.phase_outputs["deployment"] == {
        "url": f"http://{game.slug}.localhost:3001/",
        "subdomain": game.slug,
        "containerId": str(build.id),
    }
    assert counter.lines(id_) == [
        line for number in range(1, 5) for line in (f"Starting phase{number}", f"phase{number} completed")
    ]
    for line in row.logs:
        assert set(line) == {"level", "message", "timestamp"}
        assert line["level"] == "info"
        assert dt.datetime.fromisoformat(line["timestamp"]) > before

    [run] = of_game(counter.engine, game.id)
    assert run.job.project_spec["request"] == {"id": id_, "prompt": PROMPT}
    assert run.job.owner_id == row.owner_id


def assert_phases(outputs: dict[str, Any], game: Any) -> None:
    """Four phases and a deployment, each phase with its status, detail and timestamp."""
    assert set(outputs) == {"phase1", "phase2", "phase3", "phase4", "deployment"}
    times = []
    for name, said in outputs.items():
        if name != "deployment":
            assert said["status"] == "completed"
            assert isinstance(said["detail"], str)
            times.append(dt.datetime.fromisoformat(said["timestamp"]))
            assert name == "phase1" or set(said) == {"status", "detail", "timestamp"}
    assert times == sorted(times)
    idea = outputs["phase1"]
    assert (idea["title"], idea["genre"], idea["theme"]) == (game.name, "puzzle", game.theme)
    assert idea["light"] == game.gdd_spec["style_guide"]["light"] == "night"
    assert "lighthouse" in idea["cast"].values()
    assert "lighthouses" in [one["words"] for one in idea["reading"]["understood"]]
    assert "levels proven winnable" in outputs["phase3"]["detail"]
    assert outputs["phase4"]["detail"].startswith(f"Published as {game.slug}, ")
