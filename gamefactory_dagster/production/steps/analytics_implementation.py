"""Generate the event names of the game's analytics client; code and spec must name the same."""

from gamefactory_dagster.studio.event_spec import javascript, names_in

from .base import StepJob, StepResult


def run(job: StepJob) -> StepResult:
    """Generate ``web/src/events.js`` and compare its names with the spec's."""
    spec = job.json("analytics/events.json")
    source = javascript(spec)
    specified, coded = set(spec["events"]), set(names_in(source))
    return StepResult(
        changes={"web/src/events.js": source},
        artifacts={"client": "web/src/events.js"},
        checks={
            "names": [f"{name} is specified but not in the code" for name in sorted(specified - coded)]
            + [f"{name} is in the code but not specified" for name in sorted(coded - specified)]
        },
        tables={"events": [{"event": name, "in code": name in coded} for name in sorted(specified)]},
    )
