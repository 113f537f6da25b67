"""Dagster's own web server behind the guard: what a foreign page tries is refused, what the UI does works."""

import asyncio
import json
from collections.abc import Iterator

import httpx
import pytest
import websockets

from gamefactory_dagster.local.ui import QueriesByPost
from tests.asking import CLIENT
from tests.foreign import NAMES, SITES, statuses
from tests.local.uis import serving_ui

MUTATION = "mutation { setNuxSeen }"


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_ui(tmp_path_factory.mktemp("dagster")) as url:
        yield url


def asked(ui: str, query: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return CLIENT.post(f"{ui}/graphql", json={"query": query}, headers=named)


@pytest.mark.slow
def test_the_ui_works_by_its_own_names(ui: str) -> None:
    for host in (ui.removeprefix("http://"), "localhost:1", "factory.example"):
        assert CLIENT.get(f"{ui}/runs", headers={"Host": host}).text.startswith("<!DOCTYPE html>")
    for headers in ({}, {"origin": ui, "sec_fetch_site": "same-origin"}):
        assert asked(ui, "{ version }", **headers).json()["data"]["version"]
        assert asked(ui, MUTATION, **headers).json()["data"] == {"setNuxSeen": True}
    assert "GraphiQL" in CLIENT.get(f"{ui}/graphql", headers={"Accept": "text/html"}).text


@pytest.mark.slow
def test_a_name_that_was_pointed_here_gets_nothing(ui: str) -> None:
    for host in ("evil.example", f"evil.example:{ui.rpartition(':')[2]}", "192.168.1.4"):
        for path in ("/", "/server_info", "/graphql?query={version}"):
            answer = CLIENT.get(ui + path, headers={"Host": host})
            assert answer.status_code == 421
            assert "GAMEFACTORY_HOSTS" in answer.json()["error"]
        assert asked(ui, MUTATION, host=host, origin=f"http://{host}").status_code == 421


@pytest.mark.slow
def test_no_foreign_name_or_page_gets_anything(ui: str) -> None:
    names = [{"Host": name} for name in NAMES]
    for path in ("/", "/server_info", "/graphql?query={version}"):
        assert statuses(ui, path, names) <= {400, 421}
    assert statuses(ui, "/graphql", [*names, *SITES], json={"query": MUTATION}) <= {400, 403, 421}
    link = f"/graphql?query={MUTATION}"
    assert statuses(ui, link, [*SITES[:4], {"Accept": "image/*"}]) <= {403, 405}
    assert CLIENT.post(f"{ui}/graphql", json={"query": "{ version }"}).status_code == 200


@pytest.mark.slow
def test_a_page_of_another_site_cannot_write(ui: str) -> None:
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:3001"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ):
        assert asked(ui, MUTATION, **headers).status_code == 403
        form = CLIENT.post(
            f"{ui}/graphql",
            params={"query": MUTATION},
            headers={"content-type": "text/plain", **_named(headers)},
        )
        assert form.status_code == 403


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.mark.slow
def test_an_image_cannot_write_either(ui: str) -> None:
    asking = {"params": {"query": MUTATION}}
    image = {"accept": "image/png,*/*;q=0.8", "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert CLIENT.get(f"{ui}/graphql", headers=image, **asking).status_code == 403
    assert CLIENT.get(f"{ui}/graphql", headers={"accept": "image/*"}, **asking).status_code == 405
    assert CLIENT.head(f"{ui}/graphql", headers={"accept": "image/*"}, **asking).status_code == 405


async def _greeted(ui: str, **headers: str) -> str:
    address = f"ws{ui.removeprefix('http')}/graphql"
    async with websockets.connect(address, subprotocols=["graphql-ws"], additional_headers=headers) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        return json.loads(await asyncio.wait_for(socket.recv(), 10))["type"]


@pytest.mark.slow
def test_the_live_view_works_and_is_ours_alone(ui: str) -> None:
    assert asyncio.run(_greeted(ui)) == "connection_ack"
    assert asyncio.run(_greeted(ui, Origin=ui)) == "connection_ack"
    for origin in ("http://evil.example", "null", "http://127.0.0.1:3001"):
        with pytest.raises(websockets.InvalidStatus, match="403"):
            asyncio.run(_greeted(ui, Origin=origin))


def test_only_queries_in_links_are_refused() -> None:
    reached = []

    async def app(scope: object, receive: object, send: object) -> None:
        reached.append(scope)

    async def send(message: object) -> None:
        pass

    for method, path, query in (
        ("GET", "/graphql", b""), ("POST", "/graphql", b"query=x"), ("GET", "/runs", b"query=x")
    ):  # fmt: skip
        scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": []}
        asyncio.run(QueriesByPost(app)(scope, None, send))  # type: ignore[arg-type]
    assert len(reached) == 3
