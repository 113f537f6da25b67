"""The pages of runs in a real browser: they fit a desk and a phone, and read well in light and dark."""

import io

import pytest

from gamefactory_dagster.ledger.recording import Made
from gamefactory_dagster.settings import LOCAL_USER
from gamefactory_dagster.studio.shipping.artifacts import ArtifactStore
from tests.ledger.entered import enter, enter_prompts

from .conftest import serving
from .screens import SCREENS, go_and_read, opened
from .test_browser import boxes

pytestmark = pytest.mark.browser

RUN, FAILED = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "ab")
LONG = "an_unreasonably_long_name_of_something_that_went_wrong_" * 4


@pytest.fixture
def arcade(settings, engine):
    from PIL import Image

    drawn = io.BytesIO()
    Image.new("RGB", (640, 360), (60, 120, 200)).save(drawn, "PNG")
    store = ArtifactStore(settings.artifacts)
    made = [
        Made.of(content, "file", store.put("file", content, ".bin").url, type_, path=path, step="testing")
        for content, type_, path in (
            (drawn.getvalue(), "image/png", f"web/{LONG}.png"),
            (b"OggS", "audio/ogg", "web/music.ogg"),
            (b"{}", "application/json", f"web/{LONG}.json"),
        )
    ]
    steps = [("core_prototype", "start", {}), ("core_prototype", "note", {"message": LONG}),
             ("core_prototype", "end", {}), (LONG, "start", {}),
             (LONG, "error", {"message": LONG, "again": True})]  # fmt: skip
    spec = {"kind": "game", "game": {"name": "Reef Run", "slug": "reef-run"}}
    enter(engine, RUN, LOCAL_USER, spec, events=steps, made=made)
    enter(engine, FAILED, LOCAL_USER, {"kind": "report", "command": LONG}, status="failed", message=LONG)
    enter_prompts(engine, ("reef-run/tagline", "player", "title screen", LONG))
    with serving(settings, engine) as arcade:
        yield arcade


@pytest.fixture(params=SCREENS)
def page(browser, arcade, request):
    with opened(browser, arcade.url, request.param) as page:
        yield page


READ = {
    "/runs": ("h1", ".tally", ".chip", ".run h2 a", ".run .state", ".run .facts span", ".when", ".why"),
    f"/runs/{FAILED}": ("h1", ".facts .state", ".facts span", ".fault", ".fault b", "pre code"),
    f"/runs/{RUN}": (".path a", ".numbers dt", ".step h3", ".took", ".step .why", ".step summary",
                     ".pictures p", ".sounds span", ".files a", ".files span", ".texts dt", ".texts dd"),
}  # fmt: skip


def test_the_pages_fit_their_window_and_read_well(page):
    for path, selectors in READ.items():
        go_and_read(page, path, selectors)
        for selector in (".chip", ".button", ".group summary"):
            assert all(box["height"] >= 32 for box in boxes(page, selector)), selector


def test_pictures_are_shown_and_a_press_anywhere_on_a_row_opens_the_run(page):
    page.goto("/runs")
    [_, row] = boxes(page, ".run")
    page.mouse.click(row["x"] + row["width"] - 4, row["y"] + 4)
    page.wait_for_url(f"**/runs/{RUN}")
    picture = page.locator(".pictures img")
    picture.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert picture.evaluate("picture => picture.naturalWidth") == 640
    assert page.locator("audio[controls]").count() == 1
    page.get_by_text("1 note").click()
    assert page.get_by_text(LONG).first.is_visible()


def test_a_game_s_script_reads_no_runs(page):
    page.goto("/runs")
    status = page.evaluate("fetch('/runs').then(answer => answer.status, () => 'refused')")
    assert status in {404, "refused"}
