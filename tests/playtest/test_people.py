"""The people of a playtest: the same every time, different from each other, enough of them for every game."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.playtest.people import find_players

names = st.text("abc-", min_size=1, max_size=8)


@given(playtest=names, slug=names, people=st.integers(0, 60), days=st.integers(1, 60))
def test_everybody_is_somebody_and_arrives_within_the_playtest(playtest, slug, people, days):
    players = find_players(playtest, slug, people, days)
    assert players == find_players(playtest, slug, people, days)
    assert len({player.key for player in players}) == len(players) <= people
    for player in players:
        assert 5 <= player.skill <= 95
        assert 3 <= player.patience <= 10
        assert 2 <= player.leisure <= 30
        assert 0 <= player.openness <= 1
        assert 0 <= player.keen <= 1
        assert 0 <= player.installed < days


def test_five_hundred_people_give_every_game_what_learning_needs():
    found = [len(find_players("1:a:b", f"game-{number}", 500, 14)) for number in range(40)]
    assert min(found) >= 100
    assert max(found) <= 260
    assert max(found) > 1.3 * min(found), "games differ in how many find them"


def test_more_people_are_the_same_ones_and_some_more():
    few, many = (find_players("1:a:b", "reef-dash", people, 14) for people in (200, 400))
    assert many[: len(few)] == few
    assert len(many) > len(few)


def test_people_come_every_day_and_most_of_them_early():
    days = [player.installed for player in find_players("1:a:b", "reef-dash", 5000, 14)]
    counts = [days.count(day) for day in range(14)]
    assert min(counts) > 0
    assert sum(counts[:7]) > 2 * sum(counts[7:])


def test_skills_spread_around_the_casual_player():
    skills = sorted(player.skill for player in find_players("1:a:b", "reef-dash", 2000, 14))
    assert skills[len(skills) // 10] < 40
    assert skills[-len(skills) // 10] > 70


@pytest.mark.parametrize("other", [("2:a:b", "reef-dash"), ("1:a:c", "reef-dash"), ("1:a:b", "pit-run")])
def test_another_playtest_or_game_has_other_players(other):
    first, second = find_players("1:a:b", "reef-dash", 300, 14), find_players(*other, 300, 14)
    assert not {player.key for player in first} & {player.key for player in second}
    shape = [(player.installed, player.keen) for player in first]
    assert shape != [(player.installed, player.keen) for player in second]


def test_one_person_is_as_skilled_in_every_game():
    games = [find_players("1:a:b", slug, 300, 14) for slug in ("reef-dash", "pit-run")]
    skills = [{player.key.rsplit(":", 1)[1]: player.skill for player in players} for players in games]
    both = skills[0].keys() & skills[1].keys()
    assert len(both) > 10
    assert all(skills[0][number] == skills[1][number] for number in both)
