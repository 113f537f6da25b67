"""Twenty plain prompts written after the words were finished, which were never changed to understand them."""

from .prompts import Plain, _set

HELD_OUT = (
    Plain(
        "a gentle match-three game in a bakery with croissants and pretzels",
        {"mood": "calm", "genre": "puzzle", "theme": "candy", "subjects": _set("croissant", "pretzel")},
    ),
    Plain(
        "race through a neon metropolis on a motorcycle, very fast, no lives",
        {
            "genre": "runner", "style": "neon_futuristic", "theme": "city", "pace": "fast",
            "subjects": _set("motorcycle"), "without": _set("health_system"),
        },
    ),
    Plain(
        "An easy underwater adventure with an octopus hunting for treasure",
        {"difficulty": "easy", "theme": "reef", "mood": "heroic", "subjects": _set("octopus", "treasure")},
    ),
    Plain(
        "pencil sketch puzzle about bees and sunflowers, unhurried",
        {"style": "hand_drawn", "genre": "puzzle", "pace": "slow", "subjects": _set("bee", "sunflower")},
    ),
    Plain(
        "creepy castle run where a bat avoids garlic",
        {
            "mood": "mysterious", "theme": "castle", "genre": "runner", "subjects": _set("bat", "garlic"),
        },
    ),
    Plain(
        "8-bit space game: an alien collects stars, fairly hard",
        {
            "style": "pixel_retro", "theme": "space", "difficulty": "medium",
            "subjects": _set("alien", "star"),
        },
    ),
    Plain(
        "brutal platformer on a volcano with a goat leaping across rocks",
        {
            "difficulty": "hard", "genre": "platformer", "theme": "volcano", "mechanics": _set("tap_jump"),
            "subjects": _set("goat", "rock"),
        },
    ),
    Plain(
        "silly game with frogs and umbrellas, bright daylight, watercolours",
        {
            "mood": "playful", "light": "day", "style": "watercolor", "subjects": _set("frog", "umbrella"),
        },
    ),
    Plain(
        "please make a tranquil game for toddlers about ducks on a pond",
        {"mood": "calm", "difficulty": "easy", "theme": "garden", "subjects": _set("duck")},
    ),
    Plain(
        "memory game with fruits: pineapples, kiwis, melons, in flat design",
        {
            "genre": "casual", "style": "flat_modern", "mechanics": _set("card_flip"),
            "subjects": _set("pineapple", "kiwi", "melon"),
        },
    ),
    Plain(
        "an elephant wandering the savannah at dusk, slow paced and dreamy",
        {
            "theme": "desert", "light": "night", "pace": "slow", "mood": "dreamy",
            "subjects": _set("elephant"),
        },
    ),
    Plain(
        "kawaii bakery puzzle with donuts, without a countdown",
        {
            "style": "soft_pastel", "theme": "candy", "genre": "puzzle", "subjects": _set("donut"),
            "without": _set("timer_countdown"),
        },
    ),
    Plain(
        "thrilling escape from a dinosaur in the jungle",
        {"mood": "tense", "theme": "jungle", "subjects": _set("dinosaur")},
    ),
    Plain(
        "a snowman delivers gifts in the arctic night, moderately difficult",
        {
            "theme": "arctic", "light": "night", "difficulty": "medium", "subjects": _set("snowman", "gift"),
        },
    ),
    Plain(
        "low-poly orchard puzzle with apples and hedgehogs, cheerful",
        {
            "style": "low_poly", "theme": "orchard", "genre": "puzzle", "mood": "bright",
            "subjects": _set("apple", "hedgehog"),
        },
    ),
    Plain(
        "simple arcade game with a helicopter dodging balloons",
        {"difficulty": "easy", "genre": "arcade", "subjects": _set("helicopter", "balloon")},
    ),
    Plain(
        "gothic puzzle about ravens and candles, not easy",
        {
            "style": "dark_gothic", "genre": "puzzle", "difficulty": "hard",
            "subjects": _set("raven", "candle"),
        },
    ),
    Plain(
        "a wizard and his broom fly over the city, minimalist, beat the clock",
        {
            "theme": "city", "style": "clean_minimal", "mechanics": _set("timer_countdown"),
            "subjects": _set("wizard", "broom"),
        },
    ),
    Plain(
        "desert caravan runner with camels collecting dates and water",
        {"theme": "desert", "genre": "runner", "subjects": _set("camel")},
    ),
    Plain(
        "clockwork mouse chases cheese through a workshop, lively and funny",
        {"theme": "clockwork", "mood": "playful", "subjects": _set("mouse", "cheese")},
    ),
)  # fmt: skip
