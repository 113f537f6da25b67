"""``analyze_replays`` as a background job: the same matches, the same report, without a person in between."""

from uuid import uuid4

import pytest

from gamefactory_dagster.background.kinds import Work
from gamefactory_dagster.background.registry import registry
from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.replays.results import Report
from gamefactory_dagster.studio.shipping.artifacts import ArtifactStore

from .desk import link
from .site import Site


@pytest.fixture
def site(settings, engine) -> Site:
    return Site(settings, engine)


def test_it_reports_on_what_it_can_read_and_twice_is_one_report(site: Site) -> None:
    kind = registry()["analyze_replays"]
    given = kind.parameters.model_validate(
        {"links": [site.record(1), site.record(2), link(9), link(1)], "players": ["ann"], "team": "Owls"}
    )
    assert len(given.links) == 3
    works = [Work(site.engine, site.settings, uuid4(), site.settings.user, 1) for _ in range(2)]
    first, second = (kind.run(work, given) for work in works)
    assert first == second
    assert (first["replays"], first["unread"], first["players"]) == (2, 1, ["Ann"])
    assert [(made.kind, made.url) for made in works[0].made] == [("report", first["url"])]
    report = Report.from_json(ArtifactStore(site.settings.artifacts).get(first["url"]))
    assert (report.team, report.players[0].matches.won) == ("Owls", 2)
    gone = kind.parameters.model_validate({"links": [link(9)]})
    with pytest.raises(PermanentError, match="no match could be read"):
        kind.run(works[0], gone)
    stranger = kind.parameters.model_validate({"links": [link(1)], "players": ["Cyd"]})
    with pytest.raises(InputError, match="Cyd"):
        kind.run(works[0], stranger)
