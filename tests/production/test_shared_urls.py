"""A game that is kept at URLs is the same game, and any machine takes any step of it."""

import hashlib
import shutil
import subprocess

import pytest

from gamefactory_dagster.arcade.files import find_file
from gamefactory_dagster.ledger.files import Files
from gamefactory_dagster.production.workshop import Workshop
from gamefactory_dagster.studio.providers import embedded
from gamefactory_dagster.studio.shipping.published import games_here
from gamefactory_dagster.studio.tools.storage import Storage
from tests.conftest import place_in
from tests.studio.shipping.storages import copied

from .test_same_again import digests, make, row_of
from .whole import assert_files


def elsewhere(workshop, url: str, home) -> Workshop:
    """A machine with a home of its own, and everything that is kept at ``url``."""
    kept = {name: f"{url}/{name}" for name in ("repository_url", "artifact_url", "published_url")}
    settings = workshop.settings.model_copy(update={"home": home, **kept})
    return Workshop(workshop.engine, settings, embedded(settings))


@pytest.mark.slow
@pytest.mark.parametrize("place", ["memory", pytest.param("s3", marks=pytest.mark.s3)])
def test_a_game_made_by_two_machines_is_the_one_a_single_machine_makes(
    workshop, plan, rows, tmp_path, request, place
) -> None:
    """Each step is taken by the other machine than the one before; one of them has its home wiped midway."""
    [game] = plan(seed=77)
    make(workshop, game)
    alone = digests(workshop.settings.published / row_of(rows, game).slug)
    commits = [entry.commit for entry in workshop.providers.repositories.log(str(game))]
    rows("DELETE FROM batches")

    url = place_in(place, request)
    machines = [elsewhere(workshop, url, tmp_path / name) for name in ("one", "two")]
    [game] = plan(seed=77)
    for number in range(1, 13):
        make_step(machines[number % 2], game, number)
        if number == 6:
            shutil.rmtree(tmp_path / "one", ignore_errors=True)
    slug = row_of(rows, game).slug
    for machine in machines:
        assert len(machine.providers.repositories.log(str(game))) == len(commits) == 12
        games = games_here(machine.settings)
        games.renew([slug])
        assert digests(games.folder / slug) == alone
        assert find_file(games.folder, slug, "index.html") is not None
    assert_told(machines[0], game, rows)
    if shutil.which("git"):
        repositories = Storage(f"{url}/repository_url", "")
        bare = copied(repositories, f"{game}.git", tmp_path / "copy.git")
        git = ["git", "-c", "safe.directory=*", "--git-dir", bare, "fsck", "--full", "--strict"]
        assert subprocess.run(git, check=True, capture_output=True, text=True).stdout == ""


def make_step(shop: Workshop, game, number: int) -> None:
    from gamefactory_dagster.production.worker import perform

    perform(shop, game, number, "run")


def assert_told(shop: Workshop, game, rows) -> None:
    """What the ledger tells of is at the URLs, and is what it tells."""
    from tests.ledger_rows import of_game

    [run] = of_game(shop.engine, game)
    in_rows = {row.step_name: row.artifacts for row in rows("SELECT step_name, artifacts FROM game_steps")}
    assert_files(shop, game, run.artifacts, in_rows)
    build = in_rows["release_prep"]["bundle"]
    content = shop.providers.artifacts.get(build["url"])
    assert hashlib.sha256(content).hexdigest() == build["sha256"]
    assert Files.of(shop.settings) is not None
