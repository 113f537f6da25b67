"""Does what jobs should not."""

import os
import signal
import subprocess
import sys
import time
from typing import Any, Literal

from gamefactory_dagster.background.kinds import Kind, Parameters, Work

How = Literal[
    "hang", "spin", "deaf", "exit", "kill", "eat", "flood", "offspring", "no json", "closed", "interrupt",
    "shout"
]  # fmt: skip


class Rogue(Parameters):
    how: How


def run(work: Work, given: Rogue) -> dict[str, Any]:  # noqa: PLR0912
    sys.stdout.write(f"going to {given.how}\n")
    match given.how:
        case "hang":
            time.sleep(3600)
        case "deaf":
            for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
                signal.signal(number, signal.SIG_IGN)
            time.sleep(3600)
        case "spin":
            while True:
                pass
        case "exit":
            os._exit(3)
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "eat":
            taken = [bytearray(64 << 20) for _ in range(1000)]
            return {"taken": len(taken)}
        case "flood":
            for _ in range(1600):
                sys.stdout.write("x" * 65535 + "\n")
        case "offspring":
            child = subprocess.Popen(["sleep", "3600"])
            sys.stdout.write(f"child {child.pid}\n")
            time.sleep(3600)
        case "no json":
            return {"what": object()}
        case "closed":
            os.close(1)
            os.close(2)
        case "interrupt":
            raise KeyboardInterrupt
        case "shout":
            raise PermissionError("no! " * 10_000_000 + "\0\ud800")
    return {"how": given.how}


KIND = Kind(
    "rogue", Rogue, run, "Does what jobs should not.", timeout=2.0, retries=1, memory_mb=256, told=False
)
