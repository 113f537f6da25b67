"""What the ledger tells of a game that one run made whole: every step, every file, its texts."""

import hashlib
from itertools import pairwise

from gamefactory_dagster.production.lifecycle import STEPS
from tests.ledger_rows import of_game, read


def assert_told_whole(workshop, game, rows) -> None:
    """``game`` was made by run ``run``, without a browser."""
    [run] = of_game(workshop.engine, game)
    steps = [(step, kind) for step in STEPS for kind in ("start", "end")]
    assert run.told == [("system", "start"), *steps, ("system", "end")]
    assert (run.job.run_id, run.job.status, run.job.error_message) == ("run", "completed", None)
    assert run.job.started_at <= run.events[0].created_at < run.events[-1].created_at <= run.job.completed_at
    assert all(earlier.created_at < later.created_at for earlier, later in pairwise(run.events))
    notes = [event.payload for event in run.events if event.event_type == "note"]
    assert [note["step"] for note in notes if "no browser" in note["message"]] == [8, 10]
    in_rows = {row.step_name: row.artifacts for row in rows("SELECT step_name, artifacts FROM game_steps")}
    for event in run.events:
        if event.event_type == "end" and event.bot_name != "system":
            assert event.payload["commit"] == in_rows[event.bot_name]["commit"]
    assert_files(workshop, game, run.artifacts, in_rows)
    assert_texts(workshop.engine, game, rows)


def assert_files(workshop, game, artifacts, in_rows) -> None:
    """Every file of every commit is told of, and is what is told."""
    repository = workshop.providers.repositories
    told = {(one.meta["step"], one.meta.get("path")): one for one in artifacts}
    assert len(told) == len(artifacts)
    before: dict[str, str] = {}
    for step in STEPS:
        commit = in_rows[step]["commit"]
        tree = repository.tree(str(game), commit)
        files = repository.read(str(game), commit)
        for path in [path for path, id_ in tree.items() if before.get(path) != id_]:
            one = told[step, path]
            assert one.url == f"git+{repository.url(str(game))}@{commit}#{path}"
            assert one.checksum == hashlib.sha256(files[path]).hexdigest()
            assert one.file_size == len(files[path])
        before = tree
    zipped = told["release_prep", "bundle"]
    content = workshop.providers.artifacts.get(zipped.url)
    assert (zipped.kind, zipped.content_type) == ("zip", "application/zip")
    assert (zipped.file_size, zipped.checksum) == (len(content), hashlib.sha256(content).hexdigest())
    assert told["asset_generation", "web/atlas.png"].kind == "image"
    assert told["testing", "reports/testing.json"].kind == "report"
    assert {one.content_type for one in artifacts if one.kind == "audio"} == {"audio/ogg"}
    [whole] = [one for one in artifacts if one.kind == "repository"]
    assert whole.meta["commit"] == in_rows[STEPS[-1]]["commit"]


def assert_texts(engine, game, rows) -> None:
    [row] = rows("SELECT slug, gdd_spec FROM games")
    found = {one.id: one for one in read(engine, "SELECT * FROM ledger.prompts")}
    assert found[f"{row.slug}/tagline"].prompt_text == row.gdd_spec["tagline"]
    assert found[f"{row.slug}/store/title"].category == "store"
    asked = {asset.filename: asset.ai_prompt for asset in rows("SELECT filename, ai_prompt FROM game_assets")}
    told = {id_.partition("/assets/")[2]: one.prompt_text for id_, one in found.items() if "/assets/" in id_}
    assert told == {name: prompt for name, prompt in asked.items() if prompt}
    assert any(id_.startswith("factory/runner/causes/") for id_ in found)
