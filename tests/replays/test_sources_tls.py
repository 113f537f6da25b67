"""An endpoint behind TLS: its certificate is checked, against those this machine believes in as well."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gamefactory_dagster.replays.links import Link
from gamefactory_dagster.replays.sources import http
from gamefactory_dagster.replays.sources.errors import BrokenOffError, StrayedError
from gamefactory_dagster.replays.sources.http import HttpSource

from .endpoint import REPLAY, Answer, always, answering, head, whole

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="no openssl to make a certificate with"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 signed by nobody else, with its key in the same file."""
    file = tmp_path_factory.mktemp("tls") / "own.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test"
    )
    more = ("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(file), "-out", f"{file}.crt")
    subprocess.run([*command.split(), *more], check=True, capture_output=True)
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


@pytest.fixture(autouse=True)
def believed() -> Iterator[None]:
    """Whom to believe is read anew for each test."""
    http._tls.cache_clear()
    yield
    http._tls.cache_clear()


def fetched(certificate: Path, answer: Answer) -> bytes:
    """What a source gets from an endpoint with this certificate."""

    async def run() -> bytes:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)
        async with answering(answer, tls) as endpoint:
            assert endpoint.url.startswith("https://")
            return await HttpSource(endpoint.url, pause=0.01).fetch(Link(7))

    return asyncio.run(run())


def test_a_certificate_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with pytest.raises(BrokenOffError, match="certificate verify failed"):
        fetched(certificate, always(whole()))


def test_one_this_machine_was_told_to_believe_is_fetched_from(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    assert fetched(certificate, always(whole())) == REPLAY
    downwards = head("302 Found", Location="http://127.0.0.1/replays/7", Content_Length="0")
    with pytest.raises(StrayedError, match=r"redirects to http://127\.0\.0\.1, which is not allowed"):
        fetched(certificate, always(downwards))
