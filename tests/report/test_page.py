"""The page's numbers are the database's, whatever the names are and however much or little there is."""

import datetime as dt
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from gamefactory_dagster.cli import app
from gamefactory_dagster.report import commands, reading
from gamefactory_dagster.report.commands import collect
from gamefactory_dagster.report.document import POLICY
from gamefactory_dagster.report.facts import Window
from gamefactory_dagster.report.page import render
from tests import factory_rows

from .conftest import (
    UNTIL,
    add_days,
    add_events,
    add_metrics,
    add_reported,
    add_runs,
)

VOID = {"meta", "link", "br", "img", "input"}


class Page(HTMLParser):
    """A page taken apart: tables by id, tiles by id, every element; fails on tags that do not match."""

    def __init__(self, html):
        super().__init__()
        self.open, self.elements, self.tables, self.values, self.texts = [], [], {}, {}, {}
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self.open.append((tag, attributes.get("id")))
        if tag == "tr":
            self.tables.setdefault(self._inside("table"), []).append([])
        elif tag in {"td", "th"}:
            self._row().append("")
        elif tag == "data":
            self._inside_cell("value", attributes["value"])
            self.values.setdefault(self._inside("li"), []).append(attributes["value"])

    def handle_startendtag(self, tag, pairs):
        self.elements.append((tag, dict(pairs)))

    def handle_endtag(self, tag):
        if tag not in {"path", "rect"} or self.open[-1][0] == tag:
            assert self.open.pop()[0] == tag

    def handle_data(self, text):
        if self._inside("data") is not None:
            return
        self._inside_cell("text", text)
        for _, name in self.open:
            if name:
                self.texts[name] = self.texts.get(name, "") + text

    def _inside(self, tag):
        return next((name or "" for kind, name in reversed(self.open) if kind == tag), None)

    def _row(self):
        return self.tables[self._inside("table")][-1]

    def _inside_cell(self, _, text):
        if self._inside("td") is not None or self._inside("th") is not None:
            self._row()[-1] += text

    def rows(self, table):
        """A table's rows without its heading."""
        return self.tables[table][1:]


def read(engine, days=30, last=None):
    return Page(render(collect(engine, days, last)))


def one(engine, statement, **parameters):
    [row] = factory_rows.rows(engine, statement, **parameters)
    return row


def numbers(row):
    return [None if cell == "–" else float(cell) for cell in row]


IN_WINDOW = "date BETWEEN '2026-03-01' AND '2026-03-30'"


def test_headline_numbers_are_sums_of_the_window(filled, engine):
    page = read(engine)
    row = one(engine, f"""
        SELECT sum(installs), round(sum(dau) / 30.0), sum(dau) FILTER (WHERE date = '2026-03-30'),
            sum(ad_revenue_cents + iap_revenue_cents), sum(ad_revenue_cents), sum(iap_revenue_cents),
            sum(retained_d1)::float / sum(cohort_d1), sum(retained_d7)::float / sum(cohort_d7),
            sum(levels_completed)::float / sum(levels_completed + levels_failed)
        FROM game_metrics WHERE {IN_WINDOW}
    """)  # fmt: skip
    shown = [
        *page.values["installs"], *page.values["active"], *page.values["revenue"], page.values["day-1"][0],
        page.values["day-7"][0], page.values["completion"][0],
    ]  # fmt: skip
    assert [float(value) for value in shown] == pytest.approx([float(value) for value in row], abs=1e-6)
    assert row[0] > 10_000


def test_changes_compare_with_as_many_days_before(filled, engine):
    now, before = one(engine, f"""
        SELECT sum(installs) FILTER (WHERE {IN_WINDOW}), sum(installs) FILTER (WHERE NOT {IN_WINDOW})
        FROM game_metrics WHERE date >= '2026-01-30'
    """)  # fmt: skip
    fall = 100 * (before - now) / before
    assert f"▼ {fall:.1f}%" in read(engine).texts["installs"]


def test_nothing_is_compared_with_days_nobody_computed(filled, engine):
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM rollup_days WHERE date = '2026-02-10'"))
        connection.execute(sa.text("DELETE FROM game_metrics WHERE date = '2026-02-10'"))
    html = render(collect(engine, 30))
    assert "▼" not in html
    assert "Nothing is compared" in html


def test_the_table_of_games_is_the_database_s(filled, engine):
    page = read(engine)
    wanted = factory_rows.rows(engine, f"""
        SELECT name, initcap(genre), sum(installs), sum(dau) FILTER (WHERE date = '2026-03-30'),
            sum(retained_d1)::float / sum(cohort_d1), sum(retained_d7)::float / sum(cohort_d7),
            sum(levels_completed)::float / sum(levels_completed + levels_failed),
            sum(ad_impressions)::float / sum(ad_prompts), sum(ad_revenue_cents + iap_revenue_cents),
            max(score) FILTER (WHERE date = '2026-03-30')
        FROM games JOIN game_metrics ON game_id = games.id WHERE {IN_WINDOW}
        GROUP BY name, genre ORDER BY sum(installs) DESC
    """)  # fmt: skip
    rows = page.rows("game-table")
    assert len(rows) == 14
    assert sorted(row[0] for row in rows) == sorted(row[0] for row in wanted)
    assert [row[2] for row in rows] == [str(row[2]) for row in wanted]
    by_name = {row[0]: row for row in rows}
    for name, genre, *values in wanted:
        assert by_name[name][1] == genre
        assert numbers(by_name[name][2:]) == pytest.approx([float(value) for value in values], abs=1e-6)


def test_levels_are_counted_from_raw_events_of_the_window_alone(filled, engine):
    with engine.begin() as connection:
        add_events(connection, filled[0], players=5, date=UNTIL - dt.timedelta(30), seed=9)
        add_runs(connection, filled[0])
    page = read(engine)
    wanted = factory_rows.rows(engine, """
        SELECT level, count(DISTINCT user_id), count(*) FILTER (WHERE event_type = 'level_start'),
            count(*) FILTER (WHERE event_type = 'level_complete'),
            count(*) FILTER (WHERE event_type = 'level_fail')
        FROM analytics_events JOIN games ON games.id = game_id
        WHERE slug = 'game-0' AND timestamp >= '2026-03-01Z' AND level IS NOT NULL
        GROUP BY level ORDER BY level
    """)  # fmt: skip
    rows = page.rows("funnel-0")
    assert [tuple(int(cell) for cell in row[:5]) for row in rows] == wanted
    assert numbers(row[5] for row in rows) == pytest.approx(
        [row[3] / (row[3] + row[4]) for row in wanted], abs=1e-6
    )
    assert len(wanted) == 6
    assert len([table for table in page.tables if table.startswith("funnel-")]) == reading.FUNNELS


def test_raw_events_are_read_for_thirty_days_at_most(filled, engine):
    with engine.begin() as connection:
        add_events(connection, filled[0], players=5, date=UNTIL - dt.timedelta(30), seed=9)
    page = read(engine, days=60)
    assert page.rows("funnel-0") == read(engine, days=30).rows("funnel-0")
    assert "1 Mar – 30 Mar 2026 only" in page.texts["levels"]
    assert len(page.rows("by-day")) == 60


def test_many_levels_are_cut_and_it_is_said(engine):
    with engine.begin() as connection:
        game = add_reported(connection, 0)
        add_metrics(connection, game)
        add_events(connection, game, players=300, levels=40)
    page = read(engine, last=UNTIL)
    assert len(page.rows("funnel-0")) == reading.LEVELS
    assert re.search(r"first 15 of \d\d levels", page.texts["funnel-0-caption"])


def test_an_archived_month_is_named_once(filled, engine):
    with engine.begin() as connection:
        for month, part in (("2026-02-01", 1), ("2026-03-01", 1), ("2026-03-01", 2)):
            factory_rows.insert(
                connection, "event_archives", month=month, part=part, url="file:///a", events=1,
                size_bytes=1, checksum="c",
            )  # fmt: skip
    assert "The raw events of March 2026 are archived" in read(engine).texts["levels"]
    longer = read(engine, days=31, last=UNTIL - dt.timedelta(2)).texts["levels"]
    assert "February 2026, March 2026 are archived" in longer


def test_simulated_players_are_called_that(filled, engine):
    assert "playtest" not in read(engine).texts["levels"]
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE analytics_events SET device_info = CAST(:mark AS jsonb) WHERE level = 1"),
            {"mark": '{"traffic": "playtest"}'},
        )
    assert "of the events shown come from playtest bots" in read(engine).texts["levels"]


def test_days_and_retention_are_the_database_s(filled, engine):
    page = read(engine)
    wanted = factory_rows.rows(engine, f"""
        SELECT sum(installs), sum(dau), sum(ad_revenue_cents), sum(iap_revenue_cents)
        FROM game_metrics WHERE {IN_WINDOW} GROUP BY date ORDER BY date DESC
    """)  # fmt: skip
    assert [tuple(int(cell) for cell in row[1:]) for row in page.rows("by-day")] == wanted
    installs, d1, c1, d7, c7, d30, c30 = one(engine, f"""
        SELECT sum(installs), sum(retained_d1), sum(cohort_d1), sum(retained_d7), sum(cohort_d7),
            sum(retained_d30), sum(cohort_d30)
        FROM game_metrics WHERE {IN_WINDOW}
    """)  # fmt: skip
    assert [[int(cell) for cell in row[2:]] for row in page.rows("retention")] == [
        [installs, installs], [d1, c1], [d7, c7], [d30, c30],
    ]  # fmt: skip


def test_the_weights_shown_are_those_that_moved_most(filled, engine):
    page = read(engine)
    tables = [page.rows(name) for name in page.tables if re.fullmatch(r"weights-\d+", name or "")]
    assert len(tables) == 6
    shown = sorted(float(row[2]) for rows in tables for row in rows)
    wanted = factory_rows.rows(engine, """
        SELECT weight FROM (
            SELECT weight, row_number() OVER (PARTITION BY genre ORDER BY abs(ln(weight)) DESC) AS place
            FROM learning_weights WHERE sample_count > 0
        ) AS ranked WHERE place <= 6
    """)  # fmt: skip
    assert shown == sorted(float(weight) for (weight,) in wanted)
    assert all([float(row[2]) for row in rows] == sorted((float(row[2]) for row in rows), reverse=True)
               for rows in tables)  # fmt: skip


def test_states_and_data_quality_are_the_database_s(filled, engine):
    page = read(engine)
    assert dict(page.rows("games-by-status")) == {
        "Published": "14", "In progress": "1", "Created": "1", "Failed": "1",
    }  # fmt: skip
    assert dict(page.rows("batches-by-status")) == {"Completed": "1", "Running": "1"}
    assert page.rows("quarantine") == [["Unknown game", "7", "29 Mar 2026"], ["Not json", "2", "12 Mar 2026"]]
    assert [row[1] for row in page.rows("rollups")] == ["30 Mar 2026", "2", "0", "42", "0"]
    wants = page.texts["report"].split("Installs")[0]
    troubles = ("1 game failed", "Metrics end on 30 Mar 2026", "2 days to compute again", "9 events in")
    assert [trouble for trouble in troubles if trouble not in wants] == []


def test_days_left_out_count_from_the_first_one_computed(engine):
    with engine.begin() as connection:
        add_days(connection, days=10)
        connection.execute(sa.text("DELETE FROM rollup_days WHERE date = '2026-03-25'"))
    assert collect(engine, 30).rollups.missing == 1


def test_an_empty_factory_has_a_page_too(engine):
    page = read(engine)
    facts = collect(engine, 30)
    assert facts.window == Window.ending(facts.made_at.date() - dt.timedelta(1), 30)
    assert page.values["installs"] == ["0"]
    assert "Nothing needs attention" in page.texts["report"]
    for part in ("trends", "games", "levels", "learning", "production", "data"):
        assert page.texts[part]
    assert "Order a first batch" in page.texts["games"]


HOSTILE = [
    '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "</style><h1>", "a & b &lt;",
    "\u202edrawkcab", "{0} %s $x$", "x" * 255,
]  # fmt: skip


def test_names_are_only_names_and_links_only_web(engine):
    with engine.begin() as connection:
        for number, name in enumerate(HOSTILE):
            url = ("javascript:alert(1)", 'http://x/"onclick="y', "data:text/html,x", "http://[", None)
            game = add_reported(connection, number, name=name, genre=name[:99], play_url=url[number % 5])
            add_metrics(connection, game, days=3, size=20 + number)
            add_events(connection, game, players=9, levels=2)
        mechanic = one(engine, "SELECT id FROM mechanics LIMIT 1")[0]
        factory_rows.insert(
            connection, "learning_weights", mechanic_id=mechanic, genre="<b>", weight=2, sample_count=3
        )
    page = read(engine, last=UNTIL)
    assert sorted(row[0] for row in page.rows("game-table")) == sorted(HOSTILE)
    kinds = {tag for tag, _ in page.elements}
    assert kinds.isdisjoint({"script", "img", "iframe", "b"})
    assert [tag for tag, _ in page.elements].count("h1") == 1
    links = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
    assert [link for link in links if not link.startswith("#")] == ['http://x/"onclick="y'] * 2
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)


def test_a_thousand_games_stay_a_small_page_that_says_so(engine):
    with engine.begin() as connection:
        factory_rows.insert(connection, "batches", name="big", game_count=1000)
        connection.execute(
            sa.text("""
            INSERT INTO games (name, slug, genre, status, play_url)
            SELECT 'A game with a rather long name ' || n, 'g' || n, 'genre ' || n % 40, 'published',
                'http://127.0.0.1:3001/games/a-game-with-a-rather-long-name-' || n
            FROM generate_series(1, 1000) AS n
        """)
        )
        connection.execute(
            sa.text("""
            INSERT INTO game_metrics (game_id, date, installs, dau, cohort_d1)
            SELECT id, CAST('2026-03-30' AS date) - back, 1000000 + back, 2000000, 5
            FROM games, generate_series(0, 9) AS back
        """)
        )
        connection.execute(
            sa.text("""
            INSERT INTO learning_weights (mechanic_id, genre, weight, sample_count)
            SELECT mechanics.id, 'genre ' || n, 2.5, 9 FROM mechanics, generate_series(0, 39) AS n
        """)
        )
    html = render(collect(engine, 366, UNTIL))
    assert len(html.encode()) < 600_000
    page = Page(html)
    assert len(page.rows("game-table")) == reading.GAMES
    assert "100 of 1,000 games" in page.texts["games"]


def test_the_page_reads_well_by_ear_and_asks_for_nothing(filled, engine):
    page = read(engine)
    assert ("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY}) in page.elements
    sources = {name for _, attributes in page.elements for name in attributes} & {"src", "srcset", "data"}
    assert sources == set()
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        assert attributes.get("aria-labelledby", ids[0]) in ids
        target = attributes.get("href", "")
        assert not target.startswith("#") or target[1:] in ids
    headings = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(deeper - above <= 1 for above, deeper in pairwise(headings))
    tags = [tag for tag, _ in page.elements]
    assert tags.count("table") == tags.count("caption") == len(page.tables)
    assert all(attributes.get("scope") in {"col", "row"} for tag, attributes in page.elements if tag == "th")
    pictures = [attributes for _, attributes in page.elements if attributes.get("role") == "img"]
    assert len(pictures) == 3
    assert all(len(picture["aria-label"]) > 40 for picture in pictures)


@pytest.fixture
def command(engine, settings, monkeypatch):
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: settings)
    return lambda *arguments: CliRunner().invoke(app, ["report", *map(str, arguments)])


def test_the_command_writes_the_page_whole(command, filled, tmp_path):
    output = tmp_path / "monday.html"
    output.write_text("old")
    done = command("--output", output, "--days", 7)
    assert done.exit_code == 0, done.output
    assert "2026-03-24 to 2026-03-30" in done.output
    page = Page(output.read_text(encoding="utf-8"))
    assert len(page.rows("by-day")) == 7
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["monday.html"]


def test_the_command_opens_the_page_when_asked(command, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(commands.webbrowser, "open", opened.append)
    output = tmp_path / "r.html"
    assert command("--output", output, "--until", "2026-03-12").exit_code == 0
    assert opened == []
    assert command("--output", output, "--open").exit_code == 0
    assert opened == [output.as_uri()]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [(["--until", "yesterday"], "--until"), (["--until", "0001-01-01"], "--until"),
     (["--output", "/nowhere/at/all.html"], "--output"), (["--output", "/"], "--output")],
)  # fmt: skip
def test_the_command_refuses_what_makes_no_sense(command, arguments, field):
    done = command(*arguments)
    assert done.exit_code == 1
    assert str(done.exception).startswith(f"{field}: ")
