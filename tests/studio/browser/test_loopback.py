"""What a check's browser is served is served as the arcade serves it."""

import socket
import struct
import time
import urllib.request

import pytest

from gamefactory_dagster.studio.browser.loopback import serving
from gamefactory_dagster.studio.shipping.web import GAME_POLICY, MEDIA_TYPES


@pytest.mark.parametrize("suffix", MEDIA_TYPES)
def test_every_file_has_its_type_and_the_games_policy(suffix: str) -> None:
    with (
        serving({f"a.{suffix}": b"x"}) as server,
        urllib.request.urlopen(f"{server.url}/a.{suffix}") as answer,
    ):
        assert answer.headers["content-type"] == MEDIA_TYPES[suffix]
        assert answer.headers["content-security-policy"] == GAME_POLICY


def test_a_browser_that_goes_away_while_it_is_answered_leaves_no_word(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with serving({"large": b"x" * 20_000_000}) as server:
        with socket.create_connection(server.server_address[:2]) as browser:
            browser.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            browser.recv(100)
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset
        time.sleep(0.5)
    assert capfd.readouterr().err == ""
