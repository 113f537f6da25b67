"""The page about the ledger says of each caller what the matrix says."""

import re

from gamefactory_dagster.settings import CHECKOUT

from .callers import CALLERS
from .matrix import TABLES

PAGE = CHECKOUT / "docs" / "ledger.md"
COLUMNS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
NOTHING = {"denied", "refused", "none"}

Key = tuple[str, str, str]


def told() -> dict[str, list[set[str]]]:
    """Caller -> for each column the tables that its cell names."""
    rows = [line.strip("|\n").split("|") for line in PAGE.read_text(encoding="utf-8").splitlines()]
    return {
        cells[0].strip(): [set(re.findall(r"`(\w+)`", cell)) for cell in cells[1:]]
        for cells in rows
        if len(cells) == len(COLUMNS) + 1 and cells[0].strip() in CALLERS
    }


def may(expected: dict[Key, str], caller: str, command: str) -> set[str]:
    """Tables of which something came; the service names the owner of what it adds."""
    tables = set()
    for table in TABLES:
        named = (caller, table, f"{command} for Ann")
        found = {expected[caller, table, command], expected.get(named, "none")}
        if not found <= NOTHING:
            tables.add(table)
    return tables


def test_the_table_is_the_matrix(expected: dict[Key, str]) -> None:
    found = told()
    assert {"anon", "ann", "service", "keeper", "the tables' owner", "expired claims"} <= set(found)
    for caller, cells in found.items():
        assert cells == [may(expected, caller, command) for command in COLUMNS], caller


def test_it_names_every_role_and_function() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in (
        "anon",
        "authenticated",
        "service_role",
        "ledger_keeper",
        "caller",
        "set_status",
        "refuse_ended",
    ):
        assert name in text
