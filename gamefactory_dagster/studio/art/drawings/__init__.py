"""Every drawing the studio knows, by name: heroes, hazards, things to gather, tiles, interface.

A drawing is a function of a pen and a phase. What belongs here: shapes and colour names. What does not:
style, size, and a drawing that one family alone needs (it brings that in its folder).
"""

from . import (
    course,
    fruit,
    goods,
    ground,
    hazards,
    heroes,
    heroes_more,
    heroes_wished,
    keepsakes,
    landmarks,
    nature,
    things,
    threats,
    vessels,
    world,
)
from .registry import DRAWINGS, Drawing, find_drawing

__all__ = [
    "DRAWINGS",
    "Drawing",
    "course",
    "find_drawing",
    "fruit",
    "goods",
    "ground",
    "hazards",
    "heroes",
    "heroes_more",
    "heroes_wished",
    "keepsakes",
    "landmarks",
    "nature",
    "things",
    "threats",
    "vessels",
    "world",
]
