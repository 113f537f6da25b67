"""Following games: every request that has not ended is told what has become of its game.

What belongs here: reading games and writing down the walk, a transaction a request. What does not: the walk
itself (``walk.py``), and making the game. Done again, or by many at once, it says nothing twice.
"""

import logging
from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.tables.requests import ENDED
from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.ids import own_host
from gamefactory_dagster.production import single
from gamefactory_dagster.production.single import Story
from gamefactory_dagster.settings import get_settings

from .queue import WORDS_LIMIT, add_lines, move, set_outputs
from .reading import REQUESTS, Request
from .states import DEPLOYMENT
from .walk import RUNNING, Stride, moment_of, outcome, walk

log = logging.getLogger(__name__)

_PLANNED = sa.and_(REQUESTS.c.status.not_in(ENDED), REQUESTS.c.status != "pending")


def follow(engine: sa.Engine) -> int:
    """Tell every request what has become of its game; how many were told anything.

    One that cannot be told holds up no other; TransientError names some when all had their turn.
    """
    columns = REQUESTS.c
    with transaction(engine) as connection:
        wanted = sa.select(columns.id, columns.status, columns.game_id).where(_PLANNED)
        rows = connection.execute(wanted).all()
        games = single.standings(connection, [row.game_id for row in rows if row.game_id is not None])
    behind = [row.id for row in rows if _has_game(row) and walk(row.status, games.get(row.game_id))]
    told, faults = 0, []
    for id_ in behind:
        try:
            told += follow_one(engine, id_)
        except Exception as error:
            log.exception("request %s", id_)
            faults.append(f"request {id_}: {error}")
    if faults:
        raise TransientError(f"{len(faults)} of {len(behind)} were not followed: {'; '.join(faults[:3])}")
    return told


def _has_game(row: Any) -> bool:
    """Whether it has one, or had: who claims by other ways than ours has no game yet."""
    return row.game_id is not None or row.status != "processing"


def follow_one(engine: sa.Engine, id_: int) -> bool:
    """Tell one request what has become of its game; whether there was anything to tell."""
    with transaction(engine) as connection:
        wanted = sa.select(REQUESTS).where(REQUESTS.c.id == id_, _PLANNED)
        row = connection.execute(wanted.with_for_update(key_share=True)).mappings().one_or_none()
        if row is None or not _has_game(row_ := Request.of(row)):
            return False
        return follow_locked(connection, row_)


def follow_locked(connection: sa.Connection, request: Request) -> bool:
    """The same, of a request whose row is locked."""
    game = request.game_id
    standing = None if game is None else single.standings(connection, [game]).get(game)
    strides = walk(request.status, standing)
    if not strides:
        return False
    story = None if standing is None or game is None else single.story(connection, game)
    for stride in strides:
        outputs = _outputs(connection, request.phase_outputs, stride, story)
        set_outputs(connection, request.id, outputs)
        move(connection, request.id, request.status, stride.status, **_error(stride))
        add_lines(connection, [(request.id, level, message) for level, message in stride.lines])
        request = replace(request, status=stride.status, phase_outputs={**request.phase_outputs, **outputs})
    return True


def _outputs(
    connection: sa.Connection, said: Mapping[str, Any], stride: Stride, story: Story | None
) -> dict[str, Any]:
    """What is said of the phases a stride is about, over what was said of them."""
    now = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    outputs: dict[str, Any] = {}
    if stride.over is not None:
        good = stride.error is None and story is not None
        more = outcome(stride.over, story) if good and story is not None else {"detail": stride.error}
        when = (moment_of(stride.over, "ended", story) if good and story is not None else None) or now
        state = "completed" if good else "failed"
        outputs[stride.over] = {
            **said.get(stride.over, {}), "status": state, **more, "timestamp": when.isoformat()
        }  # fmt: skip
    if stride.begun is not None:
        when = (None if story is None else moment_of(stride.begun, "begun", story)) or now
        told = {"status": "running", "detail": RUNNING[stride.begun], "timestamp": when.isoformat()}
        outputs[stride.begun] = {**said.get(stride.begun, {}), **told}
    if stride.status == "completed" and story is not None:
        outputs[DEPLOYMENT] = deployment(story, get_settings().game_domains)
    return outputs


def deployment(story: Story, domains: Container[str]) -> dict[str, Any]:
    """Give where a published game is, at a name of its own in ``domains`` if it has one, and its build."""
    url = story.play_url or ""
    here = urlsplit(url)
    own = own_host(story.slug, here.hostname or "", domains)
    if own is not None:
        port = "" if here.port is None else f":{here.port}"
        url = f"{here.scheme}://{own}{port}/"
    return {
        "url": url,
        "subdomain": story.slug,
        "containerId": None if story.build_id is None else str(story.build_id),
    }


def _error(stride: Stride) -> dict[str, Any]:
    if stride.error is None:
        return {}
    return {"error": {"phase": stride.over, "message": stride.error[:WORDS_LIMIT]}}
