"""Days and months: what is in a stretch and what is not, across months, years and time zones."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.days import (
    day_bounds,
    day_of,
    day_range,
    first_of,
    midnight,
    month_bounds,
    month_of,
    next_month,
    today,
    yesterday,
)

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2199, 12, 1))


def test_today_is_the_day_in_utc_and_yesterday_the_one_before():
    before = dt.datetime.now(dt.UTC).date()
    assert before <= today() <= dt.datetime.now(dt.UTC).date()
    assert (today() - yesterday()).days == 1


def test_the_day_of_a_moment_is_the_one_in_utc():
    tokyo = dt.timezone(dt.timedelta(hours=9))
    assert day_of(dt.datetime(2026, 3, 1, 8, 59, tzinfo=tokyo)) == dt.date(2026, 2, 28)
    assert day_of(dt.datetime(2026, 3, 1, 9, 0, tzinfo=tokyo)) == dt.date(2026, 3, 1)


@given(DAYS)
def test_a_day_begins_at_midnight_and_ends_where_the_next_begins(day):
    start, end = day_bounds(day)
    assert start == midnight(day) and day_of(start) == day
    assert day_of(end - dt.timedelta(microseconds=1)) == day
    assert end == midnight(day + dt.timedelta(1))


@given(DAYS, st.integers(1, 800))
def test_a_range_has_as_many_days_as_were_asked_for_and_both_its_ends(last, days):
    first = first_of(days, last)
    found = day_range(first, last)
    assert (found[0], found[-1], len(found)) == (first, last, days)
    assert day_bounds(first, last) == (midnight(first), day_bounds(last)[1])


def test_a_range_that_ends_before_it_begins_is_empty():
    assert day_range(dt.date(2026, 3, 2), dt.date(2026, 3, 1)) == []


@given(DAYS)
def test_every_day_is_in_its_month_and_in_no_other(day):
    month = month_of(day)
    start, end = month_bounds(month)
    assert start <= midnight(day) < end
    assert month_of(day_of(end)) == next_month(month) == day_of(end)
    assert month_of(day_of(end - dt.timedelta(microseconds=1))) == month


@pytest.mark.parametrize(
    ("month", "following"),
    [("2026-01", "2026-02"), ("2024-02", "2024-03"), ("2026-11", "2026-12"), ("2026-12", "2027-01")],
)
def test_the_month_after(month, following):
    assert next_month(dt.date.fromisoformat(f"{month}-01")) == dt.date.fromisoformat(f"{following}-01")
