"""How the workers' parent is asked: one line of JSON there, one back, over a Unix socket in the home.

What belongs here: the words, and asking. What does not: who answers (``parent.py``).
"""

import socket
from pathlib import Path
from typing import Literal

import msgspec

from gamefactory_dagster.errors import PermanentError, TransientError
from gamefactory_dagster.home import NobodyThereError, socket_path

LINE_BYTES = 64 * 1024
"""Of the longest question or answer."""

ANSWER_SECONDS = 60.0
"""For an answer: a parent that takes in changed code answers when it has."""

NAME = "workers"

Verb = Literal["launch", "resume", "stop", "look"]
State = Literal["running", "ended", "unknown"]


class Question(msgspec.Struct, frozen=True):
    """What to do about the worker of a run. ``look`` does nothing."""

    verb: Verb
    run_id: str


class Answer(msgspec.Struct, frozen=True):
    """What has become of the run's worker; ``code`` as ``os.waitstatus_to_exitcode`` gives it."""

    state: State
    pid: int | None = None
    code: int | None = None
    error: str | None = None
    """Why there is no worker: the definitions cannot be loaded."""


def ask(home: Path, verb: Verb, run_id: str, seconds: float = ANSWER_SECONDS) -> Answer:
    """Ask the parent of this home's workers about one run.

    Raises NobodyThereError where none listens, TransientError when no answer comes in time, PermanentError
    for one that makes no sense.
    """
    with socket_path(home, NAME) as path, socket.socket(socket.AF_UNIX) as asked:
        asked.settimeout(seconds)
        try:
            asked.connect(path)
            asked.sendall(msgspec.json.encode(Question(verb, run_id)) + b"\n")
            line = read_line(asked)
        except (FileNotFoundError, ConnectionError) as error:
            raise NobodyThereError(f"no workers in {home}: {error.strerror}") from error
        except OSError as error:
            raise TransientError(f"the parent of the workers in {home} does not answer: {error}") from error
    if not line:
        raise NobodyThereError(f"the parent of the workers in {home} ended before it answered")
    try:
        return msgspec.json.decode(line, type=Answer)
    except msgspec.DecodeError as error:
        raise PermanentError(f"the parent of the workers in {home} answered {line[:100]!r}") from error


def read_line(connection: socket.socket) -> bytes:
    """Read up to the end of a line, or as much of it as came before the other side left."""
    found = bytearray()
    while not found.endswith(b"\n") and len(found) < LINE_BYTES:
        part = connection.recv(4096)
        if not part:
            break
        found += part
    return bytes(found)
