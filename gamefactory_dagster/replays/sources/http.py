"""Replays from an HTTP endpoint, which may be slow, broken, or somebody else's by now.

What belongs here: asking, how often and for how long, and where an answer may lead. What does not: taking in
what is answered (``body.py``). The endpoint is somebody's own; the public site guards its pages with a
captcha, and nothing here tries to pass it.
"""

import asyncio
import random
import re
import ssl
from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache

import httpx
from pydantic import SecretStr

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.replays.links import Link
from gamefactory_dagster.settings import variable

from .body import read_body
from .errors import BrokenOffError, BusyError, NotThereError, RefusedError, StrayedError, TooSlowError

TRIES = 3
REDIRECTS = 3
"""Most of one try."""

LAST_PORT = 65535

LONGEST_PAUSE = 10.0
"""Seconds waited where an answer asks for that; who asks for more is not asked again by the same fetch."""

_REDIRECT = {301, 302, 303, 307, 308}
_GONE = {404, 410}
_PASSING = {429, 500, 502, 503, 504}
"""Answers after which the same question may be answered otherwise."""

_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "gamefactory"}


class HttpSource:
    """An endpoint: a URL with ``{id}`` in it, or one that an id is put after.

    ``hosts``: where it may redirect to beside its own host; ``*.example.org`` stands for all names in it.
    ``authorization``: the header's value, sent to the endpoint's own scheme, host and port alone.
    ``seconds``: for one replay, all tries together; ``silence``: seconds in which something must come.
    ``pause``: seconds before the second try; twice that before the third, each half of it more or less.
    ``field``: what named the endpoint, for errors.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        hosts: Sequence[str] = (),
        authorization: SecretStr | None = None,
        seconds: float = 30.0,
        silence: float = 10.0,
        pause: float = 0.5,
        field: str = variable("replays"),
    ) -> None:
        self._template = _template(endpoint)
        self._own = _endpoint(self._template, field)
        self._hosts = (self._own.host, *hosts)
        self._authorization = _header(authorization)
        self._seconds = seconds
        self._silence = silence
        self._pause = pause

    async def fetch(self, link: Link) -> bytes:
        """Ask for a replay until it is here, cannot be had, or the time is up."""
        name = f"replay {link.id} at {self._own.host}"
        try:
            async with asyncio.timeout(self._seconds) as bound, _transport() as transport:
                return await self._persist(transport, link, name, bound.when() or 0.0)
        except TimeoutError:
            raise TooSlowError(f"{name} took over {self._seconds:g} s") from None

    async def _persist(
        self, transport: httpx.AsyncHTTPTransport, link: Link, name: str, until: float
    ) -> bytes:
        """Try; ``until`` is the event loop's time before which every pause ends."""
        tries, pause = TRIES, self._pause
        while True:
            try:
                return await self._try(transport, link, name)
            except (BusyError, BrokenOffError) as error:
                tries -= 1
                wanted = error.after if isinstance(error, BusyError) else 0.0
                seconds = max(wanted, pause * random.uniform(0.5, 1.5))
                in_time = wanted <= LONGEST_PAUSE and asyncio.get_running_loop().time() + seconds < until
                if not (tries and in_time):
                    raise
            await asyncio.sleep(seconds)
            pause *= 2

    async def _try(self, transport: httpx.AsyncHTTPTransport, link: Link, name: str) -> bytes:
        """Ask once, and where the answer leads."""
        url = httpx.URL(self._template.replace("{id}", str(link.id)))
        try:
            for _ in range(REDIRECTS + 1):
                async with aclosing(await transport.handle_async_request(self._question(url))) as answer:
                    if answer.status_code == httpx.codes.OK:
                        return await read_body(answer, name)
                    if answer.status_code not in _REDIRECT:
                        raise _failure(answer, name)
                    url = led(url, answer.headers.get("location", ""), self._hosts, name)
        except httpx.TimeoutException:
            raise TooSlowError(f"{name}: nothing came for {self._silence:g} s") from None
        except httpx.TransportError as error:
            why = str(error)[:200] or type(error).__name__
            raise BrokenOffError(f"{name}: {why}") from error
        raise StrayedError(f"{name} redirects more than {REDIRECTS} times")

    def _question(self, url: httpx.URL) -> httpx.Request:
        """The header is for the endpoint itself, also where it has moved from http to https."""
        headers = dict(_HEADERS)
        if self._authorization and (url.host, url.port) == (self._own.host, self._own.port):
            headers["Authorization"] = self._authorization
        limits = httpx.Timeout(self._silence).as_dict()
        return httpx.Request("GET", url, headers=headers, extensions={"timeout": limits})


def led(url: httpx.URL, location: str, hosts: Sequence[str], name: str) -> httpx.URL:
    """Where ``url`` redirects to by ``location``, which is one of ``hosts`` and as safe from listeners.

    Raises StrayedError, whose text begins with ``name``.
    """
    try:
        target = url.join(location)
    except httpx.InvalidURL:
        raise StrayedError(f"{name} redirects to no address") from None
    known = any(_names(host, target.host) for host in hosts)
    secure = target.scheme == "https" or (target.scheme == "http" and url.scheme == "http")
    if not (location and known and secure) or target.userinfo or (target.port or 0) > LAST_PORT:
        where = f"{target.scheme}://{target.host[:100]}"
        raise StrayedError(f"{name} redirects to {where}, which is not allowed")
    return target


def _names(allowed: str, host: str) -> bool:
    return host == allowed or (allowed.startswith("*.") and host.endswith(allowed[1:]))


def _transport() -> httpx.AsyncHTTPTransport:
    """One for each fetch: connections belong to an event loop. A client would follow where it may not."""
    return httpx.AsyncHTTPTransport(verify=_tls(), trust_env=False)


@cache
def _tls() -> ssl.SSLContext:
    """Whom to believe: those a browser does, and those this machine does. Reading them takes a while."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def _template(endpoint: str) -> str:
    """With ``{id}`` in it; after parameters there is no place for one to be put."""
    needs = "{id}" not in endpoint and not {"?", "#"} & set(endpoint)
    return f"{endpoint.rstrip('/')}/{{id}}" if needs else endpoint


def _endpoint(template: str, field: str) -> httpx.URL:
    """An endpoint's URL; raises InputError, which shows nothing of what may be secret in it."""
    expected = "an endpoint such as https://host/path/{id}, without a user, its id in the path or after it"
    try:
        url = httpx.URL(template.replace("{id}", "1"))
        another = httpx.URL(template.replace("{id}", "2"))
    except httpx.InvalidURL:
        raise InputError(field, "***", expected) from None
    odd = url.userinfo or (url.port or 0) > LAST_PORT or not url.host or "%" in url.host
    if odd or url.netloc != another.netloc or url.raw_path == another.raw_path:
        raise InputError(field, f"{url.scheme}://{url.host}", expected)
    return url


def _header(authorization: SecretStr | None) -> str:
    value = authorization.get_secret_value() if authorization else ""
    if not re.fullmatch(r"([!-~]+( [!-~]+)*)?", value):
        raise InputError(variable("replay_authorization"), "***", "printable ASCII, such as Bearer abc")
    return value


def _failure(answer: httpx.Response, name: str) -> NotThereError | BusyError | RefusedError:
    """What an answer means that has no replay in it."""
    told = f"answered {answer.status_code} {answer.reason_phrase}"[:100].strip()
    if answer.status_code in _GONE:
        return NotThereError(f"{name}: {told}")
    if answer.status_code in _PASSING:
        return BusyError(f"{name}: {told}", _seconds_asked(answer.headers.get("retry-after", "")))
    return RefusedError(f"{name}: {told}")


def _seconds_asked(given: str) -> float:
    """What ``Retry-After`` says, in seconds or as a date (RFC 9110, 10.2.3); 0 for anything else."""
    if re.fullmatch(r"[0-9]{1,9}", given):
        return float(given)
    try:
        moment = parsedate_to_datetime(given)
    except ValueError:
        return 0.0
    return max((moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)
