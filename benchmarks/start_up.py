"""What it costs to start the command: its help, its errors, and Python alone as the floor."""

import statistics
import subprocess
import sys

from benchmarks.measure import console, measured, print_table, spread

RUNS = 10

LIMIT = 0.3
"""CPU seconds; what is no work must not be waited for."""

COMMANDS = {
    "help": ["--help"],
    "help of a command's command": ["batch", "submit", "--help"],
    "a command there is not": ["bach"],
    "an option there is not": ["batch", "submit", "--nam", "summer"],
    "a day that is none": ["metrics", "refresh", "--day", "yesterday"],
    "an order that cannot be": ["batch", "submit", "--name", "summer", "--count", "0"],
}


def main() -> None:
    """Print the table. Processes are fresh, bytecode is compiled by the first, which is not counted."""
    floor = _seconds(["-c", "pass"])
    rows = [("python -c pass", spread(floor), "-")]
    for name, arguments in COMMANDS.items():
        taken = _seconds(["-m", "gamefactory_dagster.cli", *arguments])
        within = "yes" if statistics.median(taken) <= LIMIT else "no"
        rows.append((name, spread(taken), within))
    print_table(
        f"Starting gamefactory, {RUNS} times each, CPU seconds: median (range)",
        ("what", "seconds", f"within {LIMIT}"),
        rows,
    )
    console.print(
        "User and system time. What is left is Python, Typer, Rich and, where options are read, pydantic."
    )


def _seconds(arguments: list[str]) -> list[float]:
    taken = []
    for _ in range(RUNS + 1):
        with measured() as cost:
            subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
        taken.append(cost.children)
    return taken[1:]
