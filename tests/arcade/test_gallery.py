"""The front page: which games it shows, in which order, and that nothing in them can break it."""

from html.parser import HTMLParser
from uuid import uuid4

import pytest

from gamefactory_dagster.arcade.gallery import PAGE_GAMES, Search

from .conftest import GAME, KEY, OTHER, add_published, add_score, serving


class Reader(HTMLParser):
    """The texts and the links of a page."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.links, self.tags = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attributes)["href"])

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def games(self):
        return [link for link in self.links if link.startswith("/games/")]


def read(arcade, path="/"):
    answer = arcade.get(path)
    assert answer.status_code == 200
    return Reader(answer.text)


def test_a_published_game_is_shown_with_all_there_is_to_say(arcade, engine):
    add_score(engine, GAME, "2026-03-01", 12)
    add_score(engine, GAME, "2026-03-02", 63.4)
    html = arcade.get("/").text
    page = Reader(html)
    assert page.games == ["/games/reef-run/"]
    assert {"Reef Run", "Swim.", "runner", "pixel retro", "63"} <= set(page.texts)
    assert "12" not in page.texts
    assert '<img src="/games/reef-run/splash.png"' in html


def test_a_game_without_score_or_picture(arcade, published):
    (published / "splash.png").unlink()
    html = arcade.get("/").text
    assert "No score yet" in html
    assert "—" in Reader(html).texts
    assert "splash.png" not in html


def test_only_published_games_best_first_then_newest(arcade, engine):
    add_published(engine, id=OTHER, slug="older", write_key="k")
    add_published(engine, id=str(uuid4()), slug="newer", write_key="k")
    add_published(engine, id=str(uuid4()), slug="unfinished", write_key="k", status="in_progress")
    add_score(engine, OTHER, "2026-03-01", 10)
    add_score(engine, GAME, "2026-03-01", 20)
    assert read(arcade).games == ["/games/reef-run/", "/games/older/", "/games/newer/"]


def test_search_and_genre(arcade, engine):
    add_published(
        engine,
        id=OTHER,
        slug="sweets",
        name="100% Sweets",
        genre="puzzle",
        style="soft_pastel",
        theme="candy",
    )
    assert len(read(arcade).games) == 2
    for query in (
        "genre=puzzle",
        "q=SWEETS",
        "q=100%25",
        "q=soft+pastel",
        "q=candy",
        "q=puzzle",
        "q=swim&genre=puzzle",
    ):
        assert read(arcade, f"/?{query}").games == ["/games/sweets/"], query
    for query in ("q=_", "q=x%25", "q=swim&genre=arcade", "q=%ff", "genre=%ff"):
        assert read(arcade, f"/?{query}").games == [], query
    assert len(read(arcade, "/?q=%00&genre=%00").games) == 2
    page = read(arcade, "/?q=sw%26x&genre=puzzle")
    assert "No game matches" in page.texts
    assert "/?q=sw%26x&genre=runner" in page.links


def test_pages(arcade, engine):
    for number in range(PAGE_GAMES):
        add_published(engine, id=str(uuid4()), slug=f"g-{number}", write_key="k")
    first, second = read(arcade), read(arcade, "/?page=2")
    assert (len(first.games), len(second.games)) == (PAGE_GAMES, 1)
    assert len({*first.games, *second.games}) == PAGE_GAMES + 1
    assert "/?page=2" in first.links
    assert "Page 2 of 2" in second.texts
    for query in ("page=x", "page=-1", "page=0", "page=99999999999999999999"):
        assert read(arcade, f"/?{query}").games == first.games


def test_with_no_games_the_page_says_how_to_make_some(settings, engine):
    with serving(settings, engine) as arcade:
        page = read(arcade)
    assert "No games yet" in page.texts
    assert any("gamefactory batch submit" in text for text in page.texts)
    assert "form" not in page.tags


def test_what_a_game_says_of_itself_is_text(arcade, engine):
    evil = "<script>alert(1)</script>\"'&"
    add_published(
        engine, id=OTHER, slug="evil", name=evil, genre=evil, style=evil,
        gdd_spec={"tagline": "<img src=x onerror=y>"},
    )  # fmt: skip
    answer = arcade.get("/", params={"q": evil, "genre": evil})
    page = Reader(answer.text)
    assert "script" not in page.tags
    assert evil in page.texts
    assert "onerror" in "".join(page.texts)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_the_pages_own_files(arcade):
    styles = arcade.get("/gallery.css")
    assert styles.headers["content-type"] == "text/css; charset=utf-8"
    assert arcade.get("/favicon.svg").headers["content-type"] == "image/svg+xml"
    assert arcade.get("/gallery.css", headers={"If-None-Match": styles.headers["etag"]}).status_code == 304
    assert arcade.get("/gallery.py").status_code == 404


def test_a_game_learns_where_to_report(arcade, engine):
    answer = arcade.get("/games/reef-run/config.json")
    assert answer.json() == {"game_id": GAME, "write_key": KEY, "endpoint": "/v1/events"}
    assert answer.headers["cache-control"] == "no-store"
    add_published(engine, id=OTHER, slug="unfinished", status="completed")
    for slug in ("unfinished", "none", "x%00", "%ff"):
        assert arcade.raw(f"/games/{slug}/config.json")[0] == 404


def test_health(arcade):
    assert arcade.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("accept", "content_type"), [("text/html,*/*", "text/html; charset=utf-8"), ("*/*", "application/json")]
)
def test_an_error_is_a_page_for_people_and_json_for_programs(arcade, accept, content_type):
    answer = arcade.get("/nothing", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (404, content_type)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_links_leave_out_what_is_empty():
    search = Search(text="a&b", genre="", page=3)
    assert search.link() == "/?q=a%26b&page=3"
    assert search.link(genre="runner", page=1) == "/?q=a%26b&genre=runner"
    assert Search().link() == "/"
