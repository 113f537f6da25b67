"""Specify what the game reports: the eleven event types, when each fires, its properties, and the funnels."""

from gamefactory_dagster.studio.design.event_spec import event_spec, problems

from .base import StepJob, StepResult, to_json


def run(job: StepJob) -> StepResult:
    """Write the event spec; it must cover every event of the schema and agree with the design."""
    spec = event_spec(job.gdd)
    return StepResult(
        changes={"analytics/events.json": to_json(spec)},
        artifacts={"events": "analytics/events.json"},
        checks={"event spec": problems(spec, job.gdd)},
        game={"analytics_spec": spec},
        tables={
            "events": [
                {"event": name, "fires": event["fires"], "properties": ", ".join(event["properties"])}
                for name, event in spec["events"].items()
            ]
        },
    )
