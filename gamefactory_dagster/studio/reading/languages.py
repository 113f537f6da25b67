"""Which language a prompt is written in, as far as its letters and commonest words tell.

What belongs here: recognising. What does not: understanding; only English is read.
"""

import unicodedata
from collections.abc import Mapping, Sequence

from .tokens import Token

ENGLISH = "English"

_SCRIPTS = (
    ("HIRAGANA", "Japanese"), ("KATAKANA", "Japanese"), ("HANGUL", "Korean"), ("CJK", "Chinese"),
    ("CYRILLIC", "a language in Cyrillic letters"), ("ARABIC", "a language in Arabic letters"),
    ("HEBREW", "Hebrew"), ("GREEK", "Greek"), ("THAI", "Thai"), ("DEVANAGARI", "a language of India"),
    ("BENGALI", "Bengali"), ("TAMIL", "Tamil"), ("ARMENIAN", "Armenian"), ("GEORGIAN", "Georgian"),
)  # fmt: skip
"""How the names of a script's letters begin in Unicode -> the language; those that tell one apart first."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORDS: Mapping[str, frozenset[str]] = {
    ENGLISH: _words(
        "a an the and or but with without of in on at to for from about is are be where who that this my "
        "your i you we it not no please make game play like some very too through"
    ),
    "German": _words(
        "ein eine einen einem einer der die das den dem des und oder mit ohne uber fur von im ist nicht kein "
        "keine spiel bitte ich mochte wo auf zu aus durch sehr"
    ),
    "French": _words(
        "un une le la les des du de et ou avec sans sur pour dans est pas jeu je veux qui que aux tres "
        "moi sont facile"
    ),
    "Spanish": _words(
        "un una el la los las de del y o con sin sobre para en es no juego por que quiero donde muy unos unas"
    ),
    "Italian": _words(
        "un uno una il lo la gli le di del della e o con senza su per nel nella non gioco che vorrei dove "
        "molto dei"
    ),
    "Portuguese": _words(
        "um uma o os as de do da dos das e ou com sem sobre para em no na jogo que quero onde muito nao"
    ),
    "Dutch": _words(
        "een het de en of met zonder over voor van niet geen spel ik wil waar op zijn heel graag"
    ),
    "Polish": _words("gra gre o z bez i w na dla jest nie prosze gdzie lub bardzo chce"),
    "Swedish": _words("ett en och eller med utan om for av inte spel jag vill dar pa ar mycket"),
    "Turkish": _words("bir oyun ve veya ile icin olan bu cok istiyorum hakkinda degil"),
}
"""Words that come in every other sentence, without accents."""

_ENOUGH = 2
"""Words of another language before a prompt is taken to be in it."""


def language_of(tokens: Sequence[Token]) -> str:
    """The language, in English; English where nothing speaks against it."""
    words = [token for token in tokens if not token.picture]
    foreign = [letter for token in words for letter in token.shown if letter.isalpha() and letter > "\u024f"]
    if len(foreign) * 2 > sum(len(token.shown) for token in words):
        names = {unicodedata.name(letter, "") for letter in foreign}
        for script, language in _SCRIPTS:
            if any(name.startswith(script) for name in names):
                return language
        return "a language in other letters"
    texts = [token.text for token in words]
    found = {language: sum(text in own for text in texts) for language, own in _WORDS.items()}
    best = max(found, key=lambda language: found[language])
    return best if found[best] >= _ENOUGH and found[best] > found[ENGLISH] else ENGLISH
