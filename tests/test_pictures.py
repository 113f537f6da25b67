"""What becomes of a photograph on its way to ``docs/pictures/``."""

import io
import random

import pytest
from PIL import Image

from gamefactory_dagster.errors import InputError, PermanentError
from tools import pictures


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "FOLDER", tmp_path)
    return tmp_path


def noise(width: int, height: int) -> bytes:
    """A PNG that nothing makes much smaller."""
    content = io.BytesIO()
    Image.frombytes("RGB", (width, height), random.Random(1).randbytes(3 * width * height)).save(
        content, "PNG"
    )
    return content.getvalue()


@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG")])
def test_it_is_kept_as_its_name_says_and_smaller(folder, name, kind):
    content = noise(300, 200)
    pictures.keep(name, content)
    kept = folder / name
    with Image.open(kept) as picture:
        assert (picture.format, picture.size) == (kind, (300, 200))
    assert kept.stat().st_size < len(content) / 2


def test_a_picture_that_stays_large_is_refused_and_the_old_one_stays(folder):
    (folder / "a.png").write_bytes(b"old")
    with pytest.raises(PermanentError, match=r"a\.png cannot be made smaller than 200000 bytes"):
        pictures.keep("a.png", noise(800, 600))
    assert (folder / "a.png").read_bytes() == b"old"


def test_a_factory_without_games_is_told_to_make_some():
    with pytest.raises(InputError, match="genre: 'puzzle' is not accepted; expected a genre of which a game"):
        pictures.first([], "puzzle")
