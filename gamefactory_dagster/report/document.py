"""The document every report is: it brings everything with it and asks the network for nothing.

What belongs here: head, policy, looks, and the header with the mark. What does not: what a report says.
"""

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""Forbids even trying."""

_ICON = (
    '<svg class="icon" viewBox="0 0 44 44" width="44" height="44" aria-hidden="true">'
    '<rect width="44" height="44" rx="12" fill="#5b4bdb"/>'
    '<path d="M11 31V20M22 31V12M33 31v-7" stroke="#fff" stroke-width="5" stroke-linecap="round"/></svg>'
)


def document(title: str, top: str, content: str, foot: str, more_looks: str = "") -> str:
    """Make a whole page. ``title`` is text, ``more_looks`` CSS beside ``report.css``, all else HTML."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">'
        f"<title>{escape(title)}</title><style>{_looks()}{more_looks}</style></head>"
        f'<body><a class="skip" href="#report">Skip to the report</a>{top}<main id="report">{content}</main>'
        f"<footer>{foot}</footer></body></html>\n"
    )


def header(title: str, under: str, links: Iterable[tuple[str, str]]) -> str:
    """The top of a page, all of it HTML. ``links`` lead to parts of it: (id, what it says)."""
    listed = "".join(f'<li><a href="#{anchor}">{said}</a></li>' for anchor, said in links)
    parts = f'<nav aria-label="Parts of the report"><ul>{listed}</ul></nav>' if listed else ""
    return (
        f'<header><div class="brand">{_ICON}<div><h1>{title}</h1><p>{under}</p></div></div>{parts}</header>'
    )


@cache
def _looks() -> str:
    return (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
