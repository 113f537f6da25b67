"""The score: statement against definition over random metrics, and the cases the rule names."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamefactory_dagster.analytics.scoring import Scoring
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.score import Shares
from gamefactory_dagster.settings import Settings
from tests.analytics.by_definition import Key, scores
from tests.analytics.logs import SCORING, game
from tests.factory_rows import add_games

DAY = dt.date(2026, 3, 10)
TRUSTING = replace(SCORING, prior_players=0, prior_attempts=0, prior_prompts=0)
"""Takes a game's rates as they are."""

GENRES = {game(1): "runner", game(2): "runner", game(3): "puzzle", game(4): "quiz"}

COLUMNS = (
    *("cohort_d1", "retained_d1", "cohort_d7", "retained_d7"),
    *("levels_completed", "levels_failed", "ad_prompts", "ad_impressions"),
)
INSERT = f"""
INSERT INTO game_metrics (game_id, date, {", ".join(COLUMNS)})
VALUES (:game, :date, {", ".join(f":{name}" for name in COLUMNS)})
"""
Rows = dict[Key, dict[str, int]]


@pytest.fixture
def games(engine: sa.Engine, connection: sa.Connection) -> sa.Connection:
    """Four games in three genres; what a test writes is rolled back."""
    add_games(engine, GENRES)
    return connection


def row(**numbers: int) -> dict[str, int]:
    return dict.fromkeys(COLUMNS, 0) | numbers


def scored(
    connection: sa.Connection, rows: Rows, scoring: Scoring = SCORING, days: int = 0
) -> dict[Key, Fraction]:
    """Scores of the rows of DAY and so many days before it."""
    connection.execute(sa.text("DELETE FROM game_metrics"))
    values = [{"game": id, "date": day, **numbers} for (id, day), numbers in rows.items()]
    connection.execute(sa.text(INSERT), values)
    window = {"first_day": DAY - dt.timedelta(days), "last_day": DAY, **scoring.parameters()}
    connection.execute(sa.text(load("analytics/score_game_metrics")), window)
    found = connection.execute(
        sa.text(
            "SELECT game_id::text, date, score FROM game_metrics WHERE date BETWEEN :first_day AND :last_day"
        ),
        window,
    )
    return {(id, day): Fraction(score) for id, day, score in found}


def score_of(connection: sa.Connection, rows: dict[str, dict[str, int]], id: str) -> float:
    return float(scored(connection, {(name, DAY): numbers for name, numbers in rows.items()})[id, DAY])


def rate(draw: st.DrawFn) -> tuple[int, int]:
    trials = draw(st.sampled_from([0, 0, 1, 3, 40, 5000]))
    return trials, draw(st.integers(0, trials))


@st.composite
def metrics(draw: st.DrawFn) -> dict[str, int]:
    (cohort_d1, retained_d1), (cohort_d7, retained_d7) = rate(draw), rate(draw)
    (attempts, completed), (prompts, _) = rate(draw), rate(draw)
    return row(
        cohort_d1=cohort_d1,
        retained_d1=retained_d1,
        cohort_d7=cohort_d7,
        retained_d7=retained_d7,
        levels_completed=completed,
        levels_failed=attempts - completed,
        ad_prompts=prompts,
        ad_impressions=draw(st.sampled_from([0, 1, prompts, 2 * prompts])),
    )


KEYS = st.tuples(st.sampled_from(list(GENRES)), st.integers(0, 14).map(lambda ago: DAY - dt.timedelta(ago)))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.dictionaries(KEYS, metrics(), min_size=1, max_size=20))
def test_the_statement_says_what_the_definition_says(games, rows):
    expected = scores(rows, GENRES)
    found = scored(games, rows, days=14)
    assert found.keys() == expected.keys()
    for key, score in found.items():
        assert abs(score - expected[key]) <= Fraction(1, 10_000)
        assert 0 <= score <= 100


def test_weights_and_priors_are_configuration(games):
    rows = {(game(1), DAY): row(cohort_d7=10, retained_d7=1), (game(2), DAY): row(levels_completed=5)}
    settings = Settings(retention_weight=3, completion_weight=1, ad_opt_in_weight=0, prior_players=0)
    scoring = Scoring.of(settings)
    assert scoring == replace(SCORING, shares=Shares(0.75, 0.25, 0.0), prior_players=0)
    shares = (Fraction(3, 4), Fraction(1, 4), Fraction(0))
    assert scored(games, rows, scoring) == scores(rows, GENRES, shares, (0, 200, 100))


def test_a_game_that_is_best_in_all_has_a_hundred(games):
    best = row(cohort_d7=10**6, retained_d7=10**6, levels_completed=10**6, ad_prompts=100, ad_impressions=100)
    assert score_of(games, {game(1): best}, game(1)) == 100


def test_a_handful_of_players_hardly_moves_a_game_from_its_genres_rates(games):
    many = row(cohort_d7=10_000, retained_d7=1_000, levels_completed=50_000, levels_failed=50_000)
    few = row(cohort_d7=2, retained_d7=2, levels_completed=10)
    rows = {(game(1), DAY): many, (game(2), DAY): few}
    trusting = scored(games, rows, TRUSTING)
    assert [float(trusting[key]) for key in rows] == [pytest.approx(35, abs=0.1), 70]
    wary = scored(games, rows)
    assert [float(wary[key]) for key in rows] == [pytest.approx(35, abs=0.1), pytest.approx(42.7, abs=0.1)]


def test_without_trials_a_game_takes_its_genres_rate_and_the_genre_the_factorys(games):
    some = row(
        cohort_d7=100, retained_d7=10, levels_completed=50, levels_failed=50, ad_prompts=10, ad_impressions=4
    )
    rows = {game(1): some, game(2): row(), game(3): row()}
    expected = 40 * 0.5 + 30 * 0.5 + 30 * 0.4
    assert [score_of(games, rows, id) for id in rows] == [pytest.approx(expected)] * 3


def test_where_nobody_has_trials_the_score_is_nothing(games):
    assert score_of(games, {game(1): row(), game(3): row()}, game(1)) == 0


def test_before_its_seventh_day_a_game_is_judged_by_its_first_and_its_genres_fall(games):
    old = row(cohort_d1=1000, retained_d1=400, cohort_d7=1000, retained_d7=100)
    new = row(cohort_d1=10**6, retained_d1=200_000)
    fall = (100 / 1000) / (200_400 / 1_001_000)  # the genre's D7 over its D1, the new game's D1 included
    expected = 40 * (0.2 * fall) / 0.2
    assert score_of(games, {game(1): old, game(2): new}, game(2)) == pytest.approx(expected, abs=0.02)


def test_starts_of_ads_without_a_prompt_say_nothing_about_opting_in(games):
    shy = row(ad_prompts=1000, ad_impressions=100)
    blunt = row(ad_impressions=5000)
    rows = {game(1): shy, game(2): blunt}
    assert score_of(games, rows, game(1)) == score_of(games, rows, game(2)) == pytest.approx(30 * 0.1)


def test_a_window_holds_seven_days(games):
    completed = {(game(1), DAY - dt.timedelta(ago)): row(levels_completed=1) for ago in (6,)}
    failed = {(game(1), DAY - dt.timedelta(7)): row(levels_failed=10**6)}
    rows = {(game(1), DAY): row()} | completed | failed
    assert scored(games, rows)[game(1), DAY] == 30


@pytest.mark.parametrize("rates", [(50, 60, 30), (190, 1000, 0), (1000, 1000, 1000), (0, 0, 5)])
def test_the_statement_and_the_formula_that_learning_uses_agree(games, rates):
    retained, completed, accepted = rates
    whole = row(
        cohort_d7=1000, retained_d7=retained, levels_completed=completed, levels_failed=1000 - completed,
        ad_prompts=1000, ad_impressions=accepted,
    )  # fmt: skip
    [score] = scored(games, {(game(1), DAY): whole}, TRUSTING).values()
    assert float(score) == pytest.approx(SCORING.shares.points(*(rate / 1000 for rate in rates)), abs=1e-4)
