"""The lexicon's words from WordNet, made anew: ``python -m tools.lexicon [/usr/share/wordnet]``.

WordNet's files come with Debian's package ``wordnet-base``. Run it again when the table of subjects or the
words by hand have changed: what is made stands on both. What belongs here: which word comes to which of their
values. What does not: words that WordNet misses, which stand in ``studio/reading/words.tsv``.

A noun comes to the nearest of its ancestors that is a subject, and to the theme one of its ancestors is a
place of. An adjective comes to what it is a synonym of, or similar to, among the words by hand.
"""

import lzma
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gamefactory_dagster.studio.design.subjects import HAND, SUBJECTS, Subject
from gamefactory_dagster.studio.reading.lexicon import by_hand
from gamefactory_dagster.studio.reading.spelling import nearest, vocabulary
from gamefactory_dagster.studio.reading.tokens import forms
from tools.wordnet import Synset, WordNet

KINDS_TARGET = Path(__file__).parent.parent / "gamefactory_dagster/studio/design/kinds.tsv"

KINDS: Mapping[str, tuple[str, ...]] = {
    "animal": ("animal.1",),
    "bird": ("bird.1",),
    "insect": ("insect.1", "arachnid.1"),
    "fish": ("fish.1",),
    "person": ("person.1",),
    "monster": ("imaginary_being.1", "spiritual_being.1"),
    "vehicle": ("vehicle.1",),
    "food": ("food.1", "food.2", "edible_fruit.1"),
    "fruit": ("edible_fruit.1", "fruit.1"),
    "plant": ("plant.2",),
}
"""Kind -> what is above everything of it, as word and number of its sense."""

TARGET = Path(__file__).parent.parent / "gamefactory_dagster/studio/reading/wordnet.tsv.xz"

CONCRETE = frozenset((
    "animal", "artifact", "body", "food", "object", "person", "phenomenon", "plant", "possession", "shape",
    "substance",
))  # fmt: skip
"""Files of WordNet with nouns that can be drawn."""

FAR = 6
"""Steps up from a word to the subject that stands for it."""

FARTHER = 9
"""Steps up from a word to the kind of place a theme is."""

PLACES: Mapping[str, tuple[str, ...]] = {
    "reef": ("body_of_water.1", "reef.1", "seaweed.1", "watercraft.2", "shore.1", "seafaring.1"),
    "desert": ("desert.1", "sandstorm.1", "dune.1"),
    "orchard": ("orchard.1", "farm.1", "farmland.1", "vineyard.1", "grassland.1", "pasture.1"),
    "space": ("celestial_body.1", "spacecraft.1", "galaxy.3", "constellation.2", "astronomy.1", "nebula.3"),
    "castle": ("castle.2", "fortress.1", "castle.1", "palace.1", "armor.1", "sword.1", "tower.1"),
    "arctic": ("ice.1", "snow.2", "snow.1", "glacier.1", "cold.2", "ice_skate.1", "ski.1", "winter.1"),
    "volcano": ("volcano.1", "volcano.2", "lava.1", "volcanic_eruption.1", "fire.1"),
    "city": ("city.1", "town.1", "street.1", "building.1", "motor_vehicle.1", "public_transport.1", "road.1"),
    "garden": ("garden.1", "flower.1", "vegetable_garden.1", "herb.1", "lawn.1", "hedge.1"),
    "clockwork": ("mechanism.5", "clock.1", "gear.1", "machine.1", "engine.1"),
    "jungle": ("forest.1", "jungle.3", "rain_forest.1", "tropics.1", "vine.1"),
    "candy": ("sweet.3", "confectionery.2", "baked_goods.1", "dessert.1"),
}
"""Theme -> the places and things only found there, as word and number of its sense."""

FEELINGS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("mood", "calm"): (
        "calm.1", "calm.2", "peaceful.1", "quiet.1", "quiet.2", "relaxing.1", "cozy.1", "soothing.2",
    ),
    ("mood", "dreamy"): ("dreamy.1", "dreamy.2", "magical.1", "surreal.1", "surreal.2"),
    ("mood", "bright"): ("cheerful.1", "happy.1", "sunny.1", "joyful.1", "friendly.1"),
    ("mood", "mysterious"): (
        "mysterious.1", "mysterious.2", "eerie.1", "eerie.2", "frightening.1", "scary.1",
    ),
    ("mood", "heroic"): ("epic.1", "brave.1", "heroic.3", "adventurous.1", "glorious.1", "legendary.2"),
    ("mood", "playful"): ("playful.1", "funny.1", "silly.1", "whimsical.1", "humorous.1"),
    ("mood", "tense"): ("exciting.1", "dangerous.1", "tense.1", "suspenseful.1"),
    ("pace", "slow"): ("slow.1", "slow.2", "leisurely.1"),
    ("pace", "steady"): ("steady.1",),
    ("pace", "fast"): ("fast.1", "fast.3", "quick.1", "quick.3", "hurried.1", "frantic.2"),
    ("difficulty", "easy"): ("easy.1", "simple.2"),
    ("difficulty", "medium"): ("medium.1",),
    ("difficulty", "hard"): ("hard.1", "tough.2", "demanding.1"),
}  # fmt: skip
"""What adjectives say of a game -> senses that say just that, as word and number."""

TOO_WIDE = frozenset(
    ("man", "woman", "person", "bone", "salt", "meat", "boy", "girl", "baby", "plate", "bow", "piece")
)
"""Subjects that nothing else is told by: a great many words are below them and look nothing like them."""

STAND_INS: Mapping[str, tuple[str, ...]] = {
    "canine.2": ("dog",), "feline.1": ("cat",), "wildcat.3": ("leopard",), "big_cat.1": ("tiger", "lion"),
    "rodent.1": ("mouse",), "marsupial.1": ("kangaroo",), "primate.2": ("monkey",), "bear.1": ("bear",),
    "ruminant.1": ("cow",), "deer.1": ("deer",), "antelope.1": ("deer",), "equine.1": ("horse",),
    "musteline_mammal.1": ("otter", "badger"), "pinniped_mammal.1": ("seal",), "cetacean.1": ("whale",),
    "bat.1": ("bat",), "reptile.1": ("lizard",), "snake.1": ("snake",), "turtle.2": ("turtle",),
    "dinosaur.1": ("dinosaur", "sauropod", "tyrannosaurus"), "amphibian.3": ("frog",),
    "bird_of_prey.1": ("eagle",), "owl.1": ("owl",), "waterfowl.1": ("duck",), "seabird.1": ("penguin",),
    "wading_bird.1": ("flamingo",), "parrot.1": ("parrot",), "gallinaceous_bird.1": ("chicken", "hen"),
    "bird.1": ("bird", "red bird"), "shark.1": ("shark",), "fish.1": ("fish",), "crustacean.1": ("crab",),
    "mollusk.1": ("snail",), "cephalopod.1": ("octopus",), "coelenterate.1": ("jellyfish",),
    "arachnid.1": ("spider",), "insect.1": ("beetle",), "butterfly.1": ("butterfly",),
    "moth.1": ("butterfly",), "bee.1": ("bee",), "worm.1": ("worm",), "elephant.1": ("elephant",),
    "swine.1": ("pig",), "vehicle.1": ("car",), "aircraft.1": ("airplane",),
    "heavier-than-air_craft.1": ("airplane",), "boat.1": ("sailboat", "boat"), "ship.1": ("ship",),
    "motor_vehicle.1": ("car",), "truck.1": ("truck",), "train.1": ("train", "steam train"),
    "spacecraft.1": ("rocket",), "wheeled_vehicle.1": ("car",), "bicycle.1": ("bicycle",),
    "motorcycle.1": ("motorcycle",), "submersible.1": ("submarine", "ship"), "house.1": ("house",),
    "dwelling.1": ("house",), "building.1": ("house", "family house"), "place_of_worship.1": ("church",),
    "castle.2": ("castle", "fairy castle"), "fortification.1": ("castle", "fairy castle"),
    "fortress.1": ("castle", "fairy castle"), "palace.1": ("castle", "fairy castle"), "tower.1": ("tower",),
    "shop.1": ("shop",), "bridge.1": ("bridge",), "stringed_instrument.1": ("guitar",),
    "wind_instrument.1": ("trumpet",), "drum.1": ("drum",), "percussion_instrument.1": ("drum",),
    "keyboard_instrument.1": ("piano",), "musical_instrument.1": ("guitar",), "footwear.1": ("boot",),
    "shoe.1": ("shoe", "sneaker"), "headdress.1": ("hat", "top hat"), "hat.1": ("hat", "top hat"),
    "garment.1": ("shirt", "t-shirt"), "fruit.1": ("apple",), "edible_fruit.1": ("apple",),
    "berry.1": ("berry",), "berry.2": ("berry",), "citrus.1": ("orange", "tangerine", "lemon"),
    "vegetable.1": ("carrot",), "cake.3": ("cake", "shortcake"), "cookie.1": ("cookie",),
    "candy.1": ("candy",), "bread.1": ("bread",), "pasta.2": ("spaghetti",), "cheese.1": ("cheese",),
    "soup.1": ("stew",), "pie.1": ("pie",), "sandwich.1": ("sandwich",), "chocolate.2": ("chocolate",),
    "nut.1": ("chestnut", "acorn"), "frozen_dessert.1": ("ice cream",), "coffee.1": ("coffee",),
    "tea.1": ("teacup", "teapot", "green tea"), "seat.3": ("chair",), "furniture.1": ("chair",),
    "lamp.1": ("lamp", "lantern"), "lamp.2": ("lamp", "lantern"),
    "source_of_illumination.1": ("light bulb",), "hand_tool.1": ("hammer",),
    "clock.1": ("clock", "alarm clock"), "timepiece.1": ("watch", "alarm clock"), "book.1": ("book",),
    "book.2": ("book",), "ball.1": ("ball", "football"), "doll.1": ("teddy bear",),
    "plaything.1": ("teddy bear",), "robot.1": ("robot",), "computer.1": ("computer",),
    "machine.1": ("gear",), "telephone.1": ("telephone",), "camera.1": ("camera",),
    "jewelry.1": ("ring",), "gem.2": ("gem",), "crystal.1": ("gem",),
    "money.3": ("coin", "silver coin"), "coin.1": ("coin", "silver coin"), "treasure.1": ("gem",),
    "key.1": ("key",), "shield.2": ("shield",), "spiritual_being.1": ("ghost",), "ghost.2": ("ghost",),
    "mythical_monster.1": ("dragon",), "monster.1": ("ogre", "imp"), "mythical_being.1": ("dragon",),
    "fairy.1": ("fairy",), "witch.2": ("witch", "wizard"), "hag.2": ("witch", "wizard"),
    "sorcerer.1": ("wizard",), "occultist.1": ("wizard",), "giant.1": ("ogre",), "warrior.1": ("knight",),
    "soldier.1": ("royal guard", "knight"), "pirate.2": ("pirate flag", "ship"), "sovereign.1": ("crown",),
    "ruler.2": ("crown",), "aristocrat.1": ("crown",), "female_aristocrat.1": ("princess", "crown"),
    "cook.1": ("chef",), "child.1": ("child",), "scientist.1": ("scientist",),
    "detective.1": ("detective",), "flower.1": ("flower",), "flower.2": ("flower",), "rose.1": ("rose",),
    "tree.1": ("tree",), "conifer.1": ("pine tree",), "palm.3": ("palm tree",), "cactus.1": ("cactus",),
    "fungus.1": ("mushroom",), "mushroom.3": ("mushroom",), "grass.1": ("herb",), "herb.1": ("herb",),
    "shrub.1": ("herb",), "seaweed.1": ("seaweed",), "fern.1": ("fern", "herb"),
    "mountain.1": ("mountain",), "volcano.1": ("volcano",), "island.1": ("desert island",),
    "celestial_body.1": ("planet",), "planet.1": ("planet",), "star.1": ("star",), "star.3": ("star",),
    "storm.1": ("storm cloud",), "cloud.2": ("cloud",), "rain.1": ("rain cloud",), "snow.1": ("snowflake",),
    "lightning.2": ("lightning",), "fire.1": ("flame", "fire"), "fire.3": ("flame", "fire"),
    "stone.1": ("rock",), "rock.1": ("rock",), "trophy.1": ("trophy",), "balloon.1": ("balloon",),
    "umbrella.1": ("umbrella",), "basket.1": ("basket",), "barrel.2": ("barrel",), "door.1": ("door",),
}  # fmt: skip
"""Kinds of things, as word and number of its sense -> subjects that look like them: the first there is."""

ANIMALS = (("1f400", "1f43f"), ("1f980", "1f9ae"), ("1facd", "1facf"), ("1fab2", "1fab3"), ("1fabf", "1fabf"))
"""First and last code points of pictures of animals."""

UNFIT = (
    "offensive", "slur", "disparag", "obscene", "sexual", "vulgar", "derogat", "prostitut", "genital", "drug",
    "alcoholic", "narcotic", "intoxicat", "firearm", "weapon", "penis", "execution", "kill", "nazi",
    "undergarment", "underwear", "underpants", "toilet", "parasit", "excrement", "urine", "lavatory",
    "corpse",
)  # fmt: skip
"""Words in an explanation that keep a noun out: games are for everybody."""


def main() -> None:
    """Make the file and say how large it has become."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/wordnet")
    net = WordNet(folder)
    KINDS_TARGET.write_text(
        "".join(f"{kind}\t{', '.join(names)}\n" for kind, names in of_kinds(net)), "utf-8"
    )
    lines = list(table(net))
    packed = lzma.compress("\n".join(lines).encode("ascii"), preset=9 | lzma.PRESET_EXTREME)
    TARGET.write_bytes(packed)
    words = sum(line.count(" ") + 1 for line in lines)
    sys.stdout.write(f"{TARGET.name}: {words:,} words in {len(lines)} lines, {len(packed):,} bytes\n")


def table(net: WordNet) -> Iterator[str]:
    """Lines of facet, value and words; the words of no facet are words that mean nothing to a game."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    _nouns(net, found)
    _feelings(net, found)
    _irregular(net, found)
    found["", ""] = set(_no_slips(net, {word for words in found.values() for word in words}))
    for (facet, value), words in sorted(found.items()):
        yield f"{facet}\t{value}\t{' '.join(sorted(words))}"


def of_kinds(net: WordNet) -> Iterator[tuple[str, list[str]]]:
    """Each kind with the subjects that are of it."""
    for kind, names in KINDS.items():
        roots = {net.sense("noun", name) for name in names}
        found = []
        for subject in SUBJECTS.values():
            sense = _sense_of(net, subject)
            if sense and any(above.key in roots for _, above in net.above(sense, 20)):
                found.append(subject.name)
        yield kind, sorted(found)


def _no_slips(net: WordNet, meaning: set[str]) -> Iterator[str]:
    """Words that mean nothing to a game, and would be taken for others or their slips if nobody knew them.

    A corner is nothing with more corn in it; but a jumper jumps.
    """
    hand = {*by_hand()}
    certain = hand | {part for each in SUBJECTS.values() for part in (each.name, *each.keywords)}
    familiar, distant = vocabulary(certain), vocabulary(meaning)
    for word in dict.fromkeys((*net.known(), *net.words("noun"))):
        if not _plain(word) or word in certain | meaning:
            continue
        written = {*forms(word)}
        if written & (certain | meaning):
            if word.endswith("er") and not written & hand:
                yield word
        elif nearest(word, familiar) or nearest(word, distant):
            yield word


def _plain(word: str) -> bool:
    return len(word) > 2 and word.isascii() and word.replace("_", "").isalpha() and word.islower()


def _nouns(net: WordNet, found: dict[tuple[str, str], set[str]]) -> None:
    subjects = _subjects(net)
    themes = {net.sense("noun", place): theme for theme, places in PLACES.items() for place in places}
    taken = {word for word, senses in by_hand().items() if {sense.facet for sense in senses} != {"theme"}}
    taken |= set(SUBJECTS)
    exact: dict[str, str | None] = {}
    for word in sorted(net.words("noun"), key=lambda word: (word.count("_"), word)):
        senses = [s for s in net.likely(word) if s.file in CONCRETE | {"time", "group", "location"}]
        senses = [s for s in senses if not s.named or (s.file != "person" and net.count(word))]
        if not _plain(word) or word.count("_") > 1 or not senses or _unfit(net, word):
            continue
        if net.capital(word) and not net.count(word):
            continue
        subject = _nearest(net, senses, subjects, FAR)
        theme = _nearest(net, senses[:1], themes, FARTHER)
        exact[word] = subject
        last = word.rsplit("_", 1)[-1]
        if "_" in word and (subject is None or exact.get(last) == subject or last == subject):
            continue  # a phrase that its last word tells as well
        if word.replace("_", " ") in taken:
            continue
        if subject:
            found["subject", subject].add(word)
        elif theme and net.familiar(word) and word not in by_hand():
            found["theme", theme].add(word)


def _unfit(net: WordNet, word: str) -> bool:
    return any(bad in sense.gloss for sense in net.senses("noun", word)[:4] for bad in UNFIT)


def _nearest(net: WordNet, senses: Sequence[Synset], goals: Mapping[str, str], far: int) -> str | None:
    """The goal nearest above the first of ``senses`` that has one; a later sense counts as two steps more."""
    best: tuple[int, str] | None = None
    for place, sense in enumerate(senses):
        for distance, above in net.above(sense, far):
            if above.key in goals and (best is None or distance + 2 * place < best[0]):
                best = (distance + 2 * place, goals[above.key])
    return best[1] if best else None


def _subjects(net: WordNet) -> dict[str, str]:
    """Synset -> the subject that is it; of several, one by hand, then the one with the shortest name."""
    found: dict[str, str] = {}
    wide: dict[str, str] = {}
    order = sorted(SUBJECTS.values(), key=lambda each: (each.source != HAND, len(each.name), each.name))
    for subject in order:
        if (sense := _sense_of(net, subject)) is not None:
            found.setdefault(sense.key, subject.name)
            for wider in _keywords(net, subject, sense):
                wide.setdefault(wider, subject.name)
    for kind, names in STAND_INS.items():
        if present := [name for name in names if name in SUBJECTS]:
            wide[net.sense("noun", kind)] = present[0]
    return {**wide, **found}


def _keywords(net: WordNet, subject: Subject, sense: Synset) -> Iterator[str]:
    """Keys of what a subject is a kind of and is called as well: a chipmunk stands for squirrels."""
    for _, above in net.above(sense, 2):
        if {word.replace("_", " ") for word in above.words} & {*subject.keywords} - TOO_WIDE:
            yield above.key


def _sense_of(net: WordNet, subject: Subject) -> Synset | None:
    """The sense of a subject's name that its picture shows: drawable, and near to its keywords."""
    name = subject.name.replace(" ", "_")
    last = name.rsplit("_", 1)[-1]
    if "face" in name or last in TOO_WIDE:
        return None
    senses = net.senses("noun", name) or (net.senses("noun", last) if last in subject.keywords else [])
    around = {word.replace(" ", "_") for word in subject.keywords}
    scored = [
        (
            9 * (sense.file == "animal" and _is_animal(subject))
            + 3 * len(around & {*sense.words})
            + len(around & {*re.findall("[a-z]+", sense.gloss)})
            - place,
            -place,
            sense,
        )
        for place, sense in enumerate(senses)
        if sense.file in CONCRETE
    ]
    return max(scored, key=lambda entry: entry[:2])[2] if scored else None


def _is_animal(subject: Subject) -> bool:
    """Whether a subject's picture is one of Unicode's animals, or of our own dangers that may be one."""
    code = subject.source
    return any(first <= code <= last for first, last in ANIMALS) or (
        code == HAND and "hazard" in subject.roles
    )


def _feelings(net: WordNet, found: dict[tuple[str, str], set[str]]) -> None:
    """Adjectives whose first sense is one of ``FEELINGS``, or similar to it; the nearer wins."""
    reached: dict[str, tuple[int, tuple[str, str]]] = {}
    for value, names in FEELINGS.items():
        for sense in (net.synset(net.sense("adj", name)) for name in names):
            for steps, near in ((0, sense), *((1, other) for other in net.similar(sense))):
                for word in near.words:
                    if net.place("adj", word, near) == 0 and not any(bad in near.gloss for bad in UNFIT):
                        reached[word] = min(reached.get(word, (steps, value)), (steps, value))
    for word, (_, value) in reached.items():
        if _plain(word) and "_" not in word and word not in by_hand() and word not in SUBJECTS:
            found[value].add(word)


def _irregular(net: WordNet, found: dict[tuple[str, str], set[str]]) -> None:
    """Forms that no ending tells: "mice" stands wherever "mouse" does."""
    for form, word in net.exceptions():
        if not _plain(form) or "_" in form or word in forms(form):
            continue
        for words in found.values():
            if word in words:
                words.add(form)
        if word in SUBJECTS:
            found["subject", word].add(form)


if __name__ == "__main__":
    main()
