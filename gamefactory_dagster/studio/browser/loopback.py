"""A small web server on this machine for files in memory, as long as a check needs it. Nothing else.

It is not what players are served by (that is the arcade): it knows a mapping and one place to report to.
"""

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from gamefactory_dagster.studio.shipping.web import GAME_POLICY, media_type

EVENTS_PATH = "/v1/events"
MAX_POST = 1024 * 1024
MAX_POSTS = 200


class LoopbackServer(ThreadingHTTPServer):
    """Serves ``files`` by exact path, so no path can lead anywhere else, and keeps what is posted to it."""

    daemon_threads = True

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = dict(files)
        self.posts: list[Any] = []

    @property
    def url(self) -> str:
        """Base URL, without a trailing slash."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that went away while it was answered."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: LoopbackServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        name = unquote(urlsplit(self.path).path).removeprefix("/") or "index.html"
        content = self.server.files.get(name)
        if content is None:
            self._answer(HTTPStatus.NOT_FOUND, b"no such file", "text/plain")
        else:
            self._answer(HTTPStatus.OK, content, media_type(name))

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        if self.path != EVENTS_PATH or not 0 < length <= MAX_POST or len(self.server.posts) >= MAX_POSTS:
            self.close_connection = True
            self._answer(HTTPStatus.BAD_REQUEST, b"{}", "application/json")
            return
        try:
            self.server.posts.append(json.loads(self.rfile.read(length)))
        except ValueError:
            self._answer(HTTPStatus.BAD_REQUEST, b"{}", "application/json")
        else:
            self._answer(HTTPStatus.ACCEPTED, b"{}", "application/json")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the browser's console reports what failed."""

    def _answer(self, status: HTTPStatus, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", GAME_POLICY)
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving(files: Mapping[str, bytes]) -> Iterator[LoopbackServer]:
    """Serve ``files`` on a free port of the loopback interface until the block ends."""
    with LoopbackServer(files) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
