"""What a file that is no event file looks like, and what its owner can do about it.

What belongs here: telling other forms of data by how refused lines begin, in words for a person. Pure, and
only ever a guess. What does not: whether an event is good (``events.py``).

Fields of exports: Amplitude's Export API, Google's BigQuery export schema of GA4, PostHog's batch exports.
"""

import re
from collections.abc import Callable, Sequence

Beginnings = Sequence[str]
"""How the first refused lines begin, as quarantine keeps them: bytes that are no UTF-8 stand as ``\\xNN``."""

_FIELD = re.compile(r'"([$\w]+)"\s*:')
_SEPARATORS = ",;\t|"
_TAR_HEADER = 4 * 512
"""Characters of a block of 512 bytes, each spelt out."""

_FORMS = "docs/metrics.md says what an event has"

_BINARY = {
    "PAR1": "a Parquet file: write its rows as JSON lines, for example with DuckDB:"
    " COPY (FROM 'x.parquet') TO 'x.ndjson' (FORMAT json)",
    r"\xfd7zXZ": "a file packed by xz: unpack it, as in xz -dc FILE | gamefactory events import -",
    r"7z\xbc\xaf": "a 7z archive: unpack it first",
    "Obj\x01": "an Avro file: write its records as JSON lines first",
    "SQLite format 3": "an SQLite database: write its rows as JSON lines first",
    "<": "a page of HTML or XML, perhaps an error instead of the file: look at it",
}
"""How a first line begins that is of no use, and what it is."""

_EXPORTS = {
    "an Amplitude export": (
        {"event_type", "event_time"},
        "event_id from uuid, timestamp from event_time, properties from event_properties, session_id as text",
    ),
    "a GA4 export from BigQuery": (
        {"event_name", "event_timestamp"},
        "event_type from event_name, timestamp from event_timestamp (microseconds since 1970), user_id from"
        " user_pseudo_id, session_id and properties from event_params; event_id is a UUID of your making",
    ),
    "a PostHog or Mixpanel export": (
        {"event", "distinct_id"},
        "event_id from uuid, event_type from event, user_id from distinct_id, session_id from"
        " properties.$session_id, timestamp from timestamp or from properties.time (seconds since 1970)",
    ),
}
"""Where events come from, by fields that they all have; and which of our fields are made of which."""


def looks_like(beginnings: Beginnings) -> str:
    """Say in a clause what refused lines look like and what to do: "a table of CSV: ..."."""
    guesses: tuple[Callable[[Beginnings], str | None], ...] = (
        _binary, _other_text, _document, _ours, _export, _table,
    )  # fmt: skip
    found = (guess(beginnings) for guess in guesses if beginnings)
    return next(filter(None, found), None) or f"nothing that is known here; {_FORMS}"


def _other_text(beginnings: Beginnings) -> str | None:
    first = beginnings[0]
    if first.startswith((r"\xff\xfe", r"\xfe\xff")) or first.count(r"\x00") * 8 > len(first):
        return "text in UTF-16 or UTF-32: convert it, as in iconv -f UTF-16 -t UTF-8 FILE > events.ndjson"
    return None


def _binary(beginnings: Beginnings) -> str | None:
    first = beginnings[0].lstrip()
    if r"\x00ustar" in first[:_TAR_HEADER]:
        return "a tar archive: unpack it first, and give the folder"
    return next((said for mark, said in _BINARY.items() if first.startswith(mark)), None)


def _fields(beginnings: Beginnings) -> set[str]:
    return {field for text in beginnings for field in _FIELD.findall(text)}


def _ours(beginnings: Beginnings) -> str | None:
    if {"event_id", "game_id", "timestamp"} <= _fields(beginnings):
        return "events of the right form with faults in them: the reasons say which"
    return None


def _export(beginnings: Beginnings) -> str | None:
    fields = _fields(beginnings)
    for name, (has, made_of) in _EXPORTS.items():
        if has <= fields:
            return f"{name}: its fields have other names. {_FORMS}; make {made_of}, and game_id a UUID"
    return None


def _document(beginnings: Beginnings) -> str | None:
    """One JSON value over many lines, or events inside an object of a line."""
    first = beginnings[0].strip()
    inside = re.match(r'\{\s*"(\w+)"\s*:\s*\[', "".join(beginnings))
    if inside:
        return f"one JSON object with a list in it: take the list out, as in jq -c '.{inside[1]}[]' FILE"
    if first in {"{", "[", "[["}:
        return "JSON spread over lines: put one object on a line, as in jq -c . FILE"
    if first.startswith("["):
        return "lists, not objects: put one object on a line, as in jq -c '.[]' FILE"
    return None


def _table(beginnings: Beginnings) -> str | None:
    first, *others = beginnings
    for separator in _SEPARATORS:
        columns = first.count(separator)
        if columns and not first.startswith("{") and all(separator in other for other in others):
            return (
                f"a table with {columns + 1} columns, such as CSV: write each row as a JSON object on a line;"
                f" {_FORMS}"
            )
    return None
