"""The words of the twelve themes: what a world is called, who lives there, what it sounds and looks like.

What belongs here: vocabulary, as data. What does not: the words of a family of games (``family_words.py``),
how words become a name (``names.py``), a design (``studio/designer.py``) or a picture (``art/``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ThemeWords:
    """One theme. Words are lower case, as they stand in the middle of a sentence."""

    adjectives: tuple[str, ...]
    nouns: tuple[str, ...]
    """Things of this world, short: they make names."""
    heroes: tuple[str, ...]
    """Who the player is, singular, without an article."""
    hazards: tuple[str, ...]
    """What hurts, plural."""
    pickups: tuple[str, ...]
    """What is gathered, plural."""
    places: tuple[str, ...]
    """Where it happens, with the article."""
    journeys: tuple[str, ...]
    """Verbs for getting about; each is an identifier."""
    tasks: tuple[str, ...]
    """Verbs for putting things right; each is an identifier."""
    currencies: tuple[str, ...]
    """What is earned, plural; each is an identifier."""
    moods: tuple[str, ...]
    """Moods the music may have; each is an identifier."""
    tempo: tuple[int, int]
    """Slowest and fastest music, beats a minute."""
    hues: tuple[int, ...]
    """Hues the palette is built around, degrees."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


THEMES: Mapping[str, ThemeWords] = MappingProxyType({
    "reef": ThemeWords(
        adjectives=_words(
            "coral, deep, salty, tidal, drifting, glassy, "
            "sunken, silver, briny, blue, swift, quiet"
        ),
        nouns=_words(
            "pearl, shell, tide, wave, lagoon, kelp, bubble, "
            "fin, anchor, reef, current, atoll, gill, foam"
        ),
        heroes=_words("clownfish, sea horse, young turtle, diving crab, little dolphin"),
        hazards=_words("urchins, jellyfish, fishing hooks, snapping clams, electric eels"),
        pickups=_words("pearls, starfish, bright shells, air bubbles, sunken coins"),
        places=_words("the coral gate, the kelp forest, the blue lagoon, the old shipwreck, the tide pools"),
        journeys=_words("swim, dive, glide"),
        tasks=_words("polish, rinse, untangle"),
        currencies=_words("pearls, shells, doubloons"),
        moods=_words("calm, dreamy, bright"),
        tempo=(80, 116),
        hues=(188, 200, 172),
    ),
    "desert": ThemeWords(
        adjectives=_words(
            "dusty, sandy, golden, dry, amber, blazing, "
            "lost, dawn, copper, endless, windy, sunlit"
        ),
        nouns=_words(
            "dune, mirage, cactus, oasis, sand, caravan, scarab, "
            "mesa, canyon, sun, ember, camel, fox, relic"
        ),
        heroes=_words("desert fox, caravan scout, brave scarab, lizard in boots, water carrier"),
        hazards=_words("cacti, scorpions, tumbleweeds, sinkholes, dust devils"),
        pickups=_words("dates, water drops, sun tokens, lost relics, amber beads"),
        places=_words("the long dunes, the buried city, the last oasis, the red mesa, the caravan road"),
        journeys=_words("trek, scamper, wander"),
        tasks=_words("unearth, dust, decipher"),
        currencies=_words("relics, dates, sun_tokens"),
        moods=_words("mysterious, heroic, calm"),
        tempo=(88, 124),
        hues=(38, 28, 48),
    ),
    "orchard": ThemeWords(
        adjectives=_words(
            "ripe, crisp, leafy, rosy, sunny, mellow, "
            "windfall, mossy, ruddy, juicy, early, golden"
        ),
        nouns=_words(
            "apple, cherry, plum, basket, blossom, cider, pear, "
            "branch, seed, harvest, peach, quince, bee, core"
        ),
        heroes=_words("hungry hedgehog, barn cat, orchard mouse, farmer's goat, busy robin"),
        hazards=_words("rakes, wasps, rolling barrels, nettles, falling boughs"),
        pickups=_words("apples, cherries, plums, honey drops, blossoms"),
        places=_words("the apple rows, the cider barn, the old stone wall, the cherry hill, the honey hives"),
        journeys=_words("hop, trot, scurry"),
        tasks=_words("sort, tend, tidy"),
        currencies=_words("apples, acorns, honey_drops"),
        moods=_words("playful, bright, calm"),
        tempo=(96, 132),
        hues=(96, 12, 70),
    ),
    "space": ThemeWords(
        adjectives=_words(
            "stellar, lunar, cosmic, silent, far, orbital, "
            "solar, astral, void, bright, zero, distant"
        ),
        nouns=_words(
            "comet, nova, orbit, star, rocket, moon, quasar, "
            "nebula, meteor, probe, saturn, eclipse, pulsar, ring"
        ),
        heroes=_words("cadet, stray robot, moon rabbit, comet chaser, star courier"),
        hazards=_words("asteroids, space junk, laser gates, black holes, rogue drones"),
        pickups=_words("star chips, fuel cells, moon rocks, ion sparks, comet tails"),
        places=_words("the outer ring, the silent station, the comet belt, the dark side, the launch deck"),
        journeys=_words("orbit, drift, rocket"),
        tasks=_words("align, calibrate, repair"),
        currencies=_words("star_chips, credits, moon_rocks"),
        moods=_words("mysterious, dreamy, heroic"),
        tempo=(84, 128),
        hues=(255, 232, 280),
    ),
    "castle": ThemeWords(
        adjectives=_words(
            "royal, stone, brave, hidden, ancient, iron, "
            "gallant, torchlit, noble, haunted, high, gilded"
        ),
        nouns=_words(
            "crown, tower, knight, banner, shield, moat, dragon, "
            "jester, throne, torch, goblet, lance, gate, keep"
        ),
        heroes=_words("small knight, court jester, runaway page, castle cat, apprentice wizard"),
        hazards=_words("spikes, swinging axes, suits of armour, cauldrons, angry gargoyles"),
        pickups=_words("crowns, goblets, silver keys, royal seals, rubies"),
        places=_words(
            "the great hall, the north tower, the dungeon stairs, "
            "the moat bridge, the throne room"
        ),
        journeys=_words("charge, sneak, gallop"),
        tasks=_words("mend, unlock, rebuild"),
        currencies=_words("crowns, rubies, royal_seals"),
        moods=_words("heroic, tense, mysterious"),
        tempo=(92, 136),
        hues=(268, 218, 352),
    ),
    "candy": ThemeWords(
        adjectives=_words(
            "sweet, sugary, minty, sticky, fizzy, jolly, "
            "frosted, swirly, caramel, bubbly, tangy, gooey"
        ),
        nouns=_words(
            "gumdrop, toffee, sprinkle, cookie, lolly, fudge, jelly, "
            "bonbon, truffle, waffle, syrup, taffy, sherbet, cocoa"
        ),
        heroes=_words("gingerbread man, jelly bear, sugar mouse, marshmallow, candy apprentice"),
        hazards=_words("sour balls, syrup puddles, liquorice whips, rolling jawbreakers, hot fudge drips"),
        pickups=_words("gumdrops, sprinkles, lollipops, caramels, mint drops"),
        places=_words(
            "the toffee hills, the sherbet falls, the cookie works, "
            "the gumdrop lane, the fudge swamp"
        ),
        journeys=_words("bounce, skip, roll"),
        tasks=_words("wrap, frost, mix"),
        currencies=_words("gumdrops, sprinkles, caramels"),
        moods=_words("playful, bright, energetic"),
        tempo=(108, 148),
        hues=(330, 312, 350),
    ),
    "arctic": ThemeWords(
        adjectives=_words(
            "frozen, icy, snowy, polar, pale, frosty, "
            "northern, bitter, white, crystal, still, boreal"
        ),
        nouns=_words(
            "glacier, snow, floe, aurora, husky, igloo, fjord, "
            "icicle, sled, blizzard, walrus, frost, penguin, drift"
        ),
        heroes=_words("penguin chick, sled dog, snow hare, lost explorer, seal pup"),
        hazards=_words("icicles, cracks in the ice, snow boulders, grumpy walruses, cold gusts"),
        pickups=_words("snowflakes, fish, ice crystals, warm mittens, aurora sparks"),
        places=_words("the ice shelf, the frozen bay, the aurora pass, the whale road, the north camp"),
        journeys=_words("slide, skate, waddle"),
        tasks=_words("thaw, carve, stack"),
        currencies=_words("snowflakes, fish, ice_crystals"),
        moods=_words("calm, dreamy, mysterious"),
        tempo=(76, 112),
        hues=(204, 186, 222),
    ),
    "volcano": ThemeWords(
        adjectives=_words(
            "molten, fiery, smoky, scorched, red, rumbling, "
            "ashen, glowing, wild, burning, black, hot"
        ),
        nouns=_words(
            "lava, magma, ember, ash, crater, flame, cinder, "
            "basalt, geyser, spark, obsidian, furnace, vent, blaze"
        ),
        heroes=_words("fire salamander, stone golem, ash imp, heat-proof goat, young phoenix"),
        hazards=_words("lava spouts, falling rocks, fire geysers, smoke vents, molten pools"),
        pickups=_words("embers, obsidian shards, fire opals, sparks, warm stones"),
        places=_words("the crater rim, the lava tubes, the ash plain, the obsidian stair, the smoking gate"),
        journeys=_words("sprint, vault, scramble"),
        tasks=_words("cool, temper, smelt"),
        currencies=_words("embers, fire_opals, shards"),
        moods=_words("tense, heroic, energetic"),
        tempo=(112, 156),
        hues=(14, 2, 26),
    ),
    "city": ThemeWords(
        adjectives=_words(
            "neon, midnight, rooftop, busy, electric, downtown, "
            "rainy, late, urban, concrete, uptown, restless"
        ),
        nouns=_words(
            "tram, alley, skyline, metro, taxi, subway, courier, "
            "lantern, bridge, window, pigeon, signal, plaza, bus"
        ),
        heroes=_words("bike courier, alley cat, rooftop pigeon, night baker, street drummer"),
        hazards=_words("traffic cones, open manholes, speeding scooters, wet paint, wires"),
        pickups=_words("tickets, parcels, street lights, coffee cups, subway tokens"),
        places=_words("the rooftops, the night market, the tram line, the harbour bridge, the old quarter"),
        journeys=_words("dash, weave, cycle"),
        tasks=_words("light, rewire, tidy"),
        currencies=_words("tickets, tokens, tips"),
        moods=_words("energetic, bright, tense"),
        tempo=(104, 144),
        hues=(222, 290, 46),
    ),
    "garden": ThemeWords(
        adjectives=_words(
            "dewy, green, wild, gentle, blooming, sunny, "
            "tangled, secret, soft, fragrant, morning, leafy"
        ),
        nouns=_words(
            "petal, clover, daisy, fern, snail, tulip, vine, "
            "rose, beetle, acorn, willow, thistle, moth, pond"
        ),
        heroes=_words("ladybird, bold snail, garden gnome, bumblebee, field mouse"),
        hazards=_words("thorns, garden shears, hungry slugs, flower pots, sprinklers"),
        pickups=_words("petals, dew drops, seeds, clover leaves, pollen puffs"),
        places=_words("the rose beds, the lily pond, the greenhouse, the hedge maze, the potting shed"),
        journeys=_words("flutter, crawl, hover"),
        tasks=_words("plant, water, prune"),
        currencies=_words("petals, seeds, dew_drops"),
        moods=_words("calm, playful, dreamy"),
        tempo=(84, 120),
        hues=(122, 140, 334),
    ),
    "clockwork": ThemeWords(
        adjectives=_words(
            "brass, ticking, wound, oiled, copper, precise, "
            "rusty, steam, tiny, spinning, bronze, grand"
        ),
        nouns=_words(
            "cog, gear, spring, piston, dial, pendulum, valve, "
            "rivet, whistle, lever, bolt, chime, boiler, key"
        ),
        heroes=_words("wind-up mouse, brass beetle, tin soldier, cuckoo, apprentice tinker"),
        hazards=_words("grinding gears, steam jets, falling weights, loose springs, hammers"),
        pickups=_words("cogs, brass screws, winding keys, oil drops, tiny jewels"),
        places=_words("the great clock, the boiler room, the gear loft, the bell tower, the tinker's bench"),
        journeys=_words("whirr, roll, march"),
        tasks=_words("wind, mend, tighten"),
        currencies=_words("cogs, jewels, brass_screws"),
        moods=_words("playful, mysterious, energetic"),
        tempo=(100, 140),
        hues=(34, 22, 180),
    ),
    "jungle": ThemeWords(
        adjectives=_words(
            "lush, wild, misty, tangled, emerald, hidden, "
            "roaring, humid, painted, tall, canopy, nimble"
        ),
        nouns=_words(
            "vine, parrot, tiger, idol, orchid, mango, monkey, "
            "temple, canopy, toucan, jaguar, drum, gecko, river"
        ),
        heroes=_words("tree frog, young monkey, map maker, tapir, little jaguar"),
        hazards=_words("snapping plants, logs, poison darts, quicksand, swinging vines"),
        pickups=_words("mangoes, jade idols, bananas, feathers, gold beetles"),
        places=_words("the sunken temple, the canopy trail, the river bend, the idol cave, the vine bridge"),
        journeys=_words("swing, climb, prowl"),
        tasks=_words("explore, restore, uncover"),
        currencies=_words("mangoes, idols, feathers"),
        moods=_words("energetic, mysterious, playful"),
        tempo=(98, 138),
        hues=(146, 100, 164),
    ),
})  # fmt: skip
"""Every theme of ``gdd.Theme`` -> its words."""
