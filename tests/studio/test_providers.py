"""Which providers an installation gets."""

import logging

import pytest

from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.providers import embedded


def test_a_key_that_is_not_used_is_said_and_never_shown(tmp_path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        embedded(Settings(home=tmp_path))
    assert caplog.text == ""
    with caplog.at_level(logging.WARNING):
        embedded(Settings(home=tmp_path, github_token="hunter2"))
    assert "GAMEFACTORY_GITHUB_TOKEN is set" in caplog.text
    assert "hunter2" not in caplog.text
