"""Contexts opened where an event loop runs, as a web server or Dagster has one, work as anywhere else."""

import asyncio

import pytest

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.studio.player import layers
from gamefactory_dagster.studio.shipping.minify import check_parses
from gamefactory_dagster.studio.tools import v8


def test_a_context_keeps_its_time_limits_where_an_event_loop_runs() -> None:
    async def limited() -> None:
        with v8.context() as context:
            assert context.call("((n) => n + 1)", 41, timeout_sec=5) == 42

    asyncio.run(limited())


def test_scripts_are_checked_where_an_event_loop_runs() -> None:
    async def check() -> list[str]:
        with pytest.raises(PermanentError, match="do not parse"):
            check_parses("const a = 1;", "const b = (;")
        return layers.problems({"manifest.json": b'["a.js"]', "a.js": b"const A = (;"})

    assert any("a.js does not parse" in problem for problem in asyncio.run(check()))
