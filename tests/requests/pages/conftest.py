"""The arcade with the pages of requests, as strangers see it."""

import pytest

from gamefactory_dagster.requests.page import Desk
from tests.arcade.conftest import serving


def desk(settings, engine, limits=None):
    """Those pages, for ``serving``."""
    return [Desk(settings, engine, limits).pages()]


@pytest.fixture
def patient(settings):
    """Settings under which a test may ask as often as it likes."""
    return settings.model_copy(update={"requests_per_minute": 1000})


@pytest.fixture
def arcade(patient, engine):
    with serving(patient, engine, pages=desk(patient, engine)) as arcade:
        yield arcade
