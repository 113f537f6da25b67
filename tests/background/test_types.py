"""The product's types do what they say, for real; and adding one takes a file."""

import io
import sys
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from gamefactory_dagster.background.registry import OWN, Registry
from gamefactory_dagster.background.worker import work_at
from gamefactory_dagster.days import today
from gamefactory_dagster.ledger import reading
from gamefactory_dagster.ledger.access import owners_view
from gamefactory_dagster.studio.providers import embedded
from gamefactory_dagster.studio.shipping.build import Bundle
from tests import factory_rows
from tests.analytics.days import ago, play

from .conftest import Desk


def done(desk: Desk, job_type: str, **parameters):
    """The references of a job that goes well."""
    job = desk.enter(job_type, **parameters)
    [outcome] = desk.work(job)
    assert outcome.state == "completed", outcome.words
    return desk.row(job).data_references


def test_metrics_are_refreshed(desk: Desk):
    factory_rows.add_game(desk.engine)
    play(desk.engine, "ann", ago(3), ago(2))
    play(desk.engine, "ben", ago(2))
    first = done(desk, "refresh_metrics", first=str(ago(3)), last=str(ago(3)))
    assert (first["days"], first["first"], first["last"]) == (1, str(ago(3)), str(ago(3)))
    assert done(desk, "refresh_metrics")["days"] >= 1, "what was still due"
    found = factory_rows.rows(desk.engine, "SELECT date, dau FROM game_metrics ORDER BY 1")
    assert [(row.date, row.dau) for row in found[:2]] == [(ago(3), 1), (ago(2), 2)]
    assert done(desk, "refresh_metrics") == {"days": 0, "rows": 0, "changed": 0, "scored": 0}


def test_days_to_come_are_not_computed(desk: Desk):
    found = done(desk, "refresh_metrics", first=str(today()), last="2190-01-01")
    assert found["days"] <= 1


def test_weights_are_learned_anew(desk: Desk):
    before = factory_rows.count(desk.engine, "learning_weights")
    found = done(desk, "recompute_weights")
    assert found["games"] == 0 and found["rows_written"] > 0
    assert factory_rows.count(desk.engine, "learning_weights") == before + found["rows_written"]
    assert done(desk, "recompute_weights")["rows_written"] == 0


@pytest.fixture
def game(desk: Desk):
    """A built game: its id and slug."""
    providers = embedded(desk.settings)
    game_id = factory_rows.add_game(desk.engine, "pear-run")
    commit = providers.repositories.commit(
        str(game_id),
        None,
        {"design/gdd.json": b"{}", "web/index.html": b"source"},
        "Design",
        datetime.now(UTC),
    )
    bundle = Bundle.of({"index.html": b"<p>play</p>", "player.js": b"1"})
    stored = providers.artifacts.put("builds", bundle.zip, ".zip")
    factory_rows.insert(
        desk.engine, "game_builds", game_id=game_id, build_number=1, status="success", artifact_url=stored.url
    )
    return game_id, commit


def test_a_game_is_exported_as_one_zip_in_the_ledger(desk: Desk, game):
    found = done(desk, "export_game", game="pear-run")
    content = embedded(desk.settings).artifacts.get(found["url"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == [
            "pear-run/game/index.html",
            "pear-run/game/player.js",
            "pear-run/project/design/gdd.json",
            "pear-run/project/web/index.html",
        ]
        assert archive.read("pear-run/game/index.html") == b"<p>play</p>"
    assert (found["size"], found["game"], found["commit"]) == (len(content), "pear-run", game[1])
    with owners_view(desk.engine, desk.settings.user) as connection:
        [run] = reading.runs(connection, kind="job").rows
        [made] = reading.artifacts(connection, run.run_id).rows
    assert (made.kind, made.url, made.checksum, made.file_size) == (
        "zip", found["url"], found["sha256"], found["size"],
    )  # fmt: skip
    assert done(desk, "export_game", game=str(game[0])) == found, "same game, same bytes"


@pytest.mark.parametrize(
    ("name", "words"),
    [("apple-run", "expected the slug or the id of one game"), ("plum-run", "has not been built yet")],
)
def test_what_cannot_be_exported_is_said(desk: Desk, name, words):
    factory_rows.add_game(desk.engine, "plum-run")
    job = desk.enter("export_game", game=name)
    [outcome] = desk.work(job)
    assert outcome.state == "failed" and words in outcome.words
    assert len(desk.messages(desk.queues.dead)) == 1


def test_history_is_pruned(desk: Desk):
    old, young, waiting, dead = (desk.enter() for _ in range(4))
    desk.work(old, young)
    desk.work(desk.enter())
    long_ago = sa.func.now() - timedelta(days=desk.settings.keep_jobs_days, hours=1)
    desk.change(dead, status="failed")
    desk.change(old, dead, completed_at=long_ago, created_at=long_ago)
    desk.change(waiting, created_at=long_ago)
    with desk.engine.begin() as connection:
        connection.execute(sa.text("SELECT pgmq.send('job_queue', '{}')"))
    desk.recover()
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE pgmq.a_job_queue SET archived_at = now() - interval '1 year'")
    found = done(desk, "prune_history")
    assert found["jobs"] == 2 and found["messages"] == 2
    there = {row.id for row in factory_rows.rows(desk.engine, "SELECT id FROM public.jobs")}
    assert {young, waiting} <= there and not {old, dead} & there


NEW = '''
"""Says how long a text is."""

from gamefactory_dagster.background.kinds import Kind, Parameters, Work


class Measure(Parameters):
    text: str


def run(work: Work, given: Measure) -> dict[str, int]:
    return {"characters": len(given.text)}


KIND = Kind("measure", Measure, run, "Says how long a text is.", example={"text": "abc"})
'''


def test_a_type_is_one_file(desk: Desk, tmp_path, monkeypatch):
    folder = tmp_path / "more_types"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "measure.py").write_text(NEW)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    types = Registry((*OWN, "more_types"))
    from gamefactory_dagster.background.service import JobQueueService

    service = JobQueueService(desk.engine, desk.settings, types)
    job = service.create_job("measure", {"text": "four"}).id
    [outcome] = work_at(desk.engine, desk.settings, "run", [job], types=types)
    assert outcome.references == {"characters": 4} == desk.row(job).data_references
    sys.modules.pop("more_types")
