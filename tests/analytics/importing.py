"""An import for a process of its own, which can be killed or have its memory measured."""

from pathlib import Path

import sqlalchemy as sa
from upath import UPath

from gamefactory_dagster.analytics import files


def run(url, file, chunk, answers):
    """Import ``file``; says "begin", and at the end the counts and the most memory it had, in bytes."""
    files.CHUNK = chunk
    answers.send("begin")
    counts = files.import_file(sa.create_engine(url), UPath(file), source="test")
    answers.send((counts, peak_bytes()))


def peak_bytes():
    """The most of this process that ever was in memory; ru_maxrss would also count the one it came from."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
