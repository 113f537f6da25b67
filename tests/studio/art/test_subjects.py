import itertools

import numpy as np
import pytest
from PIL import Image

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.art.checks import silhouette_overlap
from gamefactory_dagster.studio.art.colour import from_hex, to_oklch
from gamefactory_dagster.studio.art.drawings import DRAWINGS, find_drawing
from gamefactory_dagster.studio.art.palette import make_palette
from gamefactory_dagster.studio.art.requests import SpriteRequest
from gamefactory_dagster.studio.art.sprites import SpriteMaker
from gamefactory_dagster.studio.art.styles import STYLE_TABLE
from gamefactory_dagster.studio.art.subjects import colours, outlines, parts, picture
from gamefactory_dagster.studio.art.themes import THEME_ART, dressed
from gamefactory_dagster.studio.design.subjects import SUBJECTS

DRAWN = [subject for subject in SUBJECTS.values() if subject.drawn]

GREENS = ("#3E721D", "#5C913B", "#77B255", "#A6D388", "#C6E5B3")
HUES = ("#DD2E44", "#F4900C", "#FFCC4D", "#77B255", "#55ACEE", "#9266CC", "#EA596E", "#C1694F")
"""Twemoji's own colours: shades of one, and one of each hue."""

POSES = ("run", "jump", "fall", "hurt", "cheer")


def maker(style: str = "flat_modern", theme: str = "orchard", **cast: str) -> SpriteMaker:
    art, look = dressed(theme, cast, None), STYLE_TABLE[style]
    return SpriteMaker(look, art, make_palette(200, art, look), 1)


def tile(name: str, style: str = "flat_modern", side: int = 64) -> Image.Image:
    return maker(style).close_up(SpriteRequest(name, "tile", name, side, side), 1)


def hero(name: str, pose: str = "run", frame: int = 0) -> Image.Image:
    height = 80 if pose == "duck" else 128
    return maker().close_up(SpriteRequest("hero", "hero", name, 96, height, 6, pose=pose), 1, frame)


def test_every_subject_is_in_the_set_and_becomes_polygons_in_its_box():
    for subject in DRAWN:
        read = outlines.read(subject.source)
        assert read.shapes, subject
        assert max(read.width, read.height) == pytest.approx(outlines.SIDE)
        xs, ys = zip(*(point for shape in read.shapes for point in shape.rings[0]), strict=True)
        assert (min(xs), min(ys)) == pytest.approx((0, 0), abs=1e-6), subject
        assert (max(xs), max(ys)) == pytest.approx((read.width, read.height)), subject
        assert "stroke=" not in (outlines.svg_folder() / f"{subject.source}.svg").read_text(), subject


def test_what_is_drawn_by_hand_hides_no_subject_and_each_is_there():
    assert {subject.name for subject in DRAWN} & set(DRAWINGS) == set()
    assert {name for name, subject in SUBJECTS.items() if not subject.drawn} - set(DRAWINGS) == set()
    with pytest.raises(InputError, match="'zeitgeist' is not accepted"):
        find_drawing("zeitgeist")


@pytest.mark.parametrize("name", ["banjo", "bongo", "artist", "doughnut", "target", "giraffe"])
def test_a_subject_has_the_outline_of_its_picture(name):
    """The same picture as pixels, which the set has beside the SVG: turned ellipses, holes, layers."""
    file = outlines.svg_folder().parent / "72x72" / f"{SUBJECTS[name].source}.png"
    own, ours = Image.open(file).convert("RGBA"), tile(name, "clean_minimal", 128)
    own, ours = (image.crop(image.getchannel("A").getbbox()) for image in (own, ours))
    assert silhouette_overlap(own, ours.resize(own.size)) > 0.93


def test_a_hole_is_seen_through():
    assert tile("red ring").getpixel((32, 32))[3] == 0
    assert tile("lifebuoy").getpixel((32, 32))[3] == 0


@pytest.mark.parametrize("style", tuple(STYLE_TABLE))
def test_hues_stay_and_shades_keep_their_order_in_every_palette(style):
    look = STYLE_TABLE[style]
    for theme in ("orchard", "space"):
        palette = make_palette(120, THEME_ART[theme], look)
        for colour in map(from_hex, HUES):
            _, _, hue = to_oklch(palette.colour(colours.names([colour])[colour]))
            turn = abs((hue - to_oklch(colour)[2] + 180) % 360 - 180)
            assert turn < 30, (theme, colour)
        greens = [from_hex(green) for green in GREENS]
        called = colours.names(greens)
        shades = [to_oklch(palette.colour(called[green]))[0] for green in greens]
        assert all(dark < light for dark, light in itertools.pairwise(shades)), (theme, called)


def test_what_has_no_hue_gets_none():
    greys = [from_hex(grey) for grey in ("#292F33", "#66757F", "#99AAB5", "#CCD6DD", "#FFFFFF")]
    called = {name.rstrip("+-") for name in colours.names(greys).values()}
    assert called <= {"white", "stone", "steel", "iron", "dark"}


@pytest.mark.parametrize(
    ("name", "style"),
    list(
        zip(
            ("fox", "comet", "rose", "tractor", "ghost", "bee", "tree", "pizza", "sari", "banjo"),
            STYLE_TABLE,
            strict=True,
        )
    ),
)
def test_drawn_again_from_the_file_it_is_the_same_to_the_byte(name, style):
    first = tile(name, style)
    for kept in (outlines.read, picture.colour_names, picture._fills):
        kept.cache_clear()
    again = tile(name, style)
    assert first.tobytes() == again.tobytes()
    seen = (np.asarray(first.getchannel("A")) > 128).mean()
    assert 0.2 < seen < 0.95


@pytest.mark.parametrize("name", ["fox", "tiger", "steam train", "blue fish", "pizza", "lighthouse"])
def test_anything_is_a_hero_in_every_pose_and_never_cut_off(name):
    poses = {pose: hero(name, pose, frame=1) for pose in POSES}
    for pose, image in {**poses, "duck": hero(name, "duck")}.items():
        alpha = np.asarray(image.getchannel("A"))
        assert max(alpha[:, 0].max(), alpha[:, -1].max(), alpha[0].max()) < 110, pose
        left, top, right, bottom = image.getbbox()
        assert right - left > 0.7 * image.width or bottom - top > 0.7 * image.height, pose
    assert max(silhouette_overlap(a, b) for a, b in itertools.combinations(poses.values(), 2)) < 0.97
    running = [hero(name, "run", frame).tobytes() for frame in range(6)]
    assert len(set(running)) >= 5


@pytest.mark.parametrize("name", parts._FACES)
def test_what_floats_without_a_face_is_given_one_as_a_hero(name, monkeypatch):
    faced = np.asarray(hero(name))
    monkeypatch.setattr(parts, "_FACES", {})
    plain = np.asarray(hero(name))
    changed = (faced != plain).any(axis=2)
    rows, columns = changed.nonzero()
    assert 0.02 < changed.mean() < 0.3
    assert (plain[rows, columns, 3] > 200).mean() > 0.97, "on the thing, not beside it"


def test_heroes_look_ahead_and_hazards_at_them():
    """The set's animals look left."""
    flipped = Image.Transpose.FLIP_LEFT_RIGHT
    for name, as_hero in (("elephant", True), ("snail", True), ("space rocket", False)):
        own = tile(name)
        own = own.crop(own.getbbox())
        part = hero(name) if as_hero else maker(hazard_low=name).close_up(
            SpriteRequest("low", "hazard", "hazard_low", 72, 72), 1
        )  # fmt: skip
        part = part.crop(part.getbbox()).resize(own.size)
        assert silhouette_overlap(part.transpose(flipped), own) > silhouette_overlap(part, own) + 0.1, name


@pytest.mark.parametrize("name", ["barrel", "roadblock", "traffic light", "bee", "comet", "ladder"])
def test_a_hazard_fills_what_it_is_hit_in(name):
    made = maker(hazard_low=name, hazard_tall=name, hazard_fly=name)
    for kind, width, height, least in (
        ("hazard_low", 72, 72, 0.8), ("hazard_tall", 72, 144, 0.8), ("hazard_fly", 98, 70, 0.6)
    ):  # fmt: skip
        for variant in range(3):
            request = SpriteRequest("h", "hazard", kind, width, height, 2, variant=variant)
            left, top, right, bottom = made.close_up(request, 1).getbbox()
            assert right - left > least * width, (kind, variant)
            assert bottom - top > least * height, (kind, variant)


def test_a_coin_of_any_shape_turns():
    request = SpriteRequest("coin", "pickup", "coin", 56, 56, 4, spins=True)
    for name in ("banknote", "golden key", "banana"):
        made = maker(coin=name)
        boxes = [made.close_up(request, 1, frame).getbbox() for frame in range(4)]
        widths = [right - left for left, _, right, _ in boxes]
        assert all(wide > narrow for wide, narrow in itertools.pairwise(widths)), (name, widths)
