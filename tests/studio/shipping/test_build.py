"""The bundle: the same each time, smaller without a change of meaning, and refused where it must be."""

import hashlib
import json
import random
import re
import zipfile
from io import BytesIO

import orjson
import pytest

from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.studio.shipping.build import BUDGET, Bundle, WebBuilder, problems, single_html
from gamefactory_dagster.studio.shipping.game_file import game_problems
from gamefactory_dagster.studio.shipping.minify import check_parses, minified_css, minified_html, minified_js
from tests.studio.tiny_game import game, picture, repository_files


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return WebBuilder().build(repository_files(), "1.2.3")


def without(files: dict[str, bytes], path: str) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name != path}


def test_the_bundle_has_what_is_played_and_nothing_else(bundle: Bundle) -> None:
    assert list(bundle.files) == ["audio/win.ogg", "game.json", "icon.png", "index.html", "player.js"]
    assert orjson.loads(bundle.files["game.json"]) == {**game(), "version": "1.2.3"}
    assert bundle.files["player.js"].index(b"const Rules=") < bundle.files["player.js"].index(b"const Shell=")
    assert b"nothing at all" not in bundle.files["player.js"]
    assert b"comment" not in bundle.files["index.html"]
    assert b'"A  B"' in bundle.files["index.html"]
    assert problems(bundle, levels=3) == []


def test_the_minified_player_computes_what_the_source_does(bundle: Bundle) -> None:
    from py_mini_racer import MiniRacer

    results = []
    source = repository_files()["web/src/rules.js"].decode()
    small = bundle.files["player.js"].decode().partition("const Shell=")[0]
    for script in (source, small):
        with MiniRacer() as engine:
            engine.eval(script.replace("const Rules", "var Rules"))
            level = {"seed": 9, "beats": [[3, 1], [7, 2]]}
            play = "(level) => [0,0,1,0,0,0,2,0].map((input) => (s = Rules.step(s, input), Rules.hash(s)))"
            engine.eval(f"var s = Rules.start({json.dumps(level)}, 9)")
            results.append(list(engine.call(f"({play})", level)))
    assert results[0] == results[1]
    assert len(set(results[0])) == 7


def test_the_same_files_give_the_same_bytes_in_any_order(bundle: Bundle) -> None:
    files = list(repository_files().items())
    for seed in range(3):
        random.Random(seed).shuffle(files)
        again = WebBuilder().build(dict(files), "1.2.3")
        assert (again.zip, again.sha256) == (bundle.zip, bundle.sha256)
    other = WebBuilder().build(dict(files), "1.2.4")
    assert other.sha256 != bundle.sha256


def test_the_zip_says_nothing_of_when_and_where(bundle: Bundle) -> None:
    with zipfile.ZipFile(BytesIO(bundle.zip)) as archive:
        assert archive.testzip() is None
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(bundle.files)
    assert {(e.date_time, e.create_system, e.external_attr, e.compress_type) for e in entries} == {
        ((1980, 1, 1, 0, 0, 0), 3, 0o100644 << 16, zipfile.ZIP_STORED)
    }
    assert bundle.manifest["icon.png"] == hashlib.sha256(picture()).hexdigest()


def test_a_bundle_comes_back_from_its_zip(bundle: Bundle) -> None:
    again = Bundle.from_zip(bundle.zip)
    assert (again.files, again.sha256) == (bundle.files, bundle.sha256)
    with pytest.raises(InputError, match="zip"):
        Bundle.from_zip(b"not a zip")
    escaping = BytesIO()
    with zipfile.ZipFile(escaping, "w") as archive:
        archive.writestr("../outside", b"x")
    with pytest.raises(InputError, match="path"):
        Bundle.from_zip(escaping.getvalue())
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big", bytes(20_000_000))
    with pytest.raises(InputError, match="ordinary size"):
        Bundle.from_zip(bomb.getvalue())


@pytest.mark.parametrize("path", ["web/game.json", "web/src/manifest.json", "web/src/rules.js"])
def test_a_missing_source_is_named(path: str) -> None:
    with pytest.raises(PermanentError, match=path.rpartition("/")[2]):
        WebBuilder().build(without(repository_files(), path), "1.0.0")


def test_source_that_does_not_parse_is_refused() -> None:
    with pytest.raises(PermanentError, match="SyntaxError"):
        minified_js("const a = ;")


@pytest.mark.parametrize(
    ("source", "hazard"),
    [
        ("const a = 1;\nconst b = `x ${`  y`} z`;", "line 2 .* template inside a template"),
        ("const b = `<ul>${list.map((x) =>\n `<li>  ${x}`)}</ul>`;", "template inside a template"),
        ("const f = (text) => /a  b/.test(text);", "regular expression right after an arrow"),
    ],
)
def test_what_the_minifier_would_spoil_is_refused(source: str, hazard: str) -> None:
    with pytest.raises(PermanentError, match=hazard):
        minified_js(source)


@pytest.mark.parametrize(
    "expression",
    ["`a  ${1 + 1}  // b`", "'x  y // z'", '"/* no */"', "('a  b').replace(/ {2}/g, '--')",
     "6 / 2 / 3 // end", "[1, 2]\n  .map((x) => x + +1)", "(() => {\n return 1 // one\n})()"],
)  # fmt: skip
def test_minified_expressions_keep_their_value(expression: str) -> None:
    from py_mini_racer import MiniRacer

    with MiniRacer() as engine:
        engine.eval(f"var before = JSON.stringify({expression}\n)")
        engine.eval(minified_js(f"var after = JSON.stringify({expression}\n)").decode())
        assert engine.eval("before") == engine.eval("after")


def test_css_and_html_lose_only_what_does_not_count() -> None:
    assert minified_css('a {\n  content: "/* x */";  /* y */\n}\n\nb c,\nd { x: y }\n') == (
        'a {content: "/* x */";}b c,d { x: y }'
    )
    page = "<body>\n  <!-- no -->\n  <b>one</b>\n  <i>two</i>\n</body>\n"
    assert minified_html(page) == "<body>\n<b>one</b>\n<i>two</i>\n</body>"
    kept = "<pre>\n  a\n</pre>"
    assert minified_html(kept) == kept


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"player.js": None}, "player.js is missing"),
        ({"game.json": None}, "game.json is missing"),
        ({"src/rules.js": b"x"}, "src/rules.js is source"),
        ({"big.png": bytes(BUDGET)}, "over the budget of 600000; the largest file is big.png"),
        ({"player.js": b'fetch("https://example.org/x")'}, "player.js refers to https://example.org/x"),
        ({"player.js": b'new WebSocket("wss://example.org")'}, "player.js refers to wss://example.org"),
        ({"player.js": b'a.src="//example.org/x.js"'}, "player.js refers to"),
        ({"index.html": b"<script src=//cdn.example.org/a.js>"}, "index.html refers to"),
        ({"style.css": b"@import url(//example.org/a.css)"}, "style.css refers to"),
        ({"game.json": b"{"}, "game.json is not JSON"),
        ({"game.json": b"[]"}, "game.json: file"),
    ],
)
def test_what_may_not_be_published_is_said(
    bundle: Bundle, change: dict[str, bytes | None], said: str
) -> None:
    files = {**bundle.files, **change}
    found = problems(Bundle.of({path: data for path, data in files.items() if data is not None}), levels=3)
    assert len(found) == 1
    assert said in found[0]


def test_the_svg_namespace_is_no_address(bundle: Bundle) -> None:
    files = {
        **bundle.files,
        "player.js": b'document.createElementNS("http://www.w3.org/2000/svg","svg");/^\\w+:\\/\\//.test(a)',
    }
    assert problems(Bundle.of(files), levels=3) == []


def test_a_game_with_art_needs_its_pictures_and_sounds(bundle: Bundle) -> None:
    data = {**game(), "art": True, "sounds": ["win", "jump"]}
    found = problems(Bundle.of({**bundle.files, "game.json": orjson.dumps(data)}), levels=3)
    assert [line.removesuffix(" is missing") for line in found] == [
        "atlas.png", "atlas.json", "bg_far.png", "bg_mid.png", "bg_near.png", "splash.png", "crest.png",
        "audio/effects.ogg", "audio/music.ogg", "audio/score.json",
    ]  # fmt: skip


SKIN = {"name": "Carnival", "turn": 130, "strength": 120, "price": 400}


def test_a_game_file_may_have_daily_levels_sections_and_skins() -> None:
    more = {
        "dailies": [{"number": 0, "seed": seed, "beats": [[20, 1]]} for seed in range(30)],
        "sections": [{"gaps": [[1, 2]]}, [3, 4]],
        "skins": [{**SKIN, "name": name} for name in "abc"],
        "economy": {**game()["economy"], "price": 500},  # type: ignore[dict-item]
    }
    assert game_problems({**game(), **more}, levels=3) == []


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (b'{"effects": {"win": [0, 100, 20, 0]}}', ["audio/score.json has no place for 'jump'"]),
        (b'{"effects": {"win": [0, 100, 20, 0], "jump": [140, 90, 90, 45]}}', []),
        (b"{", ["audio/score.json is no score"]),
        (b"[]", ["audio/score.json is no score"]),
    ],
)
def test_a_sound_of_the_game_that_is_in_no_file_is_said(
    bundle: Bundle, score: bytes, said: list[str]
) -> None:
    data = orjson.dumps({**game(), "art": True, "sounds": ["win", "jump"]})
    names = ("atlas.png", "bg_far.png", "bg_mid.png", "bg_near.png", "splash.png", "crest.png")
    art = dict.fromkeys(names, b"")
    audio = {"audio/effects.ogg": b"", "audio/music.ogg": b"", "audio/score.json": score}
    files = {**bundle.files, **art, "atlas.json": b"{}", **audio, "game.json": data}
    found = problems(Bundle.of(files), levels=3)
    assert [line.split(":")[0] for line in found] == said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"levels": []}, "levels"),
        ({"version": "one"}, "version"),
        ({"palette": {"sky": "blue"}}, "palette"),
        ({"slug": "../x"}, "slug"),
        ({"surprise": 1}, "surprise"),
        ({"levels": [{"number": 1, "seed": 1, "a": [{"b": 0.5}]}]}, "level 1: a[0].b is not exact"),
        ({"levels": [{"number": 2, "seed": 1}]}, "level 1 says its number is 2"),
        ({"levels": [{"number": 1}]}, "level 1 has no whole number as its seed"),
        ({"dailies": [{"number": 1, "seed": 1}]}, "daily 0 says its number is 1"),
        ({"dailies": [{"number": 0}]}, "daily 0 has no whole number as its seed"),
        ({"dailies": [{"number": 0, "seed": 1}] * 31}, "dailies"),
        ({"dailies": [{"number": 0, "seed": 1, "row": [7] * 50_000}]}, "over 90000 bytes"),
        ({"sections": [{"gaps": [[1, 0.5]]}]}, "sections[0].gaps[0][1] is not exact"),
        ({"skins": [{**SKIN, "turn": 400}]}, "skins.0.turn"),
        ({"skins": [SKIN, SKIN]}, "two skins have one name"),
        ({"skins": [{**SKIN, "name": name} for name in "abcd"]}, "skins"),
    ],
)
def test_a_game_file_with_a_fault_says_which(change: dict[str, object], said: str) -> None:
    assert game_problems(game(), levels=3) == []
    assert any(said in line for line in game_problems({**game(), **change}, levels=1))


def test_the_single_page_holds_every_file(bundle: Bundle) -> None:
    page = single_html(bundle).decode()
    assert re.search(r'(?:src|href)="(?!data:)', page) is None
    packed = json.loads(re.search(r"window\.GF_FILES=(\{.*?\});</script>", page)[1])  # type: ignore[index]
    assert sorted(packed) == ["audio/win.ogg", "game.json", "icon.png"]
    assert packed["audio/win.ogg"].startswith("data:audio/ogg;base64,")
    assert page.count("<script>") == page.count("</script>") == 2
    for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL):
        check_parses(script)


def test_a_script_cannot_end_the_page_it_is_packed_in(bundle: Bundle) -> None:
    hostile = {**bundle.files, "player.js": b'const a="</script><!--<script>"'}
    page = single_html(Bundle.of(hostile)).decode()
    assert page.count("</script>") == 2
    assert '"<\\/script><\\!--<script>"' in page
