"""A small game on a loopback server, with an event collector."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.families.base import Certificate, Level
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.levels import make_levels
from gamefactory_dagster.studio.families.runner import FAMILY
from gamefactory_dagster.studio.shipping.web import media_type
from tests.studio.conftest import design
from tests.studio.whole_game import built

AD_SECONDS = 30
"""Long, so that no slow machine sees one through by accident; tests run the page's clock ahead."""


@dataclass
class Site:
    """A served game: its address, its levels, and what its collector was sent."""

    url: str
    levels: list[Level]
    certificates: list[Certificate]
    batches: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """Status codes the collector gives next; 202 when there are none."""
    away: bool = False
    """Whether the collector closes every connection without an answer."""


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, files: dict[str, bytes], site: Site, *arguments: Any) -> None:
        self.files, self.site = files, site
        super().__init__(*arguments)

    def do_GET(self) -> None:
        path = self.path.split("?")[0].lstrip("/") or "index.html"
        body = self.files.get(path)
        self._answer(200 if body is not None else 404, media_type(path), body or b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.site.away:
            self.close_connection = True
            return
        status = self.site.answers.pop(0) if self.site.answers else 202
        if status < 300:
            self.site.batches.append(json.loads(body))
        self._answer(status, "application/json", b"{}")

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture(scope="session")
def made() -> tuple[GDD, list[tuple[Level, Certificate]]]:
    gdd = design(
        mechanics=("tap_jump", "multi_touch", "collision_detection", "particle_effects", "health_system")
    )
    with Lab(FAMILY) as lab:
        return gdd, make_levels(FAMILY, gdd, lab)


@pytest.fixture(scope="session")
def files(made: tuple[GDD, list[tuple[Level, Certificate]]]) -> dict[str, bytes]:
    """The game, built."""
    gdd, pairs = made
    ads = {"seconds": AD_SECONDS, "revenue_micros": 4000}
    bundle = built(gdd, [level for level, _ in pairs], ads=ads, sounds=list(FAMILY.sounds(gdd)))
    config = b'{"game_id": "g1", "write_key": "k1", "endpoint": "/v1/events"}'
    return {**bundle.files, "config.json": config}


@pytest.fixture
def site(made: tuple[GDD, list[tuple[Level, Certificate]]], files: dict[str, bytes]) -> Iterator[Site]:
    _, pairs = made
    site = Site("", [level for level, _ in pairs], [certificate for _, certificate in pairs])
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, files, site))
    site.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()
