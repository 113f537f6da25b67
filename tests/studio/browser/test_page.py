"""A page does what it is told, says what it complains about, and forgets."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.studio.browser.chromium import Session, opened
from gamefactory_dagster.studio.browser.loopback import serving
from gamefactory_dagster.studio.browser.page import PageError

pytestmark = pytest.mark.browser

PAGE = b"""<!doctype html><title>page</title><body style="margin:0"><input><script src="page.js"></script>"""
SCRIPT = b"""
  const seen = [];
  for (const type of ["keydown", "keyup", "pointermove", "pointerdown", "pointerup"])
    addEventListener(type, (event) => seen.push(
      [type, event.isTrusted, event.key ?? [event.clientX, event.clientY], event.code ?? event.buttons]));
"""


@pytest.fixture(scope="module")
def session(chromium: Path) -> Iterator[Session]:
    with opened(chromium, 120) as found:
        yield found


@pytest.fixture
def url(session: Session) -> Iterator[str]:
    """Where the page is served, which is open; what it complains about is nobody's yet."""
    with serving({"index.html": PAGE, "page.js": SCRIPT}) as server:
        session.page.goto(f"{server.url}/")
        yield f"{server.url}/"


def test_functions_are_called_with_values_and_what_they_throw_is_told(session: Session, url: str) -> None:
    given = {"a": [1, 2.5, None, True, 'quote " and \u2028'], "b": {}}
    assert session.page.run("async (x) => (await null, [x, document.title])", given) == [given, "page"]
    assert session.page.run("() => undefined") is None
    for function in ("() => { throw new Error('no') }", "async () => { throw 'no' }"):
        with pytest.raises(PageError, match=r"^no$"):
            session.page.run(function)
    with pytest.raises(PageError, match="SyntaxError"):
        session.page.run("() => {")


def test_keys_and_pointer_are_a_persons(session: Session, url: str) -> None:
    session.page.gesture(
        [
            {"type": "keydown", "key": " "}, {"type": "keyup", "key": " "},
            {"type": "keydown", "key": "ArrowDown"}, {"type": "keyup", "key": "ArrowDown"},
            {"type": "keydown", "key": "a"}, {"type": "keyup", "key": "a"},
            {"type": "pointerdown", "x": 300, "y": 200}, {"type": "pointermove", "x": 310, "y": 205},
            {"type": "pointerup"},
        ]
    )  # fmt: skip
    keys = [
        ["keydown", True, " ", "Space"], ["keyup", True, " ", "Space"],
        ["keydown", True, "ArrowDown", "ArrowDown"], ["keyup", True, "ArrowDown", "ArrowDown"],
        ["keydown", True, "a", "KeyA"], ["keyup", True, "a", "KeyA"],
    ]  # fmt: skip
    pointer = [
        ["pointermove", True, [300, 200], 0], ["pointerdown", True, [300, 200], 1],
        ["pointermove", True, [310, 205], 1], ["pointerup", True, [310, 205], 0],
    ]  # fmt: skip
    assert session.page.run("() => seen") == keys + pointer


def test_places_are_the_same_where_a_pixel_is_many(session: Session, url: str) -> None:
    session.page.resize(480, 270, 0.1)
    places = [(x, y) for x in range(3, 480, 53) for y in range(1, 270, 29)]
    for x, y in places:
        session.page.gesture([{"type": "pointerdown", "x": x, "y": y}, {"type": "pointerup"}])
    seen = session.page.run("() => seen.filter((each) => each[0] === 'pointerdown').map((each) => each[2])")
    session.page.resize(960, 540)
    assert len(seen) == len(places)
    assert all(abs(x - a) < 1 and abs(y - b) < 1 for (x, y), (a, b) in zip(places, seen, strict=True))


def test_who_taps_twice_at_a_place_moves_the_pointer_once(session: Session, url: str) -> None:
    tap = [{"type": "pointerdown", "x": 90, "y": 80}, {"type": "pointerup"}]
    session.page.gesture(tap + tap)
    seen = session.page.run("() => seen.map((each) => each[0])")
    assert seen == ["pointermove", *["pointerdown", "pointerup"] * 2]


FRAMES = """() => new Promise((done) => {
  let count = 0;
  const frame = () => { count += 1; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  setTimeout(() => done(count), 300);
})"""
"""How many frames begin in 300 ms, or a little more."""


def test_a_page_is_drawn_while_it_is_shown_alone(session: Session, url: str) -> None:
    assert session.page.run(FRAMES) == 0
    session.page.show()
    assert session.page.run(FRAMES) > 2
    session.page.hide()
    assert session.page.run(FRAMES) < 2


def test_a_page_that_nobody_sees_is_not_told(session: Session, url: str) -> None:
    session.page.run("""() => {
      for (const type of ["visibilitychange", "blur"]) addEventListener(type, () => seen.push(type), true);
      document.addEventListener("visibilitychange", () => seen.push("of the document"));
    }""")
    for _ in range(2):
        session.page.show()
        session.page.run("() => new Promise(requestAnimationFrame)")
        session.page.hide()
        session.page.gesture([{"type": "keydown", "key": "a"}, {"type": "keyup", "key": "a"}])
    assert session.page.run("() => [document.hidden, document.visibilityState]") == [False, "visible"]
    assert {each[0] for each in session.page.run("() => seen")} == {"keydown", "keyup"}


def test_the_timers_of_a_page_that_nobody_sees_are_no_slower(session: Session, url: str) -> None:
    waited = session.page.run("""async () => {
      const before = performance.now();
      for (let i = 0; i < 20; i++) await new Promise((done) => setTimeout(done, 5));
      return performance.now() - before;
    }""")
    assert waited < 5000, "Chromium itself would let one a second run"


def test_a_move_of_the_pointer_is_told_at_once_though_no_frame_is_drawn(session: Session, url: str) -> None:
    before = time.monotonic()
    for x in range(3):
        session.page.gesture([{"type": "pointermove", "x": 20 + x, "y": 30}])
        assert session.page.run("() => seen.at(-1)")[:3] == ["pointermove", True, [20 + x, 30]]
    assert time.monotonic() - before < 4, "Chromium itself would wait for five seconds"


def test_what_is_typed_is_written(session: Session, url: str) -> None:
    session.page.run("() => document.querySelector('input').focus()")
    session.page.gesture([{"type": "keydown", "key": key} for key in "a b"])
    assert session.page.run("() => document.querySelector('input').value") == "a b"


@pytest.mark.parametrize("gesture", [{"type": "keydown", "key": "Hyper"}, {"type": "pinch"}])
def test_a_gesture_that_is_none_is_said_to_be(session: Session, url: str, gesture: dict[str, str]) -> None:
    with pytest.raises(PageError, match="unknown"):
        session.page.gesture([gesture])


def test_complaints_are_told(session: Session, url: str) -> None:
    told = []
    session.page.complaint = lambda kind, text: told.append((kind, text))
    session.page.run("""() => {
      console.error("wrong", 1, { a: 1 }); console.warn("odd"); console.log("fine");
      console.assert(false, "false");
      fetch("/nothing");
      setTimeout(() => { throw new TypeError("thrown") }, 1);
      return new Promise((done) => setTimeout(done, 500));
    }""")
    session.page.complaint = lambda *_: None
    assert ("console", "wrong 1 Object") in told
    assert ("warning", "odd") in told
    assert ("console", "false") in told
    assert ("uncaught", "TypeError: thrown") in told
    assert any(kind == "console" and "404" in text for kind, text in told)
    assert len(set(told)) == 5


def test_a_question_to_the_person_is_answered_and_nothing_waits(session: Session, url: str) -> None:
    assert session.page.run("() => confirm('really?')") is False


def test_a_page_that_is_not_there_is_named(chromium: Path) -> None:
    with pytest.raises(TransientError, match=r"http://127\.0\.0\.1:9/.*ERR_"):  # noqa: SIM117
        with opened(chromium, 60) as session:
            session.page.goto("http://127.0.0.1:9/")


def test_a_page_that_crashes_does_not_keep_anybody_waiting(chromium: Path) -> None:
    with pytest.raises(TransientError, match="the page crashed"), opened(chromium, 60) as session:
        session.page._call("Page.crash")


def test_who_wants_no_motion_is_believed(session: Session, url: str) -> None:
    asked = "() => matchMedia('(prefers-reduced-motion: reduce)').matches"
    assert session.page.run(asked) is False
    session.page.stand_still()
    assert session.page.run(asked) is True
