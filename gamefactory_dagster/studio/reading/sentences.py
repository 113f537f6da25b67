"""What is said in a prompt, word by word: what is denied, what is to be what, what is not understood.

What belongs here: how a word changes what its neighbours mean. What does not: what words mean alone
(``lexicon.py``), and which of several wishes wins (``choosing.py``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

from gamefactory_dagster.studio.design.subjects import SUBJECTS
from gamefactory_dagster.studio.design.wishes import Part

from .lexicon import Sense, look_up
from .tokens import Token

_REACH = 4
"""Words behind a "no" within which it looks for what it denies."""

_JOINED = frozenset(("and", "or", "nor"))
"""Words over which a denial goes on to a thing of the same kind: "without enemies or timers"."""

_UNDENIES = frozenset(("with", "about", "featuring", "where", "while", "because"))
"""Words behind which nothing is denied any more: "no timer with cats"."""

_ALIKE = {"mechanics": "thing", "subject": "thing"}
"""Facets that count as one kind where a denial goes on."""

_DIRECT = frozenset(("pickup", "hazard"))
"""Roles given by a verb: who stands before it is the hero."""

_INFLECTED = ("s", "ing", "ed")
"""Endings of a verb that is no noun."""

_OF_PEOPLE = frozenset(("weapon", "cruelty"))
"""Kinds of hurt where whoever or whatever is named beside them is left out too."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word or phrase that means something for a game."""

    words: str
    senses: tuple[Sense, ...]
    clause: int
    denied: bool = False
    softened: bool = False
    turned: bool = False
    """Whether a "but" stands before it: then it outweighs what was said before."""
    role: Part | None = None


@dataclass(slots=True)
class Heard:
    """All of a prompt, in its order."""

    said: list[Said] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    """As written, each once."""
    hurtful: list[str] = field(default_factory=list)
    """Likewise: words no game is made of."""


def hear(tokens: Sequence[Token], correct: Callable[[str], tuple[Sense, ...]]) -> Heard:
    """Go through a prompt once. ``correct`` gives what a word means that nobody knows, or nothing."""
    listener = _Listener(correct)
    at = 0
    while at < len(tokens):
        length, senses = look_up(tokens, at)
        listener.hear(tokens[at : at + length], senses)
        at += length
    return listener.heard()


class _Listener:
    """Where in a sentence we are: one object a prompt."""

    def __init__(self, correct: Callable[[str], tuple[Sense, ...]]) -> None:
        self._correct = correct
        self._heard = Heard()
        self._clause = -1
        self._bad_clauses: set[int] = set()
        self._turned = False
        self._begin(-1)

    def heard(self) -> Heard:
        """All that was heard, without what stood beside something hurtful."""
        self._heard.said = [
            said
            if said.clause not in self._bad_clauses
            else replace(said, senses=tuple(s for s in said.senses if s.facet not in {"subject", "theme"}))
            for said in self._heard.said
        ]
        shown = {said.words for said in self._heard.said}
        self._heard.ignored = [word for word in dict.fromkeys(self._heard.ignored) if word not in shown]
        self._heard.hurtful = list(dict.fromkeys(self._heard.hurtful))
        return self._heard

    def hear(self, words: Sequence[Token], senses: tuple[Sense, ...]) -> None:
        """The next word or phrase."""
        first = words[0]
        if first.clause != self._clause:
            self._begin(first.clause)
        senses = senses or (() if first.picture else self._correct(first.text))
        shown = " ".join(dict.fromkeys(token.shown for token in words))
        if not senses:
            self._heard.ignored.append(shown)
            self._go_on()
            return
        self._obey([sense for sense in senses if sense.of_grammar], first.text, shown)
        meant = tuple(sense for sense in senses if not sense.of_grammar)
        if meant:
            self._say(shown, meant)
        else:
            self._go_on()

    def _begin(self, clause: int) -> None:
        self._clause = clause
        self._role: Part | None = None
        self._soft = False
        self._distance = 0
        """Words since a denial, counted from 1; 0 while nothing is denied."""
        self._denied: str | None = None
        """The kind of thing that is being denied, once there was one."""
        self._joined = False
        self._who: list[int] = []
        """Places of the subjects of which a verb would make one the hero."""

    def _obey(self, senses: Sequence[Sense], word: str, shown: str) -> None:
        self._joined = self._joined or word in _JOINED
        if word in _UNDENIES and not self._denies_next():
            self._affirm()
        for sense in senses:
            match sense.facet:
                case "deny":
                    self._affirm()
                    self._distance = 1
                case "soften":
                    self._soft = True
                case "turn":
                    self._affirm()
                    self._turned = True
                case "hurt" if not self._distance:
                    self._heard.hurtful.append(shown)
                    if sense.value in _OF_PEOPLE:
                        self._bad_clauses.add(self._clause)
                case "move":
                    self._act(None, word)
                case "role" if sense.value in _DIRECT:
                    self._act(_part(sense.value), word)
                case "role":
                    self._role = _part(sense.value)

    def _act(self, role: Part | None, verb: str) -> None:
        """A verb: who was named before it does it, and what comes behind it has ``role``.

        Of several it is the first that can be a hero. What cannot becomes one by a verb that is plainly one:
        in "a castle run" nobody runs, in "a castle that runs" somebody does.
        """
        self._role = role
        able = [at for at in self._who if self._can(at, "hero")]
        plain = self._who[-1:] if verb.endswith(_INFLECTED) else []
        for at in (able or plain)[:1]:
            if self._heard.said[at].role is None:
                self._heard.said[at] = replace(self._heard.said[at], role="hero")
        self._who = []

    def _can(self, at: int, role: Part) -> bool:
        return _can(self._heard.said[at].senses, role)

    def _go_on(self) -> None:
        """A word that is no thing: a denial that is under way looks one further."""
        self._distance += bool(self._distance)

    def _denies_next(self) -> bool:
        """Whether the word before denies, and nothing yet: "not about cats"."""
        return self._distance == 2 and self._denied is None

    def _affirm(self) -> None:
        self._distance, self._denied = 0, None

    def _say(self, shown: str, senses: tuple[Sense, ...]) -> None:
        kinds = {_ALIKE.get(sense.facet, sense.facet) for sense in senses}
        within = 0 < self._distance <= _REACH
        denied = within and (self._denied is None or (self._joined and self._denied in kinds))
        if denied:
            self._denied = self._denied or _ALIKE.get(senses[0].facet, senses[0].facet)
            self._distance = 1
        else:
            self._affirm()
        named = any(sense.facet == "subject" for sense in senses)
        role = self._role if self._role != "scenery" or _can(senses, "scenery") else None
        self._heard.said.append(
            Said(
                shown,
                senses,
                self._clause,
                denied=denied,
                softened=self._soft,
                turned=self._turned,
                role=role if named else None,
            )
        )
        if named and not denied:
            self._who.append(len(self._heard.said) - 1)
        self._soft = self._turned = self._joined = False


def _can(senses: Sequence[Sense], role: Part) -> bool:
    """Whether a subject that was named can be ``role``."""
    return any(sense.facet == "subject" and role in SUBJECTS[sense.value].roles for sense in senses)


def _part(value: str) -> Part | None:
    return next((part for part in get_args(Part) if part == value), None)
