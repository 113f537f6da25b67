"""What may be asked for, and which part is said to be wrong of what may not."""

from typing import Any

import pytest

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.replays.asking import (
    MOST_LINKS,
    MOST_TEAM_BYTES,
    MOST_TEAM_DEPTH,
    check_order,
    check_players,
    check_team_data,
)

from .desk import link


def nested(depth: int) -> Any:
    """Lists and objects in turns, so deep."""
    value: Any = 1
    for number in range(depth):
        value = [value] if number % 2 else {"a": value}
    return value


def test_links_are_canonical_and_each_counts_once_in_its_first_place() -> None:
    given = ["http://duelingbook.com/replay?id=77-9", link(3), link(9), f" {link(3)} ", link(1)]
    order = check_order("INDIVIDUAL", given, player=" Kaiba ")
    assert order.urls == (link(9), link(3), link(1))
    assert (order.player, order.team_name, order.team_data) == ("Kaiba", None, None)


@pytest.mark.parametrize(("kind", "team"), [("INDIVIDUAL", None), ("GFWL", "x")], ids=["individual", "gfwl"])
def test_as_many_different_links_as_the_type_has(kind: Any, team: str | None) -> None:
    most = {"INDIVIDUAL": 12, "GFWL": 100}[kind]
    assert MOST_LINKS[kind] == most
    full = [link(1 + number) for number in range(most)]
    assert len(check_order(kind, full * 2, team_name=team).urls) == most
    for links in ([*full, link(most + 1)], []):
        with pytest.raises(
            InputError, match=f"^links: {len(links)} is .* 1 to {most} different ones"
        ) as caught:
            check_order(kind, links, team_name=team)
        assert caught.value.field == "links"


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "type": ({"job_type": "individual"}, "job_type: 'individual' .* INDIVIDUAL or GFWL"),
    "link": ({"links": ["https://example.org/replay?id=1"]}, "link: 'https://example.org"),
    "team of a player": ({"team_name": "x"}, "team_name: 'x' .* none in a job of type INDIVIDUAL"),
    "team's data of a player": ({"team_data": {}}, "team_data: .* none in a job of type INDIVIDUAL"),
    "player of a team": ({"job_type": "GFWL", "team_name": "x", "player": "y"}, "player: 'y' .* none in"),
    "no team": ({"job_type": "GFWL"}, "team_name: None .* 1 to 100 printable"),
    "blank team": ({"job_type": "GFWL", "team_name": "  "}, "team_name: "),
    "long team": ({"job_type": "GFWL", "team_name": "x" * 101}, "team_name: "),
    "strange team": ({"job_type": "GFWL", "team_name": "a\0b"}, "team_name: "),
    "blank player": ({"player": ""}, "player: ''"),
    "half a surrogate pair": ({"player": "\ud800"}, "player: "),
    "team's data": ({"job_type": "GFWL", "team_name": "x", "team_data": {1, 2}}, "team_data: 'set'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_may_not_be_asked_for_is_named(case: str) -> None:
    given, words = WRONG[case]
    with pytest.raises(InputError, match=words):
        check_order(**{"job_type": "INDIVIDUAL", "links": [link(1)], **given})


def test_a_team_s_data_is_kept_as_given_and_bounded() -> None:
    for kept in (None, [], {"b": [1, 2.5, None, True], "a": {"ü": "\\u0000"}}, nested(MOST_TEAM_DEPTH)):
        assert check_team_data(kept) == kept
    full = "ü" * ((MOST_TEAM_BYTES - 2) // 2)
    assert check_team_data(full) is full
    endless: list[Any] = []
    endless.append(endless)
    deep = nested(MOST_TEAM_DEPTH + 1)
    for refused in (full + "x", deep, nested(100_000), float("nan"), "\ud800", {(1, 2): 3}, endless, b"x"):
        with pytest.raises(InputError, match=r"expected JSON of at most 64 KiB, .* at most 20 deep"):
            check_team_data(refused)


def test_players_are_chosen_of_those_discovered_however_capitalised() -> None:
    found = ["Yugi", "KAIBA", "Straße", "Mai"]
    assert check_players(["mai", "YUGI", "yugi", "straße", "STRASSE"], found) == ["Yugi", "Straße", "Mai"]
    for names, words in ((["Yugi", "Joey"], "'Joey' .* one of Yugi, KAIBA"), ([], "at least one of Yugi")):
        with pytest.raises(InputError, match=words):
            check_players(names, found)
