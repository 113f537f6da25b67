"""The pages of background jobs in a real browser: they fit a desk and a phone, and read well on both."""

import pytest

from gamefactory_dagster.background.page import PAGES
from tests.arcade.conftest import serving
from tests.arcade.screens import SCREENS, go_and_read, opened
from tests.arcade.test_browser import boxes

from .rows import add, ago, ahead

pytestmark = pytest.mark.browser

JOB = "aaaaaaaa-0000-4000-8000-000000000000"
LONG = "an_unreasonably_long_name_of_something_that_went_wrong_" * 4


@pytest.fixture
def arcade(settings, engine):
    add(engine, id=JOB, status="failed", created_at=ago(minutes=9), started_at=ago(minutes=8), retry_count=2,
        unique_key=LONG, job_parameters={"text": LONG}, data_references={"file": LONG}, error_type=LONG,
        error_message=LONG, error_context={"traceback": LONG}, log=f"{LONG}\n" * 200)  # fmt: skip
    add(engine, status="processing", run_after=ahead(hours=1), error_message=LONG, job_type=LONG)
    add(engine, status="failed", error_type="JobCancelledError", error_message="cancelled before it was done")
    with serving(settings, engine, pages=[PAGES]) as arcade:
        yield arcade


@pytest.fixture(params=SCREENS)
def page(browser, arcade, request):
    with opened(browser, arcade.url, request.param) as page:
        yield page


READ = {
    "/jobs": ("h1", ".numbers dt", ".chip", ".run h2 a", ".run .state", ".given code", ".when", ".why"),
    f"/jobs/{JOB}": ("h1", ".facts .state", ".facts code", ".fault", ".fault b", "pre code", ".of-job dt"),
}


def test_the_pages_fit_their_window_and_read_well(page):
    for path, selectors in READ.items():
        go_and_read(page, path, selectors)
        assert all(box["height"] >= 32 for box in boxes(page, ".chip")), path
    log = page.get_by_label("Log")
    assert log.evaluate("log => log.scrollHeight > log.clientHeight && log.scrollWidth > log.clientWidth")
    assert log.bounding_box()["height"] < 500
