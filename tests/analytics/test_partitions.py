"""Room for the coming months' events."""

import datetime as dt
from itertools import pairwise

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.analytics.partitions import coming, list_months, make_ahead
from tests.factory_rows import add_game

TODAY = dt.date(2031, 11, 30)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2190, 1, 1)), st.integers(0, 24))
def test_the_coming_months_follow_each_other(today, ahead) -> None:
    months = coming(today, ahead)
    assert months[0] == today.replace(day=1)
    assert len(months) == ahead + 1
    for earlier, later in pairwise(months):
        assert later == (earlier + dt.timedelta(days=32)).replace(day=1)


def test_missing_months_are_made_once(engine, connection) -> None:
    wanted = [dt.date(2031, 11, 1), dt.date(2031, 12, 1), dt.date(2032, 1, 1)]
    assert make_ahead(engine, TODAY, 2) == wanted
    assert make_ahead(engine, TODAY, 2) == []
    assert [month.month for month in list_months(connection)][-3:] == wanted


def test_months_say_what_they_hold(engine, connection) -> None:
    make_ahead(engine, TODAY, 0)
    with engine.begin() as other:
        add_game(other)
        other.execute(
            sa.text(
                "INSERT INTO analytics_events (game_id, event_type, timestamp)"
                " SELECT id, 'game_start', '2031-11-05' FROM games, generate_series(1, 50)"
            )
        )
        other.execute(sa.text("ANALYZE analytics_events"))
    months = {month.month: month for month in list_months(connection)}
    full = months[dt.date(2031, 11, 1)]
    assert full.events == 50
    assert full.size_bytes > min(month.size_bytes for month in months.values())


def test_a_detached_month_is_not_listed(engine, connection) -> None:
    make_ahead(engine, TODAY, 0)
    with engine.begin() as other:
        other.execute(sa.text("ALTER TABLE analytics_events DETACH PARTITION analytics_events_2031_11"))
    assert dt.date(2031, 11, 1) not in [month.month for month in list_months(connection)]
