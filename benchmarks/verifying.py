"""How fast files are compared with the ledger, against what only reads and hashes them: sha256sum.

The files are good ones and in the cache of the disk, for both: what is timed is what is done with them.
"""

import random
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from benchmarks.factory import BenchFactory, bench_factory
from benchmarks.measure import Cost, console, measured, print_table, spread
from gamefactory_dagster.ledger import verifying
from gamefactory_dagster.ledger.access import owners_view
from gamefactory_dagster.ledger.files import Files
from gamefactory_dagster.ledger.recording import Made, entry
from gamefactory_dagster.studio.providers import embedded

FILES = 1_000
BYTES = 100_000
TIMES = 5
GAME = UUID(int=7)


def main() -> None:
    """Print the table."""
    draw = random.Random(7)
    contents = [draw.randbytes(draw.randrange(BYTES // 2, BYTES * 3 // 2)) for _ in range(FILES)]
    with bench_factory(browser=False) as factory:
        providers = embedded(factory.settings)
        stored = [providers.artifacts.put("build", content, ".zip").url for content in contents]
        named = {f"web/{number}.bin": content for number, content in enumerate(contents)}
        when = datetime(2026, 3, 1, tzinfo=UTC)
        commit = providers.repositories.commit(str(GAME), None, named, "Files", when)
        repository = f"git+{providers.repositories.url(str(GAME))}@{commit}#"
        _enter(factory, "stored", stored, contents)
        _enter(factory, "committed", [repository + path for path in named], contents)
        paths = [Path(url.removeprefix("file://")) for url in stored]
        ways: dict[str, Callable[[], object]] = {
            "sha256sum": lambda: subprocess.run(["sha256sum", *paths], check=True, capture_output=True),
            "verify-files, in the artifact store": partial(_verify, factory, "stored"),
            "verify-files, in a game's repository": partial(_verify, factory, "committed"),
        }
        costs: dict[str, list[Cost]] = {name: [] for name in ways}
        for _ in range(TIMES):
            for name, work in ways.items():
                with measured(factory.postmaster) as cost:
                    work()
                costs[name].append(cost)
    megabytes = sum(map(len, contents)) / 1e6
    _print(costs, megabytes)


def _print(costs: dict[str, list[Cost]], megabytes: float) -> None:
    print_table(
        f"{FILES:,} good files, {megabytes:,.0f} MB, {TIMES} times in turn: seconds, median (range)",
        ("", "CPU", "wall", "MB a second"),
        [
            (
                name,
                spread([cost.cpu for cost in some]),
                spread([cost.wall for cost in some]),
                spread([megabytes / cost.wall for cost in some]),
            )
            for name, some in costs.items()
        ],
    )
    console.print("With reading the ledger, and of a repository with unpacking what is compressed in it.")


def _enter(factory: BenchFactory, run: str, urls: list[str], contents: list[bytes]) -> None:
    made = [
        Made.of(content, "file", url, "application/octet-stream")
        for url, content in zip(urls, contents, strict=True)
    ]
    with factory.engine.begin() as connection, entry(connection, run) as ledger:
        ledger.begin(factory.settings.user, {"kind": "game"})
        ledger.made(made)
        ledger.end("completed")


def _verify(factory: BenchFactory, run: str) -> None:
    view = partial(owners_view, factory.engine, factory.settings.user)
    done = verifying.verify(view, Files.of(factory.settings), run)
    if done.wrong or done.unchecked or done.files != FILES:
        raise SystemExit(f"files were told wrong: {done}")
