"""What the tools round the table of subjects make of what they are given."""

import pytest

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.design.subjects import GREY, SUBJECTS, TINTED
from tools import contact_sheet, subjects


def entry(label: str, code: str, subgroup: int, version: float = 18.0, tags: tuple[str, ...] = ()) -> dict:
    return {
        "label": label,
        "hexcode": code,
        "subgroup": subgroup,
        "group": 3,
        "version": version,
        "tags": tags,
    }


def test_a_row_is_drafted_for_what_is_new_and_may_be_shown():
    entries = [
        entry("wolf", "1F43A", 34, tags=("animal", "howl")),
        entry("fox", "1F98A", 34),
        entry("bear", "1F43B", 34, version=1.0),
        entry("kitchen knife", "1F52A", 48),
        entry("man running", "1F3C3-200D-2642-FE0F", 27),
        entry("waving hand", "1F44B", 16),
        entry("never drawn", "F0000", 34),
        *(entry(f"pet {number}", "1F98A", 34, tags=("animal",)) for number in range(4)),
    ]
    drafted = list(subjects.drafts(entries, frozenset({SUBJECTS["fox"].source}), since=17.0))
    assert [(row.name, row.source) for row in drafted] == [("wolf", "1f43a")]
    assert (drafted[0].roles, drafted[0].gait) == (("hero", "tile"), "hop")
    assert drafted[0].keywords == ("howl",), "what every other is called says nothing of one"


def test_the_colour_of_the_table_is_that_of_the_picture():
    for name in ("green apple", "polar bear", "tulip"):
        assert subjects.measured(SUBJECTS[name]) == SUBJECTS[name]
    assert 110 < SUBJECTS["green apple"].hue < 170
    assert (SUBJECTS["polar bear"].hue, SUBJECTS["tulip"].hue) == (GREY, TINTED)


def test_a_file_that_is_none_of_emojibase_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"emojibase: .* is not accepted; expected en/data\.json"):
        subjects.read(tmp_path / "absent.json")


def test_a_sheet_has_a_row_for_each_subject_and_a_column_for_each_style():
    page = contact_sheet.sheet(["fox", "pizza"], "tile", "orchard", 200)
    side = 64 + contact_sheet.EDGE
    assert page.size == (contact_sheet.LABEL + 10 * side, 2 * side)
    for column in range(10):
        left = contact_sheet.LABEL + column * side
        cells = [page.crop((left, row * side, left + side, (row + 1) * side)) for row in range(2)]
        assert cells[0].tobytes() != cells[1].tobytes()
        assert all(len(cell.getcolors(64 * 128)) > 10 for cell in cells)
