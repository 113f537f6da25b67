"""The real server of the definitions: loaded anew and killed while it is asked all the time."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._grpc.client import DagsterGrpcClient

from gamefactory_dagster.launching.children import AVAILABLE
from gamefactory_dagster.local.code import CodeServer, place, write_workspace
from gamefactory_dagster.local.kept import Child
from gamefactory_dagster.local.processes import CODE, workspace
from tests.live import Factory, kill, wait_for

pytestmark = [
    pytest.mark.daemon,
    pytest.mark.skipif(not AVAILABLE, reason="there is one only where there are warm workers"),
]


@pytest.fixture(scope="module")
def factory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Factory]:
    made = Factory(tmp_path_factory.mktemp("code"))
    yield made
    made.close()


@contextmanager
def served(factory: Factory) -> Iterator[tuple[CodeServer, DagsterGrpcClient]]:
    """The server as `gamefactory dev` has it, looked after every tenth of a second."""
    environment = {**factory.environment, **factory.dagster}
    with place(factory.settings.home) as found:
        write_workspace(Path(workspace(factory.settings)), found)
        server = CodeServer(lambda: Child(*CODE, environment, factory.settings.home / "logs"), found)
        over = threading.Event()

        def look() -> None:
            while not over.wait(0.1):
                server.check()

        looking = threading.Thread(target=look)
        looking.start()
        try:
            yield server, DagsterGrpcClient(socket=str(found.link))
        finally:
            over.set()
            looking.join()
            for child in server.children:
                child.kill()


def server_id(client: DagsterGrpcClient) -> str | None:
    """Which server answers; None where none does."""
    try:
        return client.get_server_id(timeout=5)
    except DagsterUserCodeUnreachableError:
        return None


def test_who_reloads_gets_another_server_and_nobody_waits_for_it(factory: Factory) -> None:
    with served(factory) as (server, client):
        first = wait_for("a server", 120, lambda: server_id(client))
        answers: list[str | None] = []
        over = threading.Event()

        def ask() -> None:
            while not over.wait(0.02):
                answers.append(server_id(client))

        asking = threading.Thread(target=ask)
        asking.start()
        client.reload_code(timeout=120)
        second = server_id(client)
        wait_for("the first one's end", 60, lambda: len(server.children) == 1)
        over.set()
        asking.join()
    assert second not in {None, first}
    assert set(answers) == {first, second}, "there was always one that answered"


def test_one_that_is_killed_is_back_within_fifteen_seconds(factory: Factory) -> None:
    with served(factory) as (server, client):
        first = wait_for("a server", 120, lambda: server_id(client))
        began = time.monotonic()
        kill(server.child.pid)
        wait_for("another", 60, lambda: server_id(client) not in {None, first})
        assert time.monotonic() - began < 15
