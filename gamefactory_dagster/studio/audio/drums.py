"""Drums: the strokes of every kit.

What belongs here: one function a stroke, and the kits made of them. What does not: tuned instruments
(``voices.py``), patterns (``grooves.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from .synthesis import RATE, additive, band, envelope, glide, noise, oscillator

if TYPE_CHECKING:
    from .synthesis import Wave

Stroke = Callable[[], "Wave"]

DRUMS = ("kick", "snare", "hat", "open", "perc", "crash")
"""What every kit has; ``open`` is a longer hat or shaker, ``perc`` whatever else the kit is known for."""


def _kick(high: float, low: float, ring: float, click: float) -> Stroke:
    def make() -> Wave:
        import numpy as np

        length = ring * 4
        pitch = np.full(round(length * RATE), low)
        fall = glide(high, low, 0.09)
        pitch[: len(fall)] = fall[: len(pitch)]
        beat = click * band(noise(length, 3), 1500, 6000) * envelope(length, 0.0005, 0.006)
        return oscillator("sine", pitch, length) * envelope(length, 0.002, ring) + beat

    return make


def _snare(tone: float, low: float, high: float, ring: float, wires: float = 1.0) -> Stroke:
    def make() -> Wave:
        length = ring * 5
        skin = additive(tone, length, ((1, 0.7, ring * 0.7), (1.6, 0.4, ring * 0.5)))
        rattle = wires * band(noise(length, 5), low, high) * envelope(length, 0.001, ring)
        return (skin + rattle) * envelope(length, 0.001, length)

    return make


def _hat(low: float, high: float, ring: float, attack: float = 0.001) -> Stroke:
    def make() -> Wave:
        length = ring * 5
        return band(noise(length, 8), low, high) * envelope(length, attack, ring)

    return make


def _clap() -> Wave:
    length = 0.28
    hands = [round(at * 0.011 * RATE) for at in range(3)]
    air = band(noise(length, 17), 900, 5500)
    total = air * envelope(length, 0.001, 0.07)
    for start in hands:
        piece = air[: len(air) - start] * envelope(length, 0.0005, 0.006)[: len(air) - start]
        total[start:] += 1.4 * piece
    return total * envelope(length, 0.001, length)


def _tom(tone: float, ring: float = 0.13) -> Stroke:
    def make() -> Wave:
        length = ring * 4
        body = oscillator("sine", glide(tone * 1.5, tone, length), length)
        return (body + 0.2 * band(noise(length, 9), 300, 2500) * envelope(length, 0.001, 0.015)) * envelope(
            length, 0.002, ring
        )

    return make


def _block(tone: float) -> Stroke:
    def make() -> Wave:
        wood = additive(tone, 0.12, ((1, 1, 0.03), (1.5, 0.6, 0.02), (2.7, 0.3, 0.01)))
        return wood * envelope(0.12, 0.001, 0.12)

    return make


def _bells() -> Wave:
    """A tambourine."""
    partials = [(ratio, 0.5, 0.05 + 0.01 * i) for i, ratio in enumerate((1.0, 1.17, 1.43, 1.61, 1.9))]
    rattle = band(noise(0.22, 19), 5000, 13000) * envelope(0.22, 0.006, 0.045)
    return rattle + 0.2 * additive(5200, 0.22, partials) * envelope(0.22, 0.004, 0.05)


def _crash(low: float, ring: float) -> Stroke:
    def make() -> Wave:
        length = ring * 3
        metal = additive(low, length, [(1 + 0.37 * i, 0.12, ring * (1 - 0.05 * i)) for i in range(12)])
        return (band(noise(length, 23), low, 14_000) + metal) * envelope(length, 0.003, ring)

    return make


KITS: Mapping[str, Mapping[str, Stroke]] = {
    "pop": {
        "kick": _kick(160, 52, 0.075, 0.5), "snare": _snare(195, 1200, 9000, 0.06),
        "hat": _hat(6000, 14000, 0.02), "open": _hat(5500, 14000, 0.07), "perc": _bells,
        "crash": _crash(3200, 0.4),
    },
    "soft": {
        "kick": _kick(110, 50, 0.08, 0.1), "snare": _block(420), "hat": _hat(5000, 11000, 0.025, 0.012),
        "open": _hat(4500, 11000, 0.05, 0.02), "perc": _block(880), "crash": _crash(4200, 0.35),
    },
    "brush": {
        "kick": _kick(120, 55, 0.07, 0.15), "snare": _snare(170, 1800, 7000, 0.075, 0.7),
        "hat": _hat(4500, 12000, 0.03, 0.008), "open": _hat(4000, 12000, 0.09, 0.01), "perc": _block(640),
        "crash": _crash(3600, 0.4),
    },
    "electro": {
        "kick": _kick(210, 46, 0.11, 0.6), "snare": _clap, "hat": _hat(7500, 14400, 0.014),
        "open": _hat(6500, 14400, 0.06), "perc": _tom(240, 0.09), "crash": _crash(3800, 0.45),
    },
    "chip": {
        "kick": _kick(240, 60, 0.045, 0.2), "snare": _hat(900, 8000, 0.045), "hat": _hat(5000, 14400, 0.009),
        "open": _hat(4000, 14400, 0.04), "perc": _block(1320), "crash": _hat(2000, 14400, 0.22),
    },
    "hall": {
        "kick": _kick(95, 42, 0.16, 0.15), "snare": _snare(150, 700, 5000, 0.09, 0.6), "hat": _bells,
        "open": _hat(4000, 12000, 0.08, 0.01), "perc": _tom(98, 0.2), "crash": _crash(2400, 0.5),
    },
    "hand": {
        "kick": _kick(130, 58, 0.08, 0.2), "snare": _tom(330, 0.07), "hat": _hat(5200, 12500, 0.022, 0.01),
        "open": _bells, "perc": _tom(440, 0.06), "crash": _crash(3400, 0.35),
    },
}  # fmt: skip
