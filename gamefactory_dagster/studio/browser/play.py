"""Playing a built game in a real browser, with real key and pointer events, to the exact predicted state.

What belongs here: driving one game. What does not: what was seen of it and is wrong with that
(``report.py``), the rules in V8 (``families/lab.py``), the browser's process (``chromium.py``), and what a
failed check leads to.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.browser.chromium import Session, opened
from gamefactory_dagster.studio.browser.loopback import EVENTS_PATH, serving
from gamefactory_dagster.studio.browser.page import Kind, PageError
from gamefactory_dagster.studio.browser.report import BrowserReport, Extra, LevelPlay
from gamefactory_dagster.studio.families.base import Certificate
from gamefactory_dagster.studio.families.proof import IDLE_FRAMES

CHECK_SECONDS = 180.0
"""Longest a whole check may take; an ordinary one takes seconds, this leaves room for a busy machine."""

BOOT_SECONDS = 2.0
"""A game should be ready by then (design: boot under 2 s). Only a warning: a busy machine is slow too."""

MAX_MESSAGES = 50

_PICTURE = (960, 540, 0.5)
"""Size of the page for a picture, and pixels to one of its pixels: Dagster keeps pictures with its events."""

DRAWN_EACH = 4
"""Of so many changes of input the state after one is drawn, and each level's last: drawing every one was a
quarter of a check. Before a picture all are: what flies in it has flown since the last."""

_SMALL = (480, 270, 0.1)
"""Size of the page while it is driven, and pixels to one of its pixels."""

_SILENT = "delete window.AudioContext"
"""Decoding and playing sound nobody hears costs a fifth of a check, and the player plays on without."""

_READY = """async (limit) => {
  if (!window.gamefactory) throw new Error("there is no window.gamefactory");
  const late = new Promise((_, no) => setTimeout(() => no(new Error(`not ready after ${limit} ms`)), limit));
  await Promise.race([window.gamefactory.ready, late]);
  return performance.now();
}"""
_IDLE = """([level, limit]) => {
  const { startLevel, advance, state, timed } = window.gamefactory;
  const summary = () => JSON.stringify(state().summary);
  let now = { outcome: 0, frame: 0 };
  startLevel(level);
  const before = summary();
  while (!now.outcome && now.frame < limit) now = advance(3600);
  return { ...now, timed: timed ? timed() : true, kept: summary() === before };
}"""
_START = "([level, input]) => (gamefactory.startLevel(level), gamefactory.gestures(0, input))"
_START_GIVEN = """([level, mode, input]) => {
  gamefactory.startGiven(level, mode);
  return gamefactory.gestures(0, input);
}"""
_ADVANCE = """([frames, input, next, drawn]) => {
  const now = window.gamefactory.advance(frames, drawn);
  return { now, gestures: next === null ? [] : window.gamefactory.gestures(input, next) };
}"""
_SEEN = "() => ({ events: window.gamefactory.events, errors: window.gamefactory.errors })"


def play_game(
    files: Mapping[str, bytes],
    certificates: Sequence[Certificate],
    chromium: Path,
    seconds: float = CHECK_SECONDS,
    before_level: Callable[[], None] | None = None,
    extras: Sequence[Extra] = (),
    home: Path | None = None,
    still: bool = False,
) -> BrowserReport:
    """Serve a built game to a fresh browser and play every level, first not at all, then by its certificate.

    ``files`` are a bundle's, ``certificates`` any of its levels'; ``extras`` are played after them, by their
    own. What the game does wrong is in the report.
    ``before_level`` may raise to stop; ``home`` is where browsers may be lent (``keeper.py``); ``still`` asks
    the game for no motion, which is a third of a check. Raises TransientError when the browser breaks down or
    needs more than ``seconds``, with what it was doing.
    """
    numbers = [level["number"] for level in orjson.loads(files["game.json"])["levels"]]
    with serving({**files, "config.json": _CONFIG}) as server:
        url = f"{server.url}/"
        return play_page(url, numbers, certificates, chromium, seconds, before_level, extras, home, still)


def play_page(
    url: str,
    levels: Sequence[int],
    certificates: Sequence[Certificate],
    chromium: Path,
    seconds: float = CHECK_SECONDS,
    before_level: Callable[[], None] | None = None,
    extras: Sequence[Extra] = (),
    home: Path | None = None,
    still: bool = False,
) -> BrowserReport:
    """Play a game where it is, served or on disk (``file://``): ``play_game`` for a URL and level numbers."""
    _proofs(levels, certificates)  # before a browser is opened for nothing
    with opened(chromium, seconds, home=home) as session:
        if still:
            session.page.stand_still()
        return play_in(session, url, levels, certificates, before_level, extras)


def play_in(
    session: Session,
    url: str,
    levels: Sequence[int],
    certificates: Sequence[Certificate],
    before_level: Callable[[], None] | None = None,
    extras: Sequence[Extra] = (),
) -> BrowserReport:
    """``play_page`` in a browser that is open already and stays on the game's page."""
    by_level = _proofs(levels, certificates)
    started = time.monotonic()
    report = BrowserReport()
    _listen(session, report)
    if _boot(session, f"{url}#drive", report):
        for number in levels:
            if before_level is not None:
                before_level()
            report.levels.append(_play_level(session, number, by_level.get(number), report))
        for extra in extras:
            if before_level is not None:
                before_level()
            report.levels.append(_play_extra(session, extra))
        _collect(session, report)
    report.cpu_seconds = round(session.cpu_seconds(), 3)
    report.played_seconds = round(time.monotonic() - started, 3)
    return report


def _proofs(levels: Sequence[int], certificates: Sequence[Certificate]) -> dict[int, Certificate]:
    """Certificates by level, all of them the game's."""
    by_level = {certificate.level: certificate for certificate in certificates}
    if unknown := sorted(by_level.keys() - set(levels)):
        raise InputError("certificates", unknown, f"levels of the game: {list(levels)}")
    return by_level


def screenshot(page: Mapping[str, bytes] | str, out: Path, chromium: Path, settle: float = 0.5) -> None:
    """Write a PNG of a page as a person sees it: a URL, or a bundle's files. ``settle`` is in seconds."""
    if isinstance(page, str):
        with opened(chromium, CHECK_SECONDS) as session:
            _photograph(session, page, out, settle)
    else:
        with serving({**page, "config.json": _CONFIG}) as server, opened(chromium, CHECK_SECONDS) as session:
            _photograph(session, f"{server.url}/", out, settle)


def _photograph(session: Session, url: str, out: Path, settle: float) -> None:
    session.doing = f"taking a picture of {url}"
    session.page.show()
    session.page.goto(url)
    time.sleep(settle)
    out.write_bytes(session.page.picture("png"))


_CONFIG = orjson.dumps(
    {"game_id": "00000000-0000-0000-0000-000000000000", "write_key": "check", "endpoint": EVENTS_PATH}
)
"""What the arcade would serve beside the game, so that the analytics client runs as it will run there."""


def _listen(session: Session, report: BrowserReport) -> None:
    """Keep what the page complains about, and keep it silent."""
    page = session.page
    page.before_scripts(_SILENT)

    def keep(kind: Kind, text: str) -> None:
        into, told = (report.warnings, text) if kind == "warning" else (report.errors, f"{kind}: {text}")
        if len(into) < MAX_MESSAGES and told[:500] not in into:
            into.append(told[:500])

    page.complaint = keep


def _boot(session: Session, url: str, report: BrowserReport) -> bool:
    session.doing = "waiting for the game to be ready"
    session.page.goto(url)
    try:
        milliseconds = session.page.run(_READY, 15_000)
    except PageError as error:
        report.errors.append(f"boot: {error}")
        return False
    report.boot_seconds = round(milliseconds / 1000, 3)
    if report.boot_seconds > BOOT_SECONDS:
        report.warnings.append(f"ready only after {report.boot_seconds:.1f} s")
    _picture(session, report, "menu")
    return True


def _play_level(
    session: Session, number: int, certificate: Certificate | None, report: BrowserReport
) -> LevelPlay:
    seen: dict[str, Any] = {}
    try:
        session.doing = f"leaving level {number} to itself"
        idle = session.page.run(_IDLE, [number, IDLE_FRAMES])
        seen = {"idle_outcome": idle["outcome"], "idle_frames": idle["frame"]}
        seen |= {"timed": idle["timed"], "kept": idle["kept"]}
        if certificate:
            session.doing = f"playing the certificate of level {number}"
            picture = (report, f"level {number}") if number == 1 else None
            first = session.page.run(_START, [number, certificate.trace[0][0]])
            seen |= _replay(session, certificate, first, picture)
    except PageError as error:
        seen["fault"] = f"{session.doing}: {error}"
    return LevelPlay(level=number, **seen)


def _play_extra(session: Session, extra: Extra) -> LevelPlay:
    certificate = extra.certificate
    session.doing = f"playing the certificate of {extra.name}"
    try:
        first = session.page.run(_START_GIVEN, [extra.level, extra.mode, certificate.trace[0][0]])
        return LevelPlay(level=extra.name, **_replay(session, certificate, first, None))
    except PageError as error:
        return LevelPlay(level=extra.name, fault=f"{session.doing}: {error}")


def _replay(
    session: Session,
    certificate: Certificate,
    first: Sequence[Mapping[str, Any]],
    picture: tuple[BrowserReport, str] | None,
) -> dict[str, Any]:
    """Play a trace: one call a change of input, which steps, and says how to make the next input.

    ``first`` are the gestures that begin it; ``picture`` says where one of its middle is kept, and as what.
    """
    trace = certificate.trace
    answer: dict[str, Any] = {"gestures": first}
    for index, (held, frames) in enumerate(trace):
        session.page.gesture(answer["gestures"])
        following = trace[index + 1][0] if index + 1 < len(trace) else None
        drawn = picture is not None or index % DRAWN_EACH == 0
        answer = session.page.run(_ADVANCE, [frames, held, following, drawn])
        if picture is not None and answer["now"]["frame"] >= certificate.frames // 2:
            _picture(session, *picture)
            picture = None
    end = answer["now"]
    _release(session, trace[-1][0])
    return {
        "outcome": end["outcome"],
        "frames": end["frame"],
        "final_hash": end["hash"],
        "expected_hash": certificate.final_hash,
        "expected_frames": certificate.frames,
    }


def _release(session: Session, held: int) -> None:
    """Let go of everything, so that the next level starts with free hands."""
    if held:
        session.page.gesture(session.page.run("(held) => window.gamefactory.gestures(held, 0)", held))


def _collect(session: Session, report: BrowserReport) -> None:
    session.doing = "reading what the game reported"
    session.page.show()
    session.page.resize(*_SMALL)  # what has waited for a frame may throw in it
    seen = session.page.run(_SEEN, None)
    report.events = dict(sorted(Counter(event["event_type"] for event in seen["events"]).items()))
    report.errors.extend(f"uncaught: {text}" for text in seen["errors"][:MAX_MESSAGES])


def _picture(session: Session, report: BrowserReport, title: str) -> None:
    page = session.page
    page.show()
    page.resize(*_PICTURE)
    report.pictures[title] = page.picture("jpeg", quality=80)
    page.resize(*_SMALL)
    page.hide()
