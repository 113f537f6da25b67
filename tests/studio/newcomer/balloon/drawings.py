"""What only this family draws."""

from gamefactory_dagster.studio.art.drawings.registry import drawing
from gamefactory_dagster.studio.art.pen import Pen


@drawing("balloon", 100, 120)
def balloon(p: Pen, t: float) -> None:
    p.place()
    p.oval(50, 50, 44 + 3 * t, 46, "tint")
    p.poly([(42, 94), (58, 94), (62, 112), (38, 112)], "tint-")
