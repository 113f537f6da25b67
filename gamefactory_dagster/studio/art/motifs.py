"""Every backdrop motif by the name themes use for it."""

from collections.abc import Callable, Mapping

from . import land, scenery
from .layer import Layer

MOTIFS: Mapping[str, Callable[[Layer], None]] = {
    motif.__name__: motif
    for motif in (
        land.hills,
        land.dunes,
        land.peaks,
        land.rocks,
        land.crags,
        land.mesas,
        land.cacti,
        land.trees,
        land.bushes,
        land.pines,
        land.palms,
        land.ferns,
        land.seaweed,
        land.corals,
        land.fans,
        land.flowers,
        land.snowbanks,
        land.volcanoes,
        scenery.pyramids,
        scenery.fence,
        scenery.temples,
        scenery.bubbles,
        scenery.lollies,
        scenery.puffs,
        scenery.skyline,
        scenery.lamps,
        scenery.castles,
        scenery.stars,
        scenery.moonlight,
        scenery.planets,
        scenery.craters,
        scenery.domes,
        scenery.smoke,
        scenery.embers,
        scenery.cogs,
        scenery.pipes,
        scenery.chimneys,
        scenery.clouds,
        scenery.rays,
        scenery.sundisc,
        scenery.aurora,
    )
}
