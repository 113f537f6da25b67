"""What the asset ``games`` says of a published game, and that a run's end does not take it away."""

from uuid import UUID

import dagster as dg
import pytest
from PIL import Image

from gamefactory_dagster.definitions import defs
from gamefactory_dagster.production.defs import GAMES, games, show_game
from tests.factory_rows import add_game, insert

PROOF = {
    "level": 1, "frames": 600, "trace": [[1, 10], [0, 590]], "final_hash": "abc",
    "steadiness": 0.9, "ease": 0.8, "explored": 40,
}  # fmt: skip


@pytest.fixture
def published(workshop):
    """A published game with its files and one certificate."""
    id = add_game(
        workshop.engine,
        "coral-dash",
        name="Coral Dash",
        status="published",
        selected_template="runner",
        selected_mechanics=["tap_jump", "spawner"],
        play_url="http://127.0.0.1:3001/games/coral-dash/",
    )
    insert(
        workshop.engine, "game_steps", game_id=id, step_number=9, step_name="content_production",
        status="completed", artifacts={"certificates": [PROOF]},
    )  # fmt: skip
    folder = workshop.settings.published / "coral-dash"
    folder.mkdir(parents=True)
    Image.new("RGB", (960, 540), (20, 120, 200)).save(folder / "splash.png")
    return id


def entries(instance) -> list[dg.EventLogEntry]:
    return [record.event_log_entry for record in instance.fetch_materializations(games.key, limit=10).records]


def test_a_published_game_is_an_entry_with_picture_link_and_levels(workshop, published, instance) -> None:
    show_game(instance, workshop, published)
    assert instance.get_dynamic_partitions(GAMES.name) == ["coral-dash"]
    [entry] = entries(instance)
    assert entry.run_id == ""
    shown = entry.asset_materialization
    assert shown.partition == "coral-dash"
    assert shown.metadata["play"] == dg.MetadataValue.url("http://127.0.0.1:3001/games/coral-dash/")
    assert shown.metadata["game"].text == "Coral Dash"
    assert shown.metadata["mechanics"].text == "tap_jump, spawner"
    [level] = shown.metadata["levels"].records
    assert (level.data["level"], level.data["seconds"], level.data["inputs"]) == (1, 10.0, 1)
    assert shown.metadata["picture"].md_str.startswith("![](data:image/jpeg;base64,")
    assert len(shown.metadata["picture"].md_str) < 60_000


def test_shown_again_it_stays_one_entry(workshop, published, instance) -> None:
    for _ in range(2):
        show_game(instance, workshop, published)
    assert instance.get_dynamic_partitions(GAMES.name) == ["coral-dash"]
    assert {entry.asset_materialization.partition for entry in entries(instance)} == {"coral-dash"}


def test_without_its_files_it_is_shown_without_a_picture(workshop, published, instance) -> None:
    (workshop.settings.published / "coral-dash" / "splash.png").unlink()
    show_game(instance, workshop, published)
    assert "picture" not in entries(instance)[0].asset_materialization.metadata


def test_a_game_that_is_not_published_is_no_entry(workshop, instance) -> None:
    show_game(instance, workshop, add_game(workshop.engine, "unborn", status="completed"))
    show_game(instance, workshop, UUID(int=5))
    assert instance.get_dynamic_partitions(GAMES.name) == []
    assert entries(instance) == []


def test_the_lineage_shows_where_events_come_from() -> None:
    graph = defs.resolve_asset_graph()
    assert games.key in graph.get(dg.AssetKey("analytics_events")).parent_keys
    assert graph.get(games.key).partitions_def == GAMES


@pytest.mark.slow
def test_making_a_game_enters_it(workshop, plan, rows, instance) -> None:
    from gamefactory_dagster.production.defs import make_game

    (game,) = plan(mix=["puzzle"])
    done = make_game.execute_in_process(
        run_config={"game_id": str(game)}, instance=instance, resources={"workshop": workshop}
    )
    assert done.success
    [row] = rows("SELECT slug, play_url FROM games")
    assert instance.get_dynamic_partitions(GAMES.name) == [row.slug]
    [entry] = entries(instance)
    assert len(entry.asset_materialization.metadata["levels"].records) == 10
    [published] = [event for event in done.get_step_success_events() if event.step_key == "post_launch"]
    output = next(
        event.step_output_data
        for event in done.all_node_events
        if event.is_successful_output and event.step_key == published.step_key
    )
    assert output.metadata["play"] == dg.MetadataValue.url(row.play_url)
