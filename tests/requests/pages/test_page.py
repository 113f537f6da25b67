"""The pages of requests: for everybody, whole without a script, and nothing written on them can act."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.requests import page
from gamefactory_dagster.settings import LOCAL_USER
from tests.arcade.conftest import add_published, serving
from tests.arcade.test_gallery import Reader, read
from tests.asking import CLIENT
from tests.factory_rows import count, rows, scalar
from tests.studio.reading.prompts import HOSTILE, ODD

from . import orders
from .conftest import desk

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PICTURES = [
    ("splash", "splash", 960, 540, 1, PNG + b"s"), ("tile_0", "sprite", 96, 96, 1, PNG + b"0"),
    ("hero", "sprite", 96, 128, 6, PNG + b"h"), ("tuft", "particle", 44, 24, 1, PNG + b"t"),
]  # fmt: skip


def post(arcade, path="/requests", headers=FORM, **fields):
    return CLIENT.post(arcade.url + path, content=urlencode(fields), headers=headers)


def shown(arcade, number):
    """A request's page, one line of words."""
    return " ".join(" ".join(read(arcade, f"/requests/{number}").texts).split())


def asked(engine):
    return rows(engine, "SELECT * FROM requests.jobs ORDER BY id")


def test_the_front_page_asks_unless_something_is_looked_for(arcade, engine):
    add_published(engine)
    answer = arcade.get("/")
    assert "What would you like to play?" in Reader(answer.text).texts
    assert '<form action="/requests" method="post"' in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    examples = [link for link in Reader(answer.text).links if link.startswith("/?prompt=")]
    assert len(examples) == 3
    filled = arcade.get(examples[0].removesuffix("#prompt")).text
    assert re.search(r'maxlength="4000" required[^>]*>\nA calm puzzle[^<]+</textarea>', filled)
    assert "&lt;/textarea&gt;&lt;script&gt;" in arcade.get("/?prompt=%3C/textarea%3E%3Cscript%3E").text
    searched = arcade.get("/?q=reef")
    assert "What would you" not in searched.text
    assert "script-src" not in searched.headers["content-security-policy"]


def test_what_is_asked_is_stored_to_the_letter_and_its_page_follows(arcade, engine):
    prompt = '  A "café" & <owls>;\n--\tü🦉  '
    answer = post(arcade, prompt=prompt.replace("\n", "\r\n"))
    [row] = asked(engine)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/requests/{row.id}")
    assert (row.prompt, row.status, str(row.address)) == (prompt, "pending", "127.0.0.1")
    found = arcade.get(f"/requests/{row.id}")
    assert "&quot;café&quot; &amp; &lt;owls&gt;" in found.text
    assert "You are next" in shown(arcade, row.id)
    post(arcade, prompt="another")
    assert "1 before yours" in shown(arcade, row.id + 1)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [("", "1 to 4,000 characters"), (" \n ", "1 to 4,000"), ("a" * 4001, "1 to 4,000"), ("a\0b", "NUL")],
    ids=["empty", "blank", "long", "nul"],
)
def test_what_is_wrong_is_said_beside_what_was_written(arcade, engine, prompt, said):
    answer = post(arcade, prompt=prompt)
    assert answer.status_code == 422
    [words] = re.findall(r'role="alert">.*?</svg>([^<]+)</p>', answer.text)
    assert said in words
    assert f">\n{prompt.replace(chr(0), '')}</textarea>" in answer.text
    assert count(engine, "requests.jobs") == 0


def test_what_is_no_form_of_ours_is_refused(arcade, engine):
    prompt = urlencode({"prompt": "owls"})
    for headers, content, status in (
        ({"Content-Type": "text/plain"}, prompt, 415), ({}, prompt, 415),
        ({**FORM, "Content-Encoding": "gzip"}, prompt, 415), (FORM, "prompt=%ff", 400),
        (FORM, "a=1&" * 20, 400), (FORM, "prompt=" + "a" * 70_000, 413),
        ({**FORM, "Origin": "http://evil.example"}, prompt, 403),
        ({**FORM, "Origin": "null"}, prompt, 403), ({**FORM, "Sec-Fetch-Site": "same-site"}, prompt, 403),
    ):  # fmt: skip
        answer = CLIENT.post(f"{arcade.url}/requests", content=content, headers=headers)
        assert answer.status_code == status, (headers, content[:20])
    assert count(engine, "requests.jobs") == 0


def test_strangers_ask_no_faster_and_no_more_than_is_good_for_the_others(settings, engine):
    bounded = settings.model_copy(update={"requests_per_minute": 3, "requests_waiting": 2})
    with serving(bounded, engine, pages=desk(bounded, engine)) as arcade:
        statuses = [post(arcade, prompt="owls").status_code for _ in range(2)]
        full, fast = post(arcade, prompt="more owls"), post(arcade, prompt="still more owls")
    assert statuses == [303, 303]
    assert (full.status_code, full.headers["retry-after"]) == (503, "30")
    assert "2 games are waiting" in full.text
    assert fast.status_code == 429
    assert 0 < int(fast.headers["retry-after"]) <= 20
    assert "still more owls</textarea>" in fast.text
    assert count(engine, "requests.jobs") == 2


def test_no_more_wait_than_may_however_many_ask_at_once(settings, engine):
    bounded = settings.model_copy(update={"requests_per_minute": 100, "requests_waiting": 5})
    pair = {"prompt": "two owls", "config": {"compare": True}}
    with serving(bounded, engine, pages=desk(bounded, engine)) as arcade, ThreadPoolExecutor(16) as many:
        statuses = list(many.map(lambda number: post(arcade, prompt=f"owl {number}").status_code, range(16)))
        assert sorted(statuses) == [303] * 5 + [503] * 11
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "DELETE FROM requests.jobs WHERE id = (SELECT min(id) FROM requests.jobs)"
            )
        assert CLIENT.post(f"{arcade.url}/api/generate", json=pair).status_code == 503
        assert post(arcade, prompt="one more owl").status_code == 303
    assert count(engine, "requests.jobs") == 5


def test_a_button_pressed_while_the_database_is_away_says_so(settings):
    gone = settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/nowhere"})
    engine = get_engine(gone)
    with serving(gone, engine, pages=desk(gone, engine)) as arcade:
        for answer in (post(arcade, prompt="owls"), post(arcade, "/requests/1/retry")):
            assert (answer.status_code, "does not answer just now" in answer.text) == (503, True)
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
    engine.dispose()


@pytest.mark.parametrize("status", orders.WAY)
def test_a_request_s_page_says_how_far_it_is(arcade, patient, engine, status):
    number = orders.ask(engine, patient)
    if status != "pending":
        orders.take_to(engine, number, status)
    answer = arcade.get(f"/requests/{number}")
    over = status == "completed"
    assert ('http-equiv="refresh"' in answer.text) is not over
    assert (f'data-live="/requests/{number}/events"' in answer.text) is not over
    assert answer.headers["content-security-policy"].endswith("script-src 'self'; connect-src 'self'")
    at = orders.WAY.index(status)
    states = re.findall(r'<li class="(\w+)"[^>]*><svg', answer.text)
    done = max(at - 2, 0)
    assert states == [*["completed"] * done, *["running"] * (at > 0 and not over), *["pending"] * 4][:4]
    words = shown(arcade, number)
    assert orders.SAID[status] in words
    assert ("Lantern Hush" in words) is (at >= 2)
    assert ("lighthouses → lighthouse shown" in words.replace("  ", " ")) is (at >= 2)
    assert ("Passed over surprise" in words) is (at >= 2)
    assert "Made in 30 s" not in words  # its files are not there


def test_a_request_s_page_says_what_was_named_and_has_no_part(arcade, patient, engine):
    number = orders.ask(engine, patient)
    orders.take_to(engine, number, "phase_2")
    wishes = {"subjects": [{"subject": "lighthouse"}, {"subject": "bear"}]}
    idea = {"reading": {**orders.READING, "wishes": wishes}}
    orders.change(engine, number, phase_outputs={"phase1": idea})
    assert "No part was left" not in shown(arcade, number)
    orders.change(engine, number, phase_outputs={"phase1": {**idea, "cast": {"hero": "lighthouse"}}})
    assert "No part was left for: bear." in shown(arcade, number)


def test_a_finished_game_is_played_at_its_own_name(arcade, patient, engine):
    number = orders.ask(engine, patient)
    orders.take_to(engine, number, "phase_4", slug="lantern-hush", step=13)
    assert "On to the next step" in shown(arcade, number)
    rows(engine, "UPDATE games SET status = 'published'")
    orders.change(engine, number, status="completed")
    assert "not to be played any more" in shown(arcade, number)
    (patient.published / "lantern-hush").mkdir(parents=True)
    (patient.published / "lantern-hush" / "index.html").write_text("<title>Playing</title>")
    [link] = {one for one in read(arcade, f"/requests/{number}").links if one.startswith("//")}
    port = arcade.url.rpartition(":")[2]
    assert link == f"//lantern-hush.localhost:{port}/"
    assert "Play" in shown(arcade, number)
    elsewhere = arcade.raw(f"/requests/{number}", headers={"Host": "127.0.0.1:80"})[1].decode()
    assert 'href="//lantern-hush.localhost:80/"' in elsewhere


WHY = "level 7: not winnable, see /srv/home/x.log\nTraceback (most recent call last):\n  File"


def test_a_failed_one_says_why_without_where_and_can_be_tried_again(arcade, patient, engine):
    number = orders.ask(engine, patient, prompt="two\nlines", config={"seed": 7})
    error = {"phase": "phase3", "message": WHY}
    orders.take_to(engine, number, "failed", step=9, error=error)
    html = arcade.get(f"/requests/{number}").text
    assert "level 7: not winnable, see …" in html
    assert not {"/srv", "Traceback"} & {
        html[m.start() : m.end()] for m in re.finditer("/srv|Traceback", html)
    }
    assert re.findall(r'<li class="(\w+)"[^>]*><svg', html) == ["completed", "completed", "failed", "pending"]
    again = post(arcade, f"/requests/{number}/retry")
    row = asked(engine)[-1]
    assert (again.status_code, again.headers["location"]) == (303, f"/requests/{row.id}")
    assert (row.retry_of, row.prompt, row.config, row.game_name) == (number, "two\nlines", {"seed": 7}, None)
    assert f"/requests/{row.id}" in read(arcade, f"/requests/{number}").links
    not_yet = post(arcade, f"/requests/{row.id}/retry")
    assert (not_yet.status_code, "no such request that failed" in not_yet.text) == (404, True)
    assert arcade.get(f"/requests/{number}/retry").status_code == 405


def test_both_of_a_pair_are_on_one_page(arcade, patient, engine):
    CLIENT.post(f"{arcade.url}/api/generate", json={"prompt": "owls", "config": {"compare": True}})
    first, second = (row.id for row in asked(engine))
    orders.take_to(engine, first, "phase_2")
    pages = [arcade.get(f"/requests/{number}").text for number in (first, second)]
    for html in pages:
        assert re.findall(r'<article class="order" aria-labelledby="r(\d+)-', html) == [
            str(first),
            str(second),
        ]
        assert f'data-live="/requests/{first}/events"' in html
        assert "Waiting for the other one's idea" in html
    lead = CLIENT.get(f"{arcade.url}/requests/{second}/pair")
    assert (lead.status_code, lead.headers["location"]) == (308, f"/requests/{first}")


def test_pictures_are_shown_as_they_were_drawn_and_no_other_file_is(arcade, patient, engine):
    number, other = orders.ask(engine, patient), orders.ask(engine, patient)
    game = orders.take_to(engine, number, "phase_4")
    assert "/pictures/" not in arcade.get(f"/requests/{number}").text
    commit = orders.draw(engine, patient, game, PICTURES)
    html = arcade.get(f"/requests/{number}").text
    paths = re.findall(rf'(?:src|href)="(/requests/{number}/pictures/[0-9a-f-]+)"', html)
    assert [arcade.get(path).content[-1:] for path in paths] == [b"s", b"h", b"0"]
    assert '<image class="frames-6"' in html
    answer = arcade.get(paths[0])
    assert (answer.headers["content-type"], answer.content) == ("image/png", PNG + b"s")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert arcade.get(paths[0], headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    for path in (paths[0].replace(f"/{number}/", f"/{other}/"), f"/requests/{number}/pictures/{game}",
                 f"/requests/{number}/pictures/x", f"/requests/{number}/pictures/"):  # fmt: skip
        assert arcade.get(path).status_code == 404, path
    rows(engine, "UPDATE game_assets SET checksum = repeat('0', 64)")
    assert arcade.get(paths[0]).status_code == 404
    rows(engine, "UPDATE game_steps SET artifacts = '{}'")
    assert commit and arcade.get(paths[1]).status_code == 404


def listed(reader):
    return [int(link.rpartition("/")[2]) for link in reader.links if re.fullmatch(r"/requests/\d+", link)]


def test_the_list_is_the_newest_first_page_by_page(arcade, patient, engine, monkeypatch):
    assert "No requests yet" in read(arcade, "/requests").texts
    numbers = [orders.ask(engine, patient, prompt=f"owls {number}") for number in range(5)]
    orders.take_to(engine, numbers[0], "failed", step=2, error={"phase": "phase2", "message": WHY})
    orders.take_to(engine, numbers[1], "completed")
    monkeypatch.setattr(page, "PAGE_REQUESTS", 2)
    path, found = "/requests", []
    while path:
        reader = read(arcade, path)
        found += listed(reader)
        path = next((link for link in reader.links if "after=" in link), None)
    rows_ = rows(engine, "SELECT id FROM requests.jobs ORDER BY created_at DESC, id DESC")
    assert found == [row.id for row in rows_]
    assert listed(read(arcade, "/requests?status=failed")) == [numbers[0]]
    assert listed(read(arcade, "/requests?status=completed")) == [numbers[1]]
    assert "/srv" not in arcade.get("/requests?status=failed").text
    assert len(listed(read(arcade, "/requests?status=lost"))) == 2
    for key in ("x", "1.", "%00", "1.pearl", "9" * 30 + ".1", "1.-1", "1.99999999999"):
        assert arcade.get(f"/requests?after={key}").status_code == 404, key


def test_no_prompt_is_more_than_text_anywhere(arcade, patient, engine):
    numbers = [orders.ask(engine, patient, prompt=prompt) for prompt in (*ODD, *HOSTILE)]
    paths = ["/requests", *(f"/requests/{number}" for number in numbers)]
    plain = {"\u202e", "\u2066", "\x1b", "\a", "\u200b"}
    for path in paths:
        html = arcade.get(path).text
        assert Reader(html).tags.count("script") == 1, path
        assert not re.search(r"<(?:b|img src=x)[ >]", html.replace("<b>", "")), path
        assert not plain & set(html), path
    told = CLIENT.get(f"{arcade.url}/api/jobs").json()["jobs"]
    assert [job["prompt"] for job in told] == [*reversed((*ODD, *HOSTILE))]
    listed_ = CLIENT.get(f"{arcade.url}/api/jobs")
    assert listed_.headers["content-type"] == "application/json"
    assert listed_.headers["x-content-type-options"] == "nosniff"


def test_everybody_sees_requests_and_nobody_whose_they_are(arcade, patient, engine):
    post(arcade, prompt="owls")
    number = scalar(engine, "SELECT id FROM requests.jobs")
    orders.take_to(engine, number, "phase_3")
    stranger = {"X-Forwarded-For": "8.8.8.8", "Sec-Fetch-Mode": "cors"}
    for path in ("/requests", f"/requests/{number}", f"/api/jobs/{number}", "/api/jobs"):
        answer = arcade.get(path, headers=stranger)
        assert answer.status_code == 200, path
        assert str(LOCAL_USER) not in answer.text, path
        assert "127.0.0.1" not in answer.text, path
        assert "owner" not in answer.text, path
    front = Reader(arcade.get("/", headers=stranger).text)
    assert "/requests" in front.links
    assert "/runs" not in front.links
    assert arcade.get("/runs", headers=stranger).status_code == 404


def test_there_is_no_other_request(arcade):
    for path in ("1", "0", "-1", "x", "%00", "99999999999", "2147483648", "١"):
        for more in ("", "/events", "/pair"):
            assert arcade.get(f"/requests/{path}{more}").status_code == 404, (path, more)


def test_the_looks_and_the_script_are_there(arcade):
    assert arcade.get("/requests.css").headers["content-type"] == "text/css; charset=utf-8"
    assert arcade.get("/requests.js").headers["content-type"] == "text/javascript; charset=utf-8"
