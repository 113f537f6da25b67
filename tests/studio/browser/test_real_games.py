"""A real game of each family, from design to bundle: published whole, and played in Chromium by its proof."""

import gzip
from pathlib import Path

import pytest

from gamefactory_dagster.studio.browser.play import play_game, play_page
from gamefactory_dagster.studio.designer import Brief, ProceduralDesigner
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.families.base import Certificate
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.levels import make_level
from gamefactory_dagster.studio.shipping.build import Bundle, problems, single_html
from gamefactory_dagster.studio.shipping.minify import check_parses
from tests.studio.whole_game import built


@pytest.fixture(scope="module", params=sorted(FAMILIES))
def made(request: pytest.FixtureRequest) -> tuple[Bundle, list[Certificate]]:
    """A game without art, with two levels."""
    family = FAMILIES[request.param]
    brief = Brief(
        name="Pearl Dash", slug="pearl-dash", genre=family.genre, theme="reef", style="flat_modern", seed=11
    )
    gdd = ProceduralDesigner().design(brief, 0)
    with Lab(family) as lab:
        pairs = [make_level(family, gdd, number, lab) for number in (1, 2)]
    return built(gdd, [level for level, _ in pairs]), [certificate for _, certificate in pairs]


def test_it_may_be_published(made: tuple[Bundle, list[Certificate]]) -> None:
    bundle, _ = made
    assert problems(bundle, levels=2) == []
    check_parses(bundle.files["player.js"].decode())
    assert len(gzip.compress(bundle.files["player.js"])) < 48_000, "as it travels"


@pytest.mark.browser
def test_it_is_played_served_and_from_disk(
    made: tuple[Bundle, list[Certificate]], tmp_path: Path, chromium: Path
) -> None:
    bundle, proofs = made
    served = play_game(bundle.files, proofs, chromium)
    assert served.problems() == []
    assert [level.final_hash for level in served.levels] == [proof.final_hash for proof in proofs]
    page = tmp_path / "game.html"
    page.write_bytes(single_html(bundle))
    from_disk = play_page(page.as_uri(), (1, 2), proofs, chromium)
    assert from_disk.problems() == []
    assert [level.final_hash for level in from_disk.levels] == [level.final_hash for level in served.levels]
