"""Publish: put the bundle where players find it, and check that what is served is what was built.

From here on the game counts in metrics, and its outcome teaches the choice of mechanics.
"""

from datetime import UTC, datetime

from gamefactory_dagster.errors import PermanentError

from .base import VERSION, StepJob, StepResult


def run(job: StepJob) -> StepResult:
    """Build the release bundle once more, to be deployed when the step finishes, and set ``published_at``."""
    slug = job.gdd.slug
    publisher = job.providers.publisher
    bundle = job.providers.builder.build(job.files, VERSION)
    built = job.artifacts[11]["bundle"]["sha256"]
    url = publisher.url(slug)

    def deliver() -> None:
        publisher.publish(slug, bundle)
        if (served := publisher.checksum(slug)) != built:
            raise PermanentError(f"serves what was built: {url} serves {served}, built was {built}")

    same = bundle.sha256 == built
    return StepResult(
        artifacts={"url": url, "sha256": bundle.sha256},
        checks={"serves what was built": [] if same else [f"this is {bundle.sha256}, built was {built}"]},
        deliver=deliver,
        game={"play_url": url, "published_at": job.game["published_at"] or datetime.now(UTC)},
        links={"play": url},
    )
