"""An endpoint on loopback does everything an endpoint may do: typed errors, bounded time and memory."""

import asyncio
import gzip
import math
import time
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from gamefactory_dagster.errors import InputError, PermanentError, TransientError
from gamefactory_dagster.replays.links import Link
from gamefactory_dagster.replays.parsing import MAX_BYTES
from gamefactory_dagster.replays.sources.errors import (
    BrokenOffError,
    BusyError,
    NotAReplayError,
    NotThereError,
    RefusedError,
    StrayedError,
    TooLargeError,
    TooSlowError,
)
from gamefactory_dagster.replays.sources.http import HttpSource, led

from .endpoint import REPLAY, Answer, Asked, Endpoint, always, answering, hang, head, in_turn, whole

LINK = Link(7)
QUICK: dict[str, Any] = {"seconds": 20.0, "silence": 10.0, "pause": 0.01}
"""A busy machine may take long; a try that failed is followed at once by the next."""

BLOCK = b" " * (1 << 16)


def fetched(answer: Answer, **given: Any) -> tuple[bytes, Endpoint]:
    """What a source gets from an endpoint that answers so."""

    async def run() -> tuple[bytes, Endpoint]:
        async with answering(answer) as endpoint:
            return await HttpSource(endpoint.url, **QUICK | given).fetch(LINK), endpoint

    return asyncio.run(run())


def failed(answer: Answer, error: type[Exception], text: str = ".", **given: Any) -> Endpoint:
    """How a source fails on one."""

    async def run() -> Endpoint:
        async with answering(answer) as endpoint:
            with pytest.raises(error, match=text) as raised:
                await HttpSource(endpoint.url, **QUICK | given).fetch(LINK)
            assert type(raised.value) is error
            assert str(raised.value).startswith("replay 7 at 127.0.0.1")
            return endpoint

    return asyncio.run(run())


def test_a_replay_is_fetched_as_it_is_and_asked_for_plainly() -> None:
    content, endpoint = fetched(always(whole()))
    assert content == REPLAY
    [asked] = endpoint.asked
    assert asked.path == "/replays/7"
    assert asked.headers["accept-encoding"] == "identity"
    assert "authorization" not in asked.headers


def test_an_id_is_put_where_it_is_wanted_or_after_the_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")  # nobody is there

    async def run() -> list[str]:
        async with answering(always(whole())) as endpoint:
            base = f"http://127.0.0.1:{endpoint.port}"
            for url in (f"{base}/get?key=a&id={{id}}", f"{base}/a/", base):
                await HttpSource(url, **QUICK).fetch(LINK)
            return endpoint.paths

    assert asyncio.run(run()) == ["/get?key=a&id=7", "/a/7", "/7"]


PACKED = gzip.compress(REPLAY)
LONG = b'{"plays": [' + b"1, " * 400_000 + b"1]}"
CHUNKED = head(**{"Transfer-Encoding": "chunked"})
ODD = b"\xef\xbb\xbf" + REPLAY.replace(b"RPS", rb"\ud83d")
"""With a mark before it and half a character in it."""

BEGUN = REPLAY[: len(REPLAY) // 2]


@pytest.mark.parametrize(
    ("parts", "content"),
    [
        ([CHUNKED, b"%x\r\n%s\r\n0\r\n\r\n" % (len(REPLAY), REPLAY)], REPLAY),
        ([head(), REPLAY], REPLAY),
        ([whole(PACKED, Content_Encoding="GZIP")], REPLAY),
        ([whole(gzip.compress(LONG), Content_Encoding="x-gzip")], LONG),
        ([head(), ODD], ODD),
    ],
    ids=["in chunks", "until the connection ends", "packed unasked", "packed and long", "odd"],
)  # fmt: skip
def test_a_replay_may_come_in_any_way_http_has(parts: list[bytes], content: bytes) -> None:
    assert fetched(always(*parts))[0] == content


@pytest.mark.parametrize(
    ("answer", "error", "tries"),
    [
        (always(whole(b"", "404 Not Found")), NotThereError, 1),
        (always(whole(b"", "410 Gone")), NotThereError, 1),
        (always(whole(b"", "403 Forbidden")), RefusedError, 1),
        (always(whole(b"", "400 Bad Request")), RefusedError, 1),
        (always(whole(REPLAY, "206 Partial Content")), RefusedError, 1),
        (always(whole(b"", "429 Too Many Requests")), BusyError, 3),
        (always(whole(b"", "500 Internal Server Error")), BusyError, 3),
        (always(whole(b"", "502 Bad Gateway")), BusyError, 3),
        (always(whole(b"", "503 Service Unavailable")), BusyError, 3),
        (always(whole(b"", "504 Gateway Timeout")), BusyError, 3),
        (always(), BrokenOffError, 3),
        (always(b"SSH-2.0-OpenSSH\r\n"), BrokenOffError, 3),
        (always(head(**{"Content-Length": str(len(REPLAY))}), BEGUN), BrokenOffError, 3),
        (always(CHUNKED, b"400\r\n", BEGUN), BrokenOffError, 3),
        (always(head(), BEGUN), BrokenOffError, 3),
        (always(whole(PACKED[:-9], Content_Encoding="gzip")), BrokenOffError, 3),
        (always(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 9999 + b"\r\n\r\n"), BrokenOffError, 3),
        (always(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 50_000 + b"\r\n"), BrokenOffError, 3),
    ],
    ids=["404", "410", "403", "400", "206", "429", "500", "502", "503", "504", "nothing", "not http",
         "half a body", "half a chunk", "half without a length", "half packed", "a length of 9,999 digits",
         "endless headers"],
)  # fmt: skip
def test_what_may_pass_is_tried_three_times_and_nothing_else(
    answer: Answer, error: type[Exception], tries: int
) -> None:
    assert issubclass(error, TransientError if tries > 1 else PermanentError)
    assert len(failed(answer, error).asked) == tries


def test_a_try_that_works_ends_the_trying() -> None:
    busy, half = always(whole(b"", "503 Busy", Retry_After="0")), always(whole(REPLAY)[:-9])
    content, endpoint = fetched(in_turn(busy, half, always(whole())))
    assert (content, len(endpoint.asked)) == (REPLAY, 3)


def test_nobody_listening_is_a_passing_failure() -> None:
    async def run() -> None:
        async with answering(hang) as endpoint:
            pass
        with pytest.raises(BrokenOffError):
            await HttpSource(endpoint.url, **QUICK).fetch(LINK)

    asyncio.run(run())


async def asked_again_at(retry_after: str) -> float:
    """When an endpoint is asked again that was busy at first; a moment since 1970, in seconds."""
    times: list[float] = []

    async def answer(asked: Asked) -> None:
        times.append(time.time())
        await asked.send(whole() if len(times) > 1 else whole(b"", "429 Busy", Retry_After=retry_after))

    async with answering(answer) as endpoint:
        await HttpSource(endpoint.url, **QUICK).fetch(LINK)
    _, second = times
    return second


def test_retry_after_is_waited_for_up_to_a_bound() -> None:
    begun = time.time()
    soon = math.ceil(begun) + 1
    date = format_datetime(datetime.fromtimestamp(soon, UTC), usegmt=True)
    past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)

    async def run() -> list[float]:
        return await asyncio.gather(*map(asked_again_at, ("1", date, past, "soon", "-1")))

    first, second, *_ = asyncio.run(run())
    assert first >= begun + 1
    assert second >= soon
    for asked, seconds in (("15", 60.0), ("5", 4.0)):
        busy = always(whole(b"", "429 Busy", Retry_After=asked))
        assert len(failed(busy, BusyError, "429 Busy", seconds=seconds).asked) == 1


@pytest.mark.parametrize(
    ("answer", "given"),
    [
        (hang, {"silence": 0.3}),
        (always(head(**{"Content-Length": "99"}), b"{", pause=30), {"silence": 0.3}),
        (always(b"HTTP/1.1 200 OK\r\nX-Drip: ", *[b"x"] * 999, pause=0.05), {"seconds": 0.5}),
        (always(head(**{"Content-Length": "999"}), *[b" "] * 999, pause=0.05), {"seconds": 0.5}),
        (always(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 999, pause=0.05), {"seconds": 0.5}),
    ],
    ids=["before headers", "after headers", "headers in drips", "a body in drips", "always about to"],
)
def test_who_is_slow_is_left_in_time(answer: Answer, given: dict[str, float]) -> None:
    before = time.monotonic()
    failed(answer, TooSlowError, "took over 0.5 s|nothing came for 0.3 s", **given)
    assert time.monotonic() - before < 20


def bomb(megabytes: int) -> bytes:
    """A gzip of so many megabytes of blanks that never ends: one, packed apart from all before, repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + piece * megabytes


async def endless(asked: Asked) -> None:
    await asked.send(head())
    while True:
        await asked.send(BLOCK)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (always(head(**{"Content-Length": str(MAX_BYTES + 1)}), b"{"), TooLargeError),
        (endless, TooLargeError),
        (always(whole(bomb(1000), Content_Encoding="gzip")), TooLargeError),
        (always(whole(gzip.compress(bomb(1000)), Content_Encoding="gzip")), NotAReplayError),
        (always(whole(gzip.compress(bomb(1000)), Content_Encoding="gzip, gzip")), NotAReplayError),
        (always(whole(b"\x1b" * 99, Content_Encoding="br")), NotAReplayError),
        (always(whole(PACKED * 20_000, Content_Encoding="gzip")), NotAReplayError),
        (always(whole(REPLAY, Content_Encoding="gzip")), NotAReplayError),
        (always(whole(PACKED)), NotAReplayError),
        (always(whole(b"<!doctype html><title>Are you a robot?</title>")), NotAReplayError),
        (always(whole(b'{"action": "Error", "message": "no such replay"}')), NotAReplayError),
        (always(whole(b'{"plays": {}}')), NotAReplayError),
        (always(whole(b'[{"plays": []}]')), NotAReplayError),
        (always(whole(b'{"plays": []} {}')), NotAReplayError),
        (always(whole(b'{"a": ' + b"[" * 2_000_000)), NotAReplayError),
        (always(whole(b'{"plays": ' + b"[" * 2_000_000 + b"]" * 2_000_000 + b"}")), NotAReplayError),
        (always(whole(b"")), NotAReplayError),
    ],
    ids=["a length too large", "an endless body", "a bomb", "a bomb in a packet", "two packings",
         "another packing",
         "packets in a row", "packed by name only", "packed without saying so", "html", "the site's error",
         "plays that are no list", "a list", "more after it", "never closed", "nested too deep", "empty"],
)  # fmt: skip
def test_what_is_no_replay_is_told_in_bounded_memory(answer: Answer, error: type[Exception]) -> None:
    fetched(always(whole()))  # what is imported and read once
    tracemalloc.start()
    try:
        endpoint = failed(answer, error)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(endpoint.asked) == 1
    assert peak < 3 * MAX_BYTES
    assert endpoint.sent < 2 * MAX_BYTES


def moved(to: str | Callable[[Asked], str], status: str = "302 Found") -> Answer:
    """Redirect what is not the target of a redirect yet."""

    async def answer(asked: Asked) -> None:
        if asked.path == "/there":
            await asked.send(whole())
        else:
            where = to if isinstance(to, str) else to(asked)
            await asked.send(whole(b"", status, Location=where))

    return answer


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_a_redirect_on_the_endpoints_own_host_is_followed(status: str) -> None:
    content, endpoint = fetched(moved("/there#x", status), authorization=SecretStr("Bearer abc"))
    assert (content, endpoint.paths) == (REPLAY, ["/replays/7", "/there"])
    assert [asked.headers["authorization"] for asked in endpoint.asked] == ["Bearer abc"] * 2


@pytest.mark.parametrize(
    "to",
    ["http://evil.example/there", "//evil.example/there", "https://127.0.0.1.evil.example/", "http://localhost/there",
     "file:///etc/passwd", "ftp://127.0.0.1/there", "javascript:alert(1)", "data:application/json,{}",
     "http://user:secret@127.0.0.1/there", "http://127.0.0.1:99999/there", "http://[::1",
     "http://169.254.169.254/", "", "http://\xff\xfe/"],
    ids=["another host", "no scheme", "a longer host", "another name of it", "file", "ftp", "script", "data",
         "a user",
         "no such port", "no address", "by number", "nowhere", "no letters"],
)  # fmt: skip
def test_a_redirect_anywhere_else_is_not(to: str) -> None:
    endpoint = failed(moved(to), StrayedError, "redirects to")
    assert endpoint.paths == ["/replays/7"]


def test_a_redirect_may_begin_to_be_secret_and_not_cease() -> None:
    plain, secret = httpx.URL("http://a.example/1"), httpx.URL("https://a.example/1")
    hosts = ("a.example", "*.b.example")
    assert led(plain, "https://a.example/1", hosts, "it") == secret
    assert led(secret, "https://x.y.b.example/2?3", hosts, "it") == "https://x.y.b.example/2?3"
    for location in (
        "http://a.example/1",
        "http://x.b.example/",
        "https://b.example/",
        "https://xb.example/",
    ):
        with pytest.raises(StrayedError, match=r"^it redirects to "):
            led(secret, location, hosts, "it")


def test_redirects_in_circles_end() -> None:
    assert len(failed(moved(lambda asked: f"{asked.path}x"), StrayedError, "more than 3 times").asked) == 4


def test_an_allowed_host_is_followed_without_the_endpoints_secret() -> None:
    async def run(hosts: tuple[str, ...]) -> list[Asked]:
        async with answering(always(whole())) as other:
            away = moved(f"http://localhost:{other.port}/there")
            async with answering(away) as endpoint:
                source = HttpSource(endpoint.url, hosts=hosts, authorization=SecretStr("Bearer abc"), **QUICK)
                assert await source.fetch(LINK) == REPLAY
                return [*endpoint.asked, *other.asked]

    first, second = asyncio.run(run(("elsewhere.example", "localhost")))
    assert (first.headers["authorization"], second.headers.get("authorization")) == ("Bearer abc", None)
    with pytest.raises(StrayedError):
        asyncio.run(run(("elsewhere.example", "*.localhost")))


def test_another_port_of_the_same_host_is_followed_without_it_too() -> None:
    async def run() -> str | None:
        async with answering(always(whole())) as other, answering(moved(other.url.format(id=1))) as endpoint:
            await HttpSource(endpoint.url, authorization=SecretStr("Bearer abc"), **QUICK).fetch(LINK)
            return other.asked[0].headers.get("authorization")

    assert asyncio.run(run()) is None


SECRET = "Basic dG9wOnNlY3JldA=="


def test_nothing_secret_is_said() -> None:
    async def run() -> str:
        said = []
        for answer in (always(whole(b"", "403 No")), always(), always(whole(b"<html>"))):
            async with answering(answer) as endpoint:
                source = HttpSource(f"{endpoint.url}?key=hush", authorization=SecretStr(SECRET), **QUICK)
                with pytest.raises((PermanentError, TransientError)) as raised:
                    await source.fetch(LINK)
                assert endpoint.asked[0].headers["authorization"] == SECRET
                said += [str(raised.value), repr(raised.value), repr(source), repr(raised.value.__cause__)]
        return " ".join(said)

    said = asyncio.run(run())
    assert "hush" not in said
    assert SECRET not in said


@pytest.mark.parametrize(
    ("endpoint", "authorization"),
    [
        ("http://user:hush@host/", None),
        ("http:///replays", None),
        ("http://[open", None),
        ("http://host:port/", None),
        ("http://{id}.example/{id}", None),
        ("http://host/?key=hush", None),
        ("http://host/#{id}", None),
        ("http://host/", "Bearer hush\r\nX-Evil: 1"),
        ("http://host/", "Bearer hush "),
        ("http://host/", "Bearer hüsh"),
    ],
    ids=["a user", "no host", "no address", "no port", "an id in the host", "parameters and no id",
         "an id nobody sees",
         "two lines", "a blank at the end", "a letter no header may have"],
)  # fmt: skip
def test_an_endpoint_or_header_that_cannot_be_is_refused_by_its_variable(
    endpoint: str, authorization: str | None
) -> None:
    given = SecretStr(authorization) if authorization else None
    with pytest.raises(InputError, match=r"^GAMEFACTORY_REPLAY(S|_AUTHORIZATION): ") as raised:
        HttpSource(endpoint, authorization=given)
    assert "hush" not in str(raised.value)
