"""Test the whole game: certificates replay to the exact state, idling does what it may, events add up.

The rules are checked in V8 always: the ten levels, the daily ones, and the sections of the endless mode. The
ten levels and some of the others are played in a real browser with real key and pointer events, where there
is one.
"""

from typing import Any

from gamefactory_dagster.studio.browser.play import play_game
from gamefactory_dagster.studio.browser.report import Extra
from gamefactory_dagster.studio.families.extras import check_dailies, check_sections
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.proof import check

from .base import StepJob, StepResult, level_rows, to_json

DAILIES_PLAYED = (0, 11, 22)
SECTIONS_PLAYED = (0, 13)
"""Daily levels and sections that are played in the browser too, by their place."""


def run(job: StepJob) -> StepResult:
    """Write the test report; anything in it that is wrong fails the step."""
    data = job.json("web/game.json")
    certificates = job.certificates()
    with Lab(job.family) as lab:
        found = [
            f"level {certificate.level}: {problem}"
            for level, certificate in zip(data["levels"], certificates, strict=True)
            for problem in check(job.family, level, certificate, lab)
        ]
        beside = check_dailies(job.family, data.get("dailies", []), job.daily_certificates(), lab)
        beside += check_sections(job.family, data.get("sections", []), job.section_proofs(), lab)
        extras = _extras(job, data, lab)
    report: dict[str, Any] = {
        "levels": level_rows(certificates),
        "rules": found,
        "dailies and sections": beside,
        "browser": None,
    }
    result = StepResult(
        checks={"certificates": found, "dailies and sections": beside}, tables={"levels": report["levels"]}
    )
    if (chromium := job.settings.chromium) is None:
        job.say("no browser on this machine: certificates were replayed in V8 only")
    else:
        bundle = job.providers.builder.build(job.files, data["version"])
        played = play_game(
            bundle.files,
            certificates,
            chromium,
            before_level=job.check,
            extras=extras,
            home=job.settings.home,
            still=True,  # step 8 has seen it move
        )
        report["browser"] = played.as_json()
        result.checks["browser"] = played.problems()
        result.pictures = played.pictures
    result.changes["reports/testing.json"] = to_json(_repeatable(report))
    result.artifacts["report"] = report
    return result


def _extras(job: StepJob, data: dict[str, Any], lab: Lab) -> list[Extra]:
    """Some daily levels, and the last, fastest trial of some sections."""
    dailies, proofs = job.daily_certificates(), job.section_proofs()
    found = [
        Extra(f"daily {number}", "daily", data["dailies"][number], dailies[number])
        for number in DAILIES_PLAYED
        if number < len(dailies)
    ]
    for number in SECTIONS_PLAYED:
        if number < len(proofs):
            trial = lab.trials(data["sections"][number])[-1]
            found.append(Extra(f"section {number}", "endless", trial, proofs[number].trials[-1]))
    return found


def _repeatable(value: Any) -> Any:
    """The report without what differs from run to run (times, warnings), so that its commit does not."""
    if isinstance(value, dict):
        kept = {key: inner for key, inner in value.items() if not key.endswith(("_seconds", "warnings"))}
        return {key: _repeatable(inner) for key, inner in kept.items()}
    return [_repeatable(inner) for inner in value] if isinstance(value, list) else value
