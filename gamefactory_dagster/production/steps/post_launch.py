"""Publish: put the bundle where players find it, and check that what is served is what was built.

From here on the game counts in metrics, and its outcome teaches the choice of mechanics.
"""

from datetime import UTC, datetime

from .base import VERSION, StepJob, StepResult


def run(job: StepJob) -> StepResult:
    """Deploy the release bundle and set ``published_at``."""
    slug = job.gdd.slug
    bundle = job.providers.builder.build(job.files, VERSION)
    url = job.providers.publisher.publish(slug, bundle)
    built = job.artifacts[11]["bundle"]["sha256"]
    served = job.providers.publisher.checksum(slug)
    return StepResult(
        artifacts={"url": url, "sha256": served},
        checks={
            "serves what was built": [] if served == built else [f"{url} serves {served}, built was {built}"]
        },
        game={"play_url": url, "published_at": job.game["published_at"] or datetime.now(UTC)},
        texts={"play": f"[{job.gdd.name}]({url})"},
    )
