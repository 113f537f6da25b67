"""The pieces sections are built of: tables, tiles, bars, notes.

What belongs here: HTML that knows nothing of games. What does not: single values (``words.py``), charts.
Arguments are HTML unless they say otherwise.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column. ``label`` and ``hint`` are text."""

    label: str
    hint: str = ""
    words: bool = False
    """Words stand left, numbers right."""


def section(anchor: str, title: str, content: str, lead: str = "") -> str:
    """A part of the page with a heading of its own."""
    under = f'<p class="lead">{lead}</p>' if lead else ""
    return (
        f'<section id="{anchor}" aria-labelledby="{anchor}-title">'
        f'<h2 id="{anchor}-title">{title}</h2>{under}{content}</section>'
    )


def table(anchor: str, caption: str, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> str:
    """A table in a box of its own that scrolls when it must; a row's first cell is its heading."""
    head = "".join(_heading(column) for column in columns)
    body = "".join(_row(columns, row) for row in rows)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{anchor}-caption">'
        f'<table id="{anchor}"><caption id="{anchor}-caption">{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _heading(column: Column) -> str:
    kind = ' class="words"' if column.words else ""
    hint = f' title="{escape(column.hint)}"' if column.hint else ""
    return f'<th scope="col"{kind}{hint}>{escape(column.label)}</th>'


def _row(columns: Sequence[Column], cells: Sequence[str]) -> str:
    first, *rest = cells
    others = "".join(
        f'<td class="words">{cell}</td>' if column.words else f"<td>{cell}</td>"
        for column, cell in zip(columns[1:], rest, strict=True)
    )
    return f'<tr><th scope="row">{first}</th>{others}</tr>'


def tile(anchor: str, label: str, value: str, under: str, trend: str = "") -> str:
    """One headline number."""
    return (
        f'<li class="tile" id="{anchor}"><h3>{label}</h3><p class="big">{value}</p>'
        f'<p class="under">{under}</p>{trend}</li>'
    )


def thumbnail(icon: bytes | None) -> str:
    """A game's icon, small, in the page itself; an empty place of its size without one."""
    if icon is None:
        return '<span class="icon-place" aria-hidden="true"></span>'
    data = base64.b64encode(icon).decode()
    return f'<img class="icon-place" src="data:image/webp;base64,{data}" alt="" width="32" height="32">'


def card(title: str, content: str, kind: str = "") -> str:
    """A box with a heading."""
    return f'<div class="card {kind}"><h3>{title}</h3>{content}</div>'


def figure(title: str, keys: Sequence[tuple[str, str]], chart: str) -> str:
    """A chart with its heading and, when it has several colours, their ``legend``."""
    return f'<figure class="card"><figcaption><h3>{title}</h3>{legend(keys)}</figcaption>{chart}</figure>'


def legend(keys: Sequence[tuple[str, str]]) -> str:
    """What the colours mean: (colour class, text)."""
    listed = "".join(f'<li><i class="{colour}"></i>{escape(text)}</li>' for colour, text in keys)
    return f'<ul class="legend">{listed}</ul>' if keys else ""


def parted_bar(parts: Sequence[tuple[str, int]]) -> str:
    """A bar in parts, (colour class, size); its numbers stand beside it, so it is for the eye alone."""
    total = sum(size for _, size in parts)
    drawn = "".join(
        f'<i class="{colour}" style="width:{100 * size / total:.2f}%"></i>' for colour, size in parts if size
    )
    return f'<div class="bar" aria-hidden="true">{drawn}</div>'


def empty(message: str, command: str = "") -> str:
    """What stands where there is nothing to show yet; ``command``, text, is what would change that."""
    shown = f"<pre><code>{escape(command)}</code></pre>" if command else ""
    return f'<div class="empty"><p>{message}</p>{shown}</div>'


def code(command: str) -> str:
    """A command, text, to type; nothing without one."""
    return f" <code>{escape(command)}</code>" if command else ""
