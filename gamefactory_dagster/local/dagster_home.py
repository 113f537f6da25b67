"""``DAGSTER_HOME/dagster.yaml``: ours where there is none, and never instead of one that is somebody's own.

What belongs here: telling ours from theirs, and saying what theirs lacks. What does not: what ours says; that
is ``dagster.yaml`` at the root of the project.
"""

import hashlib
import os
import re
from pathlib import Path
from typing import Any

from gamefactory_dagster.settings import project_file

_MARK = "# Written by gamefactory, which keeps it up to date until somebody changes it. sha256: "

_UNMARKED = {
    "67cc54ecbc69658fe804e80ef9b841fd90c24a1632638b7576de095336060907",
    "7029ed33a06b8645ecb4a55db08d299ffefc004188cf9f6892257103f638adf5",
}
"""Digests of what was written before there was a mark."""

_NEEDED = (
    ("storage.postgres", None, "runs must be kept in PostgreSQL, in the database DAGSTER_POSTGRES_URL names"),
    ("run_monitoring.enabled", True, "without it Dagster believes for ever in a run whose worker died"),
    (
        "run_retries.max_retries",
        0,
        "the batch sensor retries games; with another each attempt is made twice",
    ),
)
"""Setting, the value it must have (None: any), and why."""


def furnish(home: Path, games_at_once: int) -> list[str]:
    """Write our dagster.yaml into ``home`` where none is, or where the one there is one we wrote.

    In it so many games of batches may be made at once, beside as many other runs as ever. Gives what a
    dagster.yaml of somebody's own lacks, in sentences; it is not touched.
    """
    file = home / "dagster.yaml"
    found = file.read_text(encoding="utf-8") if file.exists() else None
    if found is not None and not is_ours(found):
        return [f"{file} is your own and stays as it is, but {words}." for words in lacks(found)]
    wanted = marked(with_games(project_file("dagster.yaml").read_text(encoding="utf-8"), games_at_once))
    if found != wanted:
        home.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{os.getpid()}")
        draft.write_text(wanted, encoding="utf-8")
        draft.replace(file)
    return []


def with_games(text: str, games_at_once: int) -> str:
    """Our dagster.yaml with other limits of the games, and of all runs, at once."""
    [games] = _GAMES.findall(text)
    more = games_at_once - int(games)
    text = re.sub(r"(?<=max_concurrent_runs: )\d+", lambda found: str(int(found[0]) + more), text)
    return _GAMES.sub(str(games_at_once), text)


_GAMES = re.compile(r"(?<=value: production, limit: )\d+")
"""Games at once, in our dagster.yaml."""


def marked(text: str) -> str:
    """``text`` under a first line by which we know later that we wrote it, and all of it."""
    return f"{_MARK}{_digest(text)}\n{text}"


def is_ours(text: str) -> bool:
    """Whether we wrote it and nobody has changed it since."""
    first, _, rest = text.partition("\n")
    return first == f"{_MARK}{_digest(rest)}" or _digest(text) in _UNMARKED


def lacks(text: str) -> list[str]:
    """What a dagster.yaml should say for this factory and does not; empty when it will do."""
    import yaml

    try:
        settings = yaml.safe_load(text)
    except yaml.YAMLError as error:
        return [f"it is not YAML: {' '.join(str(error).split())}"]
    said = []
    for name, value, why in _NEEDED:
        there = _value(settings, name)
        if there is None or value not in (None, there):
            wanted = name if value is None else f"{name}: {str(value).lower()}"
            said.append(f"it should say {wanted} ({why})")
    return said


def _value(settings: Any, name: str) -> Any:
    for key in name.split("."):
        settings = settings.get(key) if isinstance(settings, dict) else None
    return settings


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
