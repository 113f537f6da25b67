"""The landing zone: a folder whose event files are taken in, each once.

What belongs here: what a file is to ``orchestration/tick.py``, and taking one in, by one process at a time.
What does not: finding files (``landing_scan.py``), reading events from one (``files.py``), Dagster
(``defs``).

A file must look the same for ``SETTLE_SECONDS`` between two looks, for those who write it in place; the sure
way is to write under another name, such as ``a.ndjson.part``, and to rename. Files are left where they are; a
folder that is cleaned up now and then is quicker to look through.
"""

import gzip
import hashlib
import logging
from collections.abc import Callable
from itertools import islice
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.analytics import LandedFile
from gamefactory_dagster.database.tables.base import table_of
from gamefactory_dagster.errors import InputError, LeaseLostError, PermanentError, TransientError
from gamefactory_dagster.orchestration.attempts import Attempts
from gamefactory_dagster.orchestration.runs import RunBoard, Wanted
from gamefactory_dagster.orchestration.tick import Tick, Work
from gamefactory_dagster.orchestration.tick import tick as tick_over
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.work import leases
from gamefactory_dagster.work.heartbeat import kept_alive
from gamefactory_dagster.work.leases import Lease
from gamefactory_dagster.work.states import Lifecycle, change
from gamefactory_dagster.work.stopping import stopped_first

from .files import import_file
from .ingest import IntakeCounts
from .landing_scan import Found, fingerprint_of, scan
from .sources import located, source

log = logging.getLogger(__name__)

SETTLE_SECONDS = 5.0
"""A file is given out when a look finds it as one at least this long ago did."""

ATTEMPTS = 3
"""Imports of one file that may die or be put off before it counts as failed."""

PAGE = 1000
"""Files a statement."""

TOLD = 5
"""Files a line of the log names; the database has them all."""

FILE_TAG = "gamefactory/landed_file"

FILES = table_of(LandedFile)

FILE = Lifecycle(
    "a landed file",
    {
        "pending": frozenset({"running", "failed"}),
        "running": frozenset({"completed", "failed", "pending"}),
        "failed": frozenset({"running"}),  # its run was executed again by a person
        "completed": frozenset(),
    },
)

NEXT_FILES = (
    sa.select(FILES)
    .where(
        FILES.c.status == "pending",
        FILES.c.requested_at.is_(None),
        FILES.c.found_at <= sa.func.now() - sa.func.make_interval(0, 0, 0, 0, 0, 0, SETTLE_SECONDS),
    )
    .order_by(FILES.c.found_at, FILES.c.url, FILES.c.fingerprint)
)
"""Files to ask runs for, the longest known first. Uses idx_landed_files_open, a few rows."""


def tick(engine: sa.Engine, settings: Settings, board: RunBoard) -> Tick:
    """Register what is new in the folder and move every file on by one; safe in any number of processes."""
    look = {"files found": lambda: register(engine, settings)}
    return tick_over(engine, settings, board, FILE_WORK, before=look)


def register(engine: sa.Engine, settings: Settings) -> int:
    """Register what is new in ``settings.landing``; how many files. A folder that is not there holds none.

    A file that cannot be taken in is failed from the start, says why, and is forgotten when it is gone.

    Raises OSError, or what else the storage raises, when the folder cannot be read.
    """
    files, new = scan(settings.landing), 0
    refused: list[Found] = []
    with transaction(engine) as connection:
        while page := list(islice(files, PAGE)):
            refused += [file for file in page if file.fault]
            new += _store(connection, [file for file in page if not file.fault])
        faults = [file.fault for file in refused]
        faulty = _store(connection, refused, "register_refused", faults=faults)
    if faulty:
        names = "; ".join(f"{file.url}: {file.fault}" for file in refused[:TOLD])
        log.warning("%d of %d files cannot be taken in, such as %s", faulty, len(refused), names)
    return new + faulty


def _store(
    connection: sa.Connection, files: list[Found], statement: str = "register_landed", **more: list[str]
) -> int:
    """Register files; how many of them were not known."""
    parameters = {
        "urls": [file.url for file in files],
        "fingerprints": [file.fingerprint for file in files],
        "sizes": [file.size_bytes for file in files],
    }
    return connection.execute(sa.text(load(f"analytics/{statement}")), parameters | more).rowcount


def wanted(file: sa.RowMapping) -> Wanted:
    """The run that takes a file in; its name is short, whatever the file's is."""
    named = f"{file['url']} {file['fingerprint']}"
    subject = hashlib.sha256(named.encode()).hexdigest()[:32]
    config = {"url": file["url"], "fingerprint": file["fingerprint"]}
    tags = {FILE_TAG: subject, "gamefactory/attempt": str(file["attempt"])}
    return Wanted(subject, file["attempt"], config, tags)


LIMITED = Attempts(FILES, FILE, "pending", ATTEMPTS, ended={"finished_at": sa.func.now()})

FILE_WORK = Work(
    table=FILES,
    waiting="pending",
    working=("running",),
    cancelled=None,
    next=NEXT_FILES,
    wanted=wanted,
    start_over=LIMITED.start_over,
    cancel=LIMITED.fail,
)
"""Files as work. One whose run a person stopped has failed: there is no other word."""


def take_in(engine: sa.Engine, url: str, fingerprint: str, owner: str, lease_seconds: float) -> IntakeCounts:
    """Store the events of a file as ``owner`` (the run's id); gives the counts of its completed import.

    A file that was completed already is not read again. One that died or was put off ``ATTEMPTS`` times is
    failed. A failed file is tried again only here, by somebody who asks for it. Takes two connections.

    Raises LeaseLostError while another process takes it in, InputError for a file that was never found,
    PermanentError when it is gone, has changed or cannot be read, TransientError when it may work later.
    """
    with transaction(engine) as connection:
        file, lease = _begin(connection, url, fingerprint, owner, lease_seconds)
    if lease is None:
        return IntakeCounts(file["stored"], file["duplicate"], file["quarantined"])
    try:
        with stopped_first(), kept_alive(engine, lease) as beat:
            counts = _import(engine, url, fingerprint, beat.check)
    except LeaseLostError:
        raise
    except Exception as error:
        with transaction(engine) as connection:
            file = _confirmed(connection, lease)
            if _may_pass(error):
                LIMITED.start_over(connection, file, str(error))
            else:
                LIMITED.fail(connection, file, str(error))
        raise
    with transaction(engine) as connection:
        file = _confirmed(connection, lease)
        ended = {"finished_at": sa.func.now(), **counts.as_json()}
        LIMITED.move(connection, file, "completed", None, **ended)
    return counts


def _begin(
    connection: sa.Connection, url: str, fingerprint: str, owner: str, lease_seconds: float
) -> tuple[sa.RowMapping, Lease | None]:
    """Begin an attempt, or see that there is none to begin."""
    this = leases.matching(FILES, (url, fingerprint))
    row = connection.execute(sa.select(FILES).where(this).with_for_update(key_share=True))
    file = row.mappings().one_or_none()
    if file is None:
        raise InputError("url", url, "a file that was found in the landing zone, with its fingerprint")
    if file["status"] == "completed":
        return file, None
    lease = leases.take(connection, FILES, (url, fingerprint), owner, lease_seconds)
    begun: dict[str, Any] = {"error_message": None, "finished_at": None}
    if file["status"] == "failed":
        begun["attempt"] = file["attempt"] + 1
    change(connection, FILES, FILE, lease.key, file["status"], "running", **begun)
    return file, lease


def _confirmed(connection: sa.Connection, lease: Lease) -> sa.RowMapping:
    """The file as it is now, locked; LeaseLostError when another process has it."""
    leases.confirm(connection, lease)
    return connection.execute(sa.select(FILES).where(leases.matching(FILES, lease.key))).mappings().one()


def _import(engine: sa.Engine, url: str, fingerprint: str, check: Callable[[], None]) -> IntakeCounts:
    _check_unchanged(url, fingerprint)
    counts = import_file(engine, source(url), source=url, on_progress=lambda *_: check())
    _check_unchanged(url, fingerprint)  # or its last line may have been half a line
    return counts


def _check_unchanged(url: str, fingerprint: str) -> None:
    filesystem, path = located(url)
    filesystem.invalidate_cache()
    try:
        now = fingerprint_of(filesystem.info(path))
    except FileNotFoundError:
        raise PermanentError(f"{url} is gone") from None
    if now != fingerprint:
        raise PermanentError(f"{url} has changed since it was found; as it is now it is another file")


def _may_pass(error: BaseException | None) -> bool:
    """Storage that could not be read may be read later; a file that is no gzip stays what it is."""
    if error is None or isinstance(error, gzip.BadGzipFile):
        return False
    return isinstance(error, TransientError | OSError) or _may_pass(error.__cause__)


def landed_files(connection: sa.Connection, *, status: str | None, limit: int) -> list[dict[str, Any]]:
    """Files found so far, the newest first, a dictionary of columns each."""
    statement = sa.select(FILES).order_by(FILES.c.found_at.desc(), FILES.c.url).limit(limit)
    if status is not None:
        statement = statement.where(FILES.c.status == status)
    return [dict(row._mapping) for row in connection.execute(statement)]
