"""A design of every genre that has a family."""

import pytest

from gamefactory_dagster.studio.designer import ProceduralDesigner
from gamefactory_dagster.studio.families import genres
from tests.studio.design.design_briefs import make_brief


@pytest.fixture(params=genres())
def genre(request):
    return request.param


@pytest.fixture
def gdd(genre):
    return ProceduralDesigner().design(make_brief(genre), 0)
