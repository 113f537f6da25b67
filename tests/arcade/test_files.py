"""The published games' files: the right ones, whole, and nothing outside their folders."""

import socket

import pytest

from gamefactory_dagster.arcade.files import find_file
from gamefactory_dagster.studio.shipping.web import GAME_POLICY
from tests.conftest import borrowed, lender

from .conftest import FILES, add_published, publish_files, serving


@pytest.fixture(scope="module")
def standing(server, administrator, tmp_path_factory):
    """One arcade for all that only asks, with secrets around its game."""
    with borrowed(
        server, administrator, lender(server, administrator), tmp_path_factory.mktemp("home")
    ) as lent:
        hide_secrets(lent.settings, publish_files(lent.settings))
        add_published(lent.engine)
        with serving(lent.settings, lent.engine) as arcade:
            yield arcade


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("player.js", "text/javascript; charset=utf-8"),
        ("game.json", "application/json"),
        ("splash.png", "image/png"),
        ("audio/jump.ogg", "audio/ogg"),
        ("manifest.webmanifest", "application/manifest+json"),
        ("notes.unknown", "application/octet-stream"),
    ],
)
def test_a_file_arrives_whole_with_its_type(standing, name, content_type):
    answer = standing.get(f"/games/reef-run/{name}")
    assert (answer.status_code, answer.content) == (200, FILES[name])
    assert answer.headers["content-type"] == content_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == GAME_POLICY


def test_the_folder_is_its_index_page(standing):
    assert standing.get("/games/reef-run/").content == FILES["index.html"]
    answer = standing.get("/games/reef-run")
    assert (answer.status_code, answer.headers["location"]) == (308, "/games/reef-run/")


def test_head_has_no_body(standing):
    status, body = standing.raw("/games/reef-run/player.js", "HEAD")
    assert (status, body) == (200, b"")


def test_what_the_client_has_is_not_sent_again_until_it_changes(arcade, published):
    first = arcade.get("/games/reef-run/game.json")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    again = arcade.get("/games/reef-run/game.json", headers={"If-None-Match": f'"x", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    replacement = published / "new.json"
    replacement.write_bytes(FILES["game.json"].replace(b"Reef", b"Surf"))
    replacement.replace(published / "game.json")
    changed = arcade.get("/games/reef-run/game.json", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.json()) == (200, {"name": "Surf Run"})


def test_text_is_compressed_and_sound_is_not(standing):
    text = standing.get("/games/reef-run/player.js", headers={"Accept-Encoding": "gzip"})
    assert text.headers["content-encoding"] == "gzip"
    assert int(text.headers.get("content-length", 0)) < 1000
    assert text.headers["vary"] == "Accept-Encoding"
    sound = standing.get("/games/reef-run/audio/jump.ogg", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in sound.headers


def test_a_part_of_a_sound_can_be_asked_for(standing):
    answer = standing.get("/games/reef-run/audio/jump.ogg", headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.content) == (206, b"OggS")


def hide_secrets(settings, published):
    """Things that must not be had: beside the games, above them, behind links, hidden."""
    home = settings.published.parent
    (home / "secret.json").write_text("SECRET")
    (settings.published / "loose.json").write_text("SECRET")
    (published / ".hidden.json").write_text("SECRET")
    (published / "empty").mkdir()
    (published / "link.json").symlink_to(home / "secret.json")
    (published / "inside.json").symlink_to(published / "game.json")
    (published / "up").symlink_to(home)
    (settings.published / "linked-out").symlink_to(home)
    (settings.published / "itself").symlink_to("itself")
    (settings.published / "here").symlink_to("there")
    (settings.published / "there").symlink_to("here")
    (published / "itself.json").symlink_to("itself.json")
    (published / "round").symlink_to("round/round")


@pytest.mark.parametrize(
    "path",
    [
        "/games/reef-run/../../secret.json",
        "/games/reef-run/%2e%2e/%2e%2e/secret.json",
        "/games/reef-run/..%2f..%2fsecret.json",
        "/games/reef-run/%252e%252e/secret.json",
        "/games/reef-run/..%5c..%5csecret.json",
        "/games/reef-run/audio/../../../secret.json",
        "/games/../secret.json",
        "/games/%2e%2e/secret.json",
        "/games/..",
        "/games/./loose.json",
        "/games//loose.json",
        "/games/loose.json",
        "/games/loose.json/",
        "/games/reef-run//etc/passwd",
        "/games/reef-run/%2fetc%2fpasswd",
        "//etc/passwd",
        "/games/reef-run/game.json%00.png",
        "/games/reef-run%00/game.json",
        "/games/reef-run/game.json/",
        "/games/reef-run/game.json/x",
        "/games/reef-run/link.json",
        "/games/reef-run/inside.json",
        "/games/reef-run/up/secret.json",
        "/games/linked-out/secret.json",
        "/games/linked-out/published/loose.json",
        "/games/itself/",
        "/games/itself/game.json",
        "/games/here/game.json",
        "/games/reef-run/itself.json",
        "/games/reef-run/round/game.json",
        "/games/reef-run/.hidden.json",
        "/games/reef-run/empty",
        "/games/reef-run/empty/",
        "/games/reef-run/audio",
        "/games/REEF-RUN/game.json",
        "/games/reef_run/game.json",
        "/games/reef-run/" + "a/" * 200 + "x",
        "/games/reef-run/" + "a" * 5000,
        "/games/" + "a" * 5000 + "/game.json",
    ],
)
def test_nothing_else_can_be_had(standing, path):
    status, body = standing.raw(path)
    assert status == 404
    assert b"SECRET" not in body
    assert b"root:" not in body


def test_a_loop_in_the_place_of_all_games_is_no_game(settings, published):
    published.parent.rename(settings.home / "elsewhere")
    settings.published.symlink_to("published")
    assert find_file(settings.published, "reef-run", "game.json") is None


STRANGE = {
    "Range": "bytes=" + "0-1," * 500,
    "If-None-Match": '"' * 5000,
    "If-Modified-Since": "never",
    "If-Range": "\xff",
    "Accept": "text/html;q=nan, " * 300,
    "Accept-Encoding": "gzip;q=-1, \xfe" * 300,
    "Cookie": "=" * 5000,
    "Content-Length": "²",
    "Content-Type": "\xff/\xff;" * 300,
    "Origin": "http://[",
    "Sec-Fetch-Site": "\xff",
    "Host": "[",
    "Expect": "100-continue",
    "X-Forwarded-For": "' OR 1=1 --",
    "Transfer-Encoding": "gzip, gzip",
    "Upgrade": "h2c",
    "Connection": "upgrade, close, keep-alive",
}


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize(
    "path", ["/", "/games/reef-run/", "/games/reef-run/game.json", "/gallery.css", "/no"]
)
def test_no_header_is_a_fault_of_ours(standing, name, path):
    status, body = standing.raw(path, headers={name: STRANGE[name].encode("latin-1")})
    assert status < 500, body


@pytest.mark.parametrize(
    "target",
    ["/%", "/%zz", "/%ff%fe", "/games/%ff/x", "/?q=%ff%00&genre=%00&page=" + "9" * 5000,
     "/?" + "&" * 20_000, "/games/reef-run/%0d%0aX:y", "/" + "%2e%2e%2f" * 500, "*", "http://[/", "//[",
     "/games/reef-run/\xc3\xa9", "/healthz/../healthz", "/config.json", "/games/%00/config.json",
     "/games/" + "x" * 5000 + "/config.json"],
)  # fmt: skip
def test_no_address_is_a_fault_of_ours(standing, target):
    host, port = standing.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        asked = f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        connection.sendall(asked.encode("latin-1"))
        assert connection.recv(4096)[9:10] in {b"2", b"3", b"4"}


def test_the_games_own_folder_may_be_a_link_inside_the_published_ones(settings, published):
    published.rename(settings.published / "reef-run-2")
    published.symlink_to("reef-run-2")
    file, found = find_file(settings.published, "reef-run", "game.json")
    assert file.read_bytes() == FILES["game.json"]
    assert found.st_size == len(FILES["game.json"])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_files_are_only_read(standing, method):
    assert standing.raw("/games/reef-run/game.json", method)[0] == 405
