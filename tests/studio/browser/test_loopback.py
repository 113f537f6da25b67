"""What a check's browser is served is served as the arcade serves it."""

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
