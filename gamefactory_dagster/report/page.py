"""The factory's report: what stands on it, in which order. Pure: facts in, HTML out.

What belongs here: its header and foot, and the order of what is between. What does not: what stands between
(``headline.py``, ``sections.py``, ``health.py``), and the document around it (``document.py``).
"""

from gamefactory_dagster.terminal import counted

from . import health, sections, words
from .document import document, header
from .facts import Facts
from .headline import headline

_PARTS = (
    ("trends", "Trends"),
    ("games", "Games"),
    ("levels", "Levels"),
    ("learning", "Learning"),
    ("production", "Production"),
    ("data", "Data"),
)


def render(facts: Facts) -> str:
    """Make the report, one HTML document."""
    content = (
        f"{health.attention(facts)}{headline(facts)}"
        f"{sections.trends(facts)}{sections.games(facts)}{sections.levels(facts)}{sections.learning(facts)}"
        f"{health.production(facts)}{health.data(facts)}"
    )
    title = f"GameFactory report, {words.day_text(facts.window.last)}"
    return document(title, _header(facts), content, _footer(facts))


def _header(facts: Facts) -> str:
    window = facts.window
    under = (
        f'{words.span(window.first, window.last)} <span class="soft">· {counted(window.days, "day")},'
        " UTC</span>"
    )
    return header("GameFactory report", under, _PARTS)


def _footer(facts: Facts) -> str:
    compared = (
        f" Arrows compare with the {counted(facts.window.days, 'day')} before."
        if facts.before
        else " Nothing is compared: not every day of this span and the one before was computed."
    )
    return (
        f"<p>Made {words.moment(facts.made_at)}, from the metrics as they were then.{compared}</p>"
        "<p>Days are UTC. A player of two games counts in both. Retention is of exact days: the share of a"
        " day's new players who were active on the N-th day after.</p>"
    )
