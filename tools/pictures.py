"""The pictures of the README, made anew: ``python -m tools.pictures``, or ``make pictures``.

They show the factory that is there, so make games and let people play them first: ``gamefactory demo``. What
belongs here: what is photographed, how large, and where it is kept. What does not: how anything looks.
"""

import io
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
from PIL import Image
from playwright.sync_api import sync_playwright

from gamefactory_dagster.database.engine import get_engine, transaction
from gamefactory_dagster.errors import GameFactoryError, InputError, PermanentError
from gamefactory_dagster.local.processes import ARCADE, CODE, Watched, running, webserver
from gamefactory_dagster.playtest.games import PublishedGame, published_games
from gamefactory_dagster.report.commands import collect
from gamefactory_dagster.report.page import render
from gamefactory_dagster.settings import Settings, get_settings
from gamefactory_dagster.studio.browser.play import play_game
from gamefactory_dagster.studio.browser.process import FLAGS
from gamefactory_dagster.studio.shipping.published import games_here
from gamefactory_dagster.terminal import fail, say

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"

LARGEST = 200_000
"""Bytes a picture may have."""

WIDTH, HEIGHT = 1200, 800
"""Of the pages; games are photographed as the check of a game sees them, 960 x 540."""

WATERFALL, WHOLE_HEIGHT = 2, 5
"""Places of two buttons without a name on the page of a run, counted from "View tags and config"."""

LEVEL = 5
"""The level that is played: easy ones have little to look at."""

TWO_ROWS = 890
"""Height of the gallery with two rows of games."""

STEPS_AND_ART = 1180
"""Height of the ledger's page of a run with its steps and the first pictures."""

FIRST_CHART = 840
"""Height of the report with its first chart."""

DAYS = 14
"""The report is about as many days as the demo's people play."""

PATIENCE = 120.0
"""Seconds a page or a process may take to be there."""

MADE = """
query Made($game: String!) {
  runsOrError(
    filter: {
      pipelineName: "make_game", statuses: [SUCCESS]
      tags: [{key: ".dagster/gamefactory_game_id", value: $game}]
    }
    limit: 1
  ) { ... on Runs { results { runId } } }
}
"""
"""The run that made a game, as Dagster's web server is asked for it."""


def main() -> None:
    """Make all pictures; one clear line and code 1 when that cannot be done."""
    try:
        photograph(get_settings())
    except GameFactoryError as error:
        fail(str(error))
        sys.exit(1)


def photograph(settings: Settings) -> None:
    """Photograph the factory of these settings. Raises InputError without a browser or without games."""
    chromium = settings.chromium
    if chromium is None:
        raise InputError("chromium", None, "a Chromium on the PATH, and GAMEFACTORY_BROWSER_CHECKS not false")
    # without the daemon, so that nothing else happens
    with running(settings, "tools.pictures", CODE, webserver(settings), ARCADE) as watched:
        engine = get_engine(settings)
        with transaction(engine) as connection:
            games, _ = published_games(connection, games_here(settings))
        runner, puzzle = first(games, "runner"), first(games, "puzzle")
        for game, name in ((runner, "runner.jpg"), (puzzle, "puzzle.jpg")):
            keep(name, at_play(settings, game, chromium))
        facts = collect(engine, DAYS, published=games_here(settings))
        keep("report.png", page_of_report(render(facts), chromium))
        wait_for(f"{settings.arcade_url}/healthz", watched)
        keep("gallery.jpg", picture_of(settings.arcade_url, chromium, height=TWO_ROWS))
        ui = f"http://127.0.0.1:{settings.ui_port}"
        wait_for(f"{ui}/server_info", watched)
        made = run_of(ui, runner)
        keep("run.png", page_of_run(ui, made, chromium))
        keep("art.png", art_of_run(ui, made, chromium))
        keep("ledger.png", picture_of(f"{settings.arcade_url}/runs/{made}", chromium, height=STEPS_AND_ART))


def first(games: list[PublishedGame], genre: str) -> PublishedGame:
    """The first published game of a genre; InputError when there is none."""
    for game in games:
        if game.family.genre == genre:
            return game
    raise InputError("genre", genre, "a genre of which a game is published: make some, gamefactory demo")


def wait_for(url: str, watched: list[Watched]) -> None:
    """Wait until ``url`` answers; TransientError when a process ends, PermanentError in the end."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for each in watched:
            each.check()
        try:
            if httpx.get(url, timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise PermanentError(f"{url} did not answer within {PATIENCE:g} s")


def at_play(settings: Settings, game: PublishedGame, chromium: Path) -> bytes:
    """A game half way through a level, played by its certificate.

    Played from memory and not from the arcade, where it would count as somebody who plays; as level 1, of
    which the check of a game keeps a picture.
    """
    folder = (settings.published / game.slug).resolve()
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
    data = orjson.loads(files["game.json"])
    level, proof = game.levels[LEVEL - 1], game.certificates[LEVEL - 1]
    files["game.json"] = orjson.dumps({**data, "levels": [{**level, "number": 1}]})
    return play_game(files, [replace(proof, level=1)], chromium).pictures["level 1"]


def page_of_report(html: str, chromium: Path) -> bytes:
    """The top of the report."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        file.write_text(html, encoding="utf-8")
        return picture_of(file.as_uri(), chromium, height=FIRST_CHART)


def run_of(ui: str, game: PublishedGame) -> str:
    """Id of the run that made a game; PermanentError when it is not among Dagster's any more."""
    asked = {"query": MADE, "variables": {"game": str(game.id)}}
    answer = httpx.post(f"{ui}/graphql", json=asked, timeout=PATIENCE).json()
    results = answer["data"]["runsOrError"]["results"]
    if not results:
        raise PermanentError(f"the run that made {game.slug} is not in Dagster's history any more")
    return str(results[0]["runId"])


def page_of_run(ui: str, run: str, chromium: Path) -> bytes:
    """The run in Dagster's UI: its twelve steps, one below the other."""

    def look(page: Any) -> None:
        page.get_by_text("post_launch").first.wait_for(timeout=PATIENCE * 1000)
        buttons = page.locator("button")
        before = buttons.all_inner_texts().index("View tags and config")
        for icon in (before + WATERFALL, before + WHOLE_HEIGHT):
            buttons.nth(icon).click()
        page.mouse.move(WIDTH / 2, HEIGHT - 10)
        page.wait_for_timeout(2000)

    return picture_of(f"{ui}/runs/{run}", chromium, look)


def art_of_run(ui: str, run: str, chromium: Path) -> bytes:
    """What the step that makes the art shows of it in Dagster's UI."""

    def look(page: Any) -> None:
        page.get_by_role("row", name="art sheet").get_by_text("[Show Markdown]").last.click()
        page.wait_for_timeout(2000)

    return picture_of(f"{ui}/runs/{run}?logs=step%3Aasset_generation", chromium, look)


def picture_of(
    url: str,
    chromium: Path,
    look: Callable[[Any], None] = lambda page: None,
    height: int = HEIGHT,
) -> bytes:
    """What somebody sees who opens ``url`` and does what ``look`` does with the page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": height})
        page.goto(url)
        page.wait_for_timeout(1000)
        look(page)
        content: bytes = page.screenshot()
        browser.close()
        return content


def keep(name: str, content: bytes) -> None:
    """Write a picture as its name says, as small as it must be. Raises PermanentError when that fails."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    for quality in (85, 75, 65, 55):
        reduced = io.BytesIO()
        if name.endswith(".png"):
            picture.quantize(3 * quality, dither=Image.Dither.NONE).save(reduced, "PNG", optimize=True)
        else:
            picture.save(reduced, "JPEG", quality=quality, optimize=True, progressive=True)
        if reduced.tell() < LARGEST:
            FOLDER.mkdir(parents=True, exist_ok=True)
            (FOLDER / name).write_bytes(reduced.getvalue())
            say(f"{FOLDER / name}: {picture.width} x {picture.height}, {reduced.tell() / 1000:.0f} kB")
            return
    raise PermanentError(f"{name} cannot be made smaller than {LARGEST} bytes")


if __name__ == "__main__":
    main()
