"""The HTML of the pages of background jobs. Works without JavaScript; its looks are in ``jobs.css``.

What belongs here: what the pages look like. What does not: what is shown on them and to whom (``page.py``),
and what they share with other pages (``arcade/parts.py``).
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, urlencode

from gamefactory_dagster.arcade import parts
from gamefactory_dagster.database.paging import Page
from gamefactory_dagster.database.tables.background import STATUSES

from .reading import Counts, Job

STYLES = "/jobs.css"

_LONGEST_LOG = 200_000
_SHORT = 160
"""Characters of the parameters in a list."""

_SHAPES = {
    "waiting": "pending",
    "waits until": "pending",
    "at work": "running",
    "asked to stop": "cancelled",
    "tried again at": "again",
}
"""What states look like that are not called like their icon."""

_NO_JOBS = (
    "<p>Enter one, and follow it here:</p>"
    "<pre><code>gamefactory jobs enqueue sample_task\ngamefactory dev</code></pre>"
)


@dataclass(frozen=True, slots=True)
class Search:
    """Which jobs are wanted; empty means all."""

    status: str = ""
    job_type: str = ""

    def link(self, **changes: str) -> str:
        """URL of the first page for this search with some of it changed, or of the one ``after`` a key."""
        wanted = {"status": self.status, "type": self.job_type} | changes
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"/jobs?{query}" if query else "/jobs"


def list_page(page: Page[Job], counts: Counts, types: Sequence[str], search: Search, *, first: bool) -> str:
    """Render a page of jobs; ``first``: whether none come before."""
    numbers = [
        ("waiting", f"{counts.waiting:,}"),
        ("at work", f"{counts.at_work:,}"),
        ("completed in 24 h", f"{counts.completed:,}"),
        ("failed in 24 h", f"{counts.failed:,}"),
    ]
    states = [
        ((one or "all").capitalize(), search.link(status=one), one == search.status)
        for one in ("", *STATUSES)
    ]
    kinds = [
        (_words(one) or "All types", search.link(type=one), one == search.job_type) for one in ("", *types)
    ]
    rows = "".join(map(_row, page.rows))
    if not rows:
        filtered = search != Search() or not first
        said, help_ = ("No such job", "") if filtered else ("No jobs yet", _NO_JOBS)
        rows = f'<li class="empty"><h2>{said}</h2>{help_}</li>'
    newest = None if first else search.link()
    older = search.link(after=page.after) if page.after else None
    content = (
        f"{parts.top('Jobs', 'What is done for you in the background, newest first')}"
        f"{parts.numbers(numbers)}{parts.chips('States', states)}{parts.chips('Types', kinds)}</header>"
        f'<main id="games"><ul class="runs">{rows}</ul>{parts.pages(newest, older)}</main>'
    )
    return parts.page("Jobs", content, STYLES)


def job_page(job: Job, runs: Sequence[str]) -> str:
    """Render one job; ``runs``: ids of the ledger's runs that tell of its tries."""
    head = (
        f'<header class="of-run"><p class="path"><a href="/">Arcade</a> / <a href="/jobs">Jobs</a></p>'
        f'<div class="words"><h1>{_words(job.job_type)}</h1><p class="facts">{_state(job)}'
        f"<span>{parts.when(job.created_at)}</span><code>{job.id}</code></p></div>"
        f"{_fault(job)}{_numbers(job)}</header>"
    )
    body = (
        f"{_made(job, runs)}{parts.as_json('Parameters', job.job_parameters)}{_log(job)}{_times(job)}"
        f"{_trace(job)}"
    )
    return parts.page(_words(job.job_type), f'{head}<main id="games">{body}</main>', STYLES)


def _row(job: Job) -> str:
    error = f'<p class="why">{parts.text(job.error_message)}</p>' if job.error_message else ""
    given = json.dumps(job.job_parameters, ensure_ascii=False) if job.job_parameters else ""
    given = given if len(given) <= _SHORT else f"{given[:_SHORT]}…"
    shape = _shape(job)
    look = parts.look(shape)
    more = _tries(job) + ("" if job.priority == "normal" else f"<span>{job.priority} priority</span>")
    return (
        f'<li class="run {look}">{parts.icon(shape)}<div class="words">'
        f'<h2><a href="/jobs/{job.id}">{_words(job.job_type)}</a></h2>'
        f'<p class="facts"><span class="state {look}">{_in_words(job)}</span>{more}'
        f"<code>{str(job.id)[:8]}</code></p>"
        f'<p class="given"><code>{parts.text(given)}</code></p>{error}</div>'
        f'<p class="when">{parts.when(job.created_at)}<b>{parts.took(job.seconds)}</b></p></li>'
    )


def _tries(job: Job) -> str:
    if not job.retry_count:
        return ""
    return f"<span>{job.retry_count:,} {'retry' if job.retry_count == 1 else 'retries'}</span>"


def _state(job: Job) -> str:
    shape = _shape(job)
    return f'<span class="state {parts.look(shape)}">{parts.icon(shape)}{_in_words(job)}</span>'


def _in_words(job: Job) -> str:
    """A job's state as HTML."""
    return job.state if job.until is None else f"<span>{job.state} {parts.when(job.until)}</span>"


def _shape(job: Job) -> str:
    return _SHAPES.get(job.state, job.state)


def _fault(job: Job) -> str:
    if not job.error_message:
        return ""
    if job.state == "cancelled":
        title = "Why it was cancelled"
    else:
        title = f"What went wrong{'' if job.is_over else ' in the last try'} ({parts.text(job.error_type)})"
    return f'<p class="fault"><b>{title}</b> {parts.text(job.error_message)}</p>'


def _numbers(job: Job) -> str:
    waited = (job.started_at or job.completed_at or job.seen_at) - job.created_at
    return parts.numbers(
        [
            ("waited", parts.took(max(waited.total_seconds(), 0.0))),
            ("took", parts.took(job.seconds)),
            ("retries", f"{job.retry_count:,}"),
            ("priority", job.priority),
        ]
    )


def _made(job: Job, runs: Sequence[str]) -> str:
    """What it gave, and where in the ledger its tries and the files they made are."""
    links = "".join(
        f'<li><a class="button" href="/runs/{escape(quote(run, safe=""))}">{name}</a></li>'
        for number, run in enumerate(runs, 1)
        for name in ["Files and steps" if len(runs) == 1 else f"Files and steps of try {number}"]
    )
    listed = f'<ul class="chips to-runs">{links}</ul>' if links else ""
    found = parts.as_json("What it made", job.data_references) if job.data_references else ""
    return f"{found}{listed}"


def _log(job: Job) -> str:
    if not job.log:
        return ""
    log = job.log.rstrip("\n")
    return parts.verbatim("Log", log if len(log) <= _LONGEST_LOG else f"{log[:_LONGEST_LOG]}\n…")


def _times(job: Job) -> str:
    moments = [
        ("entered", job.created_at),
        ("to be taken up from", job.run_after if job.run_after > job.created_at else None),
        ("taken up first", job.started_at),
        ("asked to stop", job.cancel_requested_at),
        ("ended", job.completed_at),
    ]
    rows = [(name, _to_the_second(moment)) for name, moment in moments if moment is not None]
    rows += [
        (name, f'<a href="/jobs/{other}">{other}</a>')
        for name, other in (("another try of", job.retry_of), ("tried anew as", job.retried_as))
        if other is not None
    ]
    rows += [("unique key", parts.text(job.unique_key))] if job.unique_key else []
    listed = "".join(f"<div><dt>{name}</dt><dd>{said}</dd></div>" for name, said in rows)
    return f'<section><h2>Times</h2><dl class="texts of-job">{listed}</dl></section>'


def _to_the_second(moment: dt.datetime) -> str:
    there = moment.astimezone(dt.UTC)
    return f'<time datetime="{there.isoformat()}">{there:%d %b %Y, %H:%M:%S} UTC</time>'


def _trace(job: Job) -> str:
    _, trace = job.where_wrong
    return parts.verbatim("Where it went wrong", trace) if trace else ""


def _words(name: str) -> str:
    words = name.replace("_", " ")
    return parts.text(words[:1].upper() + words[1:])
