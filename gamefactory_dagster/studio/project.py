"""The words around a game, each from the design alone: README, licence, workflow, listing, privacy page.

What belongs here: texts a person or a store reads. What does not: the player, the data, the analytics spec.
"""

import html
import json
from typing import Any

from gamefactory_dagster.studio.gdd import GDD

STORE_TITLE = 30
STORE_SHORT = 80
"""Most characters of a title and of a short description in the Play Store's listing."""


def readme(gdd: GDD) -> str:
    """What a person sees first in the game's repository (Markdown)."""
    mechanics = "\n".join(f"- {_words(name)}" for name in gdd.mechanics)
    return f"""# {_escaped(gdd.name)}

{_escaped(gdd.tagline)}

A {gdd.genre} in the theme *{_words(gdd.style_guide.theme)}*, drawn in the style \
*{_words(gdd.style_guide.style)}*. Ten levels: {gdd.progression.free_levels} are open from the start,
the others open one by one for watching an ad.

## Mechanics
{mechanics}

## How a level is lost
{_list(gdd.fail_states)}

## What is where
| path | what it is |
|---|---|
| `gdd.json` | the design; everything else follows from it |
| `web/src/` | the source of the web player, joined in the order of `manifest.json` |
| `web/game.json` | the levels and everything else the player is told |
| `certificates/` | for every level the inputs that win it, and the state they end in |
| `analytics/events.json` | what the game reports, and when |
| `reports/` | what was tested |

There is nothing to compile. To play from here, serve `web/` after joining `web/src/` into `web/player.js`,
as `.github/workflows/web.yml` does.
"""


def licence(gdd: GDD) -> str:
    """The MIT licence, for the game's makers."""
    return f"""MIT License

Copyright (c) the makers of {gdd.name}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def web_manifest(gdd: GDD) -> dict[str, Any]:
    """The web app manifest (W3C), so that the game can be put on a home screen."""
    return {
        "name": gdd.name,
        "short_name": gdd.name[:12].strip(),
        "description": gdd.tagline,
        "start_url": "./index.html",
        "display": "fullscreen",
        "orientation": "any",
        "icons": [{"src": "icon.png", "sizes": "512x512", "type": "image/png"}],
    }


def web_workflow(gdd: GDD) -> str:
    """A GitHub Actions workflow that joins the sources and publishes ``web/`` to GitHub Pages."""
    return f"""name: {json.dumps(f"Publish {gdd.name}", ensure_ascii=False)}
on:
  push:
    branches: [main]
permissions:
  contents: read
  pages: write
  id-token: write
concurrency: pages
jobs:
  web:
    runs-on: ubuntu-latest
    environment:
      name: github-pages
    steps:
      - uses: actions/checkout@v4
      - name: Join the sources in the order of their manifest
        run: |
          cd web/src
          jq -r '.[]' manifest.json | xargs -d '\\n' cat > ../player.js
          cd .. && rm -r src
      - uses: actions/upload-pages-artifact@v3
        with:
          path: web
      - uses: actions/deploy-pages@v4
"""


def store_listing(gdd: GDD) -> dict[str, Any]:
    """Texts for a store, within the Play Store's lengths."""
    return {
        "title": _cut(gdd.name, STORE_TITLE),
        "short_description": _cut(gdd.tagline, STORE_SHORT),
        "full_description": f"{gdd.tagline}\n\n{gdd.core_loop.summary}\n\n"
        f"Ten levels, each proven winnable. {gdd.progression.free_levels} are open from the start; "
        "watch an ad to open the next.",
        "category": "GAME_PUZZLE" if gdd.genre == "puzzle" else "GAME_CASUAL",
        "contains_ads": True,
        "in_app_purchases": False,
        "privacy_policy": "privacy.html",
        "pictures": {"icon": "icon.png", "feature": "splash.png"},
    }


def privacy_page(gdd: GDD) -> str:
    """What the game reports and keeps, as a page beside it."""
    name = html.escape(gdd.name)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{name}: privacy</title>
<style>
body {{ max-width: 40em; margin: 2em auto; padding: 0 1em; font: 1rem/1.5 sans-serif; }}
</style>
</head>
<body>
<h1>{name}: privacy</h1>
<p>The game asks for no name, address, account, contact, place or picture.</p>
<h2>What it reports</h2>
<p>When it is played from a server that collects statistics, it tells that server when play begins, which
level was started, completed or failed and with what result, and whether an offered ad was watched. Each
report carries a random number made on this device for the player and one for the visit. Neither says who
you are.</p>
<h2>What it keeps on this device</h2>
<p>The levels you opened, your stars, your sound settings, that random number, and reports not yet sent.
Clearing the site's data in the browser removes all of it.</p>
<h2>Ads</h2>
<p>The ad shown to open a level is part of the game itself. No advertising network is asked for it.</p>
</body>
</html>
"""


def _words(identifier: str) -> str:
    return identifier.replace("_", " ")


def _list(lines: tuple[str, ...]) -> str:
    return "\n".join(f"- {_escaped(line)}" for line in lines)


def _escaped(text: str) -> str:
    """Text for Markdown: nothing in it may become a heading, a link or HTML."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|!" else letter for letter in text)


def _cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, ending with a whole word where there is one."""
    if len(text) <= limit:
        return text
    words = text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,.;:")
    return f"{words}…"
