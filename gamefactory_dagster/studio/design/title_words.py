"""The words of titles for games somebody wished: what a mood and a light add to the name of a thing.

What belongs here: vocabulary, as data. What does not: how it becomes a title (``names.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .gdd import Light
from .wishes import Mood


@dataclass(frozen=True, slots=True)
class TitleWords:
    """Words of titles, as they stand in one: short, and good beside any thing."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def _words(before: str, after: str) -> TitleWords:
    return TitleWords(tuple(before.split()), tuple(after.split()))


MOODS: Mapping[Mood, TitleWords] = {
    "calm": _words("Quiet Gentle Still Hushed Mellow Slow", "Hush Haven Drift Rest Harbour Lull"),
    "dreamy": _words("Dreaming Drifting Velvet Cloudy Sleepy", "Dream Reverie Lullaby Isle Mist Wonder"),
    "bright": _words("Happy Sunny Merry Golden Jolly Bright", "Parade Picnic Holiday Smiles Jubilee Fair"),
    "mysterious": _words("Hidden Whispering Secret Strange Lost", "Secret Whisper Riddle Shadow Echo"),
    "heroic": _words("Brave Mighty Noble Bold Grand Valiant", "Quest Glory Legend Saga Venture Crown"),
    "playful": _words("Silly Bouncy Giddy Cheeky Tiny Dizzy", "Romp Caper Jamboree Frolic Antics Giggle"),
    "tense": _words("Daring Restless Wild Last Burning Sudden", "Alarm Peril Escape Pursuit Edge Storm"),
}  # fmt: skip

LIGHTS: Mapping[Light, TitleWords] = {
    "night": _words(
        "Midnight Moonlit Starlit Evening Twilight", "Night Nocturne Midnight Moonrise Starlight"
    ),
    "day": _words("Morning Sunlit Daybreak Summer Noonday", "Morning Sunrise Day Daylight Noon"),
}

OPEN: TitleWords = _words("Little Lucky Curious Roaming Wandering Odd", "Isle Trail Tale Corner Days Story")
"""Where neither mood nor light was asked for."""
