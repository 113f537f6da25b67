"""WordNet's own files, read: synsets, the words of each, and what stands above or beside them.

What belongs here: the format, as ``wndb(5WN)`` describes it. What does not: what a word is good for.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_LETTERS = {"noun": "n", "adj": "a", "verb": "v", "adv": "r"}
_NUMBERS = {"noun": "1", "verb": "2", "adj": "3", "adv": "4"}
_FILES = (
    "adj.all", "adj.pert", "adv.all", "Tops", "act", "animal", "artifact", "attribute", "body", "cognition",
    "communication", "event", "feeling", "food", "group", "location", "motive", "object", "person",
    "phenomenon", "plant", "possession", "process", "quantity", "relation", "shape", "state", "substance",
    "time",
)  # fmt: skip
"""Names of the lexicographers' files, by number; those of verbs do not matter here."""


@dataclass(frozen=True, slots=True)
class Synset:
    """What words mean together."""

    key: str
    file: str
    words: tuple[str, ...]
    """Lower case, parts joined by ``_``."""
    ups: tuple[str, ...]
    """Keys of what it is a kind of, or an instance of."""
    like: tuple[str, ...]
    """Keys of what it is similar to (adjectives)."""
    named: bool
    """Whether it is the one of its name, as a city or a person is."""
    gloss: str


class WordNet:
    """The files in ``folder``, as far as nouns and adjectives go."""

    def __init__(self, folder: Path) -> None:
        self._synsets: dict[str, Synset] = {}
        self._capitals = {
            word.lower()
            for line in (folder / "data.noun").read_text("latin1").splitlines()
            for word in line.partition(" | ")[0].split()[4::2]
            if word[0].isupper()
        }
        self._index: dict[str, dict[str, list[str]]] = {}
        for kind in ("noun", "adj"):
            for synset in _data(folder, kind):
                self._synsets[synset.key] = synset
            self._index[kind] = dict(_index(folder, kind))
        self._exceptions = [
            (line.split()[0], line.split()[1])
            for line in (folder / "noun.exc").read_text("latin1").splitlines()
        ]
        self._counts: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
        for line in (folder / "cntlist.rev").read_text("latin1").splitlines():
            key, number, count = line.split()
            word, rest = key.split("%")
            kind = "3" if rest[0] == "5" else rest[0]
            self._counts[word, kind][int(number)] = int(count)

    def words(self, kind: str) -> Iterator[str]:
        """Every word of ``kind`` ("noun", "adj")."""
        yield from self._index[kind]

    def senses(self, kind: str, word: str) -> Sequence[Synset]:
        """What ``word`` means, the most frequent first."""
        return [self._synsets[key] for key in self._index[kind].get(word, ())]

    def synset(self, key: str) -> Synset:
        """The synset of a key."""
        return self._synsets[key]

    def sense(self, kind: str, name: str) -> str:
        """The key of a sense by its word and number: "castle.2"."""
        word, number = name.split(".")
        return self._index[kind][word][int(number) - 1]

    def place(self, kind: str, word: str, sense: Synset) -> int:
        """Which of the senses of ``word`` this one is, from 0; 99 for none."""
        keys = self._index[kind].get(word, [])
        return keys.index(sense.key) if sense.key in keys else 99

    def count(self, word: str, kind: str = "noun") -> int:
        """How often ``word`` was met in texts that were counted."""
        return sum(self._counts.get((word, _NUMBERS[kind]), {}).values())

    def likely(self, word: str) -> list[Synset]:
        """The senses of a noun it may well have: the first, and those met a third as often; three at most.

        What is first of all food is the animal or the plant as well. None where the word is nearly always
        of another kind.
        """
        others = sum(self.count(word, kind) for kind in ("verb", "adj", "adv"))
        if others > 3 * self.count(word) + 3:
            return []
        met = self._counts.get((word, "1"), {})
        most = met.get(1, 0)
        senses = self.senses("noun", word)[:3]
        return [
            sense
            for number, sense in enumerate(senses, start=1)
            if number == 1
            or (number in met and 3 * met[number] >= most)
            or (senses[0].file == "food" and sense.file in {"animal", "plant"})
        ]

    def familiar(self, word: str) -> bool:
        """Whether ``word`` is more than a name in a list: met in texts, or of several meanings."""
        return self.count(word) > 0 or len(self.senses("noun", word)) > 1

    def capital(self, word: str) -> bool:
        """Whether a noun is written with a capital, as names are, also those of species."""
        return word in self._capitals

    def known(self) -> Iterator[str]:
        """Words of every kind that were met at least once, each once."""
        yield from dict.fromkeys(word for (word, _), met in self._counts.items() if any(met.values()))

    def above(self, sense: Synset, far: int) -> Iterator[tuple[int, Synset]]:
        """``sense`` and what it is a kind of, with the steps there, the nearest first."""
        seen = {sense.key}
        front = [sense]
        for distance in range(far + 1):
            yield from ((distance, one) for one in front)
            keys = dict.fromkeys(key for one in front for key in one.ups if key not in seen)
            seen.update(keys)
            front = [self._synsets[key] for key in keys]

    def similar(self, sense: Synset) -> list[Synset]:
        """What an adjective's sense is similar to."""
        return [self._synsets[key] for key in sense.like]

    def exceptions(self) -> Iterator[tuple[str, str]]:
        """Irregular forms of nouns, and what they are forms of."""
        yield from self._exceptions


def _data(folder: Path, kind: str) -> Iterator[Synset]:
    letter = _LETTERS[kind]
    for line in (folder / f"data.{kind}").read_text("latin1").splitlines():
        if line.startswith("  "):
            continue
        head, _, gloss = line.partition(" | ")
        parts = head.split()
        many = int(parts[3], 16)
        words = tuple(
            parts[4 + 2 * n].lower().removesuffix("(a)").removesuffix("(p)").removesuffix("(ip)")
            for n in range(many)
        )
        at = 4 + 2 * many
        pointers = [parts[at + 1 + 4 * n : at + 5 + 4 * n] for n in range(int(parts[at]))]
        yield Synset(
            key=letter + parts[0],
            file=_FILES[int(parts[1])] if int(parts[1]) < len(_FILES) else "",
            words=words,
            ups=tuple(letter + key for sign, key, _, _ in pointers if sign in {"@", "@i"}),
            like=tuple(letter + key for sign, key, _, _ in pointers if sign == "&"),
            named=any(sign == "@i" for sign, *_ in pointers),
            gloss=gloss.lower(),
        )


def _index(folder: Path, kind: str) -> Iterator[tuple[str, list[str]]]:
    for line in (folder / f"index.{kind}").read_text("latin1").splitlines():
        if not line.startswith("  "):
            parts = line.split()
            yield parts[0], [_LETTERS[kind] + key for key in parts[-int(parts[2]) :]]
