"""A writer killed at any moment leaves what was there or all of the new, in a storage that others read."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gamefactory_dagster.studio.shipping.repository import BareRepositories
from gamefactory_dagster.studio.shipping.url_publisher import UrlPublisher
from gamefactory_dagster.studio.shipping.url_repositories import UrlRepositories
from gamefactory_dagster.studio.tools.storage import Storage
from tests.conftest import place_in
from tests.studio.shipping.storages import commit_steps, copied
from tests.studio.shipping.test_publisher_faults import version
from tests.studio.shipping.test_repository_faults import GAME, STEPS

ROOT = str(Path(__file__).parents[3])

KILLS = {"file": 10, "s3": 8}
"""Each starts a Python; S3 also its client, which takes a second."""

WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from tests.studio.shipping.storages import write_all, swap_for_ever
{"repository": write_all, "published": swap_for_ever}[sys.argv[3]](sys.argv[1])
"""

PLACES = ("file", pytest.param("s3", marks=pytest.mark.s3))


def kill_somewhere(url: str, what: str, seconds: float) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER, url, ROOT, what], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


@pytest.mark.faults
@pytest.mark.parametrize("place", PLACES)
def test_killed_again_and_again_every_commit_is_whole_or_not_there(place, request, tmp_path) -> None:
    expected = commit_steps(BareRepositories(tmp_path / "bare"), STEPS)
    url = place_in(place, request)
    started = time.perf_counter()
    assert commit_steps(UrlRepositories(Storage(url, "")), STEPS) == expected
    reach = time.perf_counter() - started
    rng = random.Random(5)
    lengths: set[int] = set()
    for kill in range(3 * KILLS[place]):
        if kill >= KILLS[place] and len(lengths) >= 3:
            break
        storage = Storage(f"{url}/{kill}", "")
        kill_somewhere(storage.url, "repository", rng.uniform(0, reach))
        length = assert_sound(storage, expected, tmp_path / f"copy{kill}.git")
        lengths.add(length)
        reach *= {0: 1.3, STEPS: 0.7}.get(length, 1)  # what it takes another process, at another time
        if kill % 4 == 0:
            assert commit_steps(UrlRepositories(storage), STEPS) == expected
            assert assert_sound(storage, expected, tmp_path / f"done{kill}.git") == STEPS
    assert len(lengths) >= 3, f"all kills fell between the same steps: {lengths}"


def assert_sound(storage: Storage, expected: list[str], copy: Path) -> int:
    """How many commits the branch has; each that is there is whole, for us and for git."""
    host = UrlRepositories(storage)
    history = [entry.commit for entry in reversed(host.log(GAME))]
    assert history == expected[: len(history)]
    for commit in history:
        host.check(GAME, commit)
    if history and shutil.which("git"):
        bare = copied(storage, f"{GAME}.git", copy)
        git = ["git", "-c", "safe.directory=*", "--git-dir", str(bare)]
        command = [*git, "fsck", "--full", "--strict", "--no-dangling"]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (found.returncode, found.stdout) == (0, ""), found.stderr
    return len(history)


@pytest.mark.faults
@pytest.mark.parametrize("place", PLACES)
def test_killed_again_and_again_what_is_published_is_one_of_both(place, request) -> None:
    url = place_in(place, request)
    publisher = UrlPublisher(Storage(url, ""), "")
    whole = {version(0).sha256: 0, version(1).sha256: 1}
    started = time.perf_counter()
    publisher.publish("game", version(0))
    reach = max(time.perf_counter() - started, 0.02) * 4
    rng = random.Random(3)
    seen = set()
    for _ in range(KILLS[place]):
        kill_somewhere(url, "published", rng.uniform(0, reach))
        seen.add(whole[publisher.checksum("game")])
    assert seen == {0, 1}
    publisher.publish("game", version(1))
    assert publisher.checksum("game") == version(1).sha256
