"""The HTML of one request's page, or of a pair side by side. Its looks are in ``requests.css``.

What belongs here: what the page looks like, whole and in the parts that are told again as they change. What
does not: what is shown on it (``seen.py``), and telling it (``live.py``).

Every part is in an element with an id of its own, which the script fills anew; without the script the page
asks to be loaded again until the request has ended.
"""

from html import escape
from typing import Any

from gamefactory_dagster.arcade import parts

from .live import Parts
from .seen import Picture, Seen, Stage
from .states import Phase

STYLES = "/requests.css"
SCRIPT = "/requests.js"

RELOAD_SECONDS = 4
"""How often the page loads itself again without the script."""

_PHASES: dict[Phase, str] = {"phase1": "Idea", "phase2": "Design", "phase3": "Build", "phase4": "Ship"}

_STEPS = {
    "pre_production": "Finding an idea in your words",
    "project_setup": "Setting up its workshop",
    "architecture": "Laying out its rules",
    "analytics_design": "Deciding what to learn from it",
    "analytics_implementation": "Teaching it to tell how it is played",
    "core_prototype": "Building a first level",
    "asset_generation": "Drawing its pictures and composing its sounds",
    "vertical_slice": "Playing the first level in earnest",
    "content_production": "Building all ten levels",
    "testing": "Proving that every level can be won",
    "release_prep": "Packing it up",
    "post_launch": "Putting it where you can play it",
}
"""What is being done, for a person who waits."""

_FACETS = {"subject": "shown", "subjects": "shown", "avoided": "left out", "without": "left out"}
"""Facets whose own name says too little."""

_SHOWN = {"coin": "what is collected", "hazard": "what is in the way"}
"""What pictures show whose name says too little."""


def whole_page(found: list[Seen], play: dict[int, str]) -> str:
    """Render the page; ``play``: where each request's game is played, if it is, by the request's number."""
    first = found[0]
    title = parts.seen(" or ".join(one.title for one in found if one.title)) or "Your game"
    over = all(one.is_over for one in found)
    live = "" if over else f' data-live="/requests/{first.id}/events"'
    again = f'<noscript><meta http-equiv="refresh" content="{RELOAD_SECONDS}"></noscript>'
    columns = "".join(_column(one, play.get(one.id)) for one in found)
    kind, looks = ("Two games of one idea", "orders pair") if len(found) > 1 else ("Your game", "orders")
    path = '<p class="path"><a href="/">Arcade</a> / <a href="/requests">Requests</a></p>'
    prompt = f'<blockquote class="prompt" dir="auto">{_lines(first.prompt)}</blockquote>'
    content = (
        f'<header class="of-run">{path}<div class="words"><p class="kind">{kind}</p>{prompt}</div></header>'
        f'<main id="games" class="{looks}"{live}>'
        '<p class="away" role="status" hidden>The factory does not answer just now. Your game is safe, and '
        f"this page goes on by itself.</p>{columns}</main>"
    )
    return parts.page(title, content, STYLES, scripts=[SCRIPT], head="" if over else again)


def parts_of(found: list[Seen], play: dict[int, str]) -> Parts:
    """All that may change on the page, by the id of the element it is in."""
    return {id_: html for one in found for id_, html in _parts(one, play.get(one.id)).items()}


def _column(one: Seen, play: str | None) -> str:
    told = _parts(one, play)

    def part(name: str, more: str = "") -> str:
        id_ = f"r{one.id}-{name}"
        return f'<div id="{id_}" class="{name}"{more}>{told[id_]}</div>'

    return (
        f'<article class="order" aria-labelledby="r{one.id}-name">'
        f'<div class="seen">{part("stage")}{part("art")}</div>'
        f'<div class="said">{part("idea")}{part("news", " aria-live=polite")}{part("phases")}'
        f"{part('reading')}</div></article>"
    )


def _parts(one: Seen, play: str | None) -> Parts:
    found = {
        "stage": _stage(one, play),
        "art": _art(one),
        "idea": _idea(one),
        "news": _news(one, play),
        "phases": _phases(one),
        "reading": _reading(one),
    }
    return {f"r{one.id}-{name}": html for name, html in found.items()}


def _stage(one: Seen, play: str | None) -> str:
    """The picture of the game, as soon as there is one, and the way into it."""
    splash = one.shown.get("splash")
    if splash is None:
        idle = "" if one.is_over else " busy"
        shapes = "".join(f'<rect x="{x}" y="12" width="16" height="16" rx="5"/>' for x in (0, 24, 48, 72))
        return f'<div class="canvas{idle}"><svg viewBox="0 0 88 40" aria-hidden="true">{shapes}</svg></div>'
    name = parts.text(one.title)
    picture = f'<img src="{_address(one, splash)}" alt="Title picture of {name}" width="960" height="540">'
    if play is None:
        return f'<div class="canvas">{picture}</div>'
    return f'<a class="canvas" href="{escape(play)}" tabindex="-1" aria-hidden="true">{picture}</a>'


def _idea(one: Seen) -> str:
    name = parts.text(one.title) if one.title else '<span class="unnamed">A game without a name yet</span>'
    tagline = f'<p class="tagline">{parts.text(one.tagline)}</p>' if one.tagline else ""
    words = [one.genre, one.style, one.theme, one.guide.get("mood"), one.guide.get("light")]
    facts = "".join(f"<li>{_words(word)}</li>" for word in words if isinstance(word, str) and word)
    mechanics = ", ".join(_words(name) for name in one.mechanics)
    played = f"Played with {mechanics}" if mechanics else ""
    designer = f"Designed by the {_words(one.designer)} designer" if one.designer else ""
    more = "".join(f'<p class="aside">{words}</p>' for words in (played, designer) if words)
    tags = f'<ul class="tags">{facts}</ul>' if facts else ""
    return f'<h1 id="r{one.id}-name">{name}</h1>{tagline}{tags}{more}'


def _news(one: Seen, play: str | None) -> str:
    """Where it stands, in a sentence, and what can be done about it."""
    if one.status == "failed":
        return _failed(one)
    if play is not None:
        return (
            f'<p class="go"><a class="button play" href="{escape(play)}">'
            '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M6 3.5v13l11-6.5z"/></svg>Play</a>'
            f"<span>Made in {_clock(one.seconds)}</span></p>"
        )
    if one.status == "completed":
        return '<p class="now">It was made, and is not to be played any more.</p>'
    if one.waits_for is not None:
        said = "Waiting for the other one's idea"
    elif one.status == "pending":
        before = f"{one.ahead}{'+' if one.ahead >= 100 else ''}"
        said = "You are next" if not one.ahead else f"{before} before yours"
    else:
        at_work = next((stage.step for stage in one.stages if stage.step), "")
        said = _STEPS.get(at_work) or _between(one)
    return (
        f'<p class="now"><b>{said}</b><span class="clock" data-seconds="{one.seconds:.1f}">'
        f"{_clock(one.seconds)}</span></p>"
        f'<progress max="12" value="{one.done}" aria-label="Steps done">{one.done} of 12</progress>'
    )


def _between(one: Seen) -> str:
    """What is being done while no step is."""
    if not one.steps:
        return "Reading your words"
    return "On to the next step" if one.done else "Opening a workshop for it"


def _failed(one: Seen) -> str:
    again = (
        f'<p class="go"><a class="button" href="/requests/{one.retried_as}">It was tried again</a></p>'
        if one.retried_as
        else f'<form action="/requests/{one.id}/retry" method="post">'
        '<button class="button">Try again</button></form>'
    )
    why = parts.text(one.why) or "Nobody knows why."
    return f'<p class="fault"><b>It could not be made</b> {why}</p>{again}'


def _phases(one: Seen) -> str:
    return f'<h2 class="hidden">How far it is</h2><ol class="walk">{"".join(map(_phase, one.stages))}</ol>'


def _phase(stage: Stage) -> str:
    time = parts.took((stage.ended - stage.began).total_seconds()) if stage.ended and stage.began else ""
    if stage.state == "running" and stage.began:
        time = "now"
    began = f' title="since {stage.began:%H:%M:%S} UTC"' if stage.began else ""
    current = ' aria-current="step"' if stage.state == "running" else ""
    return (
        f'<li class="{stage.state}"{current}>{parts.icon(stage.state)}<b>{_PHASES[stage.phase]}</b>'
        f'<span class="hidden"> {stage.state}</span><span class="took"{began}>{time}</span></li>'
    )


def _reading(one: Seen) -> str:
    """What was understood of the prompt, what was ignored, and what there is to say of it."""
    said = one.reading
    if not said:
        return ""
    understood = [entry for entry in said.get("understood") or () if isinstance(entry, dict)]
    chips = "".join(map(_understood, understood)) or "<li>Nothing; it is a game all the same</li>"
    content = f'<h2>What was understood</h2><ul class="facets">{chips}</ul>'
    if ignored := [str(word) for word in said.get("ignored") or ()]:
        listed = "".join(f"<li>{parts.text(word)}</li>" for word in ignored[:40])
        more = f"<li>and {len(ignored) - 40} more</li>" if len(ignored) > 40 else ""
        content += f'<h3>Passed over</h3><ul class="facets over">{listed}{more}</ul>'
    told = [*map(str, said.get("notes") or ()), one.unplaced]
    notes = "".join(f"<li>{parts.text(note)}</li>" for note in told if note)
    return content + (f'<ul class="notes">{notes}</ul>' if notes else "")


def _understood(entry: dict[str, Any]) -> str:
    words, facet, value = (str(entry.get(name, "")) for name in ("words", "facet", "value"))
    kind = _FACETS.get(facet, facet.replace("_", " "))
    slip = ' class="slip"' if entry.get("how") == "spelling" else ""
    return (
        f'<li{slip}><q>{parts.text(words)}</q><span aria-hidden="true"> → </span>'
        f'<b>{_words(value)}</b> <span class="kind">{parts.text(kind)}</span></li>'
    )


def _art(one: Seen) -> str:
    """Who and what is in the game, as far as it is drawn; sprites of several frames move."""
    cast = one.guide.get("cast")
    who = {str(part): str(subject) for part, subject in cast.items()} if isinstance(cast, dict) else {}
    drawn = [picture for name, picture in one.shown.items() if name != "splash"]
    figures = "".join(_figure(one, picture, who) for picture in drawn[:8])
    return f'<h2 class="hidden">Its pictures</h2><ul class="cast">{figures}</ul>' if figures else ""


def _figure(one: Seen, picture: Picture, who: dict[str, str]) -> str:
    width, height, frames = picture.width, picture.height, picture.frames
    moving = f' class="frames-{frames}"' if 1 < frames <= 6 else ""
    label = _label(picture.name, who)
    return (
        f'<li title="{label}"><svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{label}">'
        f'<image{moving} href="{_address(one, picture)}" width="{width * frames}" height="{height}"/>'
        "</svg></li>"
    )


def _label(name: str, who: dict[str, str]) -> str:
    part = name.partition("_")[0]
    subject = who.get(name) or who.get(part)
    return parts.text(subject or _SHOWN.get(part, _plain(part)))


def _address(one: Seen, picture: Picture) -> str:
    return escape(f"/requests/{one.id}/pictures/{picture.id}")


def _clock(seconds: float) -> str:
    """A stretch of time in whole seconds; the script goes on with it."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _lines(prompt: str) -> str:
    """A prompt as it was written, line by line; a long one is cut, and all of it is a press away."""
    if len(prompt) <= parts.LONGEST:
        return parts.clean(prompt, keep="\n")
    short = parts.clean(prompt[: parts.LONGEST // 2], keep="\n")
    whole = parts.clean(prompt, keep="\n")
    return f"{short}…<details><summary>All {len(prompt):,} characters</summary><span>{whole}</span></details>"


def _words(name: str) -> str:
    return parts.text(_plain(name))


def _plain(name: str) -> str:
    return name.replace("_", " ")
