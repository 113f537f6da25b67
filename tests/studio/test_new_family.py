"""A new family is its folder and its words: one that no room has heard of goes through every one of them."""

import ast
import json
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image

from gamefactory_dagster import studio
from gamefactory_dagster.errors import PermanentError
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
from gamefactory_dagster.studio.browser.report import Extra
from gamefactory_dagster.studio.design import event_spec, family_words
from gamefactory_dagster.studio.design.family_words import FAMILY_WORDS, FamilyWords
from gamefactory_dagster.studio.design.gdd import GDD, STYLES, Genre
from gamefactory_dagster.studio.design.words import THEMES
from gamefactory_dagster.studio.designer import Brief, ProceduralDesigner
from gamefactory_dagster.studio.families.base import Certificate, Family, Level
from gamefactory_dagster.studio.families.bots import Bots, Try
from gamefactory_dagster.studio.families.extras import (
    DAILIES,
    DAILY_BYTES,
    SECTIONS,
    SectionProof,
    check_dailies,
    check_sections,
    make_dailies,
    make_sections,
)
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.levels import make_levels
from gamefactory_dagster.studio.families.proof import check
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
        good, bad = bots.play([Try(2, 100, 1), Try(2, 0, 1)])
    assert (good.outcome, bad.outcome, bad.cause) == (1, 2, "wind")


@pytest.mark.browser
def test_it_is_played_in_a_browser(
    family: Family, bundle: Bundle, made: tuple[GDD, list[tuple[Level, Certificate]]], chromium: Path
) -> None:
    gdd, pairs = made
    with Lab(family) as lab:
        (level, proof), *_ = make_dailies(family, gdd, lab)
        sections, proofs = make_sections(family, gdd, lab)
        trial = lab.trials(sections[4])[1]
    extras = [
        Extra("daily 0", "daily", level, proof),
        Extra("section 4", "endless", trial, proofs[4].trials[1]),
        Extra("wrong", "daily", level, replace(proof, final_hash="00000000")),
    ]
    data = json.loads(bundle.files["game.json"]) | {"dailies": [level], "sections": sections}
    files = {**bundle.files, "game.json": json.dumps(data).encode()}
    report = play_game(files, [certificate for _, certificate in pairs[:2]], chromium, extras=extras)
    assert [problem.partition(" ends ")[0] for problem in report.problems()] == ["wrong: the certificate"]
    assert [(level.timed, level.kept, level.idle_outcome) for level in report.levels[:2]] == [
        (False, True, 0), (True, False, 2),
    ]  # fmt: skip
    assert [level.level for level in report.levels[10:]] == ["daily 0", "section 4", "wrong"]


def test_its_first_level_lets_people_think_and_its_second_does_not(
    family: Family, made: tuple[GDD, list[tuple[Level, Certificate]]]
) -> None:
    (calm, _), (windy, _), *_ = made[1]
    with Lab(family) as lab:
        alone = lab.idle(calm, 600)
        assert (alone.outcome, alone.timed, alone.kept) == (0, False, True)
        assert lab.idle(windy, 9999).timed


def test_it_has_a_level_for_every_day(
    family: Family, made: tuple[GDD, list[tuple[Level, Certificate]]]
) -> None:
    """Though it says nothing of them: ordinary levels from the middle of the curve."""
    with Lab(family) as lab:
        dailies = make_dailies(family, made[0], lab)
        levels, proofs = [level for level, _ in dailies], [proof for _, proof in dailies]
        assert make_dailies(family, made[0], lab) == dailies
        assert check_dailies(family, levels, proofs, lab) == []
        spoilt = [*proofs[:7], replace(proofs[7], frames=1), *proofs[8:]]
        [fault] = check_dailies(family, levels, spoilt, lab)
        assert fault.startswith("daily 7: ")
        [fault] = check_dailies(family, levels[1:], proofs[1:], lab)
        assert fault.startswith("29 daily levels")
    assert len(dailies) == DAILIES
    assert {level["number"] for level in levels} == {0}
    assert len({level["seed"] for level in levels}) == DAILIES
    assert len(json.dumps(levels)) < DAILY_BYTES


def test_daily_levels_that_cannot_be_won_or_are_too_large_are_refused(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Lab(family) as lab:
        monkeypatch.setattr(
            type(family), "daily", lambda *_: {"number": 0, "seed": 1, "need": 9, "wind": 301}
        )
        with pytest.raises(PermanentError, match=r"daily level 0 .* wind at frame 301"):
            make_dailies(family, design(), lab)
        large = {"number": 0, "seed": 1, "need": 9, "wind": 900, "words": "x" * 4000}
        monkeypatch.setattr(type(family), "daily", lambda *_: large)
        with pytest.raises(PermanentError, match="30 daily levels are 1"):
            make_dailies(family, design(), lab)


def test_its_endless_mode_is_made_of_sections_that_can_be_passed(family: Family) -> None:
    gdd = design()
    with Lab(family) as lab:
        sections, proofs = make_sections(family, gdd, lab)
        assert len(sections) == len(proofs) == SECTIONS
        assert [len(proof.trials) for proof in proofs] == [2] * SECTIONS, "one for each speed"
        assert [SectionProof.from_json(json.loads(json.dumps(proof.as_json()))) for proof in proofs] == proofs
        assert check_sections(family, sections, proofs, lab) == []
        other = SectionProof(3, (proofs[3].trials[0], replace(proofs[3].trials[1], final_hash="00000000")))
        [fault] = check_sections(family, sections, [*proofs[:3], other, *proofs[4:]], lab)
        assert fault.startswith("section 3, trial 1: ends with outcome 1")
        few = SectionProof(3, proofs[3].trials[:1])
        assert check_sections(family, sections, [*proofs[:3], few, *proofs[4:]], lab) == [
            "section 3: 2 trials, 1 passed"
        ]
        assert check_sections(family, [], [], lab) == ["0 sections with 0 proofs, not 20"]


def test_sections_that_cannot_be_passed_are_left_out_and_others_asked_for(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def sections(_: Family, gdd: GDD, rng: random.Random) -> list[dict[str, int]]:
        asked.append(rng.random())
        return [{"need": 3 + number if (number + len(asked)) % 3 else 0} for number in range(20)]

    monkeypatch.setattr(type(family), "sections", sections)
    with Lab(family) as lab:
        made, proofs = make_sections(family, design(), lab)
        assert len(asked) == len(set(asked)) == 2
        assert len(made) == len(proofs) == SECTIONS
        assert [section["need"] for section in made] == list(range(3, 23)), "each in its own place"
        monkeypatch.setattr(type(family), "sections", lambda *_: [{"need": 4}])
        with pytest.raises(PermanentError, match="1 sections can be passed, not 20"):
            make_sections(family, design(), lab)
        monkeypatch.setattr(type(family), "endless", False)
        assert make_sections(family, design(), lab) == ([], [])


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
