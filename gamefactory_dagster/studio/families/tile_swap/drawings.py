"""What only this family draws."""

from gamefactory_dagster.studio.art.drawings.registry import drawing
from gamefactory_dagster.studio.art.pen import Pen


@drawing("fuse")
def fuse(p: Pen, t: float) -> None:
    """A stick with a lit wick, which must not burn down."""
    p.line([(50, 34), (54, 18), (70, 14)], 7, "tan", smooth=True)
    p.star(78, 14, 19, "lava", 8, 0.5, plain=True)
    p.oval(78, 14, 8, 8, "yellow", plain=True)
    p.rect(22, 32, 54, 64, "red", 12)
    p.rect(22, 44, 54, 9, "white", plain=True)
    p.rect(22, 78, 54, 9, "white", plain=True)
