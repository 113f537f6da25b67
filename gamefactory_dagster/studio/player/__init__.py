"""The web player: one shell every family plays in, as source files for a game's ``web`` folder.

What belongs here: the files of the shell and the page they run in. What does not: rules and views of a
family (``families/``), the event names (``design/event_spec.py``), bundling and minifying
(``shipping/build.py``).
"""

import html
import json
import re
from pathlib import Path
from string import Template

from gamefactory_dagster.studio import families
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.families.base import Family

CORE = "core.js"
GENERATED = ("events.js",)
"""Made from the event spec by a later step; in the load order, but not among ``sources``."""

SHELL = (
    "files.js", "save.js", "music.js", "sound.js", "analytics.js", "progress.js", "dom.js", "hud.js",
    "sparks.js", "cries.js", "flights.js", "feel.js", "tools.js", "teach.js", "say.js", "stage.js", "beat.js",
    "play.js", "ads.js", "skins.js", "screens.js", "map.js", "results.js", "shop.js", "drive.js", "main.js",
)  # fmt: skip
"""The scripts every game has, after its family's own."""

STYLES = ("style.css", "menus.css")
"""What the page looks like: the stage and the pieces all screens are made of, then the screens."""

_FOLDER = Path(__file__).parent
_CAUSES = re.compile(rb"(?<=^  const CAUSES = {)}.*$", re.MULTILINE)
"""The line of ``screens.js`` that waits for the causes."""

_NO_ICON = "data:,"
"""An empty icon keeps browsers from asking the server for one that is not there."""


def sources(family: Family) -> dict[str, bytes]:
    """Give the files of ``web/src`` in load order, and ``manifest.json``, the list of their names.

    The manifest also names ``events.js``, which ``event_spec.javascript`` makes.
    """
    order = (CORE, *family.scripts, *GENERATED, *SHELL)
    folders = dict.fromkeys(family.scripts, family.folder)
    files = {
        name: (folders.get(name, _FOLDER) / name).read_bytes() for name in order if name not in GENERATED
    }
    files["screens.js"] = _explaining(files["screens.js"], family)
    files["manifest.json"] = (json.dumps(order, indent=2) + "\n").encode()
    return files


def _explaining(screens: bytes, family: Family) -> bytes:
    """``screens.js`` with the causes of every family, in order of family; the game's own words win."""
    told: dict[str, str] = {}
    for each in (*families.FAMILIES.values(), family):
        told |= each.causes
    rows = "".join(f"    {cause}: {json.dumps(text, ensure_ascii=False)},\n" for cause, text in told.items())
    filled, count = _CAUSES.subn(lambda _: f"\n{rows}  }};".encode(), screens)
    assert count == 1, "screens.js must wait for the causes on one line"
    return filled


def page(gdd: GDD) -> bytes:
    """Give ``index.html``: the skeleton, the styles, and what search engines and screen readers need."""
    template = Template((_FOLDER / "page.html").read_text(encoding="utf-8"))
    text = template.substitute(
        name=html.escape(gdd.name),
        tagline=html.escape(gdd.tagline),
        icon=_NO_ICON,
        style="\n".join((_FOLDER / name).read_text(encoding="utf-8").rstrip() for name in STYLES),
    )
    return text.encode()
