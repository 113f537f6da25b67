"""Finish one level: final art and sound, menu, pause, win and lose screens.

It must boot and play without an error.
"""

from gamefactory_dagster.studio.browser.play import play_game
from gamefactory_dagster.studio.shipping.build import SOUND_FILES

from .base import StepJob, StepResult, to_json
from .game_data import game_data


def run(job: StepJob) -> StepResult:
    """Put the art into the game and, where there is a browser, play level 1 by its certificate."""
    data = game_data(job.gdd, job.family, job.json("web/game.json")["levels"], job.json("art/palette.json"))
    changes = {"web/game.json": to_json(data)}
    chromium = job.settings.chromium
    if chromium is None:
        job.say("no browser on this machine: the slice was not booted here")
        return StepResult(
            changes={**changes}, artifacts={"browser": None}, checks={"boots and plays": _unplayed(job)}
        )
    bundle = job.providers.builder.build({**job.files, **changes}, data["version"])
    report = play_game(
        bundle.files, job.certificates(), chromium, before_level=job.check, home=job.settings.home
    )
    return StepResult(
        changes={**changes},
        artifacts={"browser": report.as_json()},
        checks={"boots and plays": report.problems()},
        pictures=report.pictures,
    )


def _unplayed(job: StepJob) -> list[str]:
    """What can be said without a browser: every file the page will ask for is there."""
    wanted = [f"web/{name}" for name in ("index.html", "atlas.png", "atlas.json", "icon.png", "splash.png")]
    wanted += [f"web/{name}" for name in SOUND_FILES]
    return [f"{path} is missing" for path in wanted if path not in job.files]
