"""A shared report: for whoever has the link, while it is shared and completed, and for nobody else."""

from uuid import uuid4

import pytest

from gamefactory_dagster.replays.shared_page import shared_pages
from tests.arcade.conftest import serving

from .site import Site

EVIL = '<script>alert(1)</script>"Ann'


@pytest.fixture
def site(settings, engine) -> Site:
    return Site(settings, engine)


def test_a_report_is_there_while_it_is_shared(site: Site) -> None:
    job = site.submit(site.record(1, EVIL), player=EVIL)
    path = f"/shared/{site.row(job).shareable_id}"
    with serving(site.settings, site.engine, pages=[shared_pages(site.settings)]) as arcade:
        site.ask(lambda jobs: jobs.share(job))
        early = arcade.get(path)
        site.work(job)
        seen = arcade.get(path)
        site.ask(lambda jobs: jobs.unshare(job))
        late = arcade.get(path)
        others = [arcade.get(f"/shared/{name}").status_code for name in (uuid4(), job, "x", "%00")]
        front = arcade.get("/").text
    assert (early.status_code, late.status_code) == (404, 404)
    assert others == [404] * 4
    assert seen.status_code == 200
    assert EVIL not in seen.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in seen.text
    assert seen.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in seen.headers["content-security-policy"]
    assert 'href="/shared' not in front


def test_a_report_that_is_no_longer_kept_is_not_there(site: Site) -> None:
    job = site.submit(site.record(1))
    site.work(job)
    site.ask(lambda jobs: jobs.share(job))
    for file in (site.settings.home / "artifacts" / "replay_reports").rglob("*.json"):
        file.unlink()
    with serving(site.settings, site.engine, pages=[shared_pages(site.settings)]) as arcade:
        answer = arcade.get(f"/shared/{site.row(job).shareable_id}")
    assert answer.status_code == 404
