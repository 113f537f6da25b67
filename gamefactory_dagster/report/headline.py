"""The six numbers a studio is judged by, each with how it changed.

What belongs here: the tiles. What does not: everything below them.
"""

from gamefactory_dagster.analytics.trends import share_of

from . import charts, parts, words
from .facts import Facts


def headline(facts: Facts) -> str:
    """Installs, active players, revenue; then day 1, day 7 and completed levels."""
    now, before = facts.totals, facts.before
    tries = now.levels_completed + now.levels_failed
    d1, d7, completion = (
        (before.retention_d1, before.retention_d7, before.completion) if before else (None, None, None)
    )
    tiles = (
        _installs(facts)
        + _active(facts)
        + _revenue(facts)
        + _rate("day-1", "Back on day 1", now.retained_d1, now.cohort_d1, d1)
        + _rate("day-7", "Back on day 7", now.retained_d7, now.cohort_d7, d7)
        + _rate("completion", "Levels completed", now.levels_completed, tries, completion)
    )
    return f'<section aria-label="In short"><ul class="tiles">{tiles}</ul></section>'


def _installs(facts: Facts) -> str:
    growth = _growth(facts.totals.installs, facts.before.installs if facts.before else 0)
    trend = charts.sparkline([day.installs if day.computed else None for day in facts.days])
    value = words.whole(facts.totals.installs)
    return parts.tile("installs", "Installs", value, _joined("first-time players", growth), trend)


def _active(facts: Facts) -> str:
    """The mean over the days that were computed."""
    computed = sum(day.computed for day in facts.days)
    daily = round(facts.totals.player_days / computed) if computed else 0
    growth = _growth(daily, round(facts.before.player_days / facts.window.days) if facts.before else 0)
    last = facts.days[-1]
    latest = f"{words.whole(last.dau)} on {last.date.day} {last.date:%b}" if last.computed else ""
    trend = charts.sparkline([day.dau if day.computed else None for day in facts.days])
    return parts.tile("active", "Active players a day", words.whole(daily), _joined(latest, growth), trend)


def _revenue(facts: Facts) -> str:
    now = facts.totals
    growth = _growth(now.revenue_cents, facts.before.revenue_cents if facts.before else 0)
    made_of = f"{words.usd(now.ad_revenue_cents)} ads, {words.usd(now.iap_revenue_cents)} in-app"
    trend = charts.sparkline(
        [day.ad_revenue_cents + day.iap_revenue_cents if day.computed else None for day in facts.days]
    )
    return parts.tile("revenue", "Revenue", words.usd(now.revenue_cents), _joined(made_of, growth), trend)


def _rate(anchor: str, label: str, part: int, trials: int, earlier: float | None) -> str:
    """A share of trials; its change since ``earlier`` is told in percentage points."""
    share = share_of(part, trials)
    change = "" if share is None or earlier is None else _change(100 * (share - earlier), " pt")
    under = _joined(f"of {words.whole(trials)}", words.between(part, trials), change)
    return parts.tile(anchor, label, words.percent(share), under)


def _growth(now: int, before: int) -> str:
    """How much more or less than before; nothing to say about growth from nothing."""
    return _change(100 * (now - before) / before, "%") if before else ""


def _change(amount: float, unit: str) -> str:
    told = f"{abs(amount):,.1f}{unit}"
    if not round(amount, 1):
        kind, sign = "same", "±"
    else:
        kind, sign = ("up", "▲ ") if amount > 0 else ("down", "▼ ")
    return (
        f'<span class="{kind}"><span aria-hidden="true">{sign}{told}</span>'
        f'<span class="hidden">{kind} {told} on the days before</span></span>'
    )


def _joined(*pieces: str) -> str:
    return " ".join(f"<span>{piece}</span>" for piece in pieces if piece)
