"""The twelve steps, a module each: what a step makes of a game, and how it is checked.

What belongs here: calling the studio and saying what the result must satisfy.
What does not: leases, commits, states (``worker.py``), Dagster (``defs.py``).
"""

from collections.abc import Callable, Mapping

from gamefactory_dagster.production.lifecycle import STEPS

from . import (
    analytics_design,
    analytics_implementation,
    architecture,
    asset_generation,
    content_production,
    core_prototype,
    post_launch,
    pre_production,
    project_setup,
    release_prep,
    testing,
    vertical_slice,
)
from .base import StepJob, StepResult

_MODULES = (
    pre_production,
    project_setup,
    architecture,
    analytics_design,
    analytics_implementation,
    core_prototype,
    asset_generation,
    vertical_slice,
    content_production,
    testing,
    release_prep,
    post_launch,
)

RUN: Mapping[int, Callable[[StepJob], StepResult]] = {
    number: module.run for number, module in enumerate(_MODULES, start=1)
}
"""Step number -> the function that does it."""

PURPOSE: Mapping[int, str] = {
    number: (module.__doc__ or "").strip() for number, module in enumerate(_MODULES, start=1)
}
"""Step number -> what it is for, as the UI shows it."""

__all__ = ["PURPOSE", "RUN", "STEPS", "StepJob", "StepResult"]
