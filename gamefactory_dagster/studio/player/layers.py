"""The layering of a game's scripts: each file defines one name and uses only names of files loaded before it.

What belongs here: checking ``web/src/``. What does not: which files there are (``player``, ``families``).
"""

import functools
import json
import re
from collections.abc import Collection, Mapping

from gamefactory_dagster.studio.tools import v8

_DEFINES = re.compile(rb"^const ([A-Za-z_]\w*) =", re.MULTILINE)
_USES = re.compile(rb"(?<![.\w$])[A-Za-z_]\w*\b(?!\s*:)")
_COMMENT_OR_STRING = re.compile(rb"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)


def problems(sources: Mapping[str, bytes], to_come: Collection[str] = ()) -> list[str]:
    """What is wrong with these files; ``manifest.json`` lists the scripts in load order.

    Scripts in ``to_come`` are generated later and may be missing.
    """
    listed: list[str] = json.loads(sources["manifest.json"])
    order = [name for name in listed if name in sources or name not in to_come]
    missing = [f"{name} is in the manifest but not there" for name in order if name not in sources]
    if missing:
        return missing
    defined = {name: _defined(sources[name]) for name in order}
    found = [
        f"{name} defines {len(names)} names; one is right"
        for name, names in defined.items()
        if len(names) != 1 and name != order[-1]
    ]
    for position, name in enumerate(order):
        used = _used(sources[name])
        for later in order[position + 1 :]:
            for global_name in sorted(used.intersection(defined[later])):
                found.append(f"{name} uses {global_name.decode()}, which {later} defines after it")
    complaints = zip(order, v8.parse_errors([sources[name].decode() for name in order]), strict=True)
    return found + [f"{name} does not parse: {complaint}" for name, complaint in complaints if complaint]


_SCRIPTS = 256
"""More than all families have together, whose scripts are the same in every game."""


@functools.lru_cache(maxsize=_SCRIPTS)
def _defined(script: bytes) -> list[bytes]:
    return _DEFINES.findall(script)


@functools.lru_cache(maxsize=_SCRIPTS)
def _used(script: bytes) -> frozenset[bytes]:
    return frozenset(_USES.findall(_COMMENT_OR_STRING.sub(b" ", script)))


def read_all(sources: Mapping[str, bytes]) -> None:
    """Read the names in these files; a process then knows them, and so do its forks."""
    for name, script in sources.items():
        if name.endswith(".js"):
            _defined(script)
            _used(script)
