"""A real game in a real browser, served by the arcade: what is played arrives in the database.

It is played in the arcade first, and then at its own name, where it is another origin: the same person is
another player there.
"""

import time

import pytest
import sqlalchemy as sa

from gamefactory_dagster.studio.designer import Brief, ProceduralDesigner
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.levels import make_level
from gamefactory_dagster.studio.shipping.publisher import FolderPublisher
from tests.studio.whole_game import built

from .conftest import GAME, add_published, own_name, serving

pytestmark = pytest.mark.browser


def publish(settings):
    family = FAMILIES["runner"]
    brief = Brief(
        name="Pearl Dash", slug="pearl-dash", genre="runner", theme="reef", style="flat_modern", seed=11
    )
    gdd = ProceduralDesigner().design(brief, 0)
    with Lab(family) as lab:
        level, _ = make_level(family, gdd, 1, lab)
    FolderPublisher(settings.published, "").publish("pearl-dash", built(gdd, [level]))


def wait_for_events(engine, kinds, but=frozenset(), seconds=30):
    """Events of all players but some, as soon as there are such of all ``kinds``."""
    deadline = time.monotonic() + seconds
    found = []
    while time.monotonic() < deadline and not kinds <= {row.event_type for row in found}:
        time.sleep(0.2)
        with engine.connect() as connection:
            every = connection.execute(sa.text("SELECT * FROM analytics_events")).all()
        found = [row for row in every if row.user_id not in but]
    return found


def test_what_is_played_arrives(settings, engine, browser):
    publish(settings)
    add_published(engine, slug="pearl-dash")
    complaints = []
    with serving(settings, engine) as arcade, browser.new_page() as page:
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{arcade.url}/")
        page.get_by_role("link", name="Reef Run").click()
        page.get_by_role("button", name="Play", exact=True).click()
        rows = wait_for_events(engine, {"game_start", "level_start"})
        page.goto(f"{arcade.url}/")
        rows = wait_for_events(engine, {"level_fail"})
        page.goto(own_name(arcade, "pearl-dash"))
        page.get_by_role("button", name="Play", exact=True).click()
        there = wait_for_events(engine, {"game_start", "level_start"}, but={row.user_id for row in rows})
    kinds = [row.event_type for row in sorted(rows, key=lambda row: row.timestamp)]
    assert kinds[:2] == ["game_start", "level_start"]
    assert {str(row.game_id) for row in [*rows, *there]} == {GAME}
    assert len({row.user_id for row in rows}) == len({row.session_id for row in rows}) == 1
    assert kinds.count("level_start") == kinds.count("level_fail")
    assert complaints == []  # neither an error nor a word from the content policy
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM quarantined_events")).scalar_one() == 0
