"""The pages of runs: the user's own, for this machine alone, and nothing on them can act."""

import json
import re

import httpx
import pytest

from gamefactory_dagster.arcade import runs
from gamefactory_dagster.arcade.app import create_app
from gamefactory_dagster.ledger.recording import Made
from gamefactory_dagster.settings import LOCAL_USER
from gamefactory_dagster.studio.shipping.artifacts import ArtifactStore
from tests.asking import CLIENT
from tests.ledger.callers import ANN
from tests.ledger.entered import enter, enter_prompts, users
from tests.ledger_rows import read as read_ledger

from .conftest import serving
from .test_gallery import Reader, read

RUN, FAILED, ANNS = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "abc")
PNG, OGG, HTML, SVG = (
    b"\x89PNG\r\n\x1a\n",
    b"OggS" + bytes(range(256)) * 40,
    b"<script>alert(1)</script>",
    b"<svg/>",
)
EVIL = "<script>alert(1)</script>\"'&\u202e\x07"
GAME = {"kind": "game", "game": {"name": "Reef Run", "slug": "reef-run"}}


@pytest.fixture
def store(settings):
    return ArtifactStore(settings.artifacts)


@pytest.fixture
def shown(arcade, engine, store):
    """The arcade's user has a run with a file of each sort, and a failed one; Ann has one too."""
    users(engine)
    made = [
        Made.of(content, kind, store.put("file", content, f".{suffix}").url, type_, path=f"web/a.{suffix}")
        for content, kind, suffix, type_ in (
            (PNG, "image", "png", "image/png"), (OGG, "audio", "ogg", "audio/ogg"),
            (HTML, "build", "html", "text/html; charset=utf-8"), (SVG, "image", "svg", "image/svg+xml"),
        )
    ]  # fmt: skip
    steps = [("core_prototype", "start", {}), ("core_prototype", "note", {"message": "tried 7 drafts"}),
             ("core_prototype", "end", {}), ("testing", "start", {})]  # fmt: skip
    enter(engine, RUN, LOCAL_USER, GAME, events=steps, made=made, status=None)
    enter(engine, FAILED, LOCAL_USER, {"kind": "report", "command": EVIL}, status="failed", message=EVIL)
    enter(engine, ANNS, ANN, {"kind": "game", "game": {"name": "Ann's"}}, made=made)
    enter_prompts(engine, ("reef-run/tagline", "player", "title screen", f"Swim.{EVIL}"))
    return arcade


def artifact(engine, run, suffix):
    [row] = read_ledger(
        engine,
        "SELECT id FROM ledger.artifacts WHERE run_id = :run AND url LIKE :end",
        run=run,
        end=f"%.{suffix}",
    )
    return f"/runs/{run}/artifacts/{row.id}"


def test_the_newest_runs_come_first_and_only_one_s_own(shown):
    page = read(shown, "/runs")
    assert [link for link in page.links if link.startswith("/runs/")] == [f"/runs/{FAILED}", f"/runs/{RUN}"]
    assert {"Reef Run", "running", "failed"} <= set(page.texts)
    assert "Ann's" not in page.texts


def test_runs_by_state(shown):
    assert f"/runs/{RUN}" not in read(shown, "/runs?status=failed").links
    assert "No such run" in read(shown, "/runs?status=cancelled").texts
    for query in ("status=lost", "status=%00", "status="):
        assert f"/runs/{RUN}" in read(shown, f"/runs?{query}").links, query


def test_pages_follow_each_other_by_key(shown, engine, monkeypatch):
    monkeypatch.setattr(runs, "PAGE_RUNS", 2)
    for number in range(3):
        enter(engine, f"{number}{RUN[1:]}", LOCAL_USER)
    path, found = "/runs?status=", []
    while path:
        page = read(shown, path)
        found += [link for link in page.links if re.fullmatch(r"/runs/[0-9a-f-]{36}", link)]
        path = next((link for link in page.links if "after=" in link), None)
    assert len(found) == len(set(found)) == 5
    for key in ("x", "1.", "%00", "9" * 30 + ".a", "1.%00"):
        assert shown.get(f"/runs?after={key}").status_code == 404, key


def test_a_run_s_page_has_its_steps_files_and_texts(shown, engine):
    html = shown.get(f"/runs/{RUN}").text
    page = Reader(html)
    assert {"Reef Run", "core prototype", "testing", "tried 7 drafts", "web/a.html"} <= set(page.texts)
    assert f'<img src="{artifact(engine, RUN, "png")}"' in html
    assert f'src="{artifact(engine, RUN, "ogg")}"></audio>' in html
    assert artifact(engine, RUN, "html") in page.links
    assert artifact(engine, RUN, "svg") in page.links
    assert '<img src="' + artifact(engine, RUN, "svg") not in html
    assert "/games/reef-run/" in page.links
    assert any("Swim." in text for text in page.texts)


def test_a_game_that_is_not_published_is_not_linked(shown, published):
    (published / "index.html").unlink()
    assert "/games/reef-run/" not in read(shown, f"/runs/{RUN}").links


def test_files_come_page_by_page(shown, engine, monkeypatch):
    monkeypatch.setattr(runs, "PAGE_ARTIFACTS", 3)
    first = read(shown, f"/runs/{RUN}")
    [more] = [link for link in first.links if "after=" in link]
    assert artifact(engine, RUN, "svg") not in first.links
    assert artifact(engine, RUN, "svg") in read(shown, more).links
    assert shown.get(f"/runs/{RUN}?after=1.x").status_code == 404


def test_what_a_run_says_is_text(shown):
    for path in ("/runs", f"/runs/{FAILED}", f"/runs/{RUN}"):
        answer = shown.get(path)
        page = Reader(answer.text)
        assert "script" not in page.tags, path
        assert "<script" not in answer.text, path
        assert not {"\u202e", "\x07"} & set(answer.text), path
        assert 'style="' not in answer.text, path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "spec", [[1], "x", None, {"game": [], "kind": {}}, {"game": {"slug": "../x", "name": 1}}]
)
def test_what_was_asked_may_be_anything(shown, engine, spec):
    enter(engine, "odd", LOCAL_USER, spec)
    assert shown.get("/runs/odd").status_code == 200
    assert shown.get("/runs").status_code == 200


def test_another_s_run_is_none_as_one_that_is_not_there(shown, engine):
    unknown = shown.get("/runs/no-such-run")
    assert unknown.status_code == 404
    for path in (f"/runs/{ANNS}", f"/runs/{RUN[:8]}", "/runs/%00", "/runs/%ff", "/runs/latest"):
        assert (shown.get(path).status_code, shown.get(path).text) == (404, unknown.text), path
    none = shown.get(f"/runs/{RUN}/artifacts/{ANNS}").text
    anns = artifact(engine, ANNS, "png")
    for path in (anns, anns.replace(ANNS, RUN), artifact(engine, RUN, "png").replace(RUN, FAILED),
                 f"/runs/{RUN}/artifacts/x", artifact(engine, RUN, "png")[:-1]):  # fmt: skip
        assert (shown.get(path).status_code, shown.get(path).text) == (404, none), path


@pytest.mark.parametrize(("suffix", "content"), [("png", PNG), ("ogg", OGG)])
def test_pictures_and_sounds_are_shown(shown, engine, suffix, content):
    answer = shown.get(artifact(engine, RUN, suffix))
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == {"png": "image/png", "ogg": "audio/ogg"}[suffix]
    assert answer.headers["content-disposition"] == "inline"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("suffix", "content"), [("html", HTML), ("svg", SVG)])
def test_anything_else_is_saved_and_not_shown(shown, engine, suffix, content):
    answer = shown.get(artifact(engine, RUN, suffix))
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f"attachment; filename*=utf-8''a.{suffix}"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_a_name_cannot_add_a_header(shown, engine, store):
    url = store.put("file", b"x", ".bin").url
    enter(
        engine, "named", LOCAL_USER, made=[Made.of(b"x", "file", url, "image/png\r\nx: y", path='a"\r\nx: y')]
    )
    answer = shown.get(artifact(engine, "named", "bin"))
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''a%22%0D%0Ax%3A%20y".replace(
        "%0D%0A", "%20"
    )
    assert "x" not in answer.headers


def test_a_part_of_a_sound(shown, engine):
    def part(wanted):
        answer = shown.get(
            artifact(engine, RUN, "ogg"), headers={"Range": wanted, "Accept-Encoding": "identity"}
        )
        return answer.status_code, answer.content, answer.headers.get("content-range")

    size = len(OGG)
    assert part("bytes=0-1") == (206, OGG[:2], f"bytes 0-1/{size}")
    assert part("bytes=100-") == (206, OGG[100:], f"bytes 100-{size - 1}/{size}")
    assert part(f"bytes=5-{size * 2}") == (206, OGG[5:], f"bytes 5-{size - 1}/{size}")
    for odd in (
        "bytes=7-3",
        f"bytes={size}-",
        "bytes=-5",
        "bytes=0-1,3-4",
        "lines=1-2",
        "bytes=" + "9" * 50 + "-",
    ):
        assert part(odd) == (200, OGG, None), odd


def test_who_has_it_is_not_sent_it_again(shown, engine):
    path = artifact(engine, RUN, "png")
    tag = shown.get(path).headers["etag"]
    assert shown.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert shown.get(path.replace(RUN, FAILED), headers={"If-None-Match": tag}).status_code == 404


def test_a_file_that_is_not_right_is_not_shown(shown, engine, settings):
    [file] = (settings.home / "artifacts").rglob("*.png")
    path = artifact(engine, RUN, "png")
    file.write_bytes(PNG[:-1] + b"!")
    answer = shown.get(path)
    assert (answer.status_code, answer.json()) == (
        404,
        {"error": "This file is changed: as long as it was, but not the same."},
    )
    file.write_bytes(PNG[:-1])
    assert "truncated" in shown.get(path).text
    file.unlink()
    assert "missing" in shown.get(path).text


def test_a_file_somebody_named_is_not_shown(shown, engine, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_bytes(b"secret")
    enter(engine, "named", LOCAL_USER, made=[Made.of(b"secret", "report", secret.as_uri(), "image/png")])
    answer = shown.get(artifact(engine, "named", "txt"))
    assert (answer.status_code, answer.json()) == (404, {"error": "This file is not kept by the factory."})


PATHS = ["/runs", "/runs/", f"/runs/{RUN}", f"/runs/{RUN}/artifacts/{RUN}", "/runs?status=failed"]
IN_BETWEEN = ["X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP"]


def answer(arcade, path, method="GET", **headers):
    found = CLIENT.request(method, arcade.url + path, headers=headers)
    told = {name: value for name, value in found.headers.items() if name != "date"}
    return found.status_code, found.text, told


@pytest.mark.parametrize("path", PATHS)
def test_for_somebody_in_between_there_are_no_runs(shown, path):
    for header in IN_BETWEEN:
        for accept in ("text/html", "*/*"):
            asked = {header: "127.0.0.1", "accept": accept}
            assert answer(shown, path, **asked) == answer(shown, "/nothing", **asked), header
            assert answer(shown, path, "POST", **asked) == answer(shown, "/nothing", "POST", **asked), header


@pytest.mark.parametrize("path", PATHS)
def test_by_another_name_there_are_no_runs(settings, engine, path):
    known = settings.model_copy(update={"hosts": ("games.example",)})
    with serving(known, engine) as arcade:
        for host in ("games.example", "games.example:8080"):
            assert answer(arcade, path, host=host) == answer(arcade, "/nothing", host=host)
        assert answer(arcade, "/runs", host="localhost")[0] == 200


async def asked_from(app, client, path):
    transport = httpx.ASGITransport(app, client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as asking:
        return await asking.get(path)


@pytest.mark.parametrize("client", ["192.168.1.4", "2001:db8::1", "::ffff:8.8.8.8", "", "unknown"])
def test_for_another_machine_there_are_no_runs(settings, engine, client):
    import asyncio

    app = create_app(settings, engine)
    for path in PATHS:
        there = asyncio.run(asked_from(app, client, path))
        assert (there.status_code, there.text) == (
            404,
            asyncio.run(asked_from(app, client, "/nothing")).text,
        ), path
    assert asyncio.run(asked_from(app, "127.0.0.1", "/runs")).status_code == 200
    assert asyncio.run(asked_from(app, "::1", "/runs")).status_code == 200


def test_a_script_reads_no_runs(shown, engine):
    picture = artifact(engine, RUN, "png")
    for path in ("/runs", f"/runs/{RUN}", picture):
        for mode in ("cors", "same-origin", "websocket"):
            assert shown.get(path, headers={"Sec-Fetch-Mode": mode}).status_code == 404, mode
        assert shown.get(path, headers={"Sec-Fetch-Mode": "navigate"}).status_code == 200
    assert shown.get(picture, headers={"Sec-Fetch-Mode": "no-cors"}).status_code == 200


def test_the_gallery_leads_there_those_who_may_see_it(shown):
    assert "/runs" in read(shown).links
    assert "/runs" not in Reader(shown.get("/", headers={"X-Forwarded-For": "127.0.0.1"}).text).links


def test_with_no_runs_the_page_says_so(arcade):
    assert "No runs yet" in read(arcade, "/runs").texts


def test_the_styles_are_there(arcade):
    for name in ("parts", "runs"):
        assert arcade.get(f"/{name}.css").headers["content-type"] == "text/css; charset=utf-8", name


def test_what_was_asked_is_shown_as_it_was(shown):
    [shown_spec] = [text for text in read(shown, f"/runs/{RUN}").texts if text.startswith("{")]
    assert json.loads(shown_spec) == GAME
