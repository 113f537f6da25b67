"""What a game reports: the eleven event types of the data model, when each fires, and what it carries.

What belongs here: the specification of a game's events, its checks, and the JavaScript made from it.
What does not: sending (``player/``), and what is done with an event that arrives (``analytics/``).
"""

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # who only asks for the event types needs no design
    from .gdd import GDD

_LEVEL = "1 to 10; null in a daily level and in an endless run"
_NEVER = "never in the web target, which sells nothing"

_MODE = ("string", "level, daily or endless: a level of the ten, the day's, or an endless run")
_PURPOSE = ("string", "unlock: to open a locked level; continue: to go on with a lost one")

_EVENTS: Mapping[str, tuple[str, bool, Mapping[str, tuple[str, str]]]] = {
    "game_start": ("once a page load, when the player first presses play", False, {}),
    "level_start": ("when a level begins to be played, again at every new try", True, {"mode": _MODE}),
    "level_complete": (
        "when a started level is won; when an endless run ends past its tenth section",
        True,
        {
            "mode": _MODE,
            "score": ("integer", "points made in the level"),
            "stars": ("integer", "0 to 3"),
            "frames": ("integer", "time played, in sixtieths of a second"),
        },
    ),
    "level_fail": (
        "when a started level is lost, quit or begun anew before its end; where a lost level may go on, when "
        "that offer is refused",
        True,
        {
            "mode": _MODE,
            "score": ("integer", "points made in the level"),
            "cause": ("string", "what ended it; quit when the player left or began anew"),
            "frames": ("integer", "time played, in sixtieths of a second"),
        },
    ),
    "unlock_prompt_shown": (
        "when an ad is offered: the locked level that comes next is chosen, or a lost level may go on",
        True,
        {"purpose": _PURPOSE},
    ),
    "rewarded_ad_started": (
        "when the player accepts the offer and the ad begins",
        True,
        {"purpose": _PURPOSE},
    ),
    "rewarded_ad_completed": (
        "when the ad was watched to its end",
        True,
        {
            "purpose": _PURPOSE,
            "revenue_micros": ("integer", "what the ad earned, in millionths of a US dollar"),
        },
    ),
    "rewarded_ad_failed": (
        "when the ad was closed early or could not be shown; nothing is given for it",
        True,
        {"purpose": _PURPOSE, "reason": ("string", "why")},
    ),
    "level_unlocked": (
        "when a locked level is opened: right after an ad for it was completed, or for the currency",
        True,
        {"method": ("string", "ad or currency")},
    ),
    "iap_initiated": (_NEVER, False, {"product": ("string", "what is being bought")}),
    "iap_completed": (
        _NEVER,
        False,
        {
            "product": ("string", "what was bought"),
            "revenue_cents": ("integer", "gross price, in US cents"),
        },
    ),
}
"""Event type -> when it fires, whether it names a level, property -> (type, meaning)."""

EVENT_TYPES: tuple[str, ...] = tuple(_EVENTS)
"""All there are; the database's check ``valid_event_type`` says the same."""

_FUNNELS = {
    "first_level": ("game_start", "level_start", "level_complete"),
    "unlock": ("unlock_prompt_shown", "rewarded_ad_started", "rewarded_ad_completed", "level_unlocked"),
}

_BALANCES = {
    "levels": ("level_start", ("level_complete", "level_fail")),
    "ads": ("rewarded_ad_started", ("rewarded_ad_completed", "rewarded_ad_failed")),
}
"""Name -> an event, and the events whose counts must add up to its count once a visit is over."""

_TYPES = ("integer", "string")


def event_spec(gdd: "GDD") -> dict[str, Any]:
    """Specify every event of ``gdd``'s game, as JSON. Equal designs give equal specifications."""
    return {
        "format": 1,
        "game": gdd.slug,
        "target": "web",
        "events": {
            name: {
                "fires": fires,
                "sent": fires != _NEVER,
                "level": _LEVEL if in_level else None,
                "properties": {
                    key: {"type": kind, "meaning": text} for key, (kind, text) in properties.items()
                },
            }
            for name, (fires, in_level, properties) in _EVENTS.items()
        },
        "funnels": {
            "design": list(gdd.analytics_plan.funnel),
            **{name: list(steps) for name, steps in _FUNNELS.items()},
        },
        "balances": {name: {"event": of, "sum_of": list(parts)} for name, (of, parts) in _BALANCES.items()},
        "kpis": list(gdd.analytics_plan.kpis),
        "levels": {
            "total": gdd.progression.levels,
            "free": gdd.progression.free_levels,
            "unlock": gdd.progression.unlock,
        },
    }


def problems(spec: Mapping[str, Any], gdd: "GDD") -> list[str]:
    """Say what is wrong with ``spec`` as the specification of ``gdd``'s game; an empty list is a pass."""
    events = spec.get("events")
    if not isinstance(events, Mapping):
        return ["the specification has no events"]
    return [
        *(f"{name} is not specified" for name in EVENT_TYPES if name not in events),
        *(f"{name} is no event of the data model" for name in events if name not in EVENT_TYPES),
        *(
            problem
            for name in EVENT_TYPES
            if name in events
            for problem in _event_problems(name, events[name])
        ),
        *_funnel_problems(spec.get("funnels"), set(events), gdd),
        *_agreement_problems(spec, gdd),
    ]


def _event_problems(name: str, event: object) -> list[str]:
    if not isinstance(event, Mapping):
        return [f"{name} is not described"]
    found = []
    if not isinstance(event.get("fires"), str) or not event["fires"]:
        found.append(f"{name} does not say when it fires")
    properties = event.get("properties")
    if not isinstance(properties, Mapping):
        return [*found, f"{name} does not list its properties"]
    needed = {key: kind for key, (kind, _) in _EVENTS[name][2].items()}
    given = {key: part.get("type") if isinstance(part, Mapping) else None for key, part in properties.items()}
    found.extend(f"{name} lacks the property {key}" for key in needed if key not in given)
    found.extend(
        f"{name}.{key} has the type {kind!r}, not {needed.get(key, ' or '.join(_TYPES))}"
        for key, kind in given.items()
        if kind not in ([needed[key]] if key in needed else _TYPES)
    )
    return found


def _funnel_problems(funnels: object, names: set[str], gdd: "GDD") -> list[str]:
    if not isinstance(funnels, Mapping) or not funnels:
        return ["the specification has no funnels"]
    found = [
        f"the funnel {funnel} has the unknown step {step}"
        for funnel, steps in funnels.items()
        for step in steps
        if step not in names
    ]
    if list(gdd.analytics_plan.funnel) not in [list(steps) for steps in funnels.values()]:
        found.append("the design's funnel is missing")
    return found


def _agreement_problems(spec: Mapping[str, Any], gdd: "GDD") -> list[str]:
    expected = event_spec(gdd)
    return [
        f"{key} is {spec.get(key)!r}, but the design says {expected[key]!r}"
        for key in ("game", "levels", "kpis")
        if spec.get(key) != expected[key]
    ]


def javascript(spec: Mapping[str, Any]) -> bytes:
    """Generate ``events.js``: ``const EVENTS`` maps each event name to the names of its properties.

    The analytics client refuses a name that is not in it.
    """
    listed = {name: sorted(event["properties"]) for name, event in sorted(spec["events"].items())}
    lines = ",\n".join(f"  {name}: {json.dumps(keys)}" for name, keys in listed.items())
    source = f"// Generated from analytics/events.json.\nconst EVENTS = Object.freeze({{\n{lines},\n}});\n"
    return source.encode()


def code_problems(spec: Mapping[str, Any], sources: Mapping[str, bytes]) -> list[str]:
    """Say where the player's scripts (name -> source, ``events.js`` among them) and ``spec`` disagree.

    Every event the target sends must be emitted somewhere, with exactly the properties specified, by a call
    of the form ``Analytics.emit("name", level, { a, b: c })``; nothing else may be emitted.
    """
    specified = {name: set(event["properties"]) for name, event in spec["events"].items()}
    listed = names_in(sources.get("events.js", b""))
    found = [f"{name} is specified but not in events.js" for name in specified if name not in listed]
    found += [f"{name} is in events.js but not specified" for name in listed if name not in specified]
    emitted = set()
    for file, source in sorted(sources.items()):
        text = source.decode()
        calls = _EMIT.findall(text)
        if len(calls) != text.count("Analytics.emit("):
            found.append(f"{file} emits an event in a form that cannot be checked")
        for name, literal in calls:
            emitted.add(name)
            found.extend(_call_problems(file, name, _keys(literal), spec["events"].get(name)))
    unsent = (name for name, event in spec["events"].items() if event["sent"] and name not in emitted)
    return found + [f"{name} is never emitted" for name in unsent]


_EMIT = re.compile(r"Analytics\.emit\(\s*[\"'](\w+)[\"'],(?:[^{}()]|\(\))*\{([^{}]*)\}\s*,?\s*\)")


def _keys(literal: str) -> set[str]:
    """Keys of an object literal without nested ones: ``a, b: c`` gives a and b."""
    return {part.partition(":")[0].strip() for part in literal.split(",") if part.strip()}


def _call_problems(file: str, name: str, keys: set[str], event: Mapping[str, Any] | None) -> list[str]:
    if event is None:
        return [f"{file} emits {name}, which is not specified"]
    if not event["sent"]:
        return [f"{file} emits {name}, which the web target never sends"]
    if keys != set(event["properties"]):
        return [f"{file} emits {name} with {sorted(keys)}, not {sorted(event['properties'])}"]
    return []


def names_in(source: bytes) -> list[str]:
    """Read the event names back out of ``events.js``, sorted; empty when it defines no ``EVENTS``."""
    found = re.search(rb"const EVENTS = Object\.freeze\(\{(.*?)\}\);", source, re.DOTALL)
    if found is None:
        return []
    return sorted(name.decode() for name in re.findall(rb"^\s*([a-z_]+):", found.group(1), re.MULTILINE))
