"""What tests of shared storages do with them, also in processes of their own, which are light to start."""

from pathlib import Path

from gamefactory_dagster.studio.shipping.repository import BareRepositories
from gamefactory_dagster.studio.shipping.url_publisher import UrlPublisher
from gamefactory_dagster.studio.shipping.url_repositories import UrlRepositories
from gamefactory_dagster.studio.tools.storage import Storage

from .test_publisher_faults import version
from .test_repository_faults import BEGIN, GAME, STEPS, step_files


def copied(storage: Storage, folder: str, target: Path) -> Path:
    """Copy a folder down, file by file, as the tools of every storage do."""
    for name in storage.sizes(folder):
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        content = storage.get(f"{folder}/{name}")
        assert content is not None
        file.write_bytes(content)
    return target


def write_all(url: str) -> list[str]:
    """Do every step in order, as workers do that know only of the steps before theirs."""
    host = UrlRepositories(Storage(url, ""))
    host.log(GAME)  # connects
    print("ready", flush=True)  # noqa: T201
    return commit_steps(host, STEPS)


def commit_steps(host: BareRepositories | UrlRepositories, steps: int) -> list[str]:
    commits: list[str] = []
    for step in range(steps):
        parent = commits[-1] if commits else None
        message = f"Step {step + 1}"
        commits.append(host.commit(GAME, parent, step_files(step), message, when=BEGIN.replace(minute=step)))
    return commits


def swap_for_ever(url: str) -> None:
    publisher = UrlPublisher(Storage(url, ""), "")
    both = version(0), version(1)
    publisher.pointer("game")
    print("ready", flush=True)  # noqa: T201
    for turn in range(10_000):
        publisher.publish("game", both[turn % 2])
