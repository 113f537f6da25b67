"""What each caller may do with each table of the ledger, found by trying.

What belongs here: the commands that are tried, and words for what came of them. What does not: what should
come of them, which is in ``matrix.txt``.
"""

from collections.abc import Callable

import psycopg

from .callers import ANN, BEN, CALLERS, Caller, acting

TABLES = ("jobs", "job_events", "artifacts", "prompts")

_OWN_COLUMNS = {
    "jobs": ("project_spec", "'{}'"),
    "job_events": ("run_id, bot_name, event_type", "'{run}', 'x', 'note'"),
    "artifacts": ("run_id, kind", "'{run}', 'file'"),
    "prompts": ("id, category, context, prompt_text", "'new', 'c', 'x', 'Run!'"),
}
"""Columns an owner gives of a new row, and their values."""

_CHANGED = {"jobs": "status = 'completed'", "job_events": "payload = '1'", "artifacts": "url = 'b.txt'"}


def attempts(table: str) -> dict[str, str]:
    """Command -> a statement that tries it on everything there is; a new row is one of Ann's run."""
    columns, values = _OWN_COLUMNS[table]
    owner = "id" if table == "prompts" else "owner_id"
    change = _CHANGED.get(table, "prompt_text = 'Fly!'")
    values = values.replace("{run}", "ann-1")
    merge = f"MERGE INTO ledger.{table} USING (VALUES (1)) AS new"
    named = "" if table == "prompts" else ", owner_id"
    found = {
        "SELECT": f"SELECT {owner} FROM ledger.{table}",
        "INSERT": f"INSERT INTO ledger.{table} ({columns}) VALUES ({values}) RETURNING {owner}",
        "UPDATE": f"UPDATE ledger.{table} SET {change} RETURNING {owner}",
        "DELETE": f"DELETE FROM ledger.{table} RETURNING {owner}",
        "TRUNCATE": f"TRUNCATE ledger.{table} CASCADE",
        "MERGE UPDATE": f"{merge} ON true WHEN MATCHED THEN UPDATE SET {change}",
        "MERGE DELETE": f"{merge} ON true WHEN MATCHED THEN DELETE",
        "MERGE INSERT": f"{merge} ON false WHEN NOT MATCHED THEN INSERT ({columns}) VALUES ({values})",
        "SELECT FOR SHARE": f"SELECT {owner} FROM ledger.{table} FOR SHARE",
        "COPY TO": f"COPY (SELECT {owner} FROM ledger.{table}) TO STDOUT",
        "COPY FROM": f"COPY ledger.{table} ({columns}) FROM STDIN",
        "LOCK": f"LOCK TABLE ledger.{table} IN ACCESS EXCLUSIVE MODE",
    }
    if named:
        for name, who in (("Ann", ANN), ("Ben", BEN)):
            found[f"INSERT for {name}"] = (
                f"INSERT INTO ledger.{table} ({columns}{named}) VALUES ({values}, '{who}') RETURNING owner_id"
            )
    return found


def outcome(connection: psycopg.Connection, caller: Caller, statement: str) -> str:
    """``denied`` the right, ``refused`` the row, another error's name, or whose rows came of it."""
    try:
        with acting(connection, caller):
            if statement.startswith("COPY"):
                return _copied(connection, statement)
            cursor = connection.execute(statement.encode())
            if cursor.description is None:
                return f"{cursor.rowcount} rows" if cursor.rowcount >= 0 else "done"
            return _whose(str(row[0]) for row in cursor.fetchall())
    except psycopg.errors.InsufficientPrivilege as error:
        return "refused" if "row-level security" in str(error) else "denied"
    except psycopg.Error as error:
        return type(error).__name__


def _copied(connection: psycopg.Connection, statement: str) -> str:
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        if "FROM STDIN" in statement:
            return "done"
        return _whose(bytes(row).decode().strip() for row in copy)


def _whose(owners: object) -> str:
    names = {str(ANN): "ann's", str(BEN): "ben's"}
    found = sorted({names.get(owner, "everybody's") for owner in owners})  # type: ignore[attr-defined]
    return " and ".join(found) or "none"


def tried(connection: psycopg.Connection, note: Callable[[str, str, str, str], None]) -> None:
    """Tell ``note`` of every caller, table and command what came of it."""
    for name, caller in CALLERS.items():
        for table in TABLES:
            for command, statement in attempts(table).items():
                note(name, table, command, outcome(connection, caller, statement))
