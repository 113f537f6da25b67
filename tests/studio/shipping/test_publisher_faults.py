"""Killing the publisher at any moment leaves the old game or the new one, never a mixture or nothing."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gamefactory_dagster.studio.shipping.build import Bundle
from gamefactory_dagster.studio.shipping.publisher import FolderPublisher

FILES = 25

FEWEST, MOST = 12, 60
"""Kills: as many as it takes until ``ENOUGH`` left a version half written."""

ENOUGH = 5

SWAPPER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.studio.shipping.test_publisher_faults import version
from gamefactory_dagster.studio.shipping.publisher import FolderPublisher
publisher = FolderPublisher(Path(sys.argv[1]), "")
both = version(0), version(1)
print("ready", flush=True)
for turn in range(10_000):
    publisher.publish("game", both[turn % 2])
    print(turn, flush=True)
"""


def version(number: int) -> Bundle:
    rng = random.Random(number)
    return Bundle.of({f"audio/{name}.ogg": rng.randbytes(4_000) for name in range(FILES)})


@pytest.mark.faults
def test_killed_again_and_again_the_served_folder_is_whole(tmp_path: Path) -> None:
    rng = random.Random(3)
    publisher = FolderPublisher(tmp_path, "")
    whole = {version(0).sha256: 0, version(1).sha256: 1}
    started = time.monotonic()
    publisher.publish("game", version(0))
    whole_seconds = time.monotonic() - started
    seen = set()
    unfinished = 0
    kills = 0
    while seen != {0, 1} or unfinished < ENOUGH or kills < FEWEST:
        kills += 1
        assert kills <= MOST, (
            f"of {kills} kills {unfinished} left a version half written, and {seen} was served"
        )
        command = [sys.executable, "-c", SWAPPER, str(tmp_path), str(Path(__file__).parents[3])]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        for _ in range(1 + rng.randrange(3)):  # it is ready, and so many publications are whole
            assert process.stdout.readline()
        until = time.monotonic() + rng.uniform(0, whole_seconds)
        while time.monotonic() < until:
            assert (tmp_path / "game").is_symlink()
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        seen.add(whole[publisher.checksum("game")])
        files = [len(list(each.glob("audio/*"))) for each in (tmp_path / ".versions" / "game").iterdir()]
        unfinished += min(files) < FILES
    for _ in range(2):
        publisher.publish("game", version(1))
        assert publisher.checksum("game") == version(1).sha256
    assert len(list((tmp_path / ".versions" / "game").iterdir())) == 1
