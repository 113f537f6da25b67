"""The HTML of the pages of runs. Works without JavaScript; its looks are in ``runs.css``.

What belongs here: what the pages look like. What does not: what is shown on them and to whom (``runs.py``).
What they share with other pages is in ``parts.py``.
"""

import datetime as dt
from html import escape
from urllib.parse import quote, urlencode

from gamefactory_dagster.database.paging import Page
from gamefactory_dagster.database.tables.ledger import STATUSES
from gamefactory_dagster.ledger.reading import Artifact, Prompt, Run, Summary
from gamefactory_dagster.ledger.timeline import Step
from gamefactory_dagster.terminal import counted

from . import gallery, parts

STYLES = "/runs.css"
POLICY = f"{gallery.POLICY}; media-src 'self'"

_PICTURES = {"image/png", "image/jpeg", "image/webp"}
_SOUNDS = {"audio/ogg"}
_LONGEST_TEXT = 5000

_SHORT = 6
"""Rows of a group that are shown at once."""

_WORDS = {"done": "completed", "again": "tried again"}


def list_page(page: Page[Run], status: str, *, first: bool) -> str:
    """Render a page of runs, in ``status`` where that is not empty; ``first``: whether none come before."""
    newest = None if first else _page_link(None, status)
    older = _page_link(page.after, status) if page.after else None
    rows = "".join(_row(run) for run in page.rows)
    if not rows:
        said = "No such run" if status or not first else "No runs yet"
        rows = (
            f'<li class="empty"><h2>{said}</h2>'
            "<p>Whatever the factory does for you is listed here: games, imports, metrics, reports.</p></li>"
        )
    states = [((one or "all").capitalize(), _page_link(None, one), one == status) for one in ("", *STATUSES)]
    content = (
        f"{parts.top('Runs', 'What the factory did for you, newest first')}"
        f"{parts.chips('States', states)}</header>"
        f'<main id="games"><ul class="runs">{rows}</ul>{parts.pages(newest, older)}</main>'
    )
    return parts.page("Runs", content, STYLES)


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
        f'<p class="fault"><b>What went wrong</b> {parts.text(run.error_message)}</p>'
        if run.error_message
        else ""
    )
    head = (
        f'<header class="of-run"><p class="path"><a href="/">Arcade</a> / <a href="/runs">Runs</a></p>'
        f'<div class="top"><div class="words"><h1>{parts.text(run.title)}</h1>'
        f'<p class="facts">{parts.state(run.status, run.status)}<span>{parts.text(run.kind or "run")}</span>'
        f"<span>{parts.when(run.created_at)}</span><code>{parts.text(run.run_id)}</code></p></div>{button}</div>"
        f"{error}{_numbers(found, steps)}</header>"
    )
    more = '<p class="aside">Only the first events are shown.</p>' if more_events else ""
    asked = parts.as_json("What was asked", run.project_spec)
    body = (
        f"{_timeline(run, steps)}{more}{_pictures(run, made.rows)}{_sounds(run, made.rows)}"
        f"{_files(run, made)}{_texts(texts)}{asked}"
    )
    return parts.page(parts.seen(run.title[: parts.LONGEST]), f'{head}<main id="games">{body}</main>', STYLES)


def _row(run: Run) -> str:
    error = f'<p class="why">{parts.text(run.error_message)}</p>' if run.error_message else ""
    return (
        f'<li class="run">{parts.icon(run.status)}<div class="words"><h2><a href="{_link(run.run_id)}">'
        f'{parts.text(run.title)}</a></h2><p class="facts"><span class="state {parts.look(run.status)}">'
        f"{parts.text(run.status)}</span><span>{parts.text(run.kind or 'run')}</span>"
        f"<code>{parts.text(run.run_id[:8])}</code></p>{error}</div>"
        f'<p class="when">{parts.when(run.created_at)}<b>{parts.took(run.seconds)}</b></p></li>'
    )


def _page_link(after: str | None, status: str) -> str:
    query = urlencode({name: value for name, value in (("status", status), ("after", after)) if value})
    return f"/runs?{query}" if query else "/runs"


def _numbers(found: Summary, steps: list[Step]) -> str:
    done = sum(step.state == "done" for step in steps)
    return parts.numbers(
        [
            ("took", parts.took(found.run.seconds)),
            ("steps done", f"{done:,}"),
            ("events", f"{sum(found.events.values()):,}"),
            ("artifacts", f"{found.files:,}"),
            ("size", _size(found.size)),
        ]
    )


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
    words = f'<p class="why">{parts.text(step.words)}</p>' if step.words else ""
    notes = "".join(f"<li>{parts.text(note)}</li>" for note in step.notes if note)
    listed = (
        f"<details><summary>{counted(len(step.notes), 'note')}</summary><ul>{notes}</ul></details>"
        if notes
        else ""
    )
    state, name = _WORDS.get(step.state, step.state), parts.text(step.bot.replace("_", " "))
    return (
        f'<li class="step {parts.look(step.state)}">{parts.icon(step.state)}<h3>{name}'
        f'<span class="hidden">, {state}</span></h3>{bar}<span class="took">{parts.took(step.seconds)}</span>'
        f"{words}{listed}</li>"
    )


def _pictures(run: Run, made: list[Artifact]) -> str:
    shown = [one for one in made if one.content_type in _PICTURES]
    cells = "".join(
        f'<li><a href="{_file_link(run, one)}"><img src="{_file_link(run, one)}" alt="" loading="lazy"></a>'
        f"<p>{parts.text(one.name)}<span>{_size(one.file_size)}</span></p></li>"
        for one in shown
    )
    return parts.section("Pictures", len(shown), f'<ul class="pictures">{cells}</ul>')


def _sounds(run: Run, made: list[Artifact]) -> str:
    shown = [one for one in made if one.content_type in _SOUNDS]
    cells = "".join(
        f"<li><p>{parts.text(one.name)}<span>{_size(one.file_size)}</span></p>"
        f'<audio controls preload="none" src="{_file_link(run, one)}"></audio></li>'
        for one in shown
    )
    return parts.section("Sounds", len(shown), f'<ul class="sounds">{cells}</ul>')


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
    return parts.section("Files", len(shown), listed) + more


def _file(run: Run, one: Artifact) -> str:
    kind = "" if one.kind == "file" else f"<em>{parts.text(one.kind)}</em>"
    return f"<li>{_file_name(run, one)}{kind}<span>{_size(one.file_size)}</span></li>"


def _file_name(run: Run, one: Artifact) -> str:
    if one.checksum is None:
        return parts.text(one.name)
    return f'<a href="{_file_link(run, one)}">{parts.text(one.name)}</a>'


def _texts(texts: list[Prompt]) -> str:
    groups: dict[str, list[Prompt]] = {}
    for prompt in texts:
        groups.setdefault(prompt.category, []).append(prompt)
    listed = "".join(
        _group(f"for the {category}", len(some), "", f'<dl class="texts">{"".join(map(_prompt, some))}</dl>')
        for category, some in groups.items()
    )
    return parts.section("Texts", len(texts), listed)


def _prompt(prompt: Prompt) -> str:
    shown = parts.clean(prompt.prompt_text[:_LONGEST_TEXT], keep="\n")
    return f"<div><dt>{parts.text(prompt.context)}</dt><dd>{shown}</dd></div>"


def _group(title: str, number: int, more: str, content: str) -> str:
    """Some of a section, which is closed where it is long."""
    open_ = " open" if number <= _SHORT else ""
    amount = f"{number:,} · {more}" if more else f"{number:,}"
    return (
        f'<details class="group"{open_}><summary><h3>{parts.text(title)}</h3><span>{amount}</span></summary>'
        f"{content}</details>"
    )


def _link(run_id: str) -> str:
    return escape(f"/runs/{quote(run_id, safe='')}")


def _file_link(run: Run, one: Artifact) -> str:
    return f"{_link(run.run_id)}/artifacts/{one.id}"


def _size(size: int | None) -> str:
    if size is None:
        return "—"
    for unit, name in ((1_000_000, "MB"), (1000, "kB")):
        if size >= unit:
            return f"{size / unit:,.1f} {name}"
    return f"{size:,} B"
