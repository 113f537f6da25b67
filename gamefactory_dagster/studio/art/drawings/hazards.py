"""Hazards that stand on the ground: low ones (80 x 80) to jump, tall ones (80 x 160) to jump high.

Each must say "do not touch" at a glance: spikes, teeth, fire or a frown. Flying ones are in ``threats.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


def frown(p: Pen, x: float, y: float, size: float) -> None:
    """Two angry eyes about (x, y)."""
    for side in (-1, 1):
        p.eye(x + side * size, y, size * 0.72, 0.0)
        inner, outer = (x + side * size * 0.25, y - size * 0.55), (x + side * size * 1.8, y - size * 1.3)
        p.line([inner, outer], size * 0.42, "shade")


@drawing("urchin", 80, 80)
def urchin(p: Pen, t: float) -> None:
    """A sea urchin: spines all round."""
    p.star(40, 44, 38, "purple-", 15, 0.58)
    p.star(40, 45, 31, "purple", 13, 0.66, 6)
    p.oval(40, 46, 20, 19, "purple+")
    frown(p, 41, 46, 8)


@drawing("scorpion", 80, 80)
def scorpion(p: Pen, t: float) -> None:
    """A scorpion with its tail over its back."""
    for x in (22, 34, 46):
        p.line([(x + 8, 60), (x, 70), (x - 3, 78)], 4.5, "red-")
    p.line([(56, 60), (70, 52), (72, 32), (58, 20), (44, 22)], 11, "red", smooth=True)
    p.blob([(48, 14), (36, 18), (28, 30), (40, 29), (50, 27)], "dark")
    p.oval(40, 61, 26, 13, "red")
    p.oval(20, 56, 14, 12, "red")
    p.blob([(12, 56), (2, 46), (2, 34), (10, 38), (12, 32), (18, 42)], "red-")
    frown(p, 18, 54, 5.5)


@drawing("toadstool", 80, 80)
def toadstool(p: Pen, t: float) -> None:
    """A toadstool that is not in the mood."""
    p.blob([(28, 44), (24, 78), (56, 78), (52, 44)], "bone")
    p.blob([(4, 46), (8, 20), (28, 4), (52, 4), (72, 20), (76, 46), (40, 52)], "red")
    for x, y, r in ((24, 20, 7), (52, 15, 8), (60, 36, 6), (14, 37, 5), (38, 33, 6)):
        p.oval(x, y, r, r * 0.85, "white", plain=True)
    frown(p, 40, 63, 6)


@drawing("mine", 80, 80)
def mine(p: Pen, t: float) -> None:
    """A floating mine with a red lamp."""
    for i in range(8):
        angle = math.tau * i / 8
        x, y = 40 + math.cos(angle) * 30, 42 + math.sin(angle) * 30
        p.line([(40, 42), (x, y)], 8, "steel")
        p.oval(40 + math.cos(angle) * 32, 42 + math.sin(angle) * 32, 6, 6, "red")
    p.oval(40, 42, 25, 25, "iron")
    p.rect(17, 38, 46, 8, "steel-", 4)
    p.oval(40, 42, 12, 12, "red")
    p.oval(37, 38, 4, 3.4, "white", plain=True)


@drawing("spikes", 80, 80)
def spikes(p: Pen, t: float) -> None:
    """Iron spikes on a bar."""
    for x, high in ((14, 46), (40, 66), (66, 46)):
        p.poly([(x - 14, 72), (x, 72 - high), (x + 14, 72)], "steel")
        p.poly([(x + 2, 72), (x, 72 - high), (x + 14, 72)], "iron", plain=True)
    p.rect(0, 64, 80, 16, "brown", 4)
    for x in (10, 40, 70):
        p.oval(x, 72, 3.5, 3.5, "steel", plain=True)


@drawing("gumdrop", 80, 80)
def gumdrop(p: Pen, t: float) -> None:
    """A sour gumdrop with sugar spikes."""
    for x, y, turn in ((12, 34, -150), (24, 14, -120), (42, 6, -88), (60, 15, -58), (70, 36, -28)):
        p.star(x, y, 14, "lime", 3, 0.4, turn)
    p.blob([(6, 78), (8, 44), (24, 16), (56, 16), (72, 44), (74, 78), (40, 80)], "green")
    p.rect(2, 68, 76, 12, "green-", 6)
    for x, y in ((22, 36), (60, 34), (42, 26), (16, 60), (66, 58)):
        p.oval(x, y, 2.6, 2.6, "white", plain=True)
    frown(p, 40, 50, 9)


@drawing("ice_spikes", 80, 80)
def ice_spikes(p: Pen, t: float) -> None:
    """Shards of ice in a drift of snow."""
    shards = ((16, 40, 34), (62, 44, 36), (38, 8, 40), (28, 30, 30), (54, 26, 30))
    for x, top, wide in shards:
        half = wide * 0.36
        p.poly([(x - half, 74), (x - 3, top), (x + half, 74)], "sky")
        p.poly([(x, 74), (x - 3, top), (x + half, 74)], "blue", plain=True)
    p.blob([(0, 80), (6, 68), (24, 66), (40, 70), (58, 65), (76, 70), (80, 80)], "white")


@drawing("magma", 80, 80)
def magma(p: Pen, t: float) -> None:
    """A burning rock."""
    p.blob([(8, 52), (12, 22), (22, 30), (32, 2), (46, 24), (58, 8), (66, 30), (74, 26), (74, 56)], "lava")
    p.blob([(22, 40), (34, 18), (44, 34), (56, 24), (62, 46)], "yellow", plain=True)
    p.blob([(4, 66), (14, 42), (40, 34), (66, 42), (77, 66), (66, 79), (14, 79)], "dark")
    p.line([(14, 66), (26, 72), (34, 68), (44, 75)], 3.6, "lava")
    frown(p, 42, 56, 8.5)


@drawing("cone", 80, 80)
def cone(p: Pen, t: float) -> None:
    """A traffic cone."""
    p.poly([(32, 6), (48, 6), (66, 70), (14, 70)], "lava")
    p.poly([(28, 22), (52, 22), (56, 36), (24, 36)], "white", plain=True)
    p.poly([(20, 50), (60, 50), (63.5, 62), (16.5, 62)], "white", plain=True)
    p.rect(2, 68, 76, 12, "lava-", 4)


@drawing("snail", 80, 80)
def snail(p: Pen, t: float) -> None:
    """A snail whose house has thorns."""
    p.blob([(2, 78), (4, 66), (14, 62), (8, 44), (20, 40), (28, 62), (74, 68), (79, 78)], "tan")
    for x in (10, 20):
        p.line([(x + 2, 44), (x - 2, 28)], 4, "tan")
        p.eye(x - 2, 27, 5, -0.3)
    p.star(50, 44, 31, "rose-", 11, 0.74)
    p.oval(50, 44, 24, 24, "rose")
    spiral = [
        (50 + r * math.cos(a), 44 + r * math.sin(a))
        for r, a in ((18, 0.4), (16, 1.8), (13, 3.3), (9, 4.8), (6, 6.6), (2, 8.4))
    ]
    p.line(spiral, 5, "rose--", smooth=True)


@drawing("saw", 80, 80)
def saw(p: Pen, t: float) -> None:
    """A saw blade half out of the floor."""
    p.star(40, 44, 39, "steel", 14, 0.76, -90 + 25 * t)
    p.oval(40, 44, 25, 25, "steel-")
    p.oval(40, 44, 10, 10, "red")
    p.oval(40, 44, 3.6, 3.6, "dark", plain=True)
    p.rect(4, 66, 72, 14, "copper", 4)
    for x in (14, 40, 66):
        p.oval(x, 73, 3.4, 3.4, "brass", plain=True)


@drawing("snake", 80, 80)
def snake(p: Pen, t: float) -> None:
    """A coiled snake, head up."""
    p.rect(4, 60, 72, 19, "lime-", 10)
    p.rect(12, 45, 56, 19, "green", 10)
    p.line([(52, 50), (62, 36), (44, 26), (36, 22)], 15, "lime-", smooth=True)
    for x in (18, 36, 54):
        p.poly([(x, 64), (x + 7, 70), (x, 76), (x - 7, 70)], "yellow", plain=True)
    p.blob([(44, 8), (56, 20), (46, 34), (22, 34), (8, 26), (18, 10)], "lime-")
    p.line([(10, 28), (2, 31), (-1, 28)], 2.6, "red")
    frown(p, 26, 19, 6.5)


@drawing("jagged", 80, 80)
def jagged(p: Pen, t: float) -> None:
    """A rock with splinters, at home anywhere."""
    for x, top, half in ((14, 30, 9), (32, 4, 11), (52, 14, 10), (68, 34, 8)):
        p.poly([(x - half, 70), (x + 3, top), (x + half, 70)], "soil+")
        p.poly([(x + 2, 70), (x + 3, top), (x + half, 70)], "soil--", plain=True)
    p.blob([(0, 80), (4, 60), (20, 52), (40, 58), (60, 50), (76, 60), (80, 80)], "soil-")
    p.blob([(12, 66), (24, 58), (38, 64), (24, 70)], "soil+", plain=True)


@drawing("coral", 80, 160)
def coral(p: Pen, t: float) -> None:
    """A branching fire coral."""
    for path, width in (
        ([(40, 158), (38, 110), (42, 60), (36, 14)], 17), ([(39, 118), (16, 96), (12, 54)], 14),
        ([(41, 92), (66, 78), (68, 34)], 14), ([(15, 84), (4, 70)], 10), ([(67, 60), (76, 46)], 9),
        ([(40, 50), (54, 30)], 10),
    ):  # fmt: skip
        p.line(path, width, "rose", smooth=True)
    for x, y in ((36, 14), (12, 54), (68, 34), (54, 30), (38, 84), (41, 120)):
        p.oval(x, y, 5, 5, "pink", plain=True)
    p.blob([(8, 160), (18, 146), (40, 142), (62, 146), (74, 160)], "rose-")


@drawing("cactus", 80, 160)
def cactus(p: Pen, t: float) -> None:
    """A saguaro with both arms up."""
    p.line([(40, 100), (12, 96), (12, 62)], 17, "green", smooth=True)
    p.line([(40, 82), (68, 78), (68, 40)], 16, "green", smooth=True)
    p.rect(26, 8, 28, 152, "green", 14)
    for x in (34, 46):
        p.line([(x, 26), (x, 152)], 2.6, "green-")
    for x, y in ((26, 36), (54, 52), (26, 70), (54, 104), (26, 124), (12, 76), (68, 54)):
        p.star(x, y, 6, "bone", 4, 0.3, plain=True)
    p.star(40, 9, 12, "pink", 6, 0.55)


@drawing("thorns", 80, 160)
def thorns(p: Pen, t: float) -> None:
    """A bramble as tall as a tree."""
    path = [(40, 160), (54, 130), (26, 100), (54, 66), (30, 36), (42, 8)]
    for x, y, turn in (
        (56, 128, -10),
        (24, 104, 190),
        (56, 68, -20),
        (26, 40, 200),
        (46, 146, 30),
        (40, 84, 200),
        (40, 52, -30),
    ):
        p.star(x, y, 17, "purple", 3, 0.32, turn)
    p.line(path, 15, "purple-", smooth=True)
    for x, y in ((12, 74), (66, 100), (14, 130), (64, 34)):
        p.blob([(40, y + 4), (x, y - 12), (x - 2, y + 8)], "leaf")
    p.star(42, 12, 15, "red", 6, 0.6)


@drawing("crystals", 80, 160)
def crystals(p: Pen, t: float) -> None:
    """Alien crystals."""
    for x, top, half, lean in ((18, 74, 13, -10), (64, 58, 13, 10), (40, 6, 18, 0)):
        p.poly(
            [
                (x - half, 158),
                (x - half + lean, top + 26),
                (x + lean, top),
                (x + half + lean, top + 26),
                (x + half, 158),
            ],
            "teal",
        )
        p.poly(
            [(x, 158), (x + lean, top + 30), (x + lean, top), (x + half + lean, top + 26), (x + half, 158)],
            "teal-",
            plain=True,
        )
        p.line(
            [(x - half * 0.5 + lean * 0.6, top + 42), (x - half * 0.5 + lean * 0.2, top + 74)], 3.6, "white"
        )
    p.blob([(2, 160), (10, 146), (40, 140), (70, 146), (78, 160)], "purple-")


@drawing("brazier", 80, 160)
def brazier(p: Pen, t: float) -> None:
    """A basket of fire on a tall iron foot."""
    p.blob([(14, 66), (10, 40), (22, 46), (28, 14), (40, 30), (46, 4), (58, 34), (68, 30), (66, 66)], "lava")
    p.blob([(26, 66), (28, 46), (38, 52), (44, 30), (54, 50), (54, 66)], "yellow", plain=True)
    p.rect(34, 84, 12, 70, "iron", 3)
    p.poly([(8, 62), (72, 62), (58, 92), (22, 92)], "iron")
    p.rect(4, 58, 72, 10, "steel", 4)
    p.star(40, 122, 13, "steel", 4, 0.55)
    p.poly([(14, 160), (26, 146), (54, 146), (66, 160)], "iron")


@drawing("cane", 80, 160)
def cane(p: Pen, t: float) -> None:
    """A candy cane, striped red."""
    path = [(28, 158), (28, 60), (30, 26), (48, 13), (64, 26), (64, 50)]
    p.line(path, 24, "white", smooth=True)
    for y in (60, 86, 112, 138):
        p.poly([(16, y + 10), (40, y - 4), (40, y + 8), (16, y + 22)], "red", plain=True)
    p.poly([(18, 34), (34, 12), (42, 22), (22, 46)], "red", plain=True)
    p.poly([(52, 12), (60, 10), (76, 34), (66, 36), (56, 28)], "red", plain=True)
    p.blob([(28, 96), (4, 84), (4, 108)], "green")
    p.blob([(28, 96), (54, 84), (54, 108)], "green")


@drawing("icicle", 80, 160)
def icicle(p: Pen, t: float) -> None:
    """A pillar of ice with a frozen scowl."""
    p.blob([(12, 158), (14, 90), (24, 50), (34, 8), (44, 10), (56, 48), (68, 92), (70, 158)], "sky")
    p.blob(
        [(46, 158), (50, 90), (42, 30), (40, 8), (46, 14), (56, 48), (68, 92), (70, 158)], "blue", plain=True
    )
    p.line([(26, 70), (22, 108)], 5, "white")
    frown(p, 40, 100, 10)
    p.blob([(0, 160), (10, 146), (30, 142), (52, 146), (72, 144), (80, 160)], "white")


@drawing("fire", 80, 160)
def fire(p: Pen, t: float) -> None:
    """A geyser of flame."""
    p.blob(
        [
            (14, 150),
            (4, 104),
            (16, 112),
            (12, 62),
            (28, 76),
            (34, 4),
            (54, 60),
            (62, 46),
            (66, 96),
            (76, 92),
            (68, 150),
        ],
        "red",
    )
    p.blob([(22, 150), (18, 112), (28, 104), (32, 50), (48, 88), (56, 80), (60, 150)], "orange", plain=True)
    p.blob([(30, 150), (30, 122), (38, 92), (48, 118), (52, 150)], "yellow+", plain=True)
    p.blob([(4, 160), (12, 142), (40, 138), (68, 142), (77, 160)], "dark")


@drawing("signal", 80, 160)
def signal(p: Pen, t: float) -> None:
    """Traffic lights at red."""
    p.rect(34, 90, 12, 66, "iron", 3)
    p.rect(16, 146, 48, 14, "iron", 5)
    p.rect(14, 4, 52, 100, "dark", 13)
    for y, colour in ((24, "red"), (54, "gold-"), (84, "green-")):
        p.oval(40, y, 12.5, 12.5, colour)
    p.line([(24, 13), (40, 8), (56, 13)], 4, "steel", smooth=True)


@drawing("flytrap", 80, 160)
def flytrap(p: Pen, t: float) -> None:
    """A plant with teeth."""
    p.line([(40, 158), (30, 120), (46, 90), (40, 64)], 12, "leaf", smooth=True)
    p.blob([(40, 140), (8, 122), (2, 138), (20, 152)], "green")
    p.blob([(38, 128), (70, 108), (78, 124), (60, 140)], "green")
    p.blob([(4, 42), (12, 12), (40, 2), (68, 12), (77, 42), (62, 72), (40, 78), (18, 72)], "rose")
    p.blob([(10, 46), (24, 36), (56, 36), (71, 46), (56, 62), (26, 62)], "shade", plain=True)
    for x in (20, 33, 46, 59):
        p.poly([(x - 6, 39), (x + 6, 39), (x, 51)], "white", plain=True)
        p.poly([(x - 6, 62), (x + 6, 62), (x, 52)], "white", plain=True)
    frown(p, 40, 24, 8)


@drawing("coil", 80, 160)
def coil(p: Pen, t: float) -> None:
    """A tesla coil with a spark at its head."""
    p.poly([(22, 150), (30, 60), (50, 60), (58, 150)], "iron")
    for y in (74, 92, 110, 128):
        p.rect(22, y, 36, 10, "copper", 5)
    p.rect(6, 146, 68, 14, "iron-", 5)
    p.oval(40, 44, 30, 15, "brass")
    p.poly([(36, 2), (54, 2), (46, 18), (58, 18), (34, 46), (40, 26), (28, 26)], "yellow")


@drawing("totem", 80, 160)
def totem(p: Pen, t: float) -> None:
    """Three carved heads, one above the other."""
    p.blob([(18, 24), (2, 8), (0, 34), (14, 44)], "red")
    p.blob([(62, 24), (78, 8), (80, 34), (66, 44)], "red")
    for y, colour in ((4, "teal"), (56, "orange"), (108, "red")):
        p.rect(12, y, 56, 52, colour, 9)
        frown(p, 40, y + 20, 9)
        p.rect(24, y + 33, 32, 11, "shade", 4, plain=True)
        for x in (30, 40, 50):
            p.rect(x - 3, y + 33, 6, 6, "white", plain=True)
