"""The HTML of the pages of runs. Works without JavaScript; its looks are in ``runs.css``.

What belongs here: what the pages look like. What does not: what is shown on them and to whom (``runs.py``).
Everything that comes from outside goes through ``_text`` where it enters the page.
"""

import datetime as dt
import json
from html import escape
from urllib.parse import quote, urlencode

from gamefactory_dagster.database.paging import Page
from gamefactory_dagster.database.tables.ledger import STATUSES
from gamefactory_dagster.ledger.reading import Artifact, Prompt, Run, Summary
from gamefactory_dagster.ledger.timeline import Step
from gamefactory_dagster.terminal import counted

from . import gallery

POLICY = f"{gallery.POLICY}; media-src 'self'"

_PICTURES = {"image/png", "image/jpeg", "image/webp"}
_SOUNDS = {"audio/ogg"}
_LONGEST = 600
"""Characters shown of any one text that is not asked for."""

_LONGEST_TEXT = 5000

_SHORT = 6
"""Rows of a group that are shown at once."""

_SHAPES = {
    "completed": '<path d="M5 10.5l3.5 3.5L15 7"/>',
    "failed": '<path d="M6 6l8 8M14 6l-8 8"/>',
    "cancelled": '<path d="M6 10h8"/>',
    "running": '<path d="M10 5v5l3 3"/>',
    "pending": '<path d="M7 10h.01M10 10h.01M13 10h.01"/>',
    "again": '<path d="M14.5 8A5 5 0 1 0 15 11M15 5v3.2h-3.2"/>',
}
_WORDS = {"done": "completed", "again": "tried again"}


def list_page(page: Page[Run], status: str, *, first: bool) -> str:
    """Render a page of runs, in ``status`` where that is not empty; ``first``: whether none come before."""
    chips = "".join(_chip(one, status) for one in ("", *STATUSES))
    rows = "".join(_row(run) for run in page.rows)
    if not rows:
        said = "No such run" if status or not first else "No runs yet"
        rows = (
            f'<li class="empty"><h2>{said}</h2>'
            "<p>Whatever the factory does for you is listed here: games, imports, metrics, reports.</p></li>"
        )
    content = (
        f"{_top('Runs', 'What the factory did for you, newest first')}"
        f'<nav aria-label="States"><ul class="chips">{chips}</ul></nav></header>'
        f'<main id="games"><ul class="runs">{rows}</ul>{_older(page.after, status, first=first)}</main>'
    )
    return _page("Runs", content)


def run_page(
    found: Summary,
    steps: list[Step],
    made: Page[Artifact],
    texts: list[Prompt],
    *,
    play: str | None,
    more_events: bool,
) -> str:
    """Render one run; ``play`` is where its game can be played."""
    run = found.run
    button = f'<a class="button" href="{escape(play)}">Play the game</a>' if play else ""
    error = (
        f'<p class="fault"><b>What went wrong</b> {_text(run.error_message)}</p>' if run.error_message else ""
    )
    head = (
        f'<header class="of-run"><p class="path"><a href="/">Arcade</a> / <a href="/runs">Runs</a></p>'
        f'<div class="top"><div class="words"><h1>{_text(run.title)}</h1>'
        f'<p class="facts">{_state(run.status)}<span>{_text(run.kind or "run")}</span>'
        f"<span>{_when(run.created_at)}</span><code>{_text(run.run_id)}</code></p></div>{button}</div>"
        f"{error}{_numbers(found, steps)}</header>"
    )
    more = '<p class="aside">Only the first events are shown.</p>' if more_events else ""
    body = (
        f"{_timeline(run, steps)}{more}{_pictures(run, made.rows)}{_sounds(run, made.rows)}"
        f"{_files(run, made)}{_texts(texts)}{_asked(run)}"
    )
    return _page(_seen(run.title[:_LONGEST]), f'{head}<main id="games">{body}</main>')


def _page(title: str, content: str) -> str:
    return gallery.page(title, content, styles="/runs.css", skip="Skip to the content")


def _top(title: str, words: str) -> str:
    """The beginning of a header; who calls ends it."""
    home = '<a href="/"><img src="/favicon.svg" alt="Arcade" width="44" height="44"></a>'
    return f'<header><div class="brand">{home}<div><h1>{title}</h1><p class="tally">{words}</p></div></div>'


def _chip(status: str, chosen: str) -> str:
    mark = ' aria-current="true"' if status == chosen else ""
    link = f"/runs?status={status}" if status else "/runs"
    return f'<li><a class="chip" href="{link}"{mark}>{(status or "all").capitalize()}</a></li>'


def _row(run: Run) -> str:
    error = f'<p class="why">{_text(run.error_message)}</p>' if run.error_message else ""
    return (
        f'<li class="run">{_icon(run.status)}<div class="words"><h2><a href="{_link(run.run_id)}">'
        f'{_text(run.title)}</a></h2><p class="facts"><span class="state {_class(run.status)}">'
        f"{_text(run.status)}</span><span>{_text(run.kind or 'run')}</span>"
        f"<code>{_text(run.run_id[:8])}</code></p>{error}</div>"
        f'<p class="when">{_when(run.created_at)}<b>{_took(run.seconds)}</b></p></li>'
    )


def _older(after: str | None, status: str, *, first: bool) -> str:
    newest = "" if first else f'<a class="button" rel="first" href="{_page_link(None, status)}">Newest</a>'
    older = f'<a class="button" rel="next" href="{_page_link(after, status)}">Older</a>' if after else ""
    return f'<nav class="pages" aria-label="Pages">{newest}{older}</nav>' if newest or older else ""


def _page_link(after: str | None, status: str) -> str:
    query = urlencode({name: value for name, value in (("status", status), ("after", after)) if value})
    return escape(f"/runs?{query}" if query else "/runs")


def _numbers(found: Summary, steps: list[Step]) -> str:
    done = sum(step.state == "done" for step in steps)
    numbers = [
        ("took", _took(found.run.seconds)),
        ("steps done", f"{done:,}"),
        ("events", f"{sum(found.events.values()):,}"),
        ("artifacts", f"{found.files:,}"),
        ("size", _size(found.size)),
    ]
    cells = "".join(f"<div><dt>{name}</dt><dd>{number}</dd></div>" for name, number in numbers)
    return f'<dl class="numbers">{cells}</dl>'


def _timeline(run: Run, steps: list[Step]) -> str:
    if not steps:
        return ""
    moments = [moment for step in steps for moment in (step.started, step.ended) if moment]
    start = min([run.started_at or run.created_at, *moments])
    span = max((max([run.completed_at or start, *moments]) - start).total_seconds(), 0.001)
    rows = "".join(_step(step, start, span) for step in steps)
    return f'<section><h2>Steps</h2><ol class="steps">{rows}</ol></section>'


def _step(step: Step, start: dt.datetime, span: float) -> str:
    began = step.started or step.ended or start
    left = 100 * (began - start).total_seconds() / span
    width = 100 - left if step.state == "running" else 100 * (step.seconds or 0.0) / span
    bar = (
        f'<svg class="bar" aria-hidden="true"><rect width="100%" height="100%" rx="3"/>'
        f'<rect class="part" x="{min(left, 99.4):.2f}%" width="{max(width, 0.6):.2f}%" height="100%" '
        'rx="3"/></svg>'
    )
    words = f'<p class="why">{_text(step.words)}</p>' if step.words else ""
    notes = "".join(f"<li>{_text(note)}</li>" for note in step.notes if note)
    listed = (
        f"<details><summary>{counted(len(step.notes), 'note')}</summary><ul>{notes}</ul></details>"
        if notes
        else ""
    )
    state = _WORDS.get(step.state, step.state)
    return (
        f'<li class="step {_class(step.state)}">{_icon(step.state)}<h3>{_text(step.bot.replace("_", " "))}'
        f'<span class="hidden">, {state}</span></h3>{bar}<span class="took">{_took(step.seconds)}</span>'
        f"{words}{listed}</li>"
    )


def _pictures(run: Run, made: list[Artifact]) -> str:
    shown = [one for one in made if one.content_type in _PICTURES]
    cells = "".join(
        f'<li><a href="{_file_link(run, one)}"><img src="{_file_link(run, one)}" alt="" loading="lazy"></a>'
        f"<p>{_text(one.name)}<span>{_size(one.file_size)}</span></p></li>"
        for one in shown
    )
    return _section("Pictures", len(shown), f'<ul class="pictures">{cells}</ul>')


def _sounds(run: Run, made: list[Artifact]) -> str:
    shown = [one for one in made if one.content_type in _SOUNDS]
    cells = "".join(
        f"<li><p>{_text(one.name)}<span>{_size(one.file_size)}</span></p>"
        f'<audio controls preload="none" src="{_file_link(run, one)}"></audio></li>'
        for one in shown
    )
    return _section("Sounds", len(shown), f'<ul class="sounds">{cells}</ul>')


def _files(run: Run, made: Page[Artifact]) -> str:
    """All that is neither shown nor played, step by step."""
    shown = [one for one in made.rows if one.content_type not in _PICTURES | _SOUNDS]
    groups: dict[str, list[Artifact]] = {}
    for one in shown:
        groups.setdefault(one.said("step"), []).append(one)
    listed = "".join(
        _group(
            step.replace("_", " ") or "of the run",
            len(some),
            _size(sum(one.file_size or 0 for one in some)),
            f'<ul class="files">{"".join(_file(run, one) for one in some)}</ul>',
        )
        for step, some in groups.items()
    )
    more = ""
    if made.after:
        link = f"{_link(run.run_id)}?after={escape(made.after)}"
        more = f'<p class="pages"><a class="button" href="{link}">More files</a></p>'
    return _section("Files", len(shown), listed) + more


def _file(run: Run, one: Artifact) -> str:
    kind = "" if one.kind == "file" else f"<em>{_text(one.kind)}</em>"
    return f"<li>{_file_name(run, one)}{kind}<span>{_size(one.file_size)}</span></li>"


def _file_name(run: Run, one: Artifact) -> str:
    if one.checksum is None:
        return _text(one.name)
    return f'<a href="{_file_link(run, one)}">{_text(one.name)}</a>'


def _texts(texts: list[Prompt]) -> str:
    groups: dict[str, list[Prompt]] = {}
    for prompt in texts:
        groups.setdefault(prompt.category, []).append(prompt)
    listed = "".join(
        _group(f"for the {category}", len(some), "", f'<dl class="texts">{"".join(map(_prompt, some))}</dl>')
        for category, some in groups.items()
    )
    return _section("Texts", len(texts), listed)


def _prompt(prompt: Prompt) -> str:
    shown = _clean(prompt.prompt_text[:_LONGEST_TEXT], keep="\n")
    return f"<div><dt>{_text(prompt.context)}</dt><dd>{shown}</dd></div>"


def _asked(run: Run) -> str:
    spec = json.dumps(run.project_spec, indent=2, ensure_ascii=False)
    shown = spec if len(spec) <= 20_000 else f"{spec[:20_000]} …"
    words = _clean(shown, keep="\n")
    return (
        '<section><h2>What was asked</h2><pre tabindex="0" aria-label="What was asked"><code>'
        f"{words}</code></pre></section>"
    )


def _section(title: str, number: int, content: str) -> str:
    if not number:
        return ""
    return f'<section><h2>{title} <span class="count">{number:,}</span></h2>{content}</section>'


def _group(title: str, number: int, more: str, content: str) -> str:
    """Some of a section, which is closed where it is long."""
    open_ = " open" if number <= _SHORT else ""
    amount = f"{number:,} · {more}" if more else f"{number:,}"
    return (
        f'<details class="group"{open_}><summary><h3>{_text(title)}</h3><span>{amount}</span></summary>'
        f"{content}</details>"
    )


def _state(status: str) -> str:
    return f'<span class="state {_class(status)}">{_icon(status)}{_text(status)}</span>'


def _icon(state: str) -> str:
    name = _class(state)
    return (
        f'<svg class="icon {name}" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="9"/>'
        f"{_SHAPES[name]}</svg>"
    )


def _class(state: str) -> str:
    known = "completed" if state == "done" else state
    return known if known in _SHAPES else "pending"


def _link(run_id: str) -> str:
    return escape(f"/runs/{quote(run_id, safe='')}")


def _file_link(run: Run, one: Artifact) -> str:
    return f"{_link(run.run_id)}/artifacts/{one.id}"


def _when(moment: dt.datetime) -> str:
    there = moment.astimezone(dt.UTC)
    return f'<time datetime="{there.isoformat()}">{there:%d %b %Y, %H:%M} UTC</time>'


def _took(seconds: float | None) -> str:
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


def _size(size: int | None) -> str:
    if size is None:
        return "—"
    for unit, name in ((1_000_000, "MB"), (1000, "kB")):
        if size >= unit:
            return f"{size / unit:,.1f} {name}"
    return f"{size:,} B"


def _text(value: str | None) -> str:
    """Text for the page: escaped, not too long, and nothing in it that would turn the line around."""
    text = value or ""
    return _clean(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def _clean(text: str, keep: str = "") -> str:
    return escape(_seen(text, keep))


def _seen(text: str, keep: str = "") -> str:
    """What can be seen of a text, its spaces, and what ``keep`` has."""
    return "".join(one if one.isprintable() or one in keep else _instead(one) for one in text)


def _instead(one: str) -> str:
    return " " if one.isspace() else "\N{REPLACEMENT CHARACTER}"
