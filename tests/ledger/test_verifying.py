"""All files of a user's runs compared with the ledger: each that is wrong is named, and no other."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from gamefactory_dagster.ledger import verifying
from gamefactory_dagster.ledger.access import owners_view
from gamefactory_dagster.ledger.files import Files, State
from gamefactory_dagster.ledger.recording import Made
from gamefactory_dagster.studio.providers import embedded

from .callers import ANN, BEN
from .entered import enter, users

GAME = "7e7c7df1-cf38-5bf1-9c04-79ee11856b15"
WHEN = datetime(2026, 3, 1, tzinfo=UTC)


class Factory:
    def __init__(self, settings, engine):
        self.engine = engine
        providers = embedded(settings)
        self.store, self.repositories = providers.artifacts, providers.repositories
        self.files = Files.of(settings)

    def stored(self, content, path):
        stored = self.store.put("build", content, ".zip")
        return Made.of(content, "zip", stored.url, "application/zip", path=path)

    def committed(self, changes):
        commit = self.repositories.commit(GAME, None, changes, "Art", WHEN)
        where = f"git+{self.repositories.url(GAME)}@{commit}#"
        return [
            Made.of(content, "file", where + path, "text/plain", path=path)
            for path, content in changes.items()
        ]

    def verify(self, owner=ANN, run=None, **options):
        return verifying.verify(partial(owners_view, self.engine, owner), self.files, run, **options)


@pytest.fixture
def factory(settings, engine):
    users(engine)
    return Factory(settings, engine)


def file_of(made):
    return Path(made.url.removeprefix("file://"))


def test_missing_truncated_changed_and_swapped_are_each_told(factory):
    things = [factory.stored(f"bundle {number}".encode(), f"{number}.zip") for number in range(6)]
    enter(factory.engine, "run", made=[*things, *factory.committed({"a": b"1", "b": b"2"})])
    assert factory.verify() == verifying.Verified(files=8, bytes=6 * 8 + 2)
    file_of(things[0]).unlink()
    file_of(things[1]).write_bytes(b"bundle")
    file_of(things[2]).write_bytes(b"bundle x")
    file_of(things[3]).write_bytes(b"bundle 4")
    done = factory.verify()
    assert {finding.artifact.name: finding.state for finding in done.wrong} == {
        "0.zip": State.MISSING, "1.zip": State.TRUNCATED, "2.zip": State.CHANGED, "3.zip": State.SWAPPED,
    }  # fmt: skip
    assert [done.count(state) for state in (State.MISSING, State.GOOD)] == [1, 0]
    [swapped] = [finding for finding in done.wrong if finding.state is State.SWAPPED]
    assert swapped.words == "it is what 4.zip of run run should be"


def test_content_of_another_length_is_swapped_too_but_none_is_truncated(factory):
    things = [
        factory.stored(content, content.decode() or "empty") for content in (b"short", b"much longer", b"")
    ]
    enter(factory.engine, "run", made=things)
    file_of(things[0]).write_bytes(b"much longer")
    file_of(things[1]).write_bytes(b"")
    assert {finding.artifact.name: finding.state for finding in factory.verify().wrong} == {
        "short": State.SWAPPED, "much longer": State.TRUNCATED,
    }  # fmt: skip


def test_only_the_caller_s_files_and_only_the_run_s(factory):
    mine, other, bens = (factory.stored(name, name.decode()) for name in (b"mine", b"other", b"bens"))
    enter(factory.engine, "one", made=[mine])
    enter(factory.engine, "two", made=[other])
    enter(factory.engine, "bens", BEN, made=[bens])
    for made in (mine, other, bens):
        file_of(made).unlink()

    def wrong(**options):
        return sorted(finding.artifact.name for finding in factory.verify(**options).wrong)

    assert wrong() == ["mine", "other"]
    assert wrong(run="two") == ["other"]
    assert wrong(run="bens") == []
    assert wrong(owner=BEN) == ["bens"]


def test_another_s_content_is_changed_and_not_said_to_be_his(factory):
    mine, bens = factory.stored(b"mine", "mine"), factory.stored(b"bens", "bens")
    enter(factory.engine, "one", made=[mine])
    enter(factory.engine, "bens", BEN, made=[bens])
    file_of(mine).write_bytes(b"bens")
    [finding] = factory.verify().wrong
    assert finding.state is State.CHANGED


def test_a_file_a_later_run_wrote_anew_is_as_it_should_be(factory, tmp_path):
    report = tmp_path / "report.html"
    for number in range(3):
        content = f"report {number}".encode()
        report.write_bytes(content)
        enter(
            factory.engine, f"run {number}", made=[Made.of(content, "report", report.as_uri(), "text/html")]
        )
    done = factory.verify()
    assert (done.wrong, done.unchecked, done.files) == ([], 2, 3)
    report.write_bytes(b"my report")
    [finding] = factory.verify().wrong
    assert (finding.artifact.run_id, finding.state) == ("run 2", State.TRUNCATED)


@pytest.mark.parametrize("page", [1, 2, 3, 1000])
def test_every_artifact_is_looked_at_once_in_pages_of_any_size(factory, monkeypatch, page):
    monkeypatch.setattr(verifying, "PAGE", page)
    for run in range(3):
        enter(
            factory.engine,
            f"run {run}",
            made=[factory.stored(f"{run} {n}".encode(), "x") for n in range(run * 2)],
        )
    seen = []
    done = factory.verify(on_progress=lambda so_far: seen.append(so_far.files))
    assert (done.files, seen, done.wrong) == (6, [1, 2, 3, 4, 5, 6], [])
    with owners_view(factory.engine, ANN) as connection:
        assert verifying.amount(connection) == verifying.Amount(6, 18)
        assert verifying.amount(connection, "run 2") == verifying.Amount(4, 12)
