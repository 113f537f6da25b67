"""Real games of both families, an easy and a hard one each, made once; and a way to publish them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from gamefactory_dagster.playtest.games import PublishedGame
from gamefactory_dagster.playtest.hands import Hands
from gamefactory_dagster.playtest.shell import Shell
from gamefactory_dagster.production.steps.game_data import game_data
from gamefactory_dagster.studio.design.curves import curve
from gamefactory_dagster.studio.design.event_spec import event_spec
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.families.base import Certificate, Level
from gamefactory_dagster.studio.families.extras import make_sections
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.levels import make_levels
from tests.conftest import Database
from tests.studio.conftest import design

MECHANICS = {
    "runner": ("tap_jump", "collision_detection", "particle_effects"),
    "tile_swap": ("tile_swap", "card_flip"),
}
GENRES = {"runner": "runner", "tile_swap": "puzzle"}
CURVES = {"easy": curve("steady", 4, 64), "hard": curve("early_rise", 22, 96)}


@dataclass(frozen=True)
class Made:
    """A game as its steps made it."""

    gdd: GDD
    levels: list[Level]
    certificates: list[Certificate]
    sections: list[dict[str, Any]] = field(default_factory=list)
    """What its endless runs are made of."""

    @property
    def slug(self) -> str:
        return self.gdd.slug

    @property
    def family(self) -> str:
        return self.gdd.family

    @property
    def spec(self) -> dict[str, Any]:
        return event_spec(self.gdd)

    def data(self) -> dict[str, Any]:
        return game_data(self.gdd, FAMILIES[self.family], self.levels)

    def opened(self) -> tuple[Hands, Shell]:
        """As a playtest plays it: no daily levels, an endless run where the family has that mode."""
        data = self.data()
        return PublishedGame(
            id="",
            slug=self.slug,
            name=self.gdd.name,
            family=FAMILIES[self.family],
            shell=Shell.of(data),
            levels=self.levels,
            certificates=self.certificates,
            spec=self.spec,
            sections=self.sections,
        ).open()


def make(family: str, kind: str) -> Made:
    slug = f"{family.replace('_', '-')}-{kind}"
    gdd = design(
        slug=slug,
        family=family,
        genre=GENRES[family],
        mechanics=MECHANICS[family],
        difficulty_curve=CURVES[kind],
        seed=31,
    )
    with Lab(FAMILIES[family]) as lab:
        made = make_levels(FAMILIES[family], gdd, lab)
        sections, _ = make_sections(FAMILIES[family], gdd, lab)
    return Made(gdd, [level for level, _ in made], [certificate for _, certificate in made], sections)


class Games(dict[tuple[str, str], Made]):
    """(family, "easy" or "hard") -> the game, made when it is first asked for."""

    def __missing__(self, key: tuple[str, str]) -> Made:
        self[key] = make(*key)
        return self[key]


@pytest.fixture(scope="session")
def made() -> Games:
    return Games()


@pytest.fixture(scope="session")
def opened(made: Games) -> Iterator[dict[str, tuple[Hands, Shell]]]:
    """Family -> its hard game, opened."""
    found = {family: made[family, "hard"].opened() for family in MECHANICS}
    yield found
    for hands, _ in found.values():
        hands.close()


@pytest.fixture(scope="session")
def bots(opened: dict[str, tuple[Hands, Shell]]) -> dict[str, Hands]:
    """Family -> hands with its hard game."""
    return {family: hands for family, (hands, _) in opened.items()}


Publish = Callable[..., str]


@pytest.fixture
def publish(database: Database) -> Publish:
    """Publish a game as its twelve steps would: a row, its ninth step, its game.json. Gives its id.

    Its fifth level is that of so many ``dailies``.
    """

    def do(game: Made, status: str = "published", dailies: int = 0, **data: Any) -> str:
        row = {"slug": game.slug, "status": status, "spec": json.dumps(game.spec)}
        proofs = [one.as_json() for one in game.certificates]
        certificates = json.dumps({"certificates": proofs, "dailies": [proofs[4]] * dailies})
        if dailies:
            data["dailies"] = [game.levels[4]] * dailies
        with database.engine.begin() as connection:
            game_id = connection.execute(
                sa.text(
                    "INSERT INTO games (name, slug, genre, status, current_step, analytics_spec) "
                    "VALUES (:slug, :slug, 'runner', :status, 12, :spec) RETURNING id"
                ),
                row,
            ).scalar_one()
            connection.execute(
                sa.text(
                    "INSERT INTO game_steps (game_id, step_number, step_name, status, artifacts) "
                    "VALUES (:id, 9, 'content_production', 'completed', :made)"
                ),
                {"id": game_id, "made": certificates},
            )
        folder = database.settings.published / game.slug
        folder.mkdir(parents=True)
        (folder / "game.json").write_text(json.dumps(game.data() | data))
        return str(game_id)

    return do
