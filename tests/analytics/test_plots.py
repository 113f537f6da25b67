"""The pictures for the UI: whole, small, the same for the same data, and safe with any name."""

import datetime as dt
import io

import pytest
import sqlalchemy as sa

from gamefactory_dagster.analytics import plots, trends
from tests.factory_rows import add_game, insert

UNTIL = dt.date(2026, 3, 30)
DRAWINGS = (plots.activity, plots.retention, plots.top_games)
HOSTILE = ["$x^$ \\frac{", "<script>alert(1)</script>", "Zürich 東京 🎲", "a\nb\tc" * 40, "%s{}"]


def pixels(png):
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        picture.load()
        return picture.size, picture.convert("RGB").tobytes()


def add_day(connection, game, date, **columns):
    insert(connection, "game_metrics", game_id=game, date=date, **columns)


def fill(connection, names):
    for number, name in enumerate(names):
        game = add_game(connection, f"game-{number}", name=name)
        for back in range(30):
            add_day(
                connection, game, UNTIL - dt.timedelta(back), installs=10 + back, dau=90 - back + number,
                score=50 + number - back / 10, cohort_d1=10, retained_d1=4, cohort_d7=10, retained_d7=1,
            )  # fmt: skip


def test_pictures_are_small_whole_and_the_same_again(connection):
    fill(connection, ["Reef Run", "Tile Town", *HOSTILE, *(f"Game {number}" for number in range(9))])
    for draw in DRAWINGS:
        png = draw(connection, UNTIL)
        assert png == draw(connection, UNTIL)
        assert len(png) < 40_000
        size, _ = pixels(png)
        assert size == (720, 320)


def test_different_data_give_another_picture(connection):
    fill(connection, ["Reef Run"])
    before = [pixels(draw(connection, UNTIL))[1] for draw in DRAWINGS]
    connection.execute(
        sa.text(
            "UPDATE game_metrics SET dau = dau + 50, score = score + 30, retained_d7 = 9 WHERE date = :date"
        ),
        {"date": UNTIL},
    )
    after = [pixels(draw(connection, UNTIL))[1] for draw in DRAWINGS]
    assert all(old != new for old, new in zip(before, after, strict=True))


def test_no_data_gives_a_picture_that_says_so(connection, monkeypatch):
    said = []
    say = plots._say
    monkeypatch.setattr(plots, "_say", lambda axes, message: (said.append(message), say(axes, message)))
    for draw in DRAWINGS:
        assert pixels(draw(connection, UNTIL))[0] == (720, 320)
    assert said == [
        "No players in these 30 days", "Nobody has installed a game yet", "No game has a score yet",
    ]  # fmt: skip


@pytest.mark.filterwarnings("ignore:Glyph .* missing from font")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_only_a_name(connection, name):
    fill(connection, [name])
    assert plots.top_games(connection, UNTIL).startswith(b"\x89PNG")


def test_days_are_sums_over_games_and_know_whether_they_were_computed(connection):
    fill(connection, ["One", "Two"])
    connection.execute(sa.text("DELETE FROM game_metrics WHERE date = ANY(:days)"), {
        "days": [dt.date(2026, 3, 28), dt.date(2026, 3, 29)],
    })  # fmt: skip
    connection.execute(
        sa.text("INSERT INTO rollup_days (date, game_metrics_at) VALUES ('2026-03-28', now())")
    )
    seen = trends.days(connection, dt.date(2026, 3, 27), UNTIL)
    assert [(day.date.day, day.computed, day.installs, day.dau) for day in seen] == [
        (27, True, 26, 87 + 88), (28, True, 0, 0), (29, False, 0, 0), (30, True, 20, 90 + 91),
    ]  # fmt: skip


def test_retention_is_pooled_from_counts_not_averaged(connection):
    first, second = add_game(connection, "one", name="One"), add_game(connection, "two", name="Two")
    add_day(connection, first, UNTIL, installs=3, cohort_d1=1000, retained_d1=100)
    add_day(connection, second, UNTIL, installs=4, cohort_d1=1, retained_d1=1)
    kept = trends.retention(connection, UNTIL, UNTIL)
    assert [(one.day, one.cohort, one.returned) for one in kept] == [
        (0, 7, 7), (1, 1001, 101), (7, 0, 0), (30, 0, 0),
    ]  # fmt: skip
    assert kept[1].share == pytest.approx(101 / 1001)
    assert kept[2].share is None


def test_the_best_are_ranked_by_the_newest_score_in_the_span(connection):
    for number in range(3):
        game = add_game(connection, f"game-{number}", name=f"Game {number}")
        add_day(connection, game, UNTIL - dt.timedelta(5), score=90 - number)
        add_day(connection, game, UNTIL - dt.timedelta(2), score=50 + number)
        add_day(connection, game, UNTIL + dt.timedelta(1), score=99 - number)
    best = trends.best_games(connection, UNTIL - dt.timedelta(29), UNTIL, 2)
    assert [(one.name, float(one.score)) for one in best] == [("Game 2", 52), ("Game 1", 51)]
