"""Frames say what the tables say, in the same types however few rows there are."""

import datetime as dt
import decimal

import pandas as pd
import pyarrow.parquet
import pytest

from gamefactory_dagster.analytics import arrow, frames
from gamefactory_dagster.analytics.export import export_parquet
from gamefactory_dagster.analytics.rollup import refresh
from gamefactory_dagster.analytics.scoring import Scoring
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.settings import Settings
from tests.factory_rows import add_games, rows

from .archives import RECEIVED, odd_events, store
from .test_events import GAME, OTHER

FIRST, LAST = dt.date(2020, 1, 1), dt.date(2020, 1, 31)
DAYS = [FIRST + dt.timedelta(days) for days in range(31)]


@pytest.fixture
def played(engine):
    """A month of odd events of two games, computed."""
    add_games(engine, {GAME: "runner", OTHER: "puzzle"})
    store(engine, odd_events(FIRST))
    refresh(engine, DAYS, Scoring.of(Settings()))
    return engine


def table(engine, statement):
    return [tuple(row) for row in rows(engine, statement)]


def cells(frame, columns):
    """The frame's rows as Python values, None for what is missing."""
    picked = frame[list(columns)].astype(object)
    return [tuple(row) for row in picked.where(picked.notna(), None).itertuples(index=False)]


def test_metrics_are_the_table_s(played):
    frame = frames.metrics("2020-01-01", LAST, engine=played)
    expected = table(
        played,
        "SELECT CAST(game_id AS text), date, installs, retention_d1, score FROM factory.game_metrics"
        " ORDER BY date, game_id",
    )
    assert len(expected) > 8
    found = cells(frame, ["game_id", "date", "installs", "retention_d1", "score"])
    assert found == [
        (game, pd.Timestamp(day), installs, rate if rate is None else float(rate), float(score))
        for game, day, installs, rate, score in expected
    ]
    assert any(row[3] is None for row in expected) and any(row[3] is not None for row in expected)
    assert str(frame["date"].dtype) == "datetime64[s]"
    assert {str(frame[name].dtype) for name in ("installs", "cohort_d7", "ad_revenue_cents")} == {"Int64"}
    assert {str(frame[name].dtype) for name in ("retention_d7", "score")} == {"Float64"}


def test_player_days_are_the_table_s_in_seconds(played):
    frame = frames.player_days(FIRST, LAST, engine=played)
    expected = table(
        played,
        "SELECT date, user_id, events, session_micros, ad_revenue_micros FROM factory.player_days"
        " ORDER BY date, game_id, user_id",
    )
    found = cells(frame, ["date", "user_id", "events", "session_seconds", "ad_revenue_micros"])
    assert found == [
        (pd.Timestamp(day), user, events, micros / 1e6, int(revenue))
        for day, user, events, micros, revenue in expected
    ]
    assert 2**62 in {row[-1] for row in found}
    assert {None, ""} <= {row[1] for row in found}


def test_a_day_s_events_are_all_there_to_the_letter(played):
    one, last = frames.events("2020-01-01", engine=played), frames.events(LAST, engine=played)
    expected = table(
        played,
        "SELECT CAST(id AS text), timestamp, user_id, session_id, level, CAST(properties AS text)"
        " FROM factory.analytics_events WHERE timestamp < '2020-01-02Z' ORDER BY timestamp, id",
    )
    columns = ["event_id", "timestamp", "user_id", "session_id", "level", "properties"]
    assert cells(one, columns) == [(row[0], pd.Timestamp(row[1]), *row[2:]) for row in expected]
    assert len(one) == 3 and len(last) == 1
    assert str(one["timestamp"].dtype) == "datetime64[us, UTC]"
    assert set(one["received_at"]) == {pd.Timestamp(RECEIVED)}


def test_weights_and_games_are_named(played):
    rows(
        played,
        "INSERT INTO factory.learning_weights (mechanic_id, genre, weight, sample_count)"
        " SELECT id, 'runner', 2.6431, 7 FROM factory.mechanics WHERE name = 'tap_jump'",
    )
    learned = frames.weights(engine=played)
    found = cells(learned, ["genre", "mechanic", "weight", "sample_count"])
    assert found == [("runner", "tap_jump", 2.6431, 7)]
    games = frames.games(engine=played)
    assert set(games["game_id"]) == {GAME, OTHER}
    joined = frames.metrics(FIRST, LAST, engine=played).merge(games, on="game_id")
    assert set(joined["genre"]) == {"runner", "puzzle"}


@pytest.mark.parametrize("name", ["metrics", "player_days", "events"])
def test_without_rows_the_types_are_the_same(played, name):
    full = pd.concat(frames.parts(name, FIRST, LAST, engine=played))
    empty = frames._whole(name, played, dt.date(2019, 1, 1), dt.date(2019, 1, 1))
    assert len(full) > 3 and len(empty) == 0
    assert list(full.dtypes.items()) == list(empty.dtypes.items())


def test_parts_are_small_and_together_the_whole(played, monkeypatch):
    monkeypatch.setattr(arrow, "ROWS", 3)
    parts = list(frames.parts("events", FIRST, LAST, engine=played))
    assert [len(part) for part in parts] == [3, 3, 2]
    assert list(pd.concat(parts)["timestamp"]) == sorted(pd.concat(parts)["timestamp"])


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (("metrics", "2020-02-01", "2020-01-01"), "last"),
        (("metrics", "yesterday", "2020-01-01"), "first"),
        (("events", None, None), "first"),
        (("revenue", FIRST, LAST), "name"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(engine, asked, field):
    with pytest.raises(InputError) as refusal:
        list(frames.parts(*asked, engine=engine))
    assert refusal.value.field == field


def test_export_as_parquet_keeps_exact_decimals(played, tmp_path):
    file = tmp_path / "metrics.parquet"
    with played.connect() as connection:
        number = export_parquet(connection, file, FIRST, LAST)
    found = pyarrow.parquet.read_table(file)
    assert found.num_rows == number == table(played, "SELECT count(*) FROM factory.game_metrics")[0][0]
    expected = table(played, "SELECT score FROM factory.game_metrics ORDER BY date, game_id")
    assert [(score,) for score in found["score"].to_pylist()] == expected
    assert isinstance(found["score"][0].as_py(), decimal.Decimal)
