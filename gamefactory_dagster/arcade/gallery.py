"""The arcade's front page: every published game, to find and to play. Works without JavaScript.

What belongs here: what the page asks of the database, and its HTML. Its looks are in ``gallery.css``.
Everything that comes from outside is escaped where it enters the page.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.text import storable

from .files import find_file

PAGE_GAMES = 48
"""Games on one page: divides evenly into two, three and four columns."""

FIRST_GAMES = 8
"""Games a desk shows without scrolling: their pictures are not loaded lazily."""

PICTURE = "splash.png"
"""The published file shown for a game: 960x540."""

POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

SCRIPT_POLICY = f"{POLICY}; script-src 'self'; connect-src 'self'"
"""Of a page that runs a script of ours, which may ask us and nobody else."""

_DEEPEST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Search:
    """What the visitor asks for; empty means everything."""

    text: str = ""
    genre: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Any) -> "Search":
        """Read a query string's values; what makes no sense is left out."""
        page = query.get("page", "")
        number = int(page) if re.fullmatch(r"[0-9]{1,5}", page) else 1
        text = " ".join(query.get("q", "").replace("\0", " ").split())
        genre = query.get("genre", "").replace("\0", "")
        return cls(storable(text)[:100], storable(genre)[:100], min(max(number, 1), _DEEPEST_PAGE))

    def link(self, **changes: object) -> str:
        """URL of the page for this search with some of it changed."""
        wanted = {"q": self.text, "genre": self.genre, "page": self.page} | changes
        if wanted["page"] == 1:
            del wanted["page"]
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"/?{query}" if query else "/"


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of games and what surrounds it."""

    games: list[Any]
    total: int
    genres: list[Any]


def find_games(connection: sa.Connection, search: Search) -> Shelf:
    """Read one page of published games and the genres there are."""
    pattern = None
    if search.text:
        pattern = "%" + re.sub(r"([\\%_])", r"\\\1", search.text) + "%"
    parameters = {
        "pattern": pattern,
        "genre": search.genre or None,
        "limit": PAGE_GAMES,
        "offset": (search.page - 1) * PAGE_GAMES,
    }
    games = list(connection.execute(sa.text(load("analytics/published_games")), parameters))
    genres = list(connection.execute(sa.text(load("analytics/published_genres"))))
    return Shelf(games, games[0].total if games else 0, genres)


@dataclass(frozen=True, slots=True)
class Around:
    """What is on the front page beside the games."""

    notice: str | None = None
    """What is wrong with the arcade, for its foot."""
    links: Iterable[tuple[str, str]] = ()
    """To other pages the visitor may see, by what they say and where they lead."""
    box: str = ""
    """HTML of slices above, and the URLs of its looks and scripts."""
    styles: Iterable[str] = ()
    scripts: Iterable[str] = ()


def gallery_page(shelf: Shelf, search: Search, published: Path, around: Around | None = None) -> str:
    """Render the gallery."""
    around = around or Around()
    if shelf.games:
        body = "".join(_card(game, published, place) for place, game in enumerate(shelf.games))
        body = f'<ul class="games">{body}</ul>{_pages(shelf, search)}'
    elif shelf.genres:
        body = (
            '<div class="empty"><h2>No game matches</h2>'
            '<p>Try other words, or <a href="/">see all games</a>.</p></div>'
        )
    else:
        body = _NO_GAMES
    foot = f'<footer class="notice">{escape(around.notice)}</footer>' if around.notice else ""
    header = _header(shelf, search, _others(around.links), around.box)
    content = f'{header}<main id="games">{body}</main>{foot}'
    return page("Arcade", content, around.styles, scripts=around.scripts)


def message_page(title: str, text: str) -> str:
    """Render a page that says one thing, such as an error."""
    content = (
        f'<main id="games" class="lone"><div class="empty"><h1>{escape(title)}</h1><p>{escape(text)}</p>'
        '<p><a class="button" href="/">All games</a></p></div></main>'
    )
    return page(title, content)


def page(
    title: str,
    content: str,
    styles: Iterable[str] = (),
    skip: str = "Skip to the games",
    *,
    scripts: Iterable[str] = (),
    head: str = "",
) -> str:
    """Wrap content in the whole document.

    ``title`` is text, ``content`` and what else goes into the ``head`` are HTML, the others are URLs.
    """
    more = "".join(f'<link rel="stylesheet" href="{url}">' for url in styles)
    more += "".join(f'<script src="{url}" defer></script>' for url in scripts) + head
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)} · GameFactory</title>"
        '<link rel="icon" href="/favicon.svg" type="image/svg+xml">'
        f'<link rel="stylesheet" href="/gallery.css">{more}'
        f'</head><body><a class="skip" href="#games">{skip}</a>{content}</body></html>'
    )


def _header(shelf: Shelf, search: Search, others: str, box: str) -> str:
    count = sum(row.games for row in shelf.genres)
    noun = "game" if count == 1 else "games"
    tally = f'<p class="tally">{count} {noun}, every level proven winnable</p>' if count else ""
    genre = f'<input type="hidden" name="genre" value="{escape(search.genre)}">' if search.genre else ""
    finder = (
        f'<form role="search" action="/" method="get">{genre}'
        '<label class="hidden" for="q">Search games</label>'
        f'<input id="q" name="q" type="search" maxlength="100" value="{escape(search.text)}" '
        'placeholder="Name, style or theme"><button class="button">Search</button></form>'
    )
    return (
        '<header><div class="top"><div class="brand"><img src="/favicon.svg" alt="" width="44" height="44">'
        f'<div><h1><a href="/">Arcade</a></h1>{tally}</div>{others}</div>{finder if count else ""}</div>'
        f"{box}{_genres(shelf, search) if count else ''}</header>"
    )


def _others(links: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f'<a class="chip" href="{link}">{escape(label)}</a>' for label, link in links)
    return f'<nav class="others" aria-label="More">{listed}</nav>' if listed else ""


def _genres(shelf: Shelf, search: Search) -> str:
    everything = sum(row.games for row in shelf.genres)
    chips = [
        ("", "All", everything),
        *((row.genre, row.genre.capitalize(), row.games) for row in shelf.genres),
    ]
    links = "".join(
        f'<li><a class="chip" href="{escape(search.link(genre=genre, page=1))}"{mark}>'
        f'{escape(label)} <span class="count">{number}</span></a></li>'
        for genre, label, number in chips
        for mark in [' aria-current="true"' if genre == search.genre else ""]
    )
    return f'<nav aria-label="Genres"><ul class="chips">{links}</ul></nav>'


def _card(game: Any, published: Path, place: int) -> str:
    name, slug = escape(game.name), escape(game.slug)
    if find_file(published, game.slug, PICTURE):
        loading = "eager" if place < FIRST_GAMES else "lazy"
        picture = f'<img src="/games/{slug}/{PICTURE}" alt="" width="960" height="540" loading="{loading}">'
    else:
        picture = f'<span class="letter" aria-hidden="true">{escape(game.name[:1].upper())}</span>'
    tagline = f'<p class="tagline">{escape(game.tagline)}</p>' if game.tagline else ""
    style = f"<li>{escape(game.style.replace('_', ' '))}</li>" if game.style else ""
    return (
        f'<li class="card"><div class="picture">{picture}</div><div class="about">'
        f'<div class="words"><h2><a href="/games/{slug}/">{name}</a></h2>{tagline}</div>{_score(game.score)}'
        f'<ul class="tags"><li>{escape(game.genre)}</li>{style}</ul></div></li>'
    )


def _score(score: Any) -> str:
    if score is None:
        return (
            '<p class="score none" title="No score yet"><span class="hidden">No score yet</span>'
            '<b aria-hidden="true">—</b></p>'
        )
    share = min(max(float(score), 0.0), 100.0)
    return (
        f'<p class="score" title="Score: {share:.0f} of 100"><svg viewBox="0 0 36 36" aria-hidden="true">'
        '<circle cx="18" cy="18" r="16"/><circle class="full" cx="18" cy="18" r="16" pathLength="100" '
        f'stroke-dasharray="{share:.1f} 100"/></svg><span class="hidden">Score </span><b>{share:.0f}</b></p>'
    )


def _pages(shelf: Shelf, search: Search) -> str:
    last = -(-shelf.total // PAGE_GAMES)
    if last <= 1:
        return ""
    before = after = ""
    if search.page > 1:
        before = (
            f'<a class="button" rel="prev" href="{escape(search.link(page=search.page - 1))}">Previous</a>'
        )
    if search.page < last:
        after = f'<a class="button" rel="next" href="{escape(search.link(page=search.page + 1))}">Next</a>'
    here = f"<span>Page {search.page} of {last}</span>"
    return f'<nav class="pages" aria-label="Pages">{before}{here}{after}</nav>'


_NO_GAMES = (
    '<div class="empty"><h2>No games yet</h2><p>Order a first batch and let the factory make it:</p>'
    "<pre><code>gamefactory batch submit --name first --count 4\ngamefactory dev</code></pre>"
    "<p>Games appear here as they are published. Reload the page to see them.</p></div>"
)
