"""The page of replays in a real browser: at a desk and on a phone, in light and dark."""

import random

import pytest

from gamefactory_dagster.replays.analysis import analyse
from gamefactory_dagster.replays.frames import frames
from gamefactory_dagster.replays.report.page import render
from tests.report.test_browser import FAINT, OUTSIDE

from .building import season
from .test_report import hostile_report

CUT = """() => [...document.querySelectorAll('.card .scroll')]
  .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.textContent.slice(0, 90))"""


@pytest.mark.browser
def test_the_page_fits_reads_well_and_asks_for_nothing(browser, tmp_path):
    many = frames((source, one) for source, one, _ in season(random.Random(7), 300))
    pages = {"many.html": analyse(many, ["Ann"]), "hostile.html": hostile_report()}
    with browser.new_page() as page:
        said, requests = [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda request: requests.append(request.url))
        for name, report in pages.items():
            file = tmp_path / name
            file.write_text(render(report), encoding="utf-8")
            for width, scheme in ((1280, "light"), (390, "dark")):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                page.goto(file.as_uri())
                page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
                assert page.evaluate("document.documentElement.scrollWidth") == width
                assert page.evaluate(OUTSIDE) == []
                assert page.evaluate(CUT) == []
                assert page.evaluate(FAINT)["faint"] == []
        assert said == []
        assert set(requests) == {(tmp_path / name).as_uri() for name in pages}
