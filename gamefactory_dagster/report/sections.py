"""What players did and what was learned of it: trends, games, levels, weights.

What belongs here: facts to HTML. What does not: the state of the factory itself (``health.py``).
"""

import math
from collections.abc import Sequence
from itertools import groupby

from gamefactory_dagster.terminal import counted

from . import charts, parts, words
from .facts import Facts, Funnel, GameLine, Level, Weight
from .parts import Column

FEW_GAMES = 5
"""A weight from fewer games says little: under five the learning itself takes their spread as given."""

_REFRESH = "gamefactory metrics refresh --from DAY --to DAY"


def trends(facts: Facts) -> str:
    """Three charts, and the numbers behind them; two where nothing was earned."""
    if not any(day.computed for day in facts.days):
        message = "No day of this span has metrics yet. Once events are in, compute them:"
        return parts.section("trends", "Trends", parts.empty(message, _REFRESH))
    players = parts.figure(
        "Players a day", [("line-a", "active players"), ("fill-b", "installs")], charts.players(facts.days)
    )
    earned = facts.totals.revenue_cents > 0
    revenue = (
        parts.figure(
            "Revenue a day, USD", [("fill-a", "ads"), ("fill-b", "in-app")], charts.revenue(facts.days)
        )
        if earned
        else ""
    )
    return parts.section(
        "trends",
        "Trends",
        f'<div class="charts">{players}{revenue}{_retention(facts)}</div>{_by_day(facts)}',
    )


def _retention(facts: Facts) -> str:
    if not any(one.cohort for one in facts.retention):
        return parts.card("Retention", parts.empty("Nobody has installed a game in this span."))
    rows = [
        [
            f"Day {one.day}",
            words.rate(one.returned, one.cohort),
            words.whole(one.returned),
            words.whole(one.cohort),
        ]
        for one in facts.retention
    ]
    columns = [Column("Day"), Column("Back"), Column("Players"), Column("Of")]
    numbers = parts.table("retention", "Retention, all games together", columns, rows)
    return parts.figure("Retention", [], charts.curve(facts.retention) + numbers)


def _by_day(facts: Facts) -> str:
    columns = [Column("Day"), Column("Installs"), Column("Active players"), Column("Ads"), Column("In-app")]
    rows = [
        [
            words.day(day.date),
            *(
                [words.whole(day.installs), words.whole(day.dau), words.usd(day.ad_revenue_cents),
                 words.usd(day.iap_revenue_cents)]
                if day.computed
                else [words.NONE] * 4
            ),
        ]
        for day in reversed(facts.days)
    ]  # fmt: skip
    listed = parts.table("by-day", "By day, newest first", columns, rows)
    return f"<details><summary>The numbers by day</summary>{listed}</details>"


_GAME_COLUMNS = (
    Column("Game"),
    Column("Genre", words=True),
    Column("Installs"),
    Column("DAU", "Active players on the last day"),
    Column("D1", "Back on day 1 after the install"),
    Column("D7", "Back on day 7 after the install"),
    Column("Completion", "Levels completed, of those completed or failed"),
    Column("Ad opt-in", "Rewarded ads started, of prompts shown"),
    Column("Revenue", "Ads and in-app, USD"),
    Column("Score", "0 to 100, the newest of this span"),
)


def games(facts: Facts) -> str:
    """The table of games."""
    if not facts.games:
        message = "No game is published or played yet. Order a first batch and let the factory make it:"
        command = "gamefactory batch submit --name first --count 4\ngamefactory dev"
        return parts.section("games", "Games", parts.empty(message, command))
    shown = counted(len(facts.games), "game")
    if facts.games_total > len(facts.games):
        shown = f"{len(facts.games):,} of {counted(facts.games_total, 'game')}"
    rows = (_game_row(game, facts.icons.get(game.slug)) for game in facts.games)
    listed = parts.table("game-table", "Games, most installed first", _GAME_COLUMNS, rows)
    return parts.section("games", "Games", listed, f"{shown}, most installed first.")


def _game_row(game: GameLine, icon: bytes | None) -> list[str]:
    return [
        f"{parts.thumbnail(icon)}{words.link(game.play_url, words.name(game.name))}",
        words.label(game.genre),
        words.whole(game.installs),
        words.whole(game.dau),
        words.rate(game.retained_d1, game.cohort_d1),
        words.rate(game.retained_d7, game.cohort_d7),
        words.rate(game.levels_completed, game.levels_completed + game.levels_failed),
        words.rate(game.ad_impressions, game.ad_prompts),
        words.usd(game.revenue_cents),
        _score(game),
    ]


def _score(game: GameLine) -> str:
    if game.score is None:
        return words.NONE
    share = min(max(float(game.score), 0.0), 100.0)
    return f'<span class="score" style="--share:{share:.0f}%">{words.decimal(game.score, 1)}</span>'


def levels(facts: Facts) -> str:
    """Where players stop, level by level, in the most installed games."""
    archived = ""
    if facts.archived:
        months = ", ".join(f"{month:%B %Y}" for month in facts.archived)
        archived = f"The raw events of {months} are archived: they are not counted here."
    if not facts.funnels:
        message = "No level was played in this span, as far as raw events tell."
        return parts.section("levels", "Levels", parts.empty(message), archived)
    count = len(facts.funnels)
    which = "The most installed game." if count == 1 else f"The {count} most installed games."
    window = facts.levels_window
    span = "" if window == facts.window else f"{words.span(window.first, window.last)} only."
    lead = " ".join(piece for piece in (which, span, archived, _simulated(facts)) if piece)
    cards = "".join(_funnel(place, funnel) for place, funnel in enumerate(facts.funnels))
    legend = parts.legend([("fill-a", "completed"), ("fill-c", "failed")])
    return parts.section("levels", "Levels", f'{legend}<div class="cards">{cards}</div>', lead)


def _simulated(facts: Facts) -> str:
    simulated = sum(funnel.simulated for funnel in facts.funnels)
    total = sum(level.events for funnel in facts.funnels for level in funnel.levels)
    if not simulated:
        return ""
    return f"{words.percent(simulated / total)} of the events shown come from playtest bots."


_LEVEL_COLUMNS = (
    Column("Level"),
    Column("Players", "Different players who played it"),
    Column("Started"),
    Column("Completed"),
    Column("Failed"),
    Column("Rate", "Completed, of those completed or failed"),
)


def _funnel(place: int, funnel: Funnel) -> str:
    most = max(level.players for level in funnel.levels)
    rows = (_level_row(level, most) for level in funnel.levels)
    shown = len(funnel.levels)
    some = f"first {shown} of {counted(funnel.total, 'level')}" if funnel.total > shown else ""
    caption = f"Levels of {words.name(funnel.name)}" + (f", {some}" if some else "")
    listed = parts.table(f"funnel-{place}", caption, _LEVEL_COLUMNS, rows)
    tag = f'<span class="tag">{words.label(funnel.genre)}</span>'
    return parts.card(f"{words.name(funnel.name)} {tag}", listed, "funnel")


def _level_row(level: Level, most: int) -> list[str]:
    """The bar is as long as players came this far, in the parts they won and lost."""
    tries = level.completed + level.failed
    won = level.completed / tries if tries else 0
    reach = 100 * level.players / most if most else 0
    digits = len(f"{most:,}")  # every bar leaves as much room, so that all have one scale
    bar = (
        f'<span class="reach" aria-hidden="true"><i class="fill-a" style="width:{reach * won:.1f}%"></i>'
        f'<i class="fill-c" style="width:{reach * (1 - won) if tries else 0:.1f}%"></i></span>'
    )
    return [
        str(level.level),
        f'<span class="reached" style="--number:{digits}ch">{bar}{words.whole(level.players)}</span>',
        words.whole(level.started),
        words.whole(level.completed),
        words.whole(level.failed),
        words.rate(level.completed, tries),
    ]


def learning(facts: Facts) -> str:
    """What moved most, by genre."""
    if not facts.weights:
        message = (
            "Nothing is learned yet: a game counts once it has 100 installs and its first day-7 cohort is "
            "complete."
        )
        return parts.section("learning", "Learning", parts.empty(message))
    furthest = max(math.log(2), *(abs(_log(one)) for one in facts.weights))
    cards = "".join(
        _genre(place, genre, list(weights), furthest)
        for place, (genre, weights) in enumerate(groupby(facts.weights, key=lambda one: one.genre))
    )
    lead = (
        "How much better or worse than average for its genre a mechanic does; 1.0 is average. Moved most. One"
        f" learned from fewer than {FEW_GAMES} games may be luck."
    )
    return parts.section("learning", "Learning", f'<div class="cards">{cards}</div>', lead)


_WEIGHT_COLUMNS = (
    Column("Mechanic"),
    Column("Worse or better", words=True),
    Column("Weight"),
    Column("Games", "Games it was learned from"),
)


def _genre(place: int, genre: str, weights: Sequence[Weight], furthest: float) -> str:
    rows = (
        [
            words.label(one.mechanic), _swing(one, furthest), words.decimal(one.weight, 2),
            _learned_from(one),
        ]
        for one in weights
    )  # fmt: skip
    caption = f"Learning weights, {words.label(genre)}"
    return parts.card(
        words.label(genre), parts.table(f"weights-{place}", caption, _WEIGHT_COLUMNS, rows), "weights"
    )


def _learned_from(one: Weight) -> str:
    few = ' <small class="few">few</small>' if one.sample_count < FEW_GAMES else ""
    return f"{words.whole(one.sample_count)}{few}"


def _swing(one: Weight, furthest: float) -> str:
    """A bar right of the middle for better than average, left of it for worse, on a logarithmic scale.

    Pale where few games stand behind it.
    """
    width = 100 * abs(_log(one)) / furthest
    side = "right" if one.weight >= 1 else "left"
    few = " few" if one.sample_count < FEW_GAMES else ""
    return f'<span class="swing {side}{few}" aria-hidden="true"><i style="width:{width:.1f}%"></i></span>'


def _log(one: Weight) -> float:
    return math.log(max(float(one.weight), 0.0001))
