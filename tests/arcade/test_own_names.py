"""Games at names of their own: the game is there, and nothing else is."""

import pytest

from gamefactory_dagster.arcade.guard import OTHER_SITE, game_named, judge
from gamefactory_dagster.arcade.own_names import address_of
from tests.conftest import borrowed, lender

from .conftest import FILES, GAME, KEY, add_published, publish_files, serving
from .sending import event
from .test_guard import request

DOMAINS = ("localhost", "games.example")


@pytest.fixture(scope="module")
def standing(server, administrator, tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    with borrowed(server, administrator, lender(server, administrator), folder) as lent:
        publish_files(lent.settings)
        add_published(lent.engine)
        hosts = ("games.example", "www.games.example", "*.games.example")
        with serving(lent.settings.model_copy(update={"hosts": hosts}), lent.engine) as arcade:
            yield arcade


def at(arcade, host, path="/", method="GET", **headers):
    return arcade.raw(
        path, method, {"Host": host} | {name.replace("_", "-"): headers[name] for name in headers}
    )


@pytest.mark.parametrize("host", ["reef-run.localhost:3001", "Reef-Run.LOCALHOST.", "reef-run.games.example"])
def test_a_game_s_files_are_at_its_name(standing, host):
    for name, content in FILES.items():
        assert at(standing, host, f"/{name}") == (200, content)
    assert at(standing, host) == (200, FILES["index.html"])
    status, config = at(standing, host, "/config.json")
    assert (status, GAME.encode() in config) == (200, True)


@pytest.mark.parametrize(
    "path",
    ["/gallery.css", "/parts.css", "/favicon.svg", "/healthz", "/runs", "/jobs", "/requests", "/api/stats",
     "/v1/", "/games/reef-run/", "/games/reef-run", "//", "/../reef-run/index.html",
     "/%2e%2e/%2e%2e/postgres", "/config.json/", "-other/index.html", "*"],
)  # fmt: skip
def test_nothing_else_is_there(standing, path):
    status, body = at(standing, "reef-run.localhost", path, Accept="text/html")
    assert status in {400, 404}
    assert b"Reef Run" not in body
    assert b"http-equiv" not in body


def test_a_name_of_no_game_is_told_in_words(standing):
    for host in ("nobody.localhost", "postgres.games.example", "localhost.localhost"):
        for path in ("/", "/config.json", "/<b>"):
            status, body = at(standing, host, path, Accept="text/html")
            assert (status, b"There is no such game" in body) == (404, True)
            assert b"src=" not in body
            assert b"href=" not in body
    for host in ("a.b.localhost", "-.localhost", ".localhost", "reef_run.localhost", "reef-run.example"):
        assert at(standing, host)[0] == 421, host


def test_the_arcade_keeps_its_own_names(standing):
    for host in ("localhost", "games.example", "www.games.example", "127.0.0.1"):
        assert b"<h1" in at(standing, host)[1], host


def test_a_game_at_its_name_reports_its_events_and_no_other_page_does(standing):
    origin = "http://reef-run.localhost:3001"
    sent = {"game_id": GAME, "write_key": KEY, "events": [event()]}
    for host, origin_, status in (
        ("reef-run.localhost:3001", origin, 200),
        ("reef-run.localhost:3001", "http://other-game.localhost:3001", 403),
        ("reef-run.localhost:3001", "http://localhost:3001", 403),
        ("localhost:3001", origin, 403),
        ("games.example", "http://reef-run.games.example", 403),
    ):
        answer = standing.send("/v1/events", sent, {"Host": host, "Origin": origin_})
        assert answer.status_code == status, (host, origin_)


def test_a_game_at_its_name_reads_nothing_of_the_arcade():
    domains = frozenset(DOMAINS)
    for site, mode in (("cross-site", "cors"), ("same-site", "no-cors"), ("cross-site", "websocket")):
        headers = [("host", "localhost:3001"), ("sec-fetch-site", site), ("sec-fetch-mode", mode)]
        assert judge(request(*headers), frozenset(), domains) == OTHER_SITE


@pytest.mark.parametrize(
    ("host", "game"),
    [("a.localhost", "a"), ("a-b2.games.example", "a-b2"), ("localhost", None), ("a.b.localhost", None),
     ("a.example", None), ("-a.localhost", None), (".localhost", None), ("a.localhost.", None),
     ("127.0.0.1", None), ("::1", None)],
)  # fmt: skip
def test_names_of_games(host, game):
    assert game_named(host, DOMAINS) == game


@pytest.mark.parametrize(
    ("host", "address"),
    [("localhost:3001", "//reef-run.localhost:3001/"), ("127.0.0.1:3001", "//reef-run.localhost:3001/"),
     ("[::1]:8", "//reef-run.localhost:8/"), ("[::1]", "//reef-run.localhost/"),
     ("games.example", "//reef-run.games.example/"), ("arcade.lan:80", "/games/reef-run/"),
     ("192.168.1.4", "/games/reef-run/"), ("", "/games/reef-run/")],
)  # fmt: skip
def test_where_a_visitor_finds_a_game(host, address):
    assert address_of("reef-run", request(("host", host)), DOMAINS) == address


def test_what_is_too_long_for_a_name_stays_in_its_folder():
    scope = request(("host", "localhost"))
    assert address_of("a" * 63, scope, DOMAINS).startswith("//")
    assert address_of("a" * 64, scope, DOMAINS) == f"/games/{'a' * 64}/"
