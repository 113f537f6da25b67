"""Who may do what with the ledger: everything is tried, and comes out as ``matrix.txt`` says."""

from pathlib import Path

import psycopg

from .matrix import tried

EXPECTED = Path(__file__).with_name("matrix.txt")


def lines(connection: psycopg.Connection) -> list[str]:
    """A line for each caller, table and outcome, with the commands it came of."""
    found: dict[tuple[str, str, str], list[str]] = {}

    def note(caller: str, table: str, command: str, outcome: str) -> None:
        found.setdefault((caller, table, outcome), []).append(command)

    tried(connection, note)
    return [
        f"{caller} | {table} | {outcome} | {', '.join(commands)}"
        for (caller, table, outcome), commands in found.items()
    ]


def test_everybody_may_do_what_the_matrix_says_and_nothing_else(ledger: psycopg.Connection) -> None:
    expected = [line for line in EXPECTED.read_text().splitlines() if line and not line.startswith("#")]
    assert lines(ledger) == expected
