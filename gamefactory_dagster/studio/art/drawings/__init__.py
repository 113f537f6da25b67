"""Every drawing the studio knows, by name: heroes, hazards, things to gather, tiles, interface.

A drawing is a function of a pen and a phase. It knows shapes and colour names, no style and no size.
"""

from . import fruit, goods, hazards, heroes, heroes_more, nature, things, threats, world
from .registry import DRAWINGS, Drawing

__all__ = [
    "DRAWINGS",
    "Drawing",
    "fruit",
    "goods",
    "hazards",
    "heroes",
    "heroes_more",
    "nature",
    "things",
    "threats",
    "world",
]
