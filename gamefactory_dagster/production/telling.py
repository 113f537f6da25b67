"""What the ledger is told of games: each step's beginning and end, the files it made, how a run ended.

What belongs here: games and steps in the ledger's words, inside the caller's transaction. What does not: the
entries themselves (``ledger/recording.py``), the journal of games (``states.py``), texts (``prompts.py``).

A run of the ledger is one of Dagster's: a game that is begun again is told of in several.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.ledger.recording import Ending, EventType, Made, entry
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.shipping.repository import RepositoryHost
from gamefactory_dagster.studio.shipping.web import media_type

from .lifecycle import PUBLISHED, STEPS
from .steps import StepResult

_ABOUT_GAME = ("id", "name", "slug", "genre", "theme", "style", "seed")
_ABOUT_BATCH = ("id", "name", "genre_mix", "constraints", "seed")


def step_begun(
    connection: sa.Connection,
    settings: Settings,
    game: sa.RowMapping,
    batch: sa.RowMapping | None,
    number: int,
    run: str,
) -> None:
    """Enter the run, as that of whoever ordered the game, if it is not there yet, and the step's start.

    Raises IllegalTransitionError when the run has been given up: another has the game, or will.
    """
    owner = (batch and batch["owner_id"]) or game["owner_id"] or settings.user
    spec = {
        "kind": "game",
        "game": {name: game[name] for name in _ABOUT_GAME},
        "batch": batch and {name: batch[name] for name in _ABOUT_BATCH},
        "attempt": game["attempt"],
        "worker": settings.worker_name,
    }
    if game["asked"]:
        spec["request"] = game["asked"]
    with entry(connection, run) as ledger:
        ledger.begin(owner, spec)
        ledger.start(STEPS[number - 1], step=number)


def step_ended(
    connection: sa.Connection,
    run: str,
    number: int,
    said: list[str],
    result: StepResult,
    artifacts: Mapping[str, Any],
    files: list[Made],
) -> None:
    """Enter what a step said and made, its end, and after the last one the run's."""
    step = STEPS[number - 1]
    end = {name: artifacts[name] for name in ("commit", "took_seconds")}
    notes: list[tuple[str, EventType, Mapping[str, Any]]] = [
        (step, "note", {"step": number, "message": line}) for line in said
    ]
    with entry(connection, run) as ledger:
        ledger.made(files)
        ledger.events([*notes, (step, "end", {"step": number, **end, "checks": sorted(result.checks)})])
        if number == PUBLISHED:
            ledger.end("completed")


def step_failed(connection: sa.Connection, run: str, number: int, words: str, *, again: bool) -> None:
    """Enter a step's error; unless it is tried again in the same run, the run has failed with it."""
    with entry(connection, run) as ledger:
        ledger.event(STEPS[number - 1], "error", step=number, message=words, again=again)
        if not again:
            ledger.end("failed", words)


def run_ended(connection: sa.Connection, run: str | None, status: Ending, words: str) -> None:
    """End the run of a game whose worker cannot: it died, or a person stopped it."""
    if run is not None:
        with entry(connection, run) as ledger:
            ledger.end(status, words)


def files_of(
    repositories: RepositoryHost, game: Mapping[str, Any], number: int, result: StepResult, commit: str
) -> list[Made]:
    """What a finished step made: files as committed, what it put in the artifact store, the repository."""
    about = {"step": STEPS[number - 1], "game": game["slug"]}
    repository = repositories.url(str(game["id"]))
    found = [
        Made.of(
            content, _kind(path), f"git+{repository}@{commit}#{path}", media_type(path), **about, path=path
        )
        for path, content in result.changes.items()
        if content is not None
    ]
    found += [
        Made(
            one["kind"],
            one["url"],
            media_type(one["url"]),
            one["size"],
            one["sha256"],
            {**about, "path": name},
        )
        for name, one in _stored(result.artifacts)
    ]
    if number == PUBLISHED:
        meta = {**about, "commit": commit, "play": result.links.get("play")}
        found.append(Made("repository", repository, "application/x-git", meta=meta))
    return found


def _stored(artifacts: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What a step put into the artifact store, by the step's name for it."""
    kinds = {"zip": "zip", "html": "build"}
    for name, one in artifacts.items():
        if isinstance(one, Mapping) and {"url", "sha256", "size"} <= one.keys():
            yield name, {**one, "kind": kinds.get(str(one["url"]).rpartition(".")[2], "file")}


def _kind(path: str) -> str:
    if path.startswith("reports/"):
        return "report"
    family = media_type(path).partition("/")[0]
    return family if family in {"image", "audio"} else "file"
