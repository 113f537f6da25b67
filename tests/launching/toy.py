"""A parent of workers that play: what a run does is its id's first word. Run as a program, with a home.

It imports no Dagster, so that a test can have one in no time.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from gamefactory_dagster.launching import children, parent
from gamefactory_dagster.launching.program import run as serve

children.LATE_SECONDS = 1.0
parent.STOP_SECONDS = 1.0
parent.SETTLE_SECONDS = 0.2
parent.LOOK_SECONDS = 0.0
parent.ASKING_SECONDS = 0.5

HOME = Path(sys.argv[1]) if __name__ == "__main__" else Path()


class Toy:
    """Workers that succeed, fail, wait, stop or do not listen; a settler that fails where it is told to."""

    def run(self, run_id: str, *, resumes: bool) -> int:
        (HOME / run_id).write_text(json.dumps([os.getpid(), resumes, self.version()]))
        match run_id.split("-", maxsplit=1)[0]:
            case "fails":
                return 3
            case "breaks":
                raise RuntimeError("broken")
            case "waits":
                time.sleep(60)
            case "naps":
                time.sleep(1)
            case "polite":
                signal.signal(signal.SIGTERM, lambda *_: None)
                (HOME / f"{run_id}.heard").touch()
                signal.pause()
                (HOME / f"{run_id}.done").touch()
            case "deaf":
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                (HOME / f"{run_id}.deaf").touch()
                time.sleep(60)
        return 0

    def settle(self, run_ids: Sequence[str], before: float | None) -> None:
        if (HOME / "away").exists():
            raise ConnectionError("the database is away")
        with (HOME / "settled").open("a") as file:
            file.write(json.dumps([run_ids, before]) + "\n")

    @staticmethod
    def version() -> str:
        return (HOME / "code").read_text()


def load() -> Toy:
    if Toy.version() == "broken":
        raise SyntaxError("no such thing")
    return Toy()


if __name__ == "__main__":
    serve(HOME, load, Toy.version, ["-m", "tests.launching.toy", str(HOME)], *sys.argv[2:3])
