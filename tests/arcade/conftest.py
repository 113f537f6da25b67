"""The real application on a real socket, over the real database."""

import http.client
import threading
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
import uvicorn

from gamefactory_dagster.arcade.app import create_app
from gamefactory_dagster.arcade.limits import Limits
from gamefactory_dagster.arcade.serve import make_server, take_port, url_of
from tests import factory_rows
from tests.asking import CLIENT

GAME = "7e7c7df1-cf38-5bf1-9c04-79ee11856b15"
OTHER = "2dbe8e63-b333-57f1-99b1-5690141d86db"
KEY = "the-key-of-the-game"

FILES = {
    "index.html": b"<!doctype html><title>Reef Run</title>" + b" " * 1000,
    "player.js": b"// " + b"x" * 5000,
    "game.json": b'{"name": "Reef Run"}',
    "splash.png": b"\x89PNG\r\n\x1a\n",
    "audio/jump.ogg": b"OggS" + b"\0" * 2000,
    "manifest.webmanifest": b"{}",
    "notes.unknown": b"?",
}


@dataclass(frozen=True)
class Arcade:
    url: str
    server: uvicorn.Server

    def raw(self, path, method="GET", headers=None):
        """Ask for a path as it is: httpx would tidy it up first."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=10)
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    def post(self, events=(), key=KEY, game_id=GAME, **changes):
        envelope = {"game_id": game_id, "write_key": key, "events": events} | changes
        return CLIENT.post(f"{self.url}/v1/events", json=envelope)

    def send(self, path, content, headers=None):
        return CLIENT.post(self.url + path, json=content, headers=headers)

    def get(self, path, **options):
        return CLIENT.get(self.url + path, **options)


def own_name(arcade, slug):
    """URL of a game at its own name."""
    return f"{arcade.url.replace('127.0.0.1', f'{slug}.localhost')}/"


@contextmanager
def serving(settings, engine, limits=None, pages=()):
    taken = take_port("127.0.0.1", 0)
    limits = limits or Limits()
    server = make_server(create_app(settings, engine, limits, pages), limits, settings.trusted_proxies)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    try:
        yield Arcade(url_of(taken), server)
    finally:
        server.should_exit = True
        thread.join()
        taken.close()


def add_published(engine, **columns):
    values = {
        "id": GAME, "name": "Reef Run", "slug": "reef-run", "genre": "runner", "style": "pixel_retro",
        "status": "published", "write_key": KEY, "gdd_spec": {"tagline": "Swim."},
        "published_at": sa.func.now(),
    } | columns  # fmt: skip
    factory_rows.add_game(engine, **values)


def add_score(engine, game_id, date, score):
    factory_rows.insert(engine, "game_metrics", game_id=game_id, date=date, score=score)


def publish_files(settings):
    folder = settings.published / "reef-run"
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@pytest.fixture
def published(settings):
    return publish_files(settings)


@pytest.fixture
def arcade(settings, engine, published):
    add_published(engine)
    with serving(settings, engine) as arcade:
        yield arcade
