"""A new family is its folder and its words: one that no room has heard of goes through every one of them."""

import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image

from gamefactory_dagster import studio
from gamefactory_dagster.production.planning import check_order, plan_games
from gamefactory_dagster.production.steps.game_data import sounds_of
from gamefactory_dagster.studio import audio, families, player
from gamefactory_dagster.studio.art.checks import find_problems
from gamefactory_dagster.studio.art.draw import draw_kit
from gamefactory_dagster.studio.art.drawings import DRAWINGS
from gamefactory_dagster.studio.art.drawings.registry import drawing
from gamefactory_dagster.studio.art.picture import decode, encode
from gamefactory_dagster.studio.audio.effects import RECIPES, effect
from gamefactory_dagster.studio.browser.play import play_game
from gamefactory_dagster.studio.design import event_spec, family_words
from gamefactory_dagster.studio.design.family_words import FAMILY_WORDS, FamilyWords
from gamefactory_dagster.studio.design.gdd import GDD, STYLES, Genre
from gamefactory_dagster.studio.design.words import THEMES
from gamefactory_dagster.studio.designer import Brief, ProceduralDesigner
from gamefactory_dagster.studio.families.base import Certificate, Family, Level
from gamefactory_dagster.studio.families.bots import Bots, Try
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.levels import check, make_levels
from gamefactory_dagster.studio.player import layers
from gamefactory_dagster.studio.shipping import texts
from gamefactory_dagster.studio.shipping.build import Bundle, problems
from tests.studio.whole_game import built

WORDS = FamilyWords(
    acts=("Puff", "Float", "Drift"),
    verbs="journeys",
    openings=("{Hero} wants to {verb} over {place}",),
    gains=("Fill it for {pickups} and {currency}, whatever the {hazards} do",),
    taglines=("Up, up, {verb}!",),
    mechanics={"card_flip": "peek"},
    category="Casual",
)


@pytest.fixture(scope="module")
def family() -> Iterator[Family]:
    """The balloon, found as any family is, with an entry in the list of words: all there is to do."""
    package = f"{families.__name__}.balloon"
    drawn, heard = dict(DRAWINGS), dict(RECIPES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(families, "__path__", [*families.__path__, str(Path(__file__).with_name("newcomer"))])
        patch.setattr(families, "FAMILIES", families.discover())
        patch.setattr(family_words, "FAMILY_WORDS", {**FAMILY_WORDS, "balloon": WORDS})
        yield families.FAMILIES["balloon"]
    for name in [name for name in sys.modules if name.startswith(package)]:
        del sys.modules[name]
    for registry, before in ((DRAWINGS, drawn), (RECIPES, heard)):
        for name in set(registry) - set(before):
            del registry[name]


def design(theme: str = "reef", style: str = "flat_modern", seed: int = 5) -> GDD:
    (game,) = plan_games(
        check_order("one", 1, {"casual": 1}, {"themes": [theme], "styles": [style]}, 10), seed
    )
    brief = Brief(game.name, game.slug, game.genre, game.theme, game.style, game.seed)
    return ProceduralDesigner().design(brief, 0)


@pytest.fixture(scope="module")
def made(family: Family) -> tuple[GDD, list[tuple[Level, Certificate]]]:
    gdd = design()
    with Lab(family) as lab:
        pairs = make_levels(family, gdd, lab)
        assert [problem for pair in pairs for problem in check(family, *pair, lab)] == []
    return gdd, pairs


@pytest.fixture(scope="module")
def bundle(family: Family, made: tuple[GDD, list[tuple[Level, Certificate]]]) -> Bundle:
    gdd, pairs = made
    guide = gdd.style_guide
    kit = draw_kit(family.art(gdd))
    effects = sounds_of(family, gdd)
    sounds = audio.compose(
        audio.AudioRequest(guide.style, guide.theme, guide.mood, guide.tempo, gdd.seed, effects)
    )
    assert find_problems(kit) == []
    assert audio.problems(sounds) == []
    return built(gdd, [level for level, _ in pairs], kit, sounds)


def test_it_is_found_beside_the_others(family: Family) -> None:
    assert list(families.FAMILIES) == sorted({"balloon", *FAMILY_WORDS})
    assert families.family_for("casual") is family
    assert family.folder == Path(__file__).with_name("newcomer") / "balloon"


@pytest.mark.parametrize("theme", THEMES)
def test_it_is_named_and_told_of_in_its_own_words(family: Family, theme: str) -> None:
    acts = set()
    for seed in range(12):
        gdd = design(theme, seed=seed)
        assert (gdd.family, gdd.genre) == ("balloon", "casual")
        assert gdd.tagline.startswith("Up, up, ")
        assert " wants to " in gdd.core_loop.summary
        assert set(gdd.core_loop.actions) <= {"pump", "wait", "peek", *THEMES[theme].journeys}
        acts.add(gdd.name.rpartition(" ")[2])
    assert acts & set(WORDS.acts)


def test_its_texts_and_events_are_written(family: Family) -> None:
    gdd = design()
    assert texts.store_listing(gdd)["category"] == "Casual"
    assert "Leaning on the pump fills the balloon." in texts.readme(gdd)
    assert event_spec.problems(event_spec.event_spec(gdd), gdd) == []


def test_its_player_is_in_layers_and_explains_a_lost_level(family: Family) -> None:
    sources = player.sources(family)
    assert layers.problems(sources, to_come=player.GENERATED) == []
    screens = sources["screens.js"].decode()
    assert 'wind: "The wind was faster."' in screens
    assert 'fell: "Mind the gap!"' in screens, "the player is one for all families"


def test_a_familys_own_words_for_a_cause_win(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(family), "causes", {"wind": "Gone.", "time": "Night fell."})
    assert 'time: "Night fell."' in player.sources(family)["screens.js"].decode()
    assert 'time: "Out of time."' in player.sources(families.FAMILIES["runner"])["screens.js"].decode()


@pytest.mark.parametrize("style", STYLES[::3])
@pytest.mark.parametrize("theme", ["candy", pytest.param("volcano", marks=pytest.mark.slow)])
def test_its_pictures_are_drawn_though_no_room_knows_their_names(
    family: Family, theme: str, style: str
) -> None:
    assert find_problems(draw_kit(family.art(design(theme, style)))) == []


@pytest.mark.slow
def test_what_its_request_says_is_drawn(family: Family) -> None:
    request = family.art(design())
    kit = draw_kit(request)
    prize = decode(kit.picture("prize").png)
    turned = [prize.crop((32 * frame, 0, 32 * frame + 32, 32)).getbbox() for frame in range(3)]
    assert turned[2][2] - turned[2][0] < 0.7 * (turned[0][2] - turned[0][0])
    balloon, *others = request.sprites
    for picture, change in (
        ("balloon", {"sprites": (replace(balloon, tint="blue"), *others)}),
        ("balloon", {"sprites": (replace(balloon, subject="apple"), *others)}),
        ("lawn", {"sprites": (balloon, replace(others[0], fills_box=False), others[1])}),
        ("icon", {"icon": ()}),
        ("splash", {"splash": request.splash[:1]}),
    ):
        assert draw_kit(replace(request, **change)).picture(picture).png != kit.picture(picture).png


def test_what_lies_behind_a_picture_is_what_it_must_stand_out_from(family: Family) -> None:
    request = family.art(design())
    kit = draw_kit(request)
    lawn = decode(kit.picture("lawn").png).getpixel((48, 48))

    def drowned(png: bytes) -> bytes:
        painted = Image.new("RGBA", (128, 32), lawn)
        painted.putalpha(decode(png).getchannel("A"))
        return encode(painted)

    pictures = [
        replace(picture, png=drowned(picture.png)) if picture.name == "prize" else picture
        for picture in kit.pictures
    ]
    found = find_problems(replace(kit, pictures=tuple(pictures)))
    assert len(found) == 4
    assert all(problem.startswith("prize: frame") for problem in found)


def test_its_bundle_may_be_published(bundle: Bundle) -> None:
    assert problems(bundle) == []
    game = json.loads(bundle.files["game.json"])
    assert (game["family"], game["art"], len(game["levels"])) == ("balloon", True, 10)


def test_bots_play_it(family: Family, made: tuple[GDD, list[tuple[Level, Certificate]]]) -> None:
    _, pairs = made
    with Bots(family, [level for level, _ in pairs], [certificate for _, certificate in pairs]) as bots:
        good, bad = bots.play([Try(1, 100, 1), Try(1, 0, 1)])
    assert (good.outcome, bad.outcome, bad.cause) == (1, 2, "wind")


@pytest.mark.browser
def test_it_is_played_in_a_browser(
    bundle: Bundle, made: tuple[GDD, list[tuple[Level, Certificate]]], chromium: Path
) -> None:
    report = play_game(bundle.files, [certificate for _, certificate in made[1][:2]], chromium)
    assert report.problems() == []


ROOM = Path(studio.__file__).parent
KNOWN = re.compile(rf"[\"'](?:{'|'.join((*families.FAMILIES, *get_args(Genre)))})[\"']")
"""Names of families and genres as code would write them."""

HOMES = {"design/gdd.py", "design/library.py", "design/family_words.py"}
"""Where the genres are listed, where mechanics are tagged with them, and the families' words."""


def names_in(path: Path) -> set[str]:
    """Families and genres a file names outside its comments."""
    if path.suffix == ".js":
        return set(KNOWN.findall(re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)))
    constants = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant))
    return {node.value for node in constants if isinstance(node.value, str) and KNOWN.match(repr(node.value))}


def test_no_room_names_a_family_or_a_genre() -> None:
    """A table keyed by them would have to grow with every family."""
    inside = {name: ROOM / "families" / name for name in families.FAMILIES}
    found = {}
    for path in [*ROOM.rglob("*.py"), *ROOM.rglob("*.js")]:
        where = path.relative_to(ROOM).as_posix()
        if where not in HOMES and path.parent not in inside.values() and names_in(path):
            found[where] = names_in(path)
    assert found == {}
    assert names_in(ROOM / "design" / "family_words.py") == set(FAMILY_WORDS), (
        "names are found where they are"
    )


def test_two_drawings_or_two_effects_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match="two drawings are called 'gem'"):
        drawing("gem")(lambda pen, phase: None)
    with pytest.raises(ValueError, match="two effects are called 'jump'"):
        effect("jump")(lambda key: None)
