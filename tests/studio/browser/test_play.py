"""Chromium plays a small game to the predicted states, and every way in which a game can break is named."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from gamefactory_dagster.errors import InputError, LeaseLostError, TransientError
from gamefactory_dagster.studio.browser.chromium import opened
from gamefactory_dagster.studio.browser.loopback import serving
from gamefactory_dagster.studio.browser.play import play_game, play_page, screenshot
from gamefactory_dagster.studio.browser.report import BrowserReport, LevelPlay
from gamefactory_dagster.studio.families.base import Certificate
from gamefactory_dagster.studio.shipping.build import Bundle, WebBuilder, single_html
from tests.live import started_with
from tests.studio.tiny_game import certificates, repository_files

browser = pytest.mark.browser
MARK = "GAMEFACTORY_TEST_MARK"


@pytest.fixture(scope="module")
def proofs() -> list[Certificate]:
    return [Certificate(**each, steadiness=1.0, ease=1.0, explored=1) for each in certificates()]


def built(broken: str = "") -> Bundle:
    return WebBuilder().build(repository_files(broken), "1.0.0")


@browser
def test_a_good_game_is_played_to_the_predicted_states(chromium: Path, proofs: list[Certificate]) -> None:
    report = play_game(built().files, proofs, chromium)
    assert report.problems() == []
    assert [(level.level, level.idle_outcome, level.outcome) for level in report.levels] == [
        (1, 2, 1), (2, 2, 1), (3, 2, 1),
    ]  # fmt: skip
    assert [level.final_hash for level in report.levels] == [proof.final_hash for proof in proofs]
    assert report.events == {"level_complete": 3, "level_fail": 3, "level_start": 6}
    assert all(picture.startswith(b"\xff\xd8\xff") for picture in report.pictures.values())
    assert list(report.pictures) == ["menu", "level 1"]
    assert report.pictures["menu"] != report.pictures["level 1"]
    assert 0 < report.boot_seconds < report.played_seconds
    assert "pictures" not in report.as_json()


@browser
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("deaf", "level 1: the certificate ends with outcome 2"),
        ("plays-itself", "level 1: is won when nobody plays"),
        ("lost-event", "events: 6 level_start but 3 level_complete and level_fail"),
        ("console", "console: something is wrong"),
        ("throws", "uncaught: Uncaught Error: thrown on purpose"),
    ],
)
def test_a_broken_game_is_found_out(
    chromium: Path, proofs: list[Certificate], broken: str, said: str
) -> None:
    found = play_game(built(broken).files, proofs, chromium).problems()
    assert any(line.startswith(said) for line in found), found


@browser
def test_a_wrong_certificate_is_found_out(chromium: Path, proofs: list[Certificate]) -> None:
    wrong = [replace(proofs[0], final_hash="00000000"), replace(proofs[1], frames=30), proofs[2]]
    found = play_game(built().files, wrong, chromium).problems()
    assert [line.partition(":")[0] for line in found] == ["level 1", "level 2"]
    assert "not won in 00000000" in found[0]


@browser
def test_a_page_without_a_game_is_said_to_be_none(chromium: Path) -> None:
    files = {**built().files, "player.js": b"fetch('https://example.org/').catch(() => {})"}
    found = play_game(files, [], chromium).problems()
    assert any("there is no window.gamefactory" in line for line in found)
    assert any("Content Security Policy" in line for line in found)
    assert "no level was played" in found


@browser
def test_a_game_that_hangs_is_stopped_and_named(
    chromium: Path, proofs: list[Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = uuid4().hex
    monkeypatch.setenv(MARK, mark)
    with pytest.raises(TransientError, match="stopped after 12 s, playing the certificate of level 1"):
        play_game(built("hangs").files, proofs, chromium, seconds=12)
    assert none_left(mark)


@browser
def test_the_single_page_plays_from_disk(chromium: Path, tmp_path: Path, proofs: list[Certificate]) -> None:
    page = tmp_path / "game.html"
    page.write_bytes(single_html(built()))
    assert play_page(page.as_uri(), (1, 2, 3), proofs, chromium).problems() == []


@browser
def test_a_picture_can_be_taken_of_files_and_of_a_url(chromium: Path, tmp_path: Path) -> None:
    files, url = tmp_path / "files.png", tmp_path / "url.png"
    screenshot(built().files, files, chromium)
    with serving(built().files) as server:
        screenshot(f"{server.url}/index.html", url, chromium)
    assert files.read_bytes() == url.read_bytes()
    assert files.read_bytes().startswith(b"\x89PNG")


WORKER = """
import sys
from pathlib import Path
from gamefactory_dagster.studio.browser.chromium import opened
print("ready", flush=True)
while True:
    with opened(Path(sys.argv[1]), 60) as session:
        session.page.run("() => setTimeout(() => { for (;;) { } })")
        print("busy", flush=True)
        session.page.run("() => 1")
"""


@browser
@pytest.mark.faults
@pytest.mark.parametrize("moment", ["program starts", "browser starts", "page hangs"])
def test_no_browser_outlives_a_killed_worker(chromium: Path, moment: str) -> None:
    mark = uuid4().hex
    environment = {**os.environ, MARK: mark}
    command = [sys.executable, "-c", WORKER, str(chromium)]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert worker.stdout is not None
    worker.stdout.readline()
    if moment == "page hangs":
        worker.stdout.readline()
    wanted = "--type=zygote" if moment == "browser starts" else "--remote-debugging-pipe"
    until = time.monotonic() + 30
    while not any(wanted in line for line in started_with(MARK, mark).values()) and time.monotonic() < until:
        time.sleep(0.02)
    assert any(wanted in line for line in started_with(MARK, mark).values())
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    assert none_left(mark), started_with(MARK, mark)


def none_left(mark: str, seconds: float = 10.0) -> bool:
    """Whether within ``seconds`` no process with ``mark`` is left."""
    until = time.monotonic() + seconds
    while started_with(MARK, mark) and time.monotonic() < until:
        time.sleep(0.2)
    return not started_with(MARK, mark)


def test_a_browser_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="chromium"), opened(tmp_path / "none", 5):
        pass


def test_a_certificate_of_no_level_is_refused(proofs: list[Certificate], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="certificates"):
        play_game(built().files, [replace(proofs[0], level=9)], tmp_path / "none")


def test_the_report_says_what_is_wrong_and_nothing_when_nothing_is() -> None:
    good = LevelPlay(1, 2, 100, 1, 50, "aa", "aa", 50)
    report = BrowserReport(levels=[good], events={"level_start": 2, "level_complete": 1, "level_fail": 1})
    assert report.problems() == []
    assert replace(good, idle_outcome=0).problems() == ["level 1: does not end when nobody plays"]
    assert len(replace(good, frames=49).problems()) == 1
    report.events = {"rewarded_ad_started": 1}
    assert report.problems() == [
        "events: 1 rewarded_ad_started but 0 rewarded_ad_completed and rewarded_ad_failed"
    ]


@pytest.mark.parametrize(
    ("alone", "said"),
    [
        ({"idle_outcome": 0}, []),
        ({"idle_outcome": 0, "kept": False}, ["changes, though time is no part of it,"]),
        ({"idle_outcome": 2}, ["is lost, though time is no part of it,"]),
        ({"idle_outcome": 1}, ["is won"]),
    ],
)
def test_a_level_without_a_clock_is_not_touched_by_waiting(alone: dict[str, int], said: list[str]) -> None:
    play = LevelPlay(1, timed=False, **alone)
    assert play.problems() == [f"level 1: {what} when nobody plays" for what in said]


def test_the_last_level_may_be_left_as_it_stands_when_waiting_does_not_end_it() -> None:
    thinking = LevelPlay(2, 0, timed=False)
    report = BrowserReport(levels=[thinking], events={"level_start": 2, "level_fail": 1})
    assert report.problems() == []
    report.levels = [replace(thinking, outcome=1)]
    assert report.problems() == ["events: 2 level_start but 1 level_complete and level_fail"]


def test_an_extra_level_is_named_and_only_its_certificate_counts() -> None:
    extra = LevelPlay("daily 4", outcome=2, frames=3, final_hash="aa", expected_hash="bb", expected_frames=9)
    [problem] = extra.problems()
    assert problem.startswith("daily 4: the certificate ends with outcome 2 in state aa at frame 3")


def test_the_server_serves_only_what_it_was_given() -> None:
    with serving({"index.html": b"page", "a/b.png": b"png"}) as server:
        for path, expected in (("/", b"page"), ("/a/b.png?x=1", b"png"), ("/a%2Fb.png", b"png")):
            with urllib.request.urlopen(server.url + path) as answer:
                assert answer.read() == expected
        for path in ("/../../../etc/passwd", "/a", "/%2e%2e/etc/passwd", "//etc/passwd"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(server.url + path)
        body = b'{"events": [1]}'
        with urllib.request.urlopen(f"{server.url}/v1/events", body) as answer:
            assert answer.status == 202
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(f"{server.url}/v1/events", b"not json")
        assert server.posts == [{"events": [1]}]


@browser
def test_whoever_plays_can_be_stopped_between_levels(chromium: Path, proofs: list[Certificate]) -> None:
    levels: list[int] = []

    def stop() -> None:
        levels.append(1)
        if len(levels) == 2:
            raise LeaseLostError("the game is somebody else's")

    with pytest.raises(LeaseLostError):
        play_game(built().files, proofs, chromium, before_level=stop)
    assert len(levels) == 2
