"""The layering of a game's scripts: each file defines one name and uses only names of files loaded before it.

What belongs here: checking ``web/src/``. What does not: which files there are (``player``, ``families``).
"""

import json
import re
from collections.abc import Collection, Mapping

from gamefactory_dagster.studio.tools import v8

_DEFINES = re.compile(rb"^const ([A-Za-z_]\w*) =", re.MULTILINE)
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
    defined = {name: _DEFINES.findall(sources[name]) for name in order}
    found = [
        f"{name} defines {len(names)} names; one is right"
        for name, names in defined.items()
        if len(names) != 1 and name != order[-1]
    ]
    for position, name in enumerate(order):
        code = _COMMENT_OR_STRING.sub(b" ", sources[name])
        for later in order[position + 1 :]:
            for global_name in defined[later]:
                if re.search(rb"(?<![.\w$])%s\b(?!\s*:)" % re.escape(global_name), code):
                    found.append(f"{name} uses {global_name.decode()}, which {later} defines after it")
    return found + _unparsable({name: sources[name] for name in order})


def _unparsable(scripts: Mapping[str, bytes]) -> list[str]:
    from py_mini_racer import JSParseException

    found = []
    with v8.context() as context:
        for name, content in scripts.items():
            try:
                context.eval(f"(() => {{ {content.decode()}\n}})")
            except JSParseException as error:
                found.append(f"{name} does not parse: {str(error).splitlines()[0]}")
    return found
