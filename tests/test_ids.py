"""Slugs and UUIDs: which spellings are taken, and what becomes of them."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ids import SLUG_LENGTH, beginning_alike, canonical_uuid, is_slug, parse_uuid
from gamefactory_dagster.studio.design.names import slugify

ID = "4f1c2a90-0000-4000-8000-00000000abcd"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("pear-leap-2", True),
        ("7", True),
        ("a" * SLUG_LENGTH, True),
        ("a" * (SLUG_LENGTH + 1), False),
        ("", False),
        (".versions", False),
        ("Pear", False),
        ("pear--leap", False),
        ("-pear", False),
        ("pear-", False),
        ("pear/leap", False),
        ("pear\n", False),
        ("birne-für-zwei", False),
        ("٣", False),
    ],
)
def test_slugs(text, good):
    assert is_slug(text) is good


@given(st.text(max_size=200))
def test_every_name_has_a_slug(name):
    assert is_slug(slugify(name))


@given(st.uuids())
def test_a_uuid_is_read_in_any_case_and_written_in_small_letters(value):
    assert canonical_uuid(str(value)) == canonical_uuid(str(value).upper()) == str(value)
    assert parse_uuid(str(value).upper(), "game_id", "an id") == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pear-leap",
        ID.replace("-", ""),
        f"{{{ID}}}",
        f"urn:uuid:{ID}",
        f"{ID}\n",
        f" {ID}",
        ID[:-1],
        f"{ID[:-1]}٣",
    ],
)
def test_other_spellings_are_no_uuid(text):
    assert canonical_uuid(text) is None
    with pytest.raises(InputError, match=r"game_id: .* is not accepted; expected the id of a game"):
        parse_uuid(text, "game_id", "the id of a game")


def test_a_uuid_is_a_uuid():
    assert isinstance(parse_uuid(ID, "id", "an id"), UUID)


@given(st.uuids(), st.integers(4, 36))
def test_what_begins_alike_lies_between_two_uuids(value, length):
    first, last = beginning_alike(str(value)[:length].upper())
    assert UUID(first) <= value <= UUID(last)
    assert first[:length] == last[:length] == str(value)[:length]


@pytest.mark.parametrize("text", ["", "4f1", "----", "4f1c2a90a", "pear", f"{ID}0", "\0\0\0\0", "' OR"])
def test_nothing_begins_so(text):
    assert beginning_alike(text) is None
