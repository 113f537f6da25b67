"""A runner's view in V8, painting on a context that only writes down what it was asked to draw, and where."""

import json
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gamefactory_dagster.studio.families.base import Level
from gamefactory_dagster.studio.families.lab import CORE
from gamefactory_dagster.studio.families.runner import FAMILY
from gamefactory_dagster.studio.tools import v8
from tests.studio.conftest import design

EVERYTHING = ("tap_jump", "multi_touch", "collision_detection", "timer_countdown", "health_system")

Drawn = list[Any]
"""``[name, x, y, width, height, alpha]`` of a picture, in screen pixels; the name of a frame or a layer."""

_PAPER = Path(__file__).with_name("runner_paper.js")


class Painter:
    """A V8 context with the runner's rules and view. Use it as a context manager."""

    def __init__(self) -> None:
        self._context = v8.context()
        own = [FAMILY.folder / name for name in FAMILY.scripts]
        for path in (CORE, _PAPER, *own):
            self._context.eval(path.read_text())
        sprites = FAMILY.sprites(design(mechanics=EVERYTHING))
        frames = [f"{sprite.name}_{frame}" for sprite in sprites for frame in range(sprite.frames)]
        self._context.eval(f"Paper.frames({json.dumps(frames)})")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context.close()

    def _call(self, name: str, *arguments: Any) -> Any:
        given = ", ".join(json.dumps(argument) for argument in arguments)
        return json.loads(str(self._context.eval(f"JSON.stringify(Paper.{name}({given}))")))

    def pictures(
        self, level: Level, trace: list[list[int]], rate: int, count: int, **options: Any
    ) -> list[list[Drawn]]:
        """What is drawn in the first ``count`` pictures at ``rate`` a second."""
        drawn: list[list[Drawn]] = self._call("pictures", level, trace, rate, count, options)
        return drawn

    def story(self, level: Level, trace: list[list[int]], **options: bool) -> list[dict[str, Any]]:
        """After each step: ``t``, what ``happened``, was ``told`` and the ``lesson``."""
        story: list[dict[str, Any]] = self._call("story", level, trace, options)
        return story

    def moment(self, level: Level, changes: dict[str, Any], **options: bool) -> list[Drawn]:
        """What is drawn of a first state with these ``changes``, reached from one without them."""
        drawn: list[Drawn] = self._call("moment", level, changes, options)
        return drawn


MakeLevel = Callable[..., Level]


def named(drawn: list[Drawn], start: str) -> list[Drawn]:
    """Those whose name begins like this."""
    return [one for one in drawn if one[0].startswith(start)]
