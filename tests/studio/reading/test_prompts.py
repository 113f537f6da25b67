"""What is understood of the sixty prompts, and of twenty more that the words were never fitted to."""

import pytest

from gamefactory_dagster.studio.design.subjects import SUBJECTS
from gamefactory_dagster.studio.reading import read

from .held_out import HELD_OUT
from .prompts import HOSTILE, ODD, PLAIN, Plain

RIGHT_OF_PLAIN = (93, 93)
RIGHT_OF_HELD_OUT = (96, 97)
"""Facets understood, of those said: the score of the first time it was taken."""


def judged(prompt: Plain) -> tuple[list[str], list[str]]:
    """The facets that were read as they are said, and those that were not."""
    wishes = read(prompt.text).wishes
    right, wrong = [], []
    for facet, said in prompt.says.items():
        if facet == "subjects":
            called = {name for mention in wishes.subjects for name in _called(mention.subject)}
            found = {name: name in called for name in said}
        elif isinstance(said, frozenset):
            found = {name: name in getattr(wishes, facet) for name in said}
        else:
            found = {said: getattr(wishes, facet) == said}
        for value, ok in found.items():
            (right if ok else wrong).append(f"{facet} {value}")
    return right, wrong


def _called(name: str) -> set[str]:
    """What a subject is called: a red skateboard is a skateboard, a chipmunk a squirrel."""
    return {name, name.rsplit(maxsplit=1)[-1], *SUBJECTS[name].keywords}


def score(prompts: tuple[Plain, ...]) -> tuple[int, int]:
    judgements = [judged(prompt) for prompt in prompts]
    right = sum(len(good) for good, _ in judgements)
    return right, right + sum(len(bad) for _, bad in judgements)


def test_of_plain_prompts_at_least_as_much_is_understood_as_ever() -> None:
    right, said = score(PLAIN)
    assert said == RIGHT_OF_PLAIN[1]
    assert right >= RIGHT_OF_PLAIN[0], [judged(prompt)[1] for prompt in PLAIN]


def test_the_words_hold_for_prompts_they_were_not_fitted_to() -> None:
    right, said = score(HELD_OUT)
    assert (right, said) >= RIGHT_OF_HELD_OUT, [judged(prompt)[1] for prompt in HELD_OUT]


def test_two_prompts_that_say_different_things_are_different_wishes() -> None:
    read_so = [read(prompt.text).wishes for prompt in (*PLAIN, *HELD_OUT)]
    assert len({wishes.model_dump_json() for wishes in read_so}) == len(read_so)


def subjects_in(text: str) -> list[str]:
    return [mention.subject for mention in read(text).wishes.subjects]


WHAT_ODD_PROMPTS_SAY = {
    "my grandmother's kitchen": {"subjects": ["grandmother"]},
    "something like tetris but with feelings": {"genre": "puzzle"},
    "the year is 2174 and only the accordions survived": {"subjects": ["accordion"]},
    "PLEASE MAKE IT ABOUT WALRUSES!!!": {"subjects": ["seal"]},
    "a gmae abuot pirats and tresure": {"subjects": ["pirate", "treasure chest"]},
    "not a puzzle, no animals, nothing at night, and please nothing scary": {
        "genre": "runner", "light": "day", "mood": "bright", "subjects": [],
    },
    "ein ruhiges Spiel über Leuchttürme": {"language": "German"},
    "un jeu de course avec des chats": {"language": "French", "subjects": []},
    "猫のゲームを作ってください": {"language": "Japanese"},
    "cathedral cathedral cathedral": {"subjects": ["church"], "theme": "castle"},
    "I want to be a cloud that rains on festivals": {"hero": "cloud"},
    "one-button game for my cat (she is asleep)": {"mechanics": ("tap_jump",), "subjects": ["cat"]},
    "Moby Dick, but you are the whale": {"hero": "whale", "theme": "reef"},
    "office simulator: printers, paper jams, coffee, Monday": {"subjects": ["printer", "coffee"]},
    "the sound of one hand clapping": {"nothing": True},
    "an opera singer escapes from an aquarium on a unicycle while bagpipes play": {"hero": "singer"},
    "hard but fair but easy": {"difficulty": "easy"},
    "a runner where you do not run": {"genre": "runner"},
    "🦉🌙🏰": {"subjects": ["brown owl", "crescent moon", "fairy castle"]},
    "windmills, submarines, and a very small volcano in a teacup": {"theme": "volcano"},
}  # fmt: skip


@pytest.mark.parametrize("prompt", ODD, ids=range(len(ODD)))
def test_odd_prompts_say_what_they_say(prompt: str) -> None:
    reading = read(prompt)
    for what, value in WHAT_ODD_PROMPTS_SAY[prompt].items():
        if what == "subjects":
            assert subjects_in(prompt)[: len(value) or None] == value
        elif what == "hero":
            assert value in [mention.subject for mention in reading.wishes.subjects if mention.role == "hero"]
        elif what == "language":
            assert reading.language == value
            assert value in reading.notes[0]
        elif what == "nothing":
            assert reading.wishes.as_json() == {}
            assert "Nothing of this was understood" in reading.notes[0]
        else:
            assert getattr(reading.wishes, what) == value


NOTHING = (
    "../../../../etc/passwd", "asdf qwer zxcv uiop", "?", "0", "null", "-----", "\u200b\u200b\u200b\u200b",
    "a" * 4000, "the of and to in it is", "zalgo: h\u0321\u0353e\u0322\u0318 c\u0337o\u0336m\u0335e\u0338s",
    "%s%n%x {0} {prompt.__class__} ${7*7} {{7*7}}",
)  # fmt: skip


@pytest.mark.parametrize("prompt", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_prompts_are_words_like_any_other(prompt: str) -> None:
    reading = read(prompt)
    json = reading.as_json()
    assert len(str(json)) < 4000, "what is stored of a reading is bounded"
    if prompt in NOTHING:
        assert json["wishes"] == {}
        assert reading.notes == ("Nothing of this was understood; here is a game anyway.",)


def test_many_times_one_word_is_that_word() -> None:
    assert subjects_in("lighthouse " * 360) == ["lighthouse"]


def test_what_hurts_is_left_out_with_whatever_stands_beside_it() -> None:
    reading = read("kill everybody with a gun in a school, but give me a calm garden with a fox")
    assert "kill" in reading.notes[0]
    assert "gun" in reading.notes[0]
    assert [mention.subject for mention in reading.wishes.subjects] == ["fox"]
    assert reading.wishes.theme == "garden"
    assert subjects_in("a knight kills a dragon") == ["knight", "dragon"]
    assert not read("a knight without a gun and without blood").notes
