"""What only this family plays."""

from typing import Any

from gamefactory_dagster.studio.audio.effects import effect
from gamefactory_dagster.studio.audio.synthesis import envelope, glide, oscillator


@effect("puff")
def puff(key: float) -> Any:
    return oscillator("sine", glide(key, key * 1.5, 0.1), 0.1) * envelope(0.1, 0.01, 0.04)
