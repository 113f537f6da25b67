"""The landing zone: a folder whose event files are taken in, each once.

What belongs here: finding the files, knowing them again, and seeing to it that one process at a time takes
one in. What does not: reading events from a file (``files.py``) and asking Dagster for runs (``defs``).

A file is taken in when it is named ``*.ndjson`` or ``*.jsonl``, or one of these with ``.gz``, in the folder
or below it, ``DEPTH`` levels in all. Names that start with a dot are ignored, and folders named so; links are
not followed. A file must look the same for ``SETTLE_SECONDS`` between two looks, for those who write it in
place; the sure way is to write under another name, such as ``a.ndjson.part``, and to rename.

A file is known by its URL and a fingerprint, see ``fingerprint_of``: the same name with other content is
another file. Files are left where they are; a folder that is cleaned up now and then is quicker to look
through.
"""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.analytics import LandedFile
from gamefactory_dagster.errors import InputError, LeaseLostError, PermanentError, TransientError
from gamefactory_dagster.settings import Settings

from .files import SUFFIXES, import_file
from .ingest import IntakeCounts as Counts

DEPTH = 8
"""Levels of folders looked through, the landing zone itself being the first."""

SETTLE_SECONDS = 5.0
"""A file is given out when a look finds it as one at least this long ago did."""

AGAIN_SECONDS = 600.0
"""A file that was given out and not begun is given out again after this long."""

ATTEMPTS = 3
"""Imports of one file that may die or be put off before it counts as failed."""

PAGE = 1000
"""Files a statement."""

CHECKSUMS = ("ETag", "etag", "md5Hash", "checksum")
"""What stores call the digest of a file's content."""

MOMENTS = ("mtime", "LastModified", "last_modified", "updated", "created")
"""What file systems call the time of a file's last change."""

STATES = ("pending", "running", "completed", "failed")

MESSAGE_LIMIT = 2000
"""Characters kept of an error."""

_TABLE = LandedFile.__table__.c


class Found(NamedTuple):
    """A file as a look finds it."""

    url: str
    fingerprint: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Landed:
    """A file to be taken in."""

    url: str
    fingerprint: str
    size_bytes: int
    attempt: int
    """Imports of it that were begun before."""
    requested_at: datetime
    """When it was given out, now."""

    @property
    def run_key(self) -> str:
        """Short, and another one every time the file is given out."""
        named = f"{self.url} {self.fingerprint} {self.requested_at.isoformat()}"
        return hashlib.sha256(named.encode()).hexdigest()[:32]


def look(connection: sa.Connection, settings: Settings, *, limit: int = 50) -> list[Landed]:
    """Register what is new in ``settings.landing`` and give out the files to take in, at most ``limit``.

    A file is given out once, unless its import died (then at the next look) or never began (then after
    ``AGAIN_SECONDS``). In the caller's transaction: what it rolls back was not given out. A folder that is
    not there holds no files.

    Raises OSError, or what else the storage raises, when the folder cannot be read.
    """
    files = scan(settings.landing)
    while page := list(islice(files, PAGE)):
        urls, fingerprints, sizes = zip(*page, strict=True)
        parameters = {"urls": list(urls), "fingerprints": list(fingerprints), "sizes": list(sizes)}
        connection.execute(sa.text(load("analytics/register_landed")), parameters)
    bounds = {"limit": limit, "settle": SETTLE_SECONDS, "again": AGAIN_SECONDS}
    rows = connection.execute(sa.text(load("analytics/give_out_landed")), bounds)
    return [Landed(*row) for row in rows]


def scan(zone: str) -> Iterator[Found]:
    """Find the event files of a folder, by any ``universal-pathlib`` URL or as a local path."""
    from upath import UPath

    root = UPath(zone)
    root.fs.invalidate_cache()  # or a long-lived process would never see a new file in an object store
    for info in _files(root.fs, root.path, DEPTH):
        yield Found(root.fs.unstrip_protocol(info["name"]), fingerprint_of(info), info["size"])


def _files(filesystem: Any, folder: str, depth: int) -> Iterator[dict[str, Any]]:
    """Not ``walk``: that one takes a folder it may not read for an empty one."""
    try:
        listing = filesystem.ls(folder, detail=True)
    except FileNotFoundError:
        return
    for info in listing:
        path = info["name"].rstrip("/")
        name = path.rpartition("/")[2]
        if name.startswith(".") or path == folder:
            continue
        if info["type"] == "directory" and depth > 1:
            yield from _files(filesystem, path, depth - 1)
        elif info["type"] == "file" and name.endswith(SUFFIXES):
            yield info


def fingerprint_of(info: Mapping[str, Any]) -> str:
    """Tell from a file's entry in a listing whether its content is the same, without reading it.

    The store's own digest where it lists one (S3, GCS and Azure do), else size and time of last change.
    """
    for name in CHECKSUMS:
        if info.get(name):
            return f"{name.lower()}:{info[name]}"
    when = next((info[name] for name in MOMENTS if info.get(name)), None)
    seconds = when.timestamp() if isinstance(when, datetime) else when
    return f"size:{info['size']},changed:{seconds}"


def take_in(engine: sa.Engine, url: str, fingerprint: str) -> Counts:
    """Store the events of a file that ``look`` gave out; gives the counts of the import that completed it.

    A file that was completed already is not read again. One that died or was put off ``ATTEMPTS`` times is
    failed. A failed file is tried again only here, by somebody who asks for it. Takes two connections.

    Raises LeaseLostError while another process takes it in, InputError for a file that was never found,
    PermanentError when it is gone, has changed or cannot be read, TransientError when it may work later.
    """
    with transaction(engine) as holder:
        _hold(holder, url, fingerprint)
        with transaction(engine) as connection:
            row = _claim(connection, url, fingerprint)
        if row.status == "completed":
            return Counts(row.stored, row.duplicate, row.quarantined)
        if row.status == "failed":
            raise PermanentError(row.error_message)
        try:
            counts = _import(engine, url, fingerprint)
        except Exception as error:
            later = _may_pass(error) and row.attempt < ATTEMPTS
            _settle(engine, row, "pending" if later else "failed", error_message=str(error)[:MESSAGE_LIMIT])
            raise
        _settle(engine, row, "completed", **counts.as_json())
        return counts


def _hold(holder: sa.Connection, url: str, fingerprint: str) -> None:
    """Keep others off as long as the transaction lasts, which ends with this process whatever happens."""
    if not holder.scalar(sa.text(load("analytics/hold_landed")), {"url": url, "fingerprint": fingerprint}):
        raise LeaseLostError(f"{url} is being taken in by another process")


def _claim(connection: sa.Connection, url: str, fingerprint: str) -> sa.Row[Any]:
    """Begin the next attempt, or see that there is none to begin; gives the row as it is then."""
    this = sa.and_(_TABLE.url == url, _TABLE.fingerprint == fingerprint)
    row = connection.execute(sa.select(*_TABLE).where(this).with_for_update()).one_or_none()
    if row is None:
        raise InputError("url", url, "a file that was found in the landing zone, with its fingerprint")
    if row.status == "completed":
        return row
    values: dict[str, Any] = {"status": "running", "attempt": _TABLE.attempt + 1, "error_message": None}
    if row.status != "failed" and row.attempt >= ATTEMPTS:
        why = f"given up after {row.attempt} attempts that died or were put off; last: {row.error_message}"
        values = {"status": "failed", "error_message": why, "finished_at": sa.func.now()}
    return connection.execute(sa.update(LandedFile).where(this).values(values).returning(*_TABLE)).one()


def _import(engine: sa.Engine, url: str, fingerprint: str) -> Counts:
    from upath import UPath

    path = UPath(url)
    _check_unchanged(path, fingerprint)
    counts = import_file(engine, path, source=url)
    _check_unchanged(path, fingerprint)  # or its last line may have been half a line
    return counts


def _check_unchanged(path: Any, fingerprint: str) -> None:
    path.fs.invalidate_cache()
    try:
        now = fingerprint_of(path.fs.info(path.path))
    except FileNotFoundError:
        raise PermanentError(f"{path} is gone") from None
    if now != fingerprint:
        raise PermanentError(f"{path} has changed since it was found; as it is now it is another file")


def _may_pass(error: BaseException | None) -> bool:
    """Storage that could not be read may be read later; a file that is no gzip stays what it is."""
    if error is None or isinstance(error, gzip.BadGzipFile):
        return False
    return isinstance(error, TransientError | OSError) or _may_pass(error.__cause__)


def _settle(engine: sa.Engine, row: sa.Row[Any], status: str, **values: Any) -> None:
    """Write down how an attempt ended, unless there has been another since."""
    this = sa.and_(
        _TABLE.url == row.url, _TABLE.fingerprint == row.fingerprint, _TABLE.attempt == row.attempt
    )
    finished_at = None if status == "pending" else sa.func.now()
    with transaction(engine) as connection:
        statement = sa.update(LandedFile).where(this)
        connection.execute(statement.values(status=status, finished_at=finished_at, **values))


def landed_files(connection: sa.Connection, *, status: str | None, limit: int) -> list[dict[str, Any]]:
    """Files found so far, the newest first, a dictionary of columns each. Raises InputError for no status."""
    if status is not None and status not in STATES:
        raise InputError("--status", status, f"one of {', '.join(STATES)}")
    statement = sa.select(*_TABLE).order_by(_TABLE.found_at.desc(), _TABLE.url).limit(limit)
    if status is not None:
        statement = statement.where(_TABLE.status == status)
    return [dict(row._mapping) for row in connection.execute(statement)]
