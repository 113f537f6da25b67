"""Who may ask: by our own names only, and no page of another site."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.arcade.guard import (
    OTHER_SITE,
    UNKNOWN_HOST,
    AtWork,
    Guard,
    host_in,
    is_from_here,
    is_own,
    judge,
)

from .conftest import serving

HERE = "127.0.0.1:3000"
NAMES = frozenset({"games.example"})


def request(*headers, method="GET", kind="http", here="127.0.0.1"):
    """A scope as a server makes it; Host is ours unless it is given."""
    given_ = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    if not any(name == b"host" for name, _ in given_):
        given_.append((b"host", HERE.encode()))
    return {"type": kind, "method": method, "headers": given_, "server": (here, 3000)}


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:3000", "127.0.0.1", "localhost", "LocalHost:80", "localhost.", "[::1]:3000", "127.1.2.3",
     "games.example", "Games.Example:8443", "games.example.:8443"],
)  # fmt: skip
def test_our_own_names(host):
    assert judge(request(("host", host)), NAMES) is None


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:3000", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.4",
     "8.8.8.8", "[2001:db8::1]", "", " ", "[", "[::1", "::1", "localhost:", "localhost:port",
     "a@127.0.0.1", "127.0.0.1/", "[::ffff:8.8.8.8]", "0177.0.0.1", "\xb2", "games.example..",
     "127.0.0.1:3000:1", "notgames.example", "x.games.example"],
)  # fmt: skip
def test_other_names(host):
    assert judge(request(("host", host)), NAMES) == UNKNOWN_HOST


def test_one_host_and_only_one():
    assert judge(request() | {"headers": []}, NAMES) == UNKNOWN_HOST
    assert judge(request(("host", HERE), ("host", HERE)), NAMES) == UNKNOWN_HOST
    assert judge(request(("host", HERE), ("host", "evil.example")), NAMES) == UNKNOWN_HOST


def test_where_others_are_let_in_any_address_is_ours_and_no_name():
    assert judge(request(("host", "192.168.1.4:8080"), here="192.168.1.4"), NAMES) is None
    assert judge(request(("host", "[2001:db8::1]"), here="2001:db8::1"), NAMES) is None
    assert judge(request(("host", "evil.example"), here="192.168.1.4"), NAMES) == UNKNOWN_HOST
    assert not is_own("192.168.1.4", NAMES, None)


@given(st.text(st.characters(codec="latin-1"), max_size=40))
def test_no_host_is_too_strange_to_judge(host):
    answer = judge(request(("host", host)), NAMES)
    assert answer in {None, UNKNOWN_HOST}
    assert answer is not None or is_own(host_in(host), NAMES, "127.0.0.1")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "headers",
    [
        [("origin", "http://evil.example")],
        [("origin", "null")],
        [("origin", "http://127.0.0.1:3001")],  # a game of the arcade, in the UI
        [("origin", "http://127.0.0.1:3000.evil.example")],
        [("origin", f"http://{HERE}"), ("origin", "http://evil.example")],
        [("origin", "http://[")],
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
        [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")],  # a form
        [("origin", f"http://{HERE}"), ("sec-fetch-site", "cross-site")],
    ],
)
def test_other_sites_cannot_write(method, headers):
    assert judge(request(*headers, method=method), NAMES) == OTHER_SITE


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        [],  # a program
        [("origin", f"http://{HERE}")],
        [("origin", f"http://{HERE}"), ("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")],
        [("sec-fetch-site", "same-origin")],
        [("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate")],
    ],
)
def test_our_own_pages_and_programs_may_do_everything(method, headers):
    assert judge(request(*headers, method=method), NAMES) is None


def test_behind_a_proxy_that_speaks_https_the_name_counts():
    headers = [("host", "games.example"), ("origin", "https://games.example")]
    assert judge(request(*headers, method="POST"), NAMES) is None
    assert judge(request(*headers[:1], ("origin", "https://x.example"), method="POST"), NAMES) == OTHER_SITE


def test_other_sites_may_link_here_and_not_embed_us():
    link = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]
    assert judge(request(*link), NAMES) is None
    for mode in ("no-cors", "cors", "websocket"):
        assert judge(request(*link[:1], ("sec-fetch-mode", mode)), NAMES) == OTHER_SITE
    assert judge(request(("origin", "http://evil.example")), NAMES) == OTHER_SITE


def test_web_sockets_of_other_sites_are_not_opened():
    def opened(*headers):
        return judge(request(*headers, kind="websocket"), NAMES) is None

    assert opened(("origin", f"http://{HERE}"))
    assert opened()
    assert not opened(("origin", "http://evil.example"))
    assert not opened(("origin", "http://127.0.0.1:3001"))
    assert not opened(("host", "evil.example"))


def answers(scope):
    sent = []

    async def send(message):
        sent.append(message)

    async def app(scope, receive, send):
        await send({"type": "reached"})

    asyncio.run(Guard(app, NAMES)(scope, None, send))
    return sent


def test_a_refusal_is_told_and_the_rest_passes():
    assert [message["type"] for message in answers({"type": "lifespan"})] == ["reached"]
    assert [message["type"] for message in answers(request())] == ["reached"]
    start, body = answers(request(("host", "evil.example")))
    assert start["status"] == 421
    assert (b"connection", b"close") in start["headers"]
    assert b"GAMEFACTORY_HOSTS" in body["body"]
    [closed] = answers(request(("host", "evil.example"), kind="websocket"))
    assert closed["type"] == "websocket.close"


def test_a_client_has_no_more_requests_at_work_than_are_left_for_others():
    async def run():
        go, served = asyncio.Event(), []

        async def app(scope, receive, send):
            await go.wait()
            served.append(scope["client"][0])

        async def ask(host):
            sent = []

            async def send(message):
                sent.append(message)

            await bounded(request() | {"client": (host, 1)}, None, send)
            return [message["status"] for message in sent if "status" in message]

        bounded = AtWork(app, 8)
        tasks = [asyncio.create_task(ask(host)) for host in ["10.0.0.1"] * 9 + ["10.0.0.2"]]
        await asyncio.sleep(0)
        go.set()
        answers = await asyncio.gather(*tasks)
        assert sorted(served) == ["10.0.0.1"] * 4 + ["10.0.0.2"]
        assert answers.count([503]) == 5
        assert await ask("10.0.0.1") == []  # those that ended have given their places back

    asyncio.run(run())


def test_the_arcade_answers_to_its_own_names_alone(settings, engine, published):
    named = settings.model_copy(update={"hosts": ("games.example",)})
    with serving(named, engine) as arcade:
        for path in ("/", "/healthz", "/games/reef-run/", "/gallery.css", "/nothing"):
            answer = arcade.get(path, headers={"Host": "evil.example"})
            assert (answer.status_code, "GAMEFACTORY_HOSTS" in answer.json()["error"]) == (421, True)
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert arcade.get(path, headers={"Host": "games.example:8080"}).status_code in {200, 404}


@pytest.mark.parametrize(
    ("client", "headers", "here"),
    [
        ("127.0.0.1", (), True), ("::1", (("host", "[::1]:3001"),), True),
        ("127.9.9.9", (("host", "localhost"),), True), ("127.0.0.1", (("x-request-id", "7"),), True),
        ("192.168.1.4", (), False), ("2001:db8::1", (), False), ("::ffff:8.8.8.8", (), False),
        (None, (), False), ("", (), False), ("127.0.0.1", (("host", "games.example"),), False),
        ("127.0.0.1", (("host", "192.168.1.4"),), False), ("127.0.0.1", (("host", ""),), False),
        ("127.0.0.1", (("host", HERE), ("host", HERE)), False),
        ("127.0.0.1", (("x-forwarded-for", "127.0.0.1"),), False),
        ("127.0.0.1", (("X-Forwarded-Port", ""),), False), ("127.0.0.1", (("forwarded", ""),), False),
        ("127.0.0.1", (("VIA", "1.1 proxy"),), False), ("127.0.0.1", (("x-real-ip", "127.0.0.1"),), False),
    ],
)  # fmt: skip
def test_who_is_on_this_machine(client, headers, here):
    scope = request(*headers) | {"client": (client, 40000) if client is not None else None}
    assert is_from_here(scope) is here
