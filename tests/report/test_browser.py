"""The page in a real browser: at a desk and on a phone, in light and dark, and on paper."""

import pytest

from gamefactory_dagster.report.commands import collect
from gamefactory_dagster.report.page import render

from .conftest import UNTIL, add_events, add_metrics, add_reported, fill

pytestmark = pytest.mark.browser

SIZES = [(1280, 900, "light"), (390, 844, "dark"), (390, 844, "light")]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Reports by name, each written by the first test that wants it."""
    folder = tmp_path_factory.mktemp("reports")

    def write(name, request, fill=lambda connection: None):
        path = folder / name
        if not path.exists():
            engine = request.getfixturevalue("engine")
            with engine.begin() as connection:
                fill(connection)
            path.write_text(render(collect(engine, 30)), encoding="utf-8")
        return path

    return write


@pytest.fixture
def file(written, request):
    """A full report, with a game whose name and genre are as long as they may be and cannot be broken."""

    def full(connection):
        fill(connection)
        game = add_reported(connection, 99, name="x" * 255, genre="y" * 100)
        add_metrics(connection, game, size=900)
        add_events(connection, game, players=500)

    return written("full.html", request, full)


@pytest.fixture
def empty_file(written, request):
    return written("empty.html", request)


@pytest.fixture(scope="module")
def page(browser):
    """One page for all the tests here, which notes what is said and asked for since the last ``show``."""
    with browser.new_page() as page:
        page.said, page.requests = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.requests.append(request.url))
        yield page


def show(page, file, width, height, scheme):
    page.said.clear()
    page.requests.clear()
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(media="screen", color_scheme=scheme)
    page.goto(file.as_uri())
    page.wait_for_load_state("networkidle")


OUTSIDE = """() => [...document.querySelectorAll('main *, header *, footer *')].filter(element => {
  const box = element.getBoundingClientRect();
  const apart = element.closest('.scroll table, .hidden, caption, svg, pre code');
  return !apart && box.width && (box.right > innerWidth + 1 || box.left < -1);
}).map(element => element.outerHTML.slice(0, 90))"""

FAINT = """() => {
  const light = css => {
    const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const [r, g, b] = css.match(/[\\d.]+/g).map(v => linear(v / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const clear = 'rgba(0, 0, 0, 0)';
  const texts = [...document.querySelectorAll('body *')].filter(element =>
    element.checkVisibility() && [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())
    && !element.closest('svg'));
  const ratio = element => {
    let behind = element;
    while (behind.parentElement && getComputedStyle(behind).backgroundColor === clear)
      behind = behind.parentElement;
    const [a, b] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map(light);
    return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  };
  return { seen: texts.length, faint: texts.filter(element => ratio(element) < 4.5)
    .map(element => `${ratio(element).toFixed(2)} ${element.outerHTML.slice(0, 90)}`) };
}"""


@pytest.mark.parametrize(("width", "height", "scheme"), SIZES)
def test_the_page_fits_reads_well_and_asks_for_nothing(page, file, width, height, scheme):
    show(page, file, width, height, scheme)
    page.mouse.wheel(0, 20_000)
    assert page.said == []
    assert page.requests == [file.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(OUTSIDE) == []
    seen = page.evaluate(FAINT)
    assert seen["faint"] == []
    assert seen["seen"] > 400


@pytest.mark.parametrize(("width", "height", "scheme"), SIZES[:2])
def test_an_empty_factory_s_page_does_too(page, empty_file, width, height, scheme):
    show(page, empty_file, width, height, scheme)
    assert page.said == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(FAINT)["faint"] == []


def test_a_phone_gets_large_numbers_and_targets_and_the_name_stays(page, file):
    show(page, file, 390, 844, "light")
    sizes = "[...document.querySelectorAll('nav a')].map(link => link.getBoundingClientRect().height)"
    assert min(page.evaluate(sizes)) >= 32
    box = page.locator("#games .scroll")
    before = box.locator("tbody th").nth(1).bounding_box()
    box.evaluate("box => box.scrollLeft = 400")
    after = box.locator("tbody th").nth(1).bounding_box()
    assert after["x"] == before["x"]
    assert box.evaluate("box => box.scrollLeft") > 100


def test_bars_of_a_game_have_one_scale_and_never_cover_a_number(page, file):
    show(page, file, 390, 844, "light")
    tracks = """() => [...document.querySelectorAll('.funnel')].map(game =>
      [...game.querySelectorAll('.reach')].map(bar => bar.getBoundingClientRect().width))"""
    widths = page.evaluate(tracks)
    assert len(widths) == 8
    assert all(max(game) - min(game) < 0.5 for game in widths)
    gaps = """() => [...document.querySelectorAll('.reached')].map(cell => {
      const [bar, number] = cell.children;
      number.textContent = '1,234,567';
      return number.getBoundingClientRect().left - bar.getBoundingClientRect().right;
    })"""
    assert min(page.evaluate(gaps)) >= 0


def test_the_page_works_by_keyboard(page, file):
    show(page, file, 1280, 900, "light")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#by-day").is_visible()
    page.get_by_role("region", name="Games, most installed first").focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    described = page.get_by_role("img").first.get_attribute("aria-label")
    assert f"{UNTIL.day} Mar 2026" in described or "on the last day" in described


def test_on_paper_nothing_is_cut_and_it_is_light(page, file):
    show(page, file, 718, 1000, "dark")  # A4 between margins of 10 mm
    page.emulate_media(media="print", color_scheme="dark")
    cut = """() => [...document.querySelectorAll('.scroll')].filter(box =>
      box.checkVisibility() && getComputedStyle(box).overflow !== 'visible').length"""
    assert page.evaluate(cut) == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(FAINT)["faint"] == []
    wide = "[...document.querySelectorAll('table')].filter(t => t.getBoundingClientRect().right > 719).length"
    assert page.evaluate(wide) == 0
