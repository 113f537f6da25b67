"""The page says what the report says, whatever the names are and however much or little there is."""

import random
import re
from itertools import pairwise

import pytest

from gamefactory_dagster.replays.analysis import analyse
from gamefactory_dagster.replays.frames import frames
from gamefactory_dagster.replays.report.charts import COLUMNS, columns
from gamefactory_dagster.replays.report.page import REMARKS, render
from gamefactory_dagster.replays.report.player import FIRST, RANKED
from gamefactory_dagster.replays.results import Day, Player, Remark, Report, Tally
from gamefactory_dagster.report.document import POLICY
from tests.report.test_page import Page

from .building import START, game, match, replay, season

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style><h1>", "a & b &lt;", "x" * 300,
    "'\u202edrawkcab", "\U0001f600" * 40, "</title>{0} %s $x$",
)  # fmt: skip


def hostile_report():
    """A match against each of such a name, with such cards, of such a team, and files of such names."""
    made = [
        (
            name,
            replay(match(game(cards={"Ann": HOSTILE, name: (name,)})), players=(("Ann",), (name,)), id=place),
        )
        for place, name in enumerate(HOSTILE)
    ]
    remarks = [Remark(source=name, text=name) for name in HOSTILE]
    return analyse(frames(made), ["Ann", *HOSTILE[:3]], team=HOSTILE[2], unread=remarks, notes=remarks)


@pytest.fixture(scope="module")
def many():
    """A player's 300 matches against 60 opponents."""
    return analyse(frames((source, one) for source, one, _ in season(random.Random(7), 300)), ["Ann"])


def cells(page, table):
    """The first cells of a table's rows and of those that unfold, without the numbers."""
    more = f"{table}-more"
    return page.rows(table) + (page.rows(more) if more in page.tables else [])


def test_the_numbers_of_the_page_are_the_report_s(many):
    page = Page(render(many))
    [ann] = many.players
    won = page.values["player-0-matches"][0], page.values["player-0-games"][0]
    assert [float(value) for value in won] == pytest.approx([ann.matches.rate, ann.games.rate], abs=1e-6)
    assert f"{ann.matches.won} won, {ann.matches.lost} lost" in page.texts["player-0-matches"]
    low, high = (f"{100 * bound:.1f}" for bound in ann.games.interval)
    assert f"{low}–{high}" in page.texts["player-0-games"]
    turns = page.rows("player-0-turns")
    assert [row[0] for row in turns] == [one.name for one in (*ann.turn, *ann.siding)]
    shown = [float(row[1].split()[0]) for row in turns]
    assert shown == pytest.approx([one.games.rate for one in (*ann.turn, *ann.siding)], abs=1e-6)
    first = ann.turn[0].games
    assert turns[0][2].startswith(f"{first.won}–{first.lost}–{first.drawn}{first.n} games")
    assert [row[0] for row in cells(page, "player-0-opponents")] == [one.name for one in ann.opponents]
    assert len(page.rows("player-0-opponents")) == FIRST
    assert f"and {len(ann.opponents) - FIRST} more" in page.texts["player-0"]
    decks = cells(page, "player-0-theirs")
    assert [row[0].rsplit(" ", 2)[0] for row in decks] == [
        one.name for one in ann.opponents_decks if one.cards
    ]
    assert all(re.search(r" \d+% sure$", row[0]) for row in decks)
    ends = [row[0] for row in page.rows("player-0-best")], [row[0] for row in page.rows("player-0-worst")]
    ranked = [one.name for one in ann.cards]
    assert ends == (ranked[:RANKED], ranked[: -RANKED - 1 : -1])
    assert [row[0] for row in page.rows("player-0-between")] == ranked[RANKED:-RANKED]
    assert page.rows("player-0-endings")[-1][3] == str(ann.games.drawn)


def test_names_are_only_names():
    report = hostile_report()
    page = Page(render(report))
    kinds = [tag for tag, _ in page.elements]
    assert {"script", "img", "iframe"}.isdisjoint(kinds)
    assert kinds.count("h1") == kinds.count("title") == kinds.count("style") == 1
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    shown = [row[0] for row in cells(page, "player-0-opponents")]
    assert shown == [
        one.name if len(one.name) <= 80 else f"{'x' * 79}…" for one in report.players[0].opponents
    ]
    assert {"title": "x" * 300} in [attributes for tag, attributes in page.elements if tag == "span"]
    assert [row[0] for row in page.rows("players")] == ["Ann", *HOSTILE[:3], "All together"]
    assert page.texts["report"].count("x" * 79 + "… ") == 2


def test_the_page_reads_well_by_ear_and_asks_for_nothing(many):
    several = analyse(
        frames((source, one) for source, one, _ in season(random.Random(2), 9)), ["Ann", "Opponent 9"]
    )
    for report in (many, several, hostile_report()):
        page = Page(render(report))
        assert ("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY}) in page.elements
        names = {name for _, attributes in page.elements for name in attributes}
        assert names.isdisjoint({"src", "srcset", "data", "action"})
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        links = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
        assert all(link[0] == "#" and link[1:] in ids for link in links)
        headings = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
        assert all(deeper - above <= 1 for above, deeper in pairwise(headings))
        pictures = [attributes for _, attributes in page.elements if attributes.get("role") == "img"]
        assert all(len(picture["aria-label"]) > 40 for picture in pictures)


def test_much_is_cut_and_it_is_said_and_little_looks_like_little(many):
    assert len(render(many).encode()) < 120_000
    remarks = [Remark(source=f"{number}.json", text="is no JSON") for number in range(REMARKS + 4)]
    text = Page(render(many.model_copy(update={"unread": tuple(remarks)}))).texts["report"]
    assert f"{REMARKS + 4} files could not be read" in text
    assert "and 4 more" in text
    one = analyse(frames([("a", replay(match(winner=0, decision="quit"), played_at=None))]), ["Ann"])
    page = Page(render(one))
    assert page.values["player-0-matches"][0] == "1.0"
    assert "–" in page.texts["player-0-games"]
    for said in ("No game was begun", "No card was seen"):
        assert said in page.texts["report"]
    assert "player-0-length" not in page.texts
    nobody = Player(
        name="Ann", matches=Tally(), games=Tally(), turn=(), siding=(), opponents=(), opponents_decks=(),
        own_decks=(), cards=(), endings=(), length=None, days=(),
    )  # fmt: skip
    empty = Page(render(Report(team=None, replays=0, players=(nobody,))))
    assert "There is no match of this player" in empty.texts["report"]


@pytest.mark.parametrize(
    ("span", "wide"), [(2, 1), (40, 1), (41, 7), (280, 7), (281, 14), (14_560, 364), (20_000, 728)],
    ids=["2", "40", "41", "280", "281", "14560", "20000"],
)  # fmt: skip
def test_days_stand_together_so_that_columns_are_few_and_none_is_lost(span, wide):
    first = START.date()
    days = [
        Day(date=date, matches=Tally(won=1))
        for date in (
            first,
            first.fromordinal(first.toordinal() + span // 2),
            first.fromordinal(first.toordinal() + span - 1),
        )
    ]
    made = columns(days)
    assert {(last - start).days + 1 for start, last, _ in made} == {wide}
    assert len(made) <= COLUMNS
    assert sum(tally.n for _, _, tally in made) == len(days)
    assert all(sum(start <= day.date <= last for day in days) == tally.n for start, last, tally in made)
