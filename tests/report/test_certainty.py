"""How sure the page says it is, what it warns of, and what it leaves out."""

import base64
import io
import re

import pytest
import sqlalchemy as sa
from PIL import Image

from gamefactory_dagster.analytics.trends import interval_of
from gamefactory_dagster.report.commands import collect
from gamefactory_dagster.report.page import render
from gamefactory_dagster.studio.shipping.published import HereGames
from tests import factory_rows

from .conftest import UNTIL, add_metrics, add_reported
from .test_page import Page

BETWEEN = re.compile(r'<small class="between"[^>]*>([\d.]+)–([\d.]+)</small>')


def html_of(engine, **options):
    return render(collect(engine, 30, UNTIL, **options))


def add_tries(connection, game, level, won, lost):
    connection.execute(sa.text("SELECT ensure_events_partition('2026-03-30Z')"))
    for kind, number in (("level_complete", won), ("level_fail", lost)):
        connection.execute(
            sa.text(
                "INSERT INTO factory.analytics_events (id, game_id, event_type, user_id, level, timestamp)"
                " SELECT gen_random_uuid(), :game, :kind, 'u' || n, :level, '2026-03-30T12:00:00Z'"
                " FROM generate_series(1, :number) AS n"
            ),
            {"game": game, "kind": kind, "level": level, "number": number},
        )


def test_every_rate_says_between_what_it_may_be(engine):
    with engine.begin() as connection:
        game = add_reported(connection, 0)
        add_metrics(connection, game)
        add_tries(connection, game, 1, won=30, lost=10)
    html = html_of(engine)
    row = factory_rows.rows(
        engine,
        "SELECT sum(retained_d1), sum(cohort_d1), sum(retained_d7), sum(cohort_d7), sum(levels_completed),"
        " sum(levels_completed + levels_failed), sum(ad_impressions), sum(ad_prompts)"
        " FROM factory.game_metrics WHERE date >= '2026-03-01'",
    )[0]
    rates = [(int(part), int(trials)) for part, trials in zip(row[::2], row[1::2], strict=True)]
    wanted = [tuple(f"{100 * bound:.1f}" for bound in interval_of(*rate)) for rate in rates]
    for section, expected in (('<section aria-label="In short"', wanted[:3]), ('id="games"', wanted)):
        part = html.split(section)[1].split("</section>")[0]
        assert BETWEEN.findall(part) == expected
    level = html.split('id="funnel-0"')[1]
    assert BETWEEN.search(level).groups() == ("59.8", "85.8")
    assert 'class="sure"' in html.split('id="trends"')[1]


@pytest.mark.parametrize(
    ("won", "lost", "named"), [(60, 140, True), (2, 4, False), (95, 105, False), (140, 60, False)]
)
def test_a_level_that_most_fail_needs_attention_once_it_is_certain(engine, won, lost, named):
    with engine.begin() as connection:
        game = add_reported(connection, 0, name="Reef Run")
        add_metrics(connection, game)
        add_tries(connection, game, 7, won, lost)
    words = Page(html_of(engine)).texts.get("attention-title", "")
    told = f"of {won + lost} tries fail at" in html_of(engine)
    assert told == named
    assert ("level 7 of" in html_of(engine)) == named
    assert bool(words) or not named


def test_many_hard_levels_are_counted_and_the_hardest_named(engine):
    with engine.begin() as connection:
        game = add_reported(connection, 0)
        add_metrics(connection, game)
        for level in range(1, 9):
            add_tries(connection, game, level, won=40 - 2 * level, lost=100)
    html = html_of(engine)
    assert [int(level) for level in re.findall(r">level (\d+) of", html)] == [8, 7, 6, 5, 4]
    assert "So do most at 3 other levels." in html


@pytest.mark.parametrize(("cents", "shown"), [(0, False), (1, True)])
def test_a_chart_of_no_revenue_is_left_out(engine, cents, shown):
    with engine.begin() as connection:
        game = add_reported(connection, 0)
        add_metrics(connection, game)
        connection.execute(
            sa.text("UPDATE factory.game_metrics SET ad_revenue_cents = 0, iap_revenue_cents = :cents"),
            {"cents": cents},
        )
        connection.execute(
            sa.text(
                "INSERT INTO factory.rollup_days (date, events, game_metrics_at)"
                " VALUES ('2026-03-30', 1, now())"
            )
        )
    assert ("Revenue a day" in html_of(engine)) == shown


@pytest.mark.parametrize(("games", "few"), [(2, True), (4, True), (5, False)])
def test_a_weight_of_few_games_says_so(engine, games, few):
    [mechanic] = factory_rows.rows(engine, "SELECT id FROM mechanics WHERE name = 'tap_jump'")[0]
    with engine.begin() as connection:
        factory_rows.insert(
            connection, "learning_weights", mechanic_id=mechanic, genre="runner", weight=2, sample_count=games
        )
    html = html_of(engine)
    assert ('<small class="few">few</small>' in html) == few
    assert ('class="swing right few"' in html) == few


def test_games_have_their_icons_where_the_files_are(engine, tmp_path):
    with engine.begin() as connection:
        for number in range(3):
            add_metrics(connection, add_reported(connection, number), days=2)
    (tmp_path / "game-0").mkdir()
    Image.new("RGB", (512, 512), (200, 30, 40)).save(tmp_path / "game-0" / "icon.png")
    (tmp_path / "game-1").mkdir()
    (tmp_path / "game-1" / "icon.png").write_bytes(b"no picture")
    html = html_of(engine, published=HereGames(tmp_path))
    [data] = re.findall(r'src="data:image/webp;base64,([^"]+)"', html)
    icon = Image.open(io.BytesIO(base64.b64decode(data)))
    assert icon.size == (64, 64)
    assert icon.getpixel((32, 32))[0] > 150
    assert html.count('<span class="icon-place"') == 2
    Page(html)
