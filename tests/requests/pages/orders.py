"""Requests as they are at a moment of their way, with a game that is as far as they are.

What belongs here: rows as claiming, following and the twelve steps leave them. What does not: who does it.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from gamefactory_dagster.production.lifecycle import STEPS
from gamefactory_dagster.requests.queue import QueueManager
from gamefactory_dagster.studio.art.picture import kept_at
from gamefactory_dagster.studio.shipping.repository import BareRepositories
from tests.factory_rows import add_game, insert, rows, scalar

PROMPT = "a calm night-time puzzle about lighthouses, easy, no timer; surprise me"

READING = {
    "understood": [
        {"words": "calm", "facet": "mood", "value": "calm", "how": "exact"},
        {"words": "night-time", "facet": "light", "value": "night", "how": "exact"},
        {"words": "puzzle", "facet": "genre", "value": "puzzle", "how": "exact"},
        {"words": "lighthouses", "facet": "subject", "value": "lighthouse", "how": "exact"},
        {"words": "easy", "facet": "difficulty", "value": "easy", "how": "exact"},
        {"words": "no timer", "facet": "without", "value": "timer_countdown", "how": "exact"},
    ],
    "ignored": ["surprise"],
    "language": "English",
    "notes": ["Nothing was said of the style; it is a matter of chance."],
    "wishes": {"genre": "puzzle"},
}

DESIGN = {
    "name": "Lantern Hush", "tagline": "The lamps are out of order. Put them right.",
    "mechanics": ["tile_swap", "score_system", "spawner"],
    "style_guide": {
        "style": "watercolor", "theme": "reef", "mood": "calm", "light": "night",
        "cast": {"hero": "lighthouse", "tile_0": "lighthouse", "tile_1": "owl"},
    },
}  # fmt: skip

WAY = ("pending", "processing", "phase_1", "phase_2", "phase_3", "phase_4", "completed")

SAID = {
    "pending": "You are next", "processing": "Reading your words", "phase_1": "Finding an idea in",
    "phase_2": "Laying out its rules", "phase_3": "Drawing its pictures", "phase_4": "Proving that",
    "completed": "not to be played any more",
}  # fmt: skip
"""What the page says in each state; the published files are not there."""

_AT = {"processing": 0, "phase_1": 1, "phase_2": 3, "phase_3": 7, "phase_4": 10, "completed": 13}
"""The step at work in each state; those before it are done."""


def ask(engine, settings, prompt=PROMPT, **columns):
    """Enter a request; returns its number."""
    number = QueueManager(engine, settings).create_job(None, prompt).id
    if columns:
        change(engine, number, **columns)
    return number


def change(engine, number, **columns):
    """Let columns of a request be so."""
    from sqlalchemy import update

    from gamefactory_dagster.database.tables.requests import Request

    with engine.begin() as connection:
        connection.execute(update(Request).where(Request.id == number).values(**columns))


def take_to(engine, number, status, *, slug=None, design=DESIGN, error=None, step=None):
    """Take a request to a state, with its game; gives the game's id.

    ``step`` is the one at work, or that failed.
    """
    now = datetime.now(UTC)
    step = step or _AT.get(status, 13)
    game = scalar(engine, "SELECT game_id FROM requests.jobs WHERE id = :id", id=number)
    if game is None and status not in ("pending", "processing"):
        state = {"completed": "published", "failed": "failed"}.get(status, "in_progress")
        game = add_game(
            engine, slug or f"lantern-hush-{number}", genre="puzzle", theme="reef", style="watercolor",
            status=state, gdd_spec=design if step > 1 else {},
        )  # fmt: skip
        for at, name in enumerate(STEPS, 1):
            began = now - timedelta(seconds=2 * (len(STEPS) - at) + 3)
            state = "completed" if at < step else "running" if at == step else "pending"
            state = "failed" if state == "running" and status == "failed" else state
            insert(
                engine, "game_steps", game_id=game, step_number=at, step_name=name, status=state,
                started_at=began if at <= step else None,
                completed_at=began + timedelta(seconds=1.7) if at < step else None,
            )  # fmt: skip
    outputs = {"phase1": {"status": "completed", "detail": {}, "timestamp": now.isoformat(), **READING}}
    columns = {"status": status, "game_id": game, "updated_at": now, "error": error}
    columns["created_at"] = now - timedelta(seconds=2 * step + 4)
    if step > 1 or status == "phase_1":
        columns |= {"phase_outputs": outputs, "game_name": design["name"]}
    change(engine, number, **columns)
    return game


def draw(engine, settings, game, pictures):
    """Keep pictures, each ``(name, asset type, width, height, frames, PNG)``, as step 7 leaves a game's."""
    files = {kept_at(kind, f"{name}.png"): png for name, kind, _, _, _, png in pictures}
    when = datetime(2026, 3, 1, tzinfo=UTC)
    commit = BareRepositories(settings.repositories).commit(str(game), None, files, "Pictures", when)
    for name, kind, width, height, frames, png in pictures:
        insert(
            engine, "game_assets", id=uuid5(UUID(str(game)), name), game_id=game, asset_type=kind,
            filename=f"{name}.png", width=width, height=height, format="png", size_bytes=len(png),
            checksum=hashlib.sha256(png).hexdigest(), metadata={"name": name, "frames": frames},
        )  # fmt: skip
    drawn = "UPDATE game_steps SET artifacts = jsonb_build_object('commit', CAST(:commit AS text)) " \
        "WHERE game_id = :game AND step_number = 7"  # fmt: skip
    rows(engine, drawn, commit=commit, game=game)
    return commit
