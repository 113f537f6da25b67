"""Parts that pages of slices share: the frame, states and their icons, times, and text.

What belongs here: HTML that more than one slice's page is put together from; its looks are in ``parts.css``.
What does not: any one page, and what is shown on it.

Everything that comes from outside goes through ``text`` or ``clean`` where it enters a page.
"""

import datetime as dt
import json
from collections.abc import Iterable
from html import escape
from typing import Any

from . import gallery

LONGEST = 600
"""Characters shown of any one text that is not asked for."""

LONGEST_JSON = 20_000

_SHAPES = {
    "completed": '<path d="M5 10.5l3.5 3.5L15 7"/>',
    "failed": '<path d="M6 6l8 8M14 6l-8 8"/>',
    "cancelled": '<path d="M6 10h8"/>',
    "running": '<path d="M10 5v5l3 3"/>',
    "pending": '<path d="M7 10h.01M10 10h.01M13 10h.01"/>',
    "again": '<path d="M14.5 8A5 5 0 1 0 15 11M15 5v3.2h-3.2"/>',
}
"""What a state can look like: also the names of its colours in ``parts.css``."""


def page(title: str, content: str, *styles: str, scripts: Iterable[str] = (), head: str = "") -> str:
    """Wrap content in the whole document; ``styles`` are URLs beside the parts' own."""
    looks = ("/parts.css", *styles)
    return gallery.page(title, content, looks, "Skip to the content", scripts=scripts, head=head)


def top(title: str, words: str) -> str:
    """The beginning of a header; who calls ends it."""
    home = '<a href="/"><img src="/favicon.svg" alt="Arcade" width="44" height="44"></a>'
    return f'<header><div class="brand">{home}<div><h1>{title}</h1><p class="tally">{words}</p></div></div>'


def chips(name: str, links: Iterable[tuple[str, str, bool]]) -> str:
    """Links to choose one from: what each says, where it leads, whether it is the chosen one."""
    listed = "".join(
        f'<li><a class="chip" href="{escape(link)}"{mark}>{text(label)}</a></li>'
        for label, link, chosen in links
        for mark in [' aria-current="true"' if chosen else ""]
    )
    return f'<nav aria-label="{name}"><ul class="chips">{listed}</ul></nav>'


def pages(newest: str | None, older: str | None) -> str:
    """Links to the first page and to the next, where there are such."""
    first = f'<a class="button" rel="first" href="{escape(newest)}">Newest</a>' if newest else ""
    after = f'<a class="button" rel="next" href="{escape(older)}">Older</a>' if older else ""
    return f'<nav class="pages" aria-label="Pages">{first}{after}</nav>' if first or after else ""


def numbers(given: Iterable[tuple[str, str]]) -> str:
    """Numbers that are seen first; names and numbers are HTML."""
    cells = "".join(f"<div><dt>{name}</dt><dd>{number}</dd></div>" for name, number in given)
    return f'<dl class="numbers">{cells}</dl>'


def section(title: str, number: int, content: str) -> str:
    """A section with how many there are of what is in it; nothing where there is none."""
    if not number:
        return ""
    return f'<section><h2>{title} <span class="count">{number:,}</span></h2>{content}</section>'


def as_json(title: str, value: Any) -> str:
    """A section that shows a value as it is."""
    found = json.dumps(value, indent=2, ensure_ascii=False)
    return verbatim(title, found if len(found) <= LONGEST_JSON else f"{found[:LONGEST_JSON]} …")


def verbatim(title: str, found: str) -> str:
    """A section that shows a text line by line, and scrolls in itself."""
    words = clean(found, keep="\n")
    return (
        f'<section><h2>{title}</h2><pre tabindex="0" role="region" aria-label="{title}"><code>'
        f"{words}</code></pre></section>"
    )


def state(word: str, shape: str) -> str:
    """A state in words, with its icon."""
    return f'<span class="state {look(shape)}">{icon(shape)}{text(word)}</span>'


def icon(shape: str) -> str:
    """The picture of a state."""
    name = look(shape)
    return (
        f'<svg class="icon {name}" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="9"/>'
        f"{_SHAPES[name]}</svg>"
    )


def look(shape: str) -> str:
    """What a state looks like, whatever it is called."""
    known = "completed" if shape == "done" else shape
    return known if known in _SHAPES else "pending"


def when(moment: dt.datetime) -> str:
    """A moment, to the minute."""
    there = moment.astimezone(dt.UTC)
    return f'<time datetime="{there.isoformat()}">{there:%d %b %Y, %H:%M} UTC</time>'


def took(seconds: float | None) -> str:
    """A stretch of time as people say it."""
    if seconds is None:
        return "—"
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes} min" if hours else f"{minutes} min {rest} s"


def text(value: str | None) -> str:
    """Text for the page: escaped, not too long, and nothing in it that would turn the line around."""
    found = value or ""
    return clean(found if len(found) <= LONGEST else f"{found[:LONGEST]}…")


def clean(value: str, keep: str = "") -> str:
    """Text for the page, however long."""
    return escape(seen(value, keep))


def seen(value: str, keep: str = "") -> str:
    """What can be seen of a text, its spaces, and what ``keep`` has; not escaped."""
    return "".join(one if one.isprintable() or one in keep else _instead(one) for one in value)


def _instead(one: str) -> str:
    return " " if one.isspace() else "\N{REPLACEMENT CHARACTER}"
