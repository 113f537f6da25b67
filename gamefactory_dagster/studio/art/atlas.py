"""Packing sprites into one picture, shelf by shelf. What is drawn on them is no business of this file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .picture import Picture, encode

_LARGE = 300_000
_COLOURS = 256
"""An atlas of more pixels than that has so many colours: a third of the bytes, and no eye sees it."""

_GAP = 2
"""Free pixels between frames, so that none bleeds into another when scaled."""


Packed = tuple[bytes, dict[str, Any]]
"""A PNG, and where each frame is in it."""


def pack(pictures: Sequence[Picture]) -> Packed:
    """All frames in one PNG, and where each is: ``{"frames": {"hero_0": [x, y, w, h], ...}}``.

    A picture's own name (``"hero"``, ``"crate"``) stands for its first frame.
    """
    from PIL import Image

    boxes = [(p, frame) for p in pictures for frame in range(p.frames)]
    boxes.sort(key=lambda box: (-box[0].height, -box[0].width, box[0].name, box[1]))
    area = sum((p.width + _GAP) * (p.height + _GAP) for p, _ in boxes)
    width = max([256, *(p.width + _GAP for p, _ in boxes)])
    while width * width < area:
        width += 64
    frames: dict[str, list[int]] = {}
    x = y = shelf = 0
    for picture, frame in boxes:
        if x + picture.width > width:
            x, y, shelf = 0, y + shelf + _GAP, 0
        frames[f"{picture.name}_{frame}"] = [x, y, picture.width, picture.height]
        shelf = max(shelf, picture.height)
        x += picture.width + _GAP
    atlas = Image.new("RGBA", (width, y + shelf))
    for picture in pictures:
        for frame in range(picture.frames):
            left, top, wide, high = frames[f"{picture.name}_{frame}"]
            atlas.paste(picture.image.crop((frame * wide, 0, frame * wide + wide, high)), (left, top))
        frames.setdefault(picture.name, list(frames[f"{picture.name}_0"]))
    colours = _COLOURS if atlas.width * atlas.height > _LARGE else 0
    return encode(atlas, colours), {"frames": {name: frames[name] for name in sorted(frames)}}
