"""Games that were played, put straight into the database."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from tests import factory_rows

DAY = dt.date(2024, 3, 8)


@pytest.fixture
def add_played(engine: sa.Engine) -> Callable[..., UUID]:
    """Insert a game and its metrics rows; by default one row, of a game that counts."""

    def add(
        genre: str = "runner",
        mechanics: object = ("tap_jump",),
        days: list[dict] | None = None,
        *,
        external: bool = False,
        **numbers: object,
    ) -> UUID:
        with engine.begin() as connection:
            game = factory_rows.add_game(
                connection, str(uuid4()), genre=genre, external=external, selected_mechanics=mechanics
            )
            for number, day in enumerate(days or [did(**numbers)]):
                row = {"date": DAY + dt.timedelta(days=number), **day}
                factory_rows.insert(connection, "game_metrics", game_id=game, **row)
        return game

    return add


def did(
    d7: tuple[int, int] = (20, 200),
    levels: tuple[int, int] = (300, 200),
    ads: tuple[int, int] = (30, 100),
    **columns: object,
) -> dict:
    """One metrics row: returned of cohort, completed and failed, ads started of prompts."""
    return {
        "installs": d7[1], "retained_d7": d7[0], "cohort_d7": d7[1],
        "levels_completed": levels[0], "levels_failed": levels[1],
        "ad_impressions": ads[0], "ad_prompts": ads[1], **columns,
    }  # fmt: skip
