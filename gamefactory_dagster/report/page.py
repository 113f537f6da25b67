"""The whole page: what stands on it, in which order. Pure: facts in, HTML out.

What belongs here: the document, its head and foot. What does not: what stands between (``headline.py``,
``sections.py``, ``health.py``) and looks (``report.css``).

The page brings everything with it and asks the network for nothing: its policy forbids even trying.
"""

from functools import cache
from pathlib import Path

from gamefactory_dagster.terminal import counted

from . import health, sections, words
from .facts import Facts
from .headline import headline

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

_PARTS = (
    ("trends", "Trends"),
    ("games", "Games"),
    ("levels", "Levels"),
    ("learning", "Learning"),
    ("production", "Production"),
    ("data", "Data"),
)

_ICON = (
    '<svg class="icon" viewBox="0 0 44 44" width="44" height="44" aria-hidden="true">'
    '<rect width="44" height="44" rx="12" fill="#5b4bdb"/>'
    '<path d="M11 31V20M22 31V12M33 31v-7" stroke="#fff" stroke-width="5" stroke-linecap="round"/></svg>'
)


def render(facts: Facts) -> str:
    """Make the report, one HTML document."""
    body = (
        f'{_header(facts)}<main id="report">{health.attention(facts)}{headline(facts)}'
        f"{sections.trends(facts)}{sections.games(facts)}{sections.levels(facts)}{sections.learning(facts)}"
        f"{health.production(facts)}{health.data(facts)}</main>{_footer(facts)}"
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">'
        f"<title>GameFactory report, {words.day_text(facts.window.last)}</title>"
        f"<style>{_looks()}</style></head>"
        f'<body><a class="skip" href="#report">Skip to the report</a>{body}</body></html>\n'
    )


@cache
def _looks() -> str:
    return (Path(__file__).parent / "report.css").read_text(encoding="utf-8")


def _header(facts: Facts) -> str:
    links = "".join(f'<li><a href="#{anchor}">{title}</a></li>' for anchor, title in _PARTS)
    window = facts.window
    return (
        f'<header><div class="brand">{_ICON}<div><h1>GameFactory report</h1>'
        f'<p>{words.span(window.first, window.last)} <span class="soft">· {counted(window.days, "day")},'
        f' UTC</span></p></div></div><nav aria-label="Parts of the report"><ul>{links}</ul></nav></header>'
    )


def _footer(facts: Facts) -> str:
    compared = (
        f" Arrows compare with the {counted(facts.window.days, 'day')} before."
        if facts.before
        else " Nothing is compared: not every day of this span and the one before was computed."
    )
    return (
        f"<footer><p>Made {words.moment(facts.made_at)}, from the metrics as they were then.{compared}</p>"
        "<p>Days are UTC. A player of two games counts in both. Retention is of exact days: the share of a"
        " day's new players who were active on the N-th day after.</p></footer>"
    )
