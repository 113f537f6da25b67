"""The asset and its checks in Dagster, on the database."""

import base64
import io
from collections.abc import Iterator

import dagster as dg
import matplotlib.image
import pytest
import sqlalchemy as sa

from gamefactory_dagster.learning import defs as learning
from gamefactory_dagster.learning.plots import weights_chart
from gamefactory_dagster.learning.weights import recompute, stored
from gamefactory_dagster.orchestration.defs import Factory

NIGHT = {
    "dagster/asset_partition_range_start": "2024-03-07",
    "dagster/asset_partition_range_end": "2024-03-08",
}


@dg.asset(
    partitions_def=dg.DailyPartitionsDefinition("2024-01-01"), backfill_policy=dg.BackfillPolicy.single_run()
)
def game_metrics() -> None:
    """Stands before the weights, as in the nightly job: partitioned by day, which the weights are not."""


@pytest.fixture
def materialize(engine, settings):
    def do(factory=None):
        return dg.materialize(
            [game_metrics, learning.learning_weights, *learning.defs.asset_checks],
            resources={"factory": factory or Factory(engine, settings)},
            tags=NIGHT,
            raise_on_error=False,
        )

    return do


def checks(result) -> dict[str, bool]:
    return {check.check_name: check.passed for check in result.get_asset_check_evaluations()}


def pictures(entry) -> Iterator[bytes]:
    for value in entry.values():
        if isinstance(value, dg.MarkdownMetadataValue):
            yield base64.b64decode(value.md_str.partition("base64,")[2].rstrip(")"))


def test_the_asset_shows_what_it_learned(materialize, add_played):
    add_played("runner", ("tap_jump", "spawner"))
    result = materialize()
    assert result.success
    [done] = result.asset_materializations_for_node("learning_weights")
    assert {
        name: done.metadata[name].value for name in ("games", "rows", "rows written", "rows removed")
    } == {
        "games": 1,
        "rows": 70,
        "rows written": 70,
        "rows removed": 0,
    }
    moved = [record.data for record in done.metadata["moved most"].records]
    assert {(row["mechanic"], row["after"]) for row in moved[:2]} == {
        ("tap_jump", 1.423),
        ("spawner", 1.423),
    }
    assert all(row["before"] is None and row["after"] != 1 for row in moved)
    [picture] = pictures(done.metadata)
    assert matplotlib.image.imread(io.BytesIO(picture)).shape[1] > 500
    assert checks(result) == {
        "a_weight_for_every_pair": True, "weights_follow_the_metrics": True, "no_game_stands_still": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("damage", "failing"),
    [
        ("DELETE FROM learning_weights WHERE genre = 'puzzle'", "a_weight_for_every_pair"),
        ("UPDATE learning_weights SET weight = 0.05 WHERE genre = 'puzzle'", "a_weight_for_every_pair"),
        ("UPDATE game_metrics SET retained_d7 = 1", "weights_follow_the_metrics"),
        ("UPDATE learning_weights SET sample_count = 9", "weights_follow_the_metrics"),
    ],
)
def test_checks_notice_what_is_wrong(engine, settings, add_played, damage, failing):
    add_played("puzzle", ("tile_swap",))
    recompute(engine, settings)
    with engine.begin() as connection:
        connection.execute(sa.text(damage))
    check = next(one for one in learning.defs.asset_checks if failing in {key.name for key in one.check_keys})
    context = dg.build_asset_check_context(resources={"factory": Factory(engine, settings)})
    assert not check(context).passed


def test_the_check_names_the_pairs(engine, settings):
    recompute(engine, settings)
    with engine.begin() as connection:
        connection.execute(
            sa.text("""
            DELETE FROM learning_weights USING mechanics
            WHERE mechanics.id = mechanic_id AND name = 'card_flip' AND genre = 'puzzle'
            """)
        )
    context = dg.build_asset_check_context(resources={"factory": Factory(engine, settings)})
    assert learning.a_weight_for_every_pair(context).description == "card_flip in puzzle: no row"


def test_settings_that_cannot_be_are_not_tried_again(materialize, engine, settings):
    nothing = {"retention_weight": 0.0, "completion_weight": 0.0, "ad_opt_in_weight": 0.0}
    result = materialize(Factory(engine, settings.model_copy(update=nothing)))
    assert not result.success
    assert not [event for event in result.all_events if event.is_step_up_for_retry]
    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert "at least one above 0" in failure.step_failure_data.user_failure_data.description


def test_the_chart_of_nothing_and_of_many(engine, settings, add_played, connection):
    recompute(engine, settings)
    assert matplotlib.image.imread(io.BytesIO(weights_chart(stored(connection)))).shape[2] == 4
    few = matplotlib.image.imread(io.BytesIO(weights_chart(stored(connection))))
    for number in range(30):
        genre = ("runner", "puzzle", "arcade")[number % 3]
        add_played(genre, ("spawner", "score_system", "timer_countdown", "health_system"), d7=(number, 100))
        add_played(genre, ("particle_effects", "sprite_animation", "collision_detection", "physics_gravity"))
    recompute(engine, settings)
    with engine.connect() as now:
        many = matplotlib.image.imread(io.BytesIO(weights_chart(stored(now))))
    assert few.shape[0] < many.shape[0] < 1000
