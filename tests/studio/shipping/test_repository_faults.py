"""Killing the writer at any moment loses nothing that was committed and leaves one commit a step."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gamefactory_dagster.studio.shipping.repository import BareRepositories

GAME = "0190b6a0-0000-7000-8000-000000000002"
STEPS = 12

FEWEST, MOST = 15, 60
"""Kills: as many as it takes until ``ENOUGH`` different histories were left."""

ENOUGH = 5

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from tests.studio.shipping.test_repository_faults import write_all
write_all(sys.argv[1])
"""


def step_files(step: int) -> dict[str, bytes]:
    rng = random.Random(step)
    return {f"web/part{step % 3}/{number}.bin": rng.randbytes(3_000) for number in range(10)}


def write_all(folder: str) -> list[str]:
    """Do every step in order, as a worker does that finds nothing finished."""
    print("ready", flush=True)  # noqa: T201
    host = BareRepositories(Path(folder))
    commits: list[str] = []
    for entry in reversed(host.log(GAME)):
        commits.append(entry.commit)
    # The last step found is done once more: its worker may have died before it could say that it was done.
    for step in range(max(len(commits) - 1, 0), STEPS):
        parent = commits[step - 1] if step else None
        when = BEGIN + timedelta(minutes=step)
        commits[step:] = [host.commit(GAME, parent, step_files(step), f"Step {step + 1}", when=when)]
    return commits


@pytest.mark.faults
@pytest.mark.skipif(shutil.which("git") is None, reason="no git on PATH")
def test_killed_again_and_again_the_history_is_as_if_nothing_happened(tmp_path: Path) -> None:
    started = time.perf_counter()
    expected = write_all(str(tmp_path / "calm"))
    reach = (time.perf_counter() - started) * 0.4
    rng = random.Random(7)
    folder = tmp_path / "storm"
    tips: set[int] = set()
    kills = 0
    while len(tips) < ENOUGH or kills < FEWEST:
        kills += 1
        assert kills <= MOST, f"{kills} kills fell between {len(tips)} different steps"
        command = [sys.executable, "-c", WRITER, str(folder), str(Path(__file__).parents[3])]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0, reach))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        history = [entry.commit for entry in reversed(BareRepositories(folder).log(GAME))]
        assert history == expected[: len(history)]
        if history:
            check_with_git(folder)
        if len(history) == STEPS:  # too late a kill: from here on all would be
            shutil.rmtree(folder)
            reach *= 0.7
        elif len(history) in tips:
            reach *= 1.3
        tips.add(len(history))
    assert write_all(str(folder)) == expected
    check_with_git(folder)


def check_with_git(folder: Path) -> None:
    """Nothing broken or missing; dangling objects of a killed step are fine."""
    git = ["git", "-c", "safe.directory=*", "--git-dir", str(folder / f"{GAME}.git")]
    command = [*git, "fsck", "--full", "--strict", "--no-dangling"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, ""), found.stderr
