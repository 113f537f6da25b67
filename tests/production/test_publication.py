"""Publication and cancelling: a game is served exactly when it is published, whoever comes in between."""

import threading

import pytest

from gamefactory_dagster.errors import CancelledError, PermanentError, TransientError
from gamefactory_dagster.production import batches, dispatch, history, worker
from gamefactory_dagster.production.steps import StepResult
from gamefactory_dagster.production.worker import perform
from gamefactory_dagster.studio.shipping.objects import RepositoryLostError
from tests.board import Board

BUNDLE = {"index.html": b"<h1>hello</h1>"}


@pytest.fixture
def built(workshop, plan, rows, monkeypatch):
    """A game with eleven finished steps, whose last step publishes a page."""
    from gamefactory_dagster.studio.shipping.build import Bundle

    (game,) = plan()
    (row,) = rows("SELECT slug, batch_id FROM games")
    rows(
        "UPDATE game_steps SET status = 'completed', artifacts = '{\"commit\": \"x\"}' WHERE step_number < 12"
    )
    rows("UPDATE games SET status = 'completed', current_step = 11")
    monkeypatch.setattr(history, "commit_step", lambda *_: "y")
    monkeypatch.setattr(history, "_read", lambda *_: {})  # the page needs nothing of the repository
    monkeypatch.setattr(worker, "keep_games", lambda *_: 0)
    bundle = Bundle.of(BUNDLE)

    def publish(job) -> StepResult:
        return StepResult(deliver=lambda: job.providers.publisher.publish(row.slug, bundle) and None)

    monkeypatch.setattr(worker, "RUN", {**worker.RUN, 12: publish})
    return game, row.batch_id, workshop.settings.published / row.slug


def cancel(workshop, batch) -> int:
    return batches.cancel(workshop.engine, workshop.providers.publisher, batch)


def status(rows) -> str:
    return rows("SELECT status FROM games")[0].status


def test_a_batch_cancelled_while_the_step_runs_leaves_nothing_served(
    workshop, built, rows, monkeypatch
) -> None:
    game, batch, page = built
    publish = worker.RUN[12]

    def cancelled_meanwhile(job) -> StepResult:
        result = publish(job)
        cancel(workshop, batch)
        return result

    monkeypatch.setattr(worker, "RUN", {**worker.RUN, 12: cancelled_meanwhile})
    with pytest.raises(CancelledError):
        perform(workshop, game, 12, "run")
    assert status(rows) == "cancelled"
    assert not page.exists()


def test_cancelling_waits_for_a_publication_under_way_and_finds_it_done(
    workshop, built, rows, monkeypatch
) -> None:
    game, batch, page = built
    publisher = type(workshop.providers.publisher)
    publish = publisher.publish
    stopped: list[object] = []
    other = threading.Thread(target=lambda: stopped.append(cancel(workshop, batch)))

    def cancelled_meanwhile(self, slug, bundle):
        other.start()
        other.join(0.5)
        assert other.is_alive(), "the game is locked"
        return publish(self, slug, bundle)

    monkeypatch.setattr(publisher, "publish", cancelled_meanwhile)
    perform(workshop, game, 12, "run")
    other.join(10)
    assert stopped == [0], "no game is left to cancel"
    assert status(rows) == "published"
    assert page.exists()


@pytest.mark.parametrize("restarted", [False, True])
def test_what_a_dead_worker_had_published_is_withdrawn_with_its_game(
    workshop, built, rows, monkeypatch, restarted
) -> None:
    game, batch, page = built

    class Killed(BaseException):
        pass

    def die(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(worker, "record", lambda *arguments, **__: arguments[3] == "step_completed" and die())
        with pytest.raises(Killed):
            perform(workshop, game, 12, "run")
    assert page.exists(), "served, though nobody wrote it down"
    assert status(rows) == "completed"
    if restarted:
        rows("UPDATE games SET lease_expires_at = now() - interval '1 second'")
        dispatch.tick(workshop, Board())
        assert status(rows) == "created"
    cancel(workshop, batch)
    assert status(rows) == "cancelled"
    assert not page.exists()


def test_what_a_dead_worker_had_published_is_withdrawn_when_its_game_starts_anew(
    workshop, built, rows, monkeypatch
) -> None:
    from gamefactory_dagster.studio.shipping.build import Bundle

    game, _, page = built
    workshop.providers.publisher.publish(page.name, Bundle.of(BUNDLE))

    def lost(*_: object) -> dict[str, bytes]:
        raise RepositoryLostError("there is no repository")

    monkeypatch.setattr(history, "_read", lost)
    with pytest.raises(history.BegunAnewError):
        perform(workshop, game, 12, "run")
    assert (status(rows), page.exists()) == ("created", False)


def test_a_last_step_that_fails_for_good_serves_nothing(workshop, built, rows, monkeypatch) -> None:
    game, _, page = built
    publish = worker.RUN[12]

    def wrong(job) -> StepResult:
        result = publish(job)
        deliver = result.deliver

        def fail() -> None:
            deliver()
            raise PermanentError("serves something else")

        return StepResult(deliver=fail)

    monkeypatch.setattr(worker, "RUN", {**worker.RUN, 12: wrong})
    with pytest.raises(PermanentError, match="something else"):
        perform(workshop, game, 12, "run")
    assert status(rows) == "failed"
    assert not page.exists()


def test_a_game_that_cannot_be_withdrawn_is_not_cancelled(workshop, built, rows, monkeypatch) -> None:
    _, batch, _ = built

    def stuck(*_) -> None:
        raise TransientError("another publication is not finishing")

    monkeypatch.setattr(type(workshop.providers.publisher), "withdraw", stuck)
    with pytest.raises(TransientError, match="not finishing"):
        cancel(workshop, batch)
    assert status(rows) == "completed"
    assert rows("SELECT status FROM batches")[0].status == "running"
