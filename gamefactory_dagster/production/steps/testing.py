"""Test the whole game: certificates replay to the exact state, idling loses, events keep their invariants.

The rules are checked in V8 always, and in a real browser with real key and pointer events where there is one.
"""

from typing import Any

from gamefactory_dagster.studio.browser.play import play_game
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.levels import check

from .base import StepJob, StepResult, level_rows, to_json


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
    report: dict[str, Any] = {"levels": level_rows(certificates), "rules": found, "browser": None}
    result = StepResult(checks={"certificates": found}, tables={"levels": report["levels"]})
    if (chromium := job.settings.chromium) is None:
        job.say("no browser on this machine: certificates were replayed in V8 only")
    else:
        bundle = job.providers.builder.build(job.files, data["version"])
        played = play_game(bundle.files, certificates, chromium, before_level=job.check)
        report["browser"] = played.as_json()
        result.checks["browser"] = played.problems()
        result.pictures = played.pictures
    result.changes["reports/testing.json"] = to_json(_repeatable(report))
    result.artifacts["report"] = report
    return result


def _repeatable(value: Any) -> Any:
    """The report without what differs from run to run (times, warnings), so that its commit does not."""
    if isinstance(value, dict):
        kept = {key: inner for key, inner in value.items() if not key.endswith(("_seconds", "warnings"))}
        return {key: _repeatable(inner) for key, inner in kept.items()}
    return [_repeatable(inner) for inner in value] if isinstance(value, list) else value
