"""The same game whatever befalls it on its way: its files are the same to the byte.

What belongs here: what takes making a game whole more than once. Each is made as seldom as will do.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from gamefactory_dagster.errors import LeaseLostError
from gamefactory_dagster.production import dispatch, worker
from gamefactory_dagster.production.lifecycle import STEPS
from gamefactory_dagster.production.worker import perform
from gamefactory_dagster.production.workshop import Workshop
from gamefactory_dagster.studio.providers import embedded
from tests.board import Board


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def repository(shop, game) -> Path:
    return shop.settings.repositories / f"{game}.git"


def row_of(rows, game):
    (row,) = rows(f"SELECT * FROM games WHERE id = '{game}'")
    return row


def make(shop, game, until=12):
    for number in range(1, until + 1):
        perform(shop, game, number, f"run of {game}")


def make_with_its_repository_lost_at_the_last_step(shop, game, rows) -> None:
    make(shop, game, 11)
    built = rows(f"SELECT checksum FROM game_builds WHERE game_id = '{game}'")[0].checksum
    shutil.rmtree(repository(shop, game))
    done = perform(shop, game, 12, f"run of {game}")
    assert done.artifacts["sha256"] == built
    row = row_of(rows, game)
    assert row.status == "published"
    assert shop.providers.publisher.checksum(row.slug) == built
    assert len(shop.providers.repositories.log(str(game))) == 12


def make_with_a_worker_killed_after_each_commit(shop, game, rows, monkeypatch) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    expire = f"UPDATE games SET lease_expires_at = now() - interval '1 second' WHERE id = '{game}'"
    for number in range(1, 13):
        with monkeypatch.context() as patch:
            patch.setattr(worker, "_finish", die)
            with pytest.raises(Killed):
                perform(shop, game, number, f"killed-{number}")
        row = row_of(rows, game)
        assert (row.current_step, row.lease_owner) == (number - 1, f"killed-{number}")
        with pytest.raises(LeaseLostError, match=f"killed-{number}"):
            perform(shop, game, number, "other")
        rows(expire)
        dispatch.tick(shop, Board())
        perform(shop, game, number, f"other-{number}")
        rows(expire)
    git = ["git", "--git-dir", repository(shop, game), "log", "--reverse", "--format=%s"]
    log = subprocess.run(git, capture_output=True, text=True, check=True).stdout.splitlines()
    assert log == [f"{number:02} {name}" for number, name in enumerate(STEPS, start=1)]
    (counts,) = rows(
        f"""SELECT count(*) AS assets, count(DISTINCT filename) AS names,
            (SELECT count(*) FROM game_builds WHERE game_id = '{game}') AS builds
            FROM game_assets WHERE game_id = '{game}'"""
    )
    assert counts.assets == counts.names
    assert counts.builds == 1


@pytest.mark.slow
@pytest.mark.parametrize("genre", ["puzzle", pytest.param("runner", marks=pytest.mark.exhaustive)])
def test_the_same_seed_gives_byte_identical_folders_whatever_happens(
    workshop, plan, rows, tmp_path, monkeypatch, genre
) -> None:
    """Two factories make a game before and after its sibling is designed; it loses its repository in one of
    them, its workers in the other."""

    def factory(name):
        rows("DELETE FROM batches")
        settings = workshop.settings.model_copy(update={"home": tmp_path / name})
        shop = Workshop(workshop.engine, settings, embedded(settings))
        games = plan(count=2, seed=77, mix=["runner", "puzzle"])
        return shop, *sorted(games, key=lambda game: row_of(rows, game).genre != genre)

    one, game, sibling = factory("one")
    assert [row_of(rows, each).genre == genre for each in (game, sibling)] == [True, False]
    make_with_its_repository_lost_at_the_last_step(one, game, rows)
    first = digests(one.settings.published / row_of(rows, game).slug)
    other, game, sibling = factory("other")
    make(other, sibling, until=1)
    make_with_a_worker_killed_after_each_commit(other, game, rows, monkeypatch)
    assert len(first) >= 13
    assert digests(other.settings.published / row_of(rows, game).slug) == first
