"""The loader of the statements in ``sql/``, and nothing else."""

import re
from functools import cache

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.settings import project_file

FOLDER = project_file("sql")
_NAME = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)+")


@cache
def load(name: str) -> str:
    """Text of ``sql/<name>.sql``, such as ``load("production/insert_steps")``; read once a process.

    Raises InputError when ``name`` is not a plain path or there is no such file.
    """
    path = FOLDER / f"{name}.sql"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise InputError("statement", name, "the path of a file in sql/, without .sql")
    return path.read_text(encoding="utf-8")
