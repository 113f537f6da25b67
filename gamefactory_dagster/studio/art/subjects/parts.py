"""Any drawing as a hero, as something low, tall or flying, or on a tile, whatever it was drawn for.

What belongs here: how a thing stands in the box of a part, and moves. What does not: what it looks like
(``picture.py``, ``drawings/``) or which part it plays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gamefactory_dagster.studio.art.drawings import heroes
from gamefactory_dagster.studio.art.drawings.registry import Drawing
from gamefactory_dagster.studio.art.requests import SpriteRequest
from gamefactory_dagster.studio.design.subjects import SUBJECTS, Gait, Subject

from . import picture

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen

Box = tuple[float, float]

_HERO, _CROUCHED = (96.0, 128.0), (96.0, 80.0)
_LOW, _TALL, _FLY = (80.0, 80.0), (80.0, 160.0), (112.0, 80.0)

_STRETCH = 1.35
"""How much longer or wider than it is a thing may be made to fill the box it is hit in."""

_ROOM = 4.0
"""How much narrower than its box a hero is: its line goes round it."""

_HEAD = 1.26
"""How much larger a head of a subject is than one drawn for its body."""

_FACES: Mapping[str, tuple[float, float, float]] = {
    "balloon": (0.44, 0.3, 0.62),
    "bubble": (0.5, 0.52, 0.6),
    "cloud": (0.5, 0.68, 0.58),
    "rain cloud": (0.5, 0.36, 0.52),
    "snow cloud": (0.5, 0.36, 0.52),
    "storm cloud": (0.5, 0.34, 0.52),
    "sun shower": (0.56, 0.5, 0.46),
    "sunny cloud": (0.56, 0.74, 0.5),
    "thought bubble": (0.5, 0.36, 0.6),
    "thunderstorm": (0.5, 0.34, 0.5),
    "tornado": (0.52, 0.3, 0.46),
}
"""What floats, has no face and is given one as a hero: its middle and its width, as shares of the drawing."""

_FACE = 40.0
"""Width of the face of a hero that walks."""


@dataclass(frozen=True, slots=True)
class _Move:
    """Whole-body motion: turned (degrees, clockwise), stretched, and lifted by a share of its height."""

    turn: float = 0.0
    wide: float = 1.0
    high: float = 1.0
    lift: float = 0.0


_POSES: dict[Gait, dict[str, _Move]] = {
    "hop": {
        "jump": _Move(-12, 0.95, 1.08, 0.02), "fall": _Move(9, 1.0, 1.04, 0.02),
        "hurt": _Move(-22, 1.05, 0.94), "duck": _Move(0, 1.1, 1.0),
    },
    "roll": {
        "jump": _Move(-13, lift=0.04), "fall": _Move(11, lift=0.02), "hurt": _Move(-22, 1.0, 0.94),
        "duck": _Move(0, 1.04, 1.0),
    },
    "float": {
        "jump": _Move(-17, 0.98, 1.04, 0.14), "fall": _Move(15, 0.98, 1.04, 0.08),
        "hurt": _Move(-30, 1.04, 0.94, 0.06), "duck": _Move(0, 1.1, 1.0, 0.02),
    },
}  # fmt: skip
"""How a hero without legs of its own drawing holds itself; what is missing runs or cheers."""


def _cycle(gait: Gait, pose: str, t: float) -> _Move:
    """The moment ``t`` of a run, or of a cheer, which is a higher one."""
    more = 1.6 if pose == "cheer" else 1.0
    up, sway = abs(math.sin(math.pi * t)), math.sin(math.tau * t)
    if gait == "hop":
        return _Move(-5 * sway, 1.05 - 0.09 * up, 0.93 + 0.1 * up, 0.10 * up * more)
    if gait == "roll":
        return _Move(1.6 * sway - (9 * up if pose == "cheer" else 0), 1.0, 1.0 - 0.03 * up, 0.02 * up)
    pulse = 0.04 * math.cos(math.tau * t)
    return _Move(4 * sway * more, 1.0 - pulse, 1.0 + pulse, 0.11 + 0.04 * sway * more)


def fitted(drawing: Drawing, request: SpriteRequest) -> Drawing:
    """The drawing as the part it plays; one that was drawn for that part stays as it is."""
    subject = SUBJECTS.get(drawing.name)
    if request.role == "hero":
        return drawing if drawing.box == _HERO else _hero(drawing, subject)
    if request.subject == "hazard_fly":
        return drawing if drawing.box == _FLY else _flyer(drawing, subject)
    if request.subject == "hazard_tall":
        return drawing if drawing.box == _TALL else _tall(drawing, subject)
    if request.subject == "hazard_low":
        return drawing if drawing.box == _LOW else _low(drawing, subject)
    if drawing.box[0] > drawing.box[1] and not request.fills_box:
        return _centred(drawing)
    return drawing


def _stood(
    p: Pen, t: float, drawing: Drawing, box: Box, move: _Move, *, mirrored: bool, room: Box, stretch: float
) -> None:
    """The drawing in the middle of the ground of ``box``, as large as ``room`` lets it be, moved as one."""
    cos, sin = math.cos(math.radians(move.turn)), math.sin(math.radians(move.turn))

    def reach(wide: float, high: float) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the drawing, stretched and turned about its origin."""
        xs, ys = zip(
            *((x * wide * cos - y * high * sin, x * wide * sin + y * high * cos) for x, y in drawing.corners),
            strict=True,
        )
        return min(xs), min(ys), max(xs), max(ys)

    side = -1 if mirrored else 1
    tall = room[1] / (1 + move.lift)
    left, top, right, bottom = reach(move.wide * side, move.high)
    size = min(room[0] / (right - left), tall / (bottom - top))
    wider, longer = min(stretch, room[0] / (right - left) / size), min(stretch, tall / (bottom - top) / size)
    wide, high = move.wide * side * size * wider, move.high * size * longer
    left, top, right, bottom = reach(wide, high)
    over = max(1.0, (right - left) / room[0], (bottom - top) / tall)
    lift = move.lift * (bottom - top) / over
    with p.moved(
        (box[0] - (left + right) / over) / 2, box[1] - lift - bottom / over,
        wide=wide / over, high=high / over, turn=move.turn,
    ):  # fmt: skip
        drawing.draw(p, t)


def _hero(drawing: Drawing, subject: Subject | None) -> Drawing:
    """A hero of anything: on its own feet, wheels or wings, or as the head of somebody who runs."""
    gait = subject.gait if subject else "legs"
    mirrored = subject is not None and subject.faces == "left"
    if gait == "legs":
        return Drawing(drawing.name, _HERO, _runner(drawing, subject, mirrored))
    if drawing.name in _FACES:
        drawing = _with_face(drawing)

    def draw(p: Pen, t: float) -> None:
        move = _POSES[gait].get(p.pose) or _cycle(gait, p.pose, t)
        box = _CROUCHED if p.pose == "duck" else _HERO
        room = (box[0] - _ROOM, box[1] - _ROOM)
        _stood(p, t, drawing, box, move, mirrored=mirrored, room=room, stretch=_STRETCH)

    return Drawing(drawing.name, _HERO, draw)


def _with_face(drawing: Drawing) -> Drawing:
    """The drawing with a face in its place of ``_FACES``."""
    x, y, share = _FACES[drawing.name]
    width, height = drawing.box
    size = share * width / _FACE

    def draw(p: Pen, t: float) -> None:
        drawing.draw(p, t)
        s = heroes.stance(p, t)
        with p.moved(x * width - size * (s.hx + 11), y * height - size * (s.hy + 5), wide=size, high=size):
            heroes.face(p, s)

    return replace(drawing, draw=draw)


def _runner(drawing: Drawing, subject: Subject | None, mirrored: bool) -> Callable[[Pen, float], None]:
    """A head on a body that runs; what has no face is given one."""
    colour = picture.main_colour(subject) if subject and subject.drawn else "second"
    faceless = subject is None or "hero" not in subject.roles

    def draw(p: Pen, t: float) -> None:
        s = heroes.stance(p, t)
        heroes.body(p, s, colour, "main", "main-")
        side, high = (2 * s.r * _HEAD, 2 * s.r * _HEAD)
        size = min(side / drawing.box[0], high / drawing.box[1])
        wide, high = drawing.box[0] * size, drawing.box[1] * size
        left = s.hx - wide / 2 + (wide if mirrored else 0)
        with p.moved(left, s.hy - high / 2, wide=-size if mirrored else size, high=size):
            drawing.draw(p, t)
        p.place()
        if faceless:
            heroes.face(p, s)
        heroes.arm(p, s, -1, colour)

    return draw


def _centred(drawing: Drawing) -> Drawing:
    """What is wider than high, in the middle of a square."""
    width, height = drawing.box

    def draw(p: Pen, t: float) -> None:
        with p.moved(0, (width - height) / 2):
            drawing.draw(p, t)

    return Drawing(drawing.name, (width, width), draw)


def _low(drawing: Drawing, subject: Subject | None) -> Drawing:
    """On the ground, looking at who comes; what is narrow stands there twice."""
    width, height = drawing.box
    if width < 0.55 * height:
        drawing = _pair(drawing)
    return _hazard(drawing, subject, _LOW)


def _tall(drawing: Drawing, subject: Subject | None) -> Drawing:
    """As high as two; what is not stands on its like."""
    if drawing.box[1] < 1.4 * drawing.box[0]:
        drawing = _stack(drawing)
    return _hazard(drawing, subject, _TALL)


def _hazard(drawing: Drawing, subject: Subject | None, box: tuple[float, float]) -> Drawing:
    mirrored = subject is not None and subject.faces == "right"

    def draw(p: Pen, t: float) -> None:
        _stood(p, t, drawing, box, _Move(), mirrored=mirrored, room=box, stretch=_STRETCH)

    return Drawing(drawing.name, box, draw)


def _pair(drawing: Drawing) -> Drawing:
    """Two of them side by side, the second a little smaller and before the first."""
    width, height = drawing.box

    def draw(p: Pen, t: float) -> None:
        with p.moved(width * 0.85, 0):
            drawing.draw(p, t)
        with p.moved(0, height * 0.22, wide=0.78, high=0.78):
            drawing.draw(p, t)

    return Drawing(drawing.name, (width * 1.85, height), draw)


def _stack(drawing: Drawing) -> Drawing:
    """Two of them, one upon the other."""
    width, height = drawing.box

    def draw(p: Pen, t: float) -> None:
        with p.moved(0, height * 0.92):
            drawing.draw(p, t)
        drawing.draw(p, t)

    return Drawing(drawing.name, (width, height * 1.92), draw)


def _flyer(drawing: Drawing, subject: Subject | None) -> Drawing:
    """In the air, looking at who comes: on its own wings, or on two it is given."""
    own = subject is not None and subject.gait == "float"
    mirrored = subject is not None and subject.faces == "right"
    room = (108.0, 76.0) if own else (70.0, 70.0)

    def draw(p: Pen, t: float) -> None:
        beat = math.cos(math.tau * t)
        move = _Move(lift=0.05 + 0.04 * beat)
        if own:
            move = _Move(-3 * beat, 1 - 0.05 * beat, 1 + 0.07 * beat, 0.03)
        else:
            _wings(p, beat)
        _stood(p, t, drawing, _FLY, move, mirrored=mirrored, room=room, stretch=_STRETCH)

    return Drawing(drawing.name, _FLY, draw)


def _wings(p: Pen, beat: float) -> None:
    for side in (-1, 1):
        x, up = 56 + side * 20, 10 * beat
        p.blob(
            [
                (x, 48), (x + side * 16, 20 - up), (x + side * 32, 17 - up),
                (x + side * 31, 36 - up * 0.5), (x + side * 14, 60),
            ],
            "white",
        )  # fmt: skip
