"""Which months may be archived, and that examining one changes nothing."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.analytics import archive
from gamefactory_dagster.analytics.archive import examine
from gamefactory_dagster.analytics.months import closes_on, parse_month
from gamefactory_dagster.days import next_month
from gamefactory_dagster.errors import InputError, PermanentError

from .archives import (
    HORIZON,
    JANUARY,
    TODAY,
    events_in,
    run,
)


@pytest.mark.parametrize(("year", "month", "closes"), [(2020, 1, "2020-04-07"), (2020, 12, "2021-03-08")])
def test_a_month_closes_when_the_horizon_and_the_longest_cohort_are_past(year, month, closes):
    assert closes_on(dt.date(year, month, 1), HORIZON).isoformat() == closes


def test_a_month_that_is_not_closed_is_refused(filled, store_url):
    with pytest.raises(InputError, match="from 2020-04-07 on"):
        run(filled, store_url, today=dt.date(2020, 4, 6))
    assert run(filled, store_url, today=dt.date(2020, 4, 7)).events == 8


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM factory.rollup_days WHERE date = '2020-01-03'",
        "UPDATE factory.rollup_days SET events = events + 1 WHERE date = '2020-01-03'",
        "UPDATE factory.rollup_days SET game_metrics_at = NULL WHERE date = '2020-01-03'",
        "UPDATE factory.rollup_days SET player_days_at = NULL WHERE date = '2020-01-03'",
        "UPDATE factory.rollup_days SET stale_since = now() WHERE date = '2020-01-03'",
        "INSERT INTO factory.rollup_days (date, events) VALUES ('2020-01-20', 1)",
    ],
)
def test_a_month_that_is_not_computed_from_all_its_events_is_refused(filled, store_url, change):
    before = events_in(filled)
    with filled.begin() as connection:
        connection.exec_driver_sql(change)
    with pytest.raises(
        PermanentError,
        match="2020-01 cannot be archived while days of it are not computed from all their events",
    ):
        run(filled, store_url)
    assert "not computed" in examine(filled, JANUARY, today=TODAY, horizon_days=HORIZON).problem
    assert events_in(filled) == before


def test_examining_changes_nothing(filled, store_url):
    before = events_in(filled)
    assert examine(filled, JANUARY, today=TODAY, horizon_days=HORIZON).problem is None
    assert "closed" in examine(filled, JANUARY, today=JANUARY, horizon_days=HORIZON).problem
    assert events_in(filled) == before
    assert archive.months_before(filled, dt.date(2020, 2, 1)) == [JANUARY]


@given(st.dates(dt.date(2000, 1, 1), dt.date(2199, 12, 31)))
def test_months_follow_each_other(day):
    first = day.replace(day=1)
    after = next_month(first)
    assert after.day == 1
    assert (after - dt.timedelta(days=1)).replace(day=1) == first
    assert parse_month(f"{day:%Y-%m}", "--month") == first


@pytest.mark.parametrize("text", ["2020", "2020-13", "2020-1", "2020-01-01", "202001", "x", ""])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(InputError, match="--month"):
        parse_month(text, "--month")
