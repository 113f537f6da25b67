"""The HTML of the list of requests, with the box above it. Its looks are in ``requests.css``.

What belongs here: what the page looks like. What does not: what is shown on it (``seen.py``).
"""

from html import escape
from urllib.parse import urlencode

from gamefactory_dagster.arcade import parts
from gamefactory_dagster.arcade.gallery import PICTURE
from gamefactory_dagster.database.paging import Page
from gamefactory_dagster.database.tables.requests import PHASES

from .box import Written, box
from .request_page import SCRIPT, STYLES
from .seen import Listed

FILTERS = {"": "All", "pending": "Waiting", "completed": "Ready to play", "failed": "Failed"}
"""States that are listed by themselves, and what they are called."""

_LOOKS = {"pending": "pending", "completed": "completed", "failed": "failed"}
_SAID = {"pending": "waiting", "completed": "ready to play", "failed": "failed", "processing": "taken up"}
_AT_WORK = dict(zip(PHASES, ("finding an idea", "designing", "building", "shipping"), strict=True))

_NONE = "<p>Say above what you would like to play, and watch it being made.</p>"


def list_page(page: Page[Listed], status: str, written: Written, *, first: bool) -> str:
    """Render a page of requests, in a ``status`` or all; ``first``: whether none come before."""
    rows = "".join(map(_row, page.rows))
    if not rows:
        said, help_ = ("No such request", "") if status or not first else ("No requests yet", _NONE)
        rows = f'<li class="empty"><h2>{said}</h2>{help_}</li>'
    chips = parts.chips("States", [(name, link(one), one == status) for one, name in FILTERS.items()])
    newest = None if first else link(status)
    older = link(status, page.after) if page.after else None
    content = (
        f"{parts.top('Requests', 'Games people asked for, newest first')}"
        f"{box(written, path='/requests')}{chips}"
        f'</header><main id="games"><ul class="runs">{rows}</ul>{parts.pages(newest, older)}</main>'
    )
    return parts.page("Requests", content, STYLES, scripts=[SCRIPT])


def link(status: str = "", after: str | None = None) -> str:
    """URL of the first page of requests in a state, empty for all, or of the one after a key."""
    query = urlencode({name: value for name, value in (("status", status), ("after", after)) if value})
    return f"/requests?{query}" if query else "/requests"


def _row(one: Listed) -> str:
    shape = _LOOKS.get(one.status, "running")
    said = _SAID.get(one.status) or _AT_WORK.get(one.status, one.status)
    name = f"<span>{parts.text(one.game_name)}</span>" if one.game_name else ""
    pair = "<span>one of two</span>" if one.pair_of or one.has_second else ""
    about = " · ".join(parts.text(word.replace("_", " ")) for word in (one.genre, one.style) if word)
    why = f'<p class="why">{parts.text(one.why)}</p>' if one.why else ""
    seconds = (one.updated_at - one.created_at).total_seconds()
    took = f"<b>{parts.took(seconds)}</b>" if one.status == "completed" else ""
    picture = ""
    if one.has_picture and one.slug:
        source = escape(f"/games/{one.slug}/{PICTURE}")
        picture = f'<img src="{source}" alt="" width="960" height="540" loading="lazy">'
    return (
        f'<li class="run {parts.look(shape)}">{parts.icon(shape)}<div class="words">'
        f'<h2><a href="/requests/{one.id}" dir="auto">{parts.text(one.prompt)}</a></h2>'
        f'<p class="facts"><span class="state {parts.look(shape)}">{said}</span>{name}'
        f"{f'<span>{about}</span>' if about else ''}{pair}</p>{why}</div>{picture}"
        f'<p class="when">{parts.when(one.created_at)}{took}</p></li>'
    )
