"""Composing: six parts of eight bars, over a minute of them at any tempo.

What belongs here: who plays what in which part. What does not: tunes (``melody.py``), patterns
(``grooves.py``), chords (``harmony.py``), sound (``ensemble.py``).

The parts are a verse, the verse with a second voice, a chorus, the verse on other instruments, a bridge, and
the chorus again; each has a tune with a question and an answer, and its last bar leads to the next.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise

from .bands import BANDS, KEYS, PLUCKED
from .grooves import GROOVES, Groove, bass, figure, fill
from .harmony import MOODS, Chord, Ground, Mood, chords, mood_of, voicing
from .melody import below, tune
from .notation import BAR, Bar, Track, hits, warped

PART_BARS = 8
FORM = ("verse", "verse, fuller", "chorus", "verse, otherwise", "bridge", "chorus")
BARS = PART_BARS * len(FORM)

_REST: Bar = ()
_SWINGING = frozenset({"pop", "bounce", "soft"})
_DRUM_ROLES = frozenset({"kick", "snare", "hat", "open", "perc", "crash"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A composition, and the names of what it is played on."""

    tempo: int
    lead: str
    pluck: str
    pad: str
    bass: str
    kit: str
    groove: str
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is settled before the first note."""

    mood: Mood
    key: int
    groove: Groove
    swing: int
    paces: tuple[str, str]


def compose_music(style: str, theme: str, mood: str, tempo: int, rng: random.Random) -> Piece:
    """A piece for a game; equal arguments and an equal state of ``rng`` give the same notes."""
    band = BANDS[style]
    name = rng.choice(band.grooves)
    lead = rng.choice(band.leads)
    plan = _plan(name, KEYS[theme], mood_of(mood), tempo, rng)
    verse, chorus, bridge = (
        chords(rng.choice(choices)) for choices in (plan.mood.verses, plan.mood.choruses, plan.mood.bridges)
    )
    harmony = (*verse, *verse, *chorus, *verse, *bridge, *chorus)
    parts = {
        **_tunes(plan, verse, chorus, bridge, rng),
        "pad": _pad(plan, harmony),
        "bass": _bass(plan, harmony, rng),
        **_drums(plan.groove),
    }
    parts["pluck"] = _plucked(plan, harmony, parts.pop("borrowed"), rng)
    tracks = tuple(Track(role, _in_time(role, bars, plan)) for role, bars in parts.items())
    return Piece(tempo, lead, PLUCKED[theme], band.pad, band.bass, band.kit, name, tracks)


def _plan(groove: str, key: int, mood: str, tempo: int, rng: random.Random) -> _Plan:
    swing = 3 if groove in _SWINGING and rng.random() < 0.35 else 0
    if GROOVES[groove].triplets:
        swing = 4
    calm = mood in {"dreamy", "dark"} or tempo >= 136
    paces = ("easy", "lively") if calm else ("lively", "easy" if tempo > 112 else "lively")
    return _Plan(MOODS[mood], 60 + key, GROOVES[groove], swing, paces)


def _in_time(role: str, bars: list[Bar], plan: _Plan) -> tuple[Bar, ...]:
    """Swung, but for drums whose beat is in three as it is."""
    assert len(bars) == BARS, role
    if role in _DRUM_ROLES and plan.groove.triplets:
        return tuple(bars)
    return tuple(warped(bar, plan.swing) for bar in bars)


def _tunes(
    plan: _Plan,
    verse: tuple[Chord, ...],
    chorus: tuple[Chord, ...],
    bridge: tuple[Chord, ...],
    rng: random.Random,
) -> dict[str, list[Bar]]:
    """The lead, the second voice, and what the plucked instrument borrows from the lead."""
    low = Ground(plan.key, plan.mood.scale, 64, 79)
    high = Ground(plan.key, plan.mood.scale, 67, 83)
    under = Ground(plan.key, plan.mood.scale, 57, 79)
    first = tune(rng, verse, low, plan.paces[0])
    second = tune(rng, chorus, high, plan.paces[1])
    third = tune(rng, bridge, low, "easy")
    rest = (_REST,) * PART_BARS
    half = PART_BARS // 2
    other_verse = (*rest[:half], *first[half:])
    sparse = (*rest[:half], *third[half:])
    chorus_below = below(second, chorus, under)
    return {
        "lead": [*first, *first, *second, *other_verse, *sparse, *second],
        "second": [*rest, *below(first, verse, under), *chorus_below, *rest, *rest, *chorus_below],
        "borrowed": [*rest, *rest, *rest, *first[:half], *rest[half:], *rest, *rest],
    }


def _plucked(plan: _Plan, harmony: tuple[Chord, ...], borrowed: list[Bar], rng: random.Random) -> list[Bar]:
    """A figure for verses and one for choruses; the bridge has its own."""
    ground = Ground(plan.key, plan.mood.scale, 58, 79)
    verse, chorus = rng.choice(plan.groove.figures), rng.choice(plan.groove.figures)
    names = (verse, verse, chorus, verse, "harp", chorus)
    figures = [figure(names[number // PART_BARS], chord, ground) for number, chord in enumerate(harmony)]
    return [taken or own for taken, own in zip(borrowed, figures, strict=True)]


def _pad(plan: _Plan, harmony: tuple[Chord, ...]) -> list[Bar]:
    bars: list[Bar] = []
    notes: tuple[int, ...] = ()
    for chord in harmony:
        notes = voicing(chord, plan.key, notes)
        bars.append(tuple((0, pitch, BAR, 90) for pitch in notes))
    return bars


def _bass(plan: _Plan, harmony: tuple[Chord, ...], rng: random.Random) -> list[Bar]:
    ground = Ground(plan.key, plan.mood.scale, 33, 45)
    verse, chorus = rng.choice(plan.groove.basses), rng.choice(plan.groove.basses)
    long = ((0, 84, "R"),)
    lines = (verse, verse, chorus, verse, long, chorus)
    turns = enumerate(pairwise((*harmony, harmony[0])))
    return [bass(lines[bar // PART_BARS], chord, after, ground) for bar, (chord, after) in turns]


def _drums(groove: Groove) -> dict[str, list[Bar]]:
    """The kit through all parts, with a small fill within a part and a big one before the next."""
    bars: dict[str, list[Bar]] = {role: [] for role in ("kick", "snare", "hat", "open", "perc", "crash")}
    for part in FORM:
        chorus, bridge, plain = part == "chorus", part == "bridge", part == "verse"
        for bar in range(PART_BARS):
            sparse = bridge and bar < PART_BARS // 2
            size = "big" if bar == PART_BARS - 1 else "small" if bar == 3 and not (plain or bridge) else ""
            kick = "x..............." if sparse else groove.driving if chorus else groove.kick
            bars["kick"].append(hits(kick))
            bars["snare"].append(_filled(_REST if sparse else hits(groove.snare), groove, size))
            bars["hat"].append(hits(groove.hat, 60 if sparse else 88))
            bars["open"].append(hits(groove.open) if chorus else _REST)
            bars["perc"].append(_REST if plain or sparse else hits(groove.perc))
            bars["crash"].append(hits("X...............") if bar == 0 and (chorus or plain) else _REST)
    return bars


def _filled(snare: Bar, groove: Groove, size: str) -> Bar:
    """The bar up to where its fill begins, then the fill."""
    if not size:
        return snare
    strokes = fill(groove, size)
    return (*(note for note in snare if note[0] < strokes[0][0]), *strokes)
