"""The state of the factory itself: what needs a person, what is being made, whether the data are whole.

What belongs here: facts to HTML. What does not: what players did (``sections.py``).
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from gamefactory_dagster.analytics.trends import interval_of
from gamefactory_dagster.days import day_of
from gamefactory_dagster.terminal import counted

from . import parts, words
from .facts import Facts
from .parts import Column

HARD_LEVELS = 5
"""Levels named that most tries fail: the hardest."""

GAME_STATES = (
    ("published", "fill-a"), ("completed", "fill-d"), ("in_progress", "fill-b"), ("created", "fill-e"),
    ("failed", "fill-g"), ("cancelled", "fill-f"),
)  # fmt: skip
BATCH_STATES = (
    ("completed", "fill-a"), ("running", "fill-b"), ("pending", "fill-e"), ("failed", "fill-g"),
    ("cancelled", "fill-f"),
)  # fmt: skip


def attention(facts: Facts) -> str:
    """What somebody should do something about, with the command that shows or does it."""
    wanting = [*_production_troubles(facts), *_data_troubles(facts), *_hard_levels(facts)]
    if not wanting:
        return '<section class="fine" aria-label="Attention"><p>Nothing needs attention.</p></section>'
    listed = "".join(f"<li><span>{what}</span>{parts.code(command)}</li>" for what, command in wanting)
    return (
        '<section class="attention" aria-labelledby="attention-title">'
        f'<h2 id="attention-title">Needs attention</h2><ul>{listed}</ul></section>'
    )


def _production_troubles(facts: Facts) -> list[tuple[str, str]]:
    found = []
    if failed := facts.game_states.get("failed", 0):
        found.append((f"{counted(failed, 'game')} failed.", "gamefactory game list --status failed"))
    if failed := facts.batch_states.get("failed", 0):
        found.append((f"{counted(failed, 'batch', 'batches')} failed.", "gamefactory batch status BATCH"))
    return found


def _hard_levels(facts: Facts) -> list[tuple[str, str]]:
    """Levels that most tries fail, beyond doubt: the whole 95 % interval of completion is under one half."""
    hard = [
        (level.failed / (level.completed + level.failed), funnel, level)
        for funnel in facts.funnels
        for level in funnel.levels
        if (between := interval_of(level.completed, level.completed + level.failed)) and between[1] < 0.5
    ]
    hard.sort(key=lambda one: -one[0])
    found = [
        f"{words.percent_text(share)} of {counted(level.completed + level.failed, 'try', 'tries')} fail"
        f' at <a href="#levels">level {level.level} of {words.name(funnel.name)}</a>.'
        for share, funnel, level in hard[:HARD_LEVELS]
    ]
    if len(hard) > HARD_LEVELS:
        found.append(f"So do most at {counted(len(hard) - HARD_LEVELS, 'other level')}.")
    return [(told, "") for told in found]


def _data_troubles(facts: Facts) -> list[tuple[str, str]]:
    found = []
    rollups = facts.rollups
    yesterday = day_of(facts.made_at) - dt.timedelta(1)
    if rollups.last_day and rollups.last_day < yesterday:
        behind = counted((yesterday - rollups.last_day).days, "day")
        command = f"gamefactory metrics refresh --from {rollups.last_day + dt.timedelta(1)} --to {yesterday}"
        found.append((f"Metrics end on {words.day(rollups.last_day)}, {behind} behind.", command))
    if rollups.stale and rollups.stale_from and rollups.stale_to:
        span = words.span(rollups.stale_from, rollups.stale_to)
        command = f"gamefactory metrics refresh --from {rollups.stale_from} --to {rollups.stale_to}"
        found.append((f"{counted(rollups.stale, 'day')} to compute again ({span}).", command))
    if rollups.missing:
        command = f"gamefactory metrics refresh --from {facts.window.first} --to {facts.window.last}"
        found.append((f"{counted(rollups.missing, 'day')} of this span never computed.", command))
    if refused := sum(one.events for one in facts.quarantine):
        found.append((f"{counted(refused, 'event')} in quarantine.", "gamefactory events quarantine list"))
    if facts.failed_files:
        found.append((f"{counted(facts.failed_files, 'event file')} could not be taken in.", ""))
    return found


def production(facts: Facts) -> str:
    """Batches and games by status."""
    if not facts.batch_states and not facts.game_states:
        return parts.section("production", "Production", parts.empty("Nothing has been ordered yet."))
    games = _states("games-by-status", "Games", GAME_STATES, facts.game_states)
    batches = _states("batches-by-status", "Batches", BATCH_STATES, facts.batch_states)
    return parts.section("production", "Production", f'<div class="cards">{games}{batches}</div>')


def _states(anchor: str, title: str, known: Sequence[tuple[str, str]], numbers: Mapping[str, int]) -> str:
    total = sum(numbers.values())
    there = [(state, colour, numbers[state]) for state, colour in known if numbers.get(state)]
    rows = [
        [f'<i class="key {colour}"></i>{words.label(state)}', words.whole(number)]
        for state, colour, number in there
    ]
    if not rows:
        return parts.card(title, parts.empty("None yet."))
    bar = parts.parted_bar([(colour, number) for _, colour, number in there])
    listed = parts.table(anchor, f"{title} by status", [Column("Status"), Column(title)], rows)
    return parts.card(f'{title} <span class="tag">{total:,}</span>', bar + listed)


def data(facts: Facts) -> str:
    """Whether the numbers above are whole."""
    return parts.section("data", "Data", f'<div class="cards">{_rollups(facts)}{_quarantine(facts)}</div>')


def _rollups(facts: Facts) -> str:
    rollups = facts.rollups
    last = words.day(rollups.last_day) if rollups.last_day else "none yet"
    rows = [
        ["Last day computed", last],
        ["Days to compute again", words.whole(rollups.stale)],
        ["Days of this span never computed", words.whole(rollups.missing)],
        ["Events of this span that came too late to count", words.whole(rollups.late_events)],
        ["Event files that could not be taken in", words.whole(facts.failed_files)],
    ]
    listed = parts.table("rollups", "How far the metrics are", [Column("What"), Column("State")], rows)
    return parts.card("Metrics", listed)


def _quarantine(facts: Facts) -> str:
    if not facts.quarantine:
        return parts.card("Quarantine", parts.empty("No event is in quarantine."))
    rows = [
        [words.label(one.reason), words.whole(one.events), words.day(day_of(one.newest))]
        for one in facts.quarantine
    ]
    total = sum(one.events for one in facts.quarantine)
    columns = [Column("Reason"), Column("Events"), Column("Newest")]
    listed = parts.table("quarantine", "Events in quarantine, by reason", columns, rows)
    return parts.card(f'Quarantine <span class="tag">{total:,}</span>', listed)
