"""What a backup holds, read as data: the revision it was made at, its tables and their rows.

What belongs here: asking pg_restore for these as text, and telling rows from everything else in it. What does
not: where the rows go (``backup.py``).

pg_restore is never given a database. A file may come from anywhere, and the statements in it do whatever the
role that runs them may: programs, functions, triggers that wait for somebody else. So none of them is run.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gamefactory_dagster.errors import InputError, PermanentError

_SCHEMAS = ("factory", "ledger", "requests", "replays", "auth", "public")
_TABLE = rb"(?:(?:factory|ledger|requests|replays|auth)\.\w+|public\.jobs\w*)"
_COPY = re.compile(rb"COPY (" + _TABLE + rb') \(("?\w+"?(?:, "?\w+"?)*)\) FROM stdin;\n')
_ENCODING = re.compile(rb"SET client_encoding = '([\w-]+)';\n")
_REVISION = re.compile(rb"COPY public\.alembic_version \(version_num\) FROM stdin;\n(\w+)\n\\\.\n")
_END = b"\\.\n"

_CHUNK = 1_000_000
"""Bytes of rows handed on at once."""


@dataclass(frozen=True)
class Table:
    """One table's rows, in PostgreSQL's text format for COPY; they can be read once. Named with schema."""

    name: str
    columns: list[str]
    rows: Iterator[bytes]


@dataclass(frozen=True)
class Dump:
    """A file and the pg_restore that reads it."""

    program: str
    source: Path

    def revision(self) -> str:
        """The revision it was made at.

        Raises InputError when this is no backup of a factory, PermanentError when it cannot be read.
        """
        if not self.source.is_file() or not re.search(r"\bTABLE factory games\b", self._listed()):
            raise InputError("backup", str(self.source), "a file written by gamefactory db backup")
        with self._text("--schema=public", "--table=alembic_version") as text:
            found = _REVISION.search(text.read())
        if found is None:
            raise PermanentError(f"{self.source} does not say at which revision it was made")
        return found[1].decode()

    def tables(self) -> Iterator[Table]:
        """Every table of our schemas, of public the jobs, that has rows in it, or could have.

        Raises PermanentError when the file is damaged, which may be noticed only at its end.
        """
        with self._text(*(f"--schema={name}" for name in _SCHEMAS)) as text:
            for line in text:
                if (encoding := _ENCODING.fullmatch(line)) and encoding[1] != b"UTF8":
                    name = encoding[1].decode()
                    raise PermanentError(f"{self.source} is in {name}; only UTF8 can be restored")
                if found := _COPY.fullmatch(line):
                    rows = self._rows(text)
                    yield Table(found[1].decode(), re.findall(r"\w+", found[2].decode()), rows)
                    for _ in rows:  # of a table nobody wants
                        pass

    def _rows(self, text: IO[bytes]) -> Iterator[bytes]:
        held: list[bytes] = []
        size = 0
        for line in text:
            if line == _END:
                yield b"".join(held)
                return
            held.append(line)
            size += len(line)
            if size > _CHUNK:
                yield b"".join(held)
                held, size = [], 0
        raise PermanentError(f"{self.source} ends within the rows of a table")

    def _listed(self) -> str:
        """What is in it, as pg_restore lists it; nothing where that is no archive."""
        done = subprocess.run(
            [self.program, "--list", self.source],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
        )
        return done.stdout if done.returncode == 0 else ""

    @contextmanager
    def _text(self, *which: str) -> Iterator[IO[bytes]]:
        """Rows of the chosen tables as a script; PermanentError when pg_restore fails."""
        command = [self.program, "--data-only", *which, "--file=-", str(self.source)]
        with tempfile.TemporaryFile() as said:
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said) as process:
                assert process.stdout is not None
                try:
                    yield process.stdout
                except BaseException:
                    process.kill()
                    raise
            if process.returncode != 0:
                said.seek(0)
                words = said.read().decode(errors="replace").strip()[-2000:]
                raise PermanentError(f"pg_restore failed on {self.source}: {words}")
