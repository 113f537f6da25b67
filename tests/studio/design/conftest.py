"""A design of every genre that has a family."""

import pytest
from design_briefs import make_brief

from gamefactory_dagster.studio.designer import ProceduralDesigner
from gamefactory_dagster.studio.families import genres


@pytest.fixture(params=genres())
def genre(request):
    return request.param


@pytest.fixture
def gdd(genre):
    return ProceduralDesigner().design(make_brief(genre), 0)
