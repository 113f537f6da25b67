"""What brings people back: the order of things the model stands on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.playtest import moods

shares = st.floats(0, 1)
contents = st.sampled_from(["open", "declined", "daily", "finished"])


def test_a_win_hard_won_feels_best_and_a_loss_near_the_goal_hurts_least():
    hard_won = moods.feeling(True, 2, 1000, 1, 0.0)
    at_once = moods.feeling(True, 0, 1000, 1, 0.0)
    relief = moods.feeling(True, 5, 1000, 1, 0.0)
    near, far = moods.feeling(False, 0, 950, 0, 0.0), moods.feeling(False, 0, 100, 0, 0.0)
    again = moods.feeling(False, 4, 950, 0, 0.0)
    assert hard_won > relief > at_once > near > far
    assert near > again
    assert moods.feeling(True, 0, 1000, 3, 0.0) > at_once


@given(joy=shares, won=st.booleans(), failed=st.integers(0, 500), progress=st.integers(0, 1000), fresh=shares)
def test_joy_moves_towards_what_was_felt_and_stays_a_share(joy, won, failed, progress, fresh):
    felt = moods.feeling(won, failed, progress, 3 if won else 0, fresh)
    assert felt >= moods.feeling(won, failed, progress, 3 if won else 0, 0.0)
    after = moods.enjoyed(joy, felt)
    assert 0 <= felt <= 1
    assert min(joy, felt) <= after <= max(joy, felt) or after == joy


@given(
    keen=shares, joy=shares, content=contents, seen=shares, age=st.integers(1, 400), away=st.integers(0, 60)
)
def test_the_chance_to_return_is_one_and_falls_with_time_absence_and_what_was_seen(
    keen, joy, content, seen, age, away
):
    def chance(**changes):
        now = {"keen": keen, "joy": joy, "content": content, "seen": seen, "age": age, "away": away}
        return moods.chance_to_return(**(now | changes))

    assert 0 <= chance() <= 1
    assert chance(age=age + 1) <= chance()
    assert chance(away=away + 1) <= chance()
    assert chance(joy=joy / 2) <= chance()
    assert chance(seen=min(1.0, seen + 0.1)) <= chance()
    assert chance(content="open") >= chance()


def test_a_level_is_fresh_by_what_happens_in_it_and_did_not_in_the_first():
    first, same, longer = {"jump": 20, "coin": 20}, {"jump": 20, "coin": 20}, {"jump": 90, "coin": 90}
    rare = {"jump": 20, "coin": 20, "ride": 1}
    twice = {"jump": 20, "coin": 20, "ride": 20, "bounce": 20}
    many = {**twice, "break": 20, "duck": 20}
    fresh = moods.freshness([first, same, longer, rare, twice, many, {"jump": 40}, {}])
    assert fresh[:3] == pytest.approx((0, 0, 0))
    assert 0 < fresh[3] < 0.3
    assert fresh[4:] == pytest.approx((1, 1, 0, 0))


def test_habit_fades():
    def chance(age):
        return moods.chance_to_return(0.6, 0.65, "open", 0.3, age, 0)

    assert chance(1) > 1.1 * chance(7) > 2 * chance(60)


def test_who_stays_away_is_soon_lost_but_never_quite():
    def chance(away):
        return moods.chance_to_return(0.6, 0.65, "open", 0.3, 40, away)

    assert chance(0) > 3.5 * chance(2) > 3.5 * chance(6) > 0.005


def test_who_has_won_everything_comes_back_for_the_day_if_at_all():
    def chance(content, seen=1.0):
        return moods.chance_to_return(0.6, 0.65, content, seen, 3, 0)

    assert chance("open", 0.9) > chance("daily") > 5 * chance("finished") > 0


@given(openness=shares, joy=shares)
def test_the_chance_to_accept_is_one_and_grows_with_joy(openness, joy):
    chance = moods.chance_to_accept(openness, joy)
    assert 0 <= chance <= 1
    assert moods.chance_to_accept(openness, joy / 2) <= chance


@given(openness=shares, joy=shares, progress=st.integers(0, 999))
def test_who_was_near_the_goal_goes_on_and_opening_a_level_is_worth_more(openness, joy, progress):
    chance = moods.chance_to_go_on(openness, joy, progress)
    assert 0 <= chance <= moods.chance_to_go_on(openness, joy, progress + 1)
    assert chance <= moods.chance_to_accept(openness, joy)
