"""Pictures that take too much are given fewer colours, the largest first; those that fit stay as they are."""

import io

from PIL import Image

from gamefactory_dagster.studio.art.checks import find_problems
from gamefactory_dagster.studio.art.fitting import fitted, published_bytes


def colours(picture):
    with Image.open(io.BytesIO(picture.png)) as image:
        return len(image.getcolors(256))


def test_a_kit_that_fits_stays_as_it_is(runner_kit):
    kit, packed = fitted(runner_kit)
    assert kit is runner_kit
    assert published_bytes(kit, packed) <= 270_000


def test_a_kit_that_does_not_has_fewer_colours_where_there_are_most_bytes(runner_kit):
    _, packed = fitted(runner_kit)
    most = int(published_bytes(runner_kit, packed) * 0.9)
    kit, packed = fitted(runner_kit, most)
    assert published_bytes(kit, packed) <= most
    assert find_problems(kit, packed) == []
    changed = [
        (before, after)
        for before, after in zip(runner_kit.pictures, kit.pictures, strict=True)
        if before is not after
    ]
    assert "splash" in {before.name for before, _ in changed}
    for before, after in changed:
        assert after.asset_type in ("background", "icon", "splash")
        assert 24 <= colours(after) < colours(before)
        assert len(after.png) < len(before.png)
    assert fitted(runner_kit, most)[0].pictures == kit.pictures, "it is the same every time"


def test_what_cannot_be_had_is_not_waited_for(runner_kit):
    kit, packed = fitted(runner_kit, 1000)
    assert published_bytes(kit, packed) > 1000
    assert all(colours(picture) <= 24 for picture in kit.pictures if picture.asset_type == "background")
