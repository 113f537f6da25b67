"""The texts a game's repository and its store page are made of. Pure: a design in, text out.

What belongs here: README, licence, store listing, privacy page, web manifest, publishing workflow.
What does not: the page the game runs in (``player/``) and building what is published (``build.py``).
"""

import html
import re
import textwrap
from typing import Any

from gamefactory_dagster.studio.design.credits import Credit, credits_of
from gamefactory_dagster.studio.design.family_words import words_of
from gamefactory_dagster.studio.design.gdd import GDD, LEVELS

TITLE_LENGTH = 30
"""Characters of a title in Google Play and the App Store."""

SHORT_LENGTH = 80
"""Characters of a short description in Google Play."""

FULL_LENGTH = 4000
"""Characters of a full description in either store."""

_MIT = """\
MIT License

Copyright (c) the authors of {name}

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

_README = """\
# {name}

{tagline}

{summary}

A {genre} game of {levels} levels, drawn in the {style} style, that runs in any browser: keyboard, touch and
mouse.

## Play it from this repository

```sh
mkdir -p site && cp -r web/. site/ && rm -r site/src
(cd web/src && cat $(python3 -c 'import json; print(*json.load(open("manifest.json")))')) > site/player.js
python3 -m http.server --directory site 8000
```

Then open <http://localhost:8000>. Pushing to `main` publishes the same on GitHub Pages, by
`.github/workflows/web.yml`.

## How it plays

| mechanic | what it does here |
|---|---|
{mechanics}

A level is lost when:

{fail_states}

## Levels

{free} by winning the one before; the others open in their order, each for watching one ad to its end or for
{price} {currency}. Besides there are skins to buy and a level of the day; some games have an endless mode.

| level | {numbers} |
|---|{rule}
| difficulty meant, 0 to 100 | {curve} |

`certificates/` holds a run of inputs for each finished level that wins it: proof that it can be won.

## Economy

Each pickup is worth {value} {currency} and a win {bonus} more; {par} earn full marks. What is gathered and
every new star are paid out; a locked level costs {price}.

## What is where

| path | |
|---|---|
| `gdd.json` | the design document everything else follows |
| `web/` | the web player; `web/src/manifest.json` lists its source files in load order |
| `web/game.json` | levels and settings, as data |
| `analytics/events.json` | what the game reports, and when |
| `certificates/` | a winning run for each level |
| `certificates_daily.json` | likewise for each daily level |
| `store/` | store texts |

## Licence

MIT, see [LICENSE](LICENSE).
{credits}"""

_FULL_DESCRIPTION = """\
{tagline}

{summary}

- {levels} levels, from gentle to hard, every one proven winnable
- {free} as you win them, the rest for a short ad or for what you earn in play
- A level of the day, best scores and skins
- Keyboard, touch or mouse; no account, nothing to install
{mechanics}
{credits}"""

_PRIVACY = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Privacy - {name}</title>
<style>
body {{ margin: 0 auto; max-width: 40rem; padding: 2rem 1.25rem 4rem; background: #fff; color: #1d2733;
  font: 1rem/1.6 system-ui, sans-serif; }}
h1 {{ font-size: 1.6rem; line-height: 1.25; }}
h2 {{ font-size: 1.15rem; margin-top: 2rem; }}
a {{ color: #1f5c99; }}
</style>
</head>
<body>
<main>
<h1>Privacy in {name}</h1>
<p>{name} does not ask who you are and does not try to find out. There is no account, and it asks for no name,
e-mail address, contacts, photos or location.</p>
<h2>What stays in your browser</h2>
<p>Your progress, what you earned in play, your settings, a random number that stands for this browser, and
reports that could not be sent yet (500 at most) are kept in your browser's local storage. The game sets no
cookies.</p>
<h2>What is reported</h2>
<p>Where the game is hosted with a collector, it reports what happens in play: that the game, a level or an ad
began or ended, which level it was and of which kind, its score, stars and length, why a level was lost, what
an ad was for, why it was not finished, how a level was opened, and when. Each report carries the random
number and another one made anew whenever the page is loaded. Neither is made from anything about you or your
device.</p>
<p>The reports are used to count players and visits and to learn which games and levels are enjoyed. They hold
no personal data. Like every web server, the one that delivers the game sees the network address you connect
from; the game does not put it into its reports.</p>
<h2>Ads</h2>
<p>A locked level opens, and a lost one goes on, when an ad was watched to its end. The ad is part of the game
itself: no advertising network is contacted, and nobody follows you from one site to another. Nothing is sold
in the game for money.</p>
<h2>Starting afresh</h2>
<p>Clearing this site's data in your browser removes your progress and the random number. From then on you
are somebody new to the game.</p>
<p><a href="./index.html">Back to the game</a></p>
</main>
</body>
</html>
"""

_WORKFLOW = """\
name: Publish {slug}

on:
  push:
    branches: [main]
  workflow_dispatch:

permissions:
  contents: read
  pages: write
  id-token: write

concurrency:
  group: pages
  cancel-in-progress: true

jobs:
  publish:
    runs-on: ubuntu-latest
    environment:
      name: github-pages
      url: ${{{{ steps.deployment.outputs.page_url }}}}
    steps:
      - uses: actions/checkout@v4
      - name: Put the site together
        run: |
          mkdir site
          cp -r web/. site/
          rm -r site/src
          (cd web/src && jq -r '.[]' manifest.json | xargs cat) > site/player.js
      - uses: actions/configure-pages@v5
      - uses: actions/upload-pages-artifact@v3
        with:
          path: site
      - id: deployment
        uses: actions/deploy-pages@v4
"""


def readme(gdd: GDD) -> str:
    """``README.md``: what the game is, how it is played and built, and what is where."""
    economy = gdd.economy
    return _README.format(
        name=_markdown(gdd.name),
        tagline=_markdown(gdd.tagline),
        summary=_markdown(gdd.core_loop.summary),
        genre=gdd.genre,
        levels=LEVELS,
        style=_plain(gdd.style_guide.style),
        mechanics="\n".join(
            f"| {_plain(name)} | {_markdown(what)} |" for name, what in _mechanics(gdd).items()
        ),
        fail_states="\n".join(f"- {_markdown(state)}" for state in gdd.fail_states),
        free=_free(gdd),
        numbers=" | ".join(str(number) for number in range(1, LEVELS + 1)),
        rule="---|" * LEVELS,
        curve=" | ".join(map(str, gdd.difficulty_curve)),
        value=economy.pickup_value,
        currency=_plain(economy.currency),
        bonus=economy.win_bonus,
        par=economy.par,
        price=economy.level_price,
        credits="".join(
            f"\n{credit.words} ([source]({credit.source}), [licence]({credit.licence})).\n"
            for credit in credits_of(gdd)
        ),
    )


def licence(gdd: GDD) -> str:
    """``LICENSE``: the MIT licence, and what it does not cover. It depends on the design alone: no year."""
    return _MIT.format(name=gdd.name) + "".join(
        f"\nThe licence above does not cover pictures made from the work of others:\n\n{_told(credit)}\n"
        for credit in credits_of(gdd)
    )


def store_listing(gdd: GDD) -> dict[str, Any]:
    """``store/listing.json``: title (30 characters at most), short (80) and full description (4,000)."""
    full = _FULL_DESCRIPTION.format(
        tagline=gdd.tagline,
        summary=gdd.core_loop.summary,
        levels=LEVELS,
        free=_free(gdd),
        mechanics="\n".join(f"- {what}" for what in _mechanics(gdd).values()),
        credits="".join(f"\n{_told(credit)}\n" for credit in credits_of(gdd)),
    )
    return {
        "title": _shorten(gdd.name, TITLE_LENGTH),
        "short_description": _shorten(gdd.tagline, SHORT_LENGTH),
        "full_description": full.strip()[:FULL_LENGTH],
        "category": words_of(gdd.family).category,
        "contains_ads": True,
        "in_app_purchases": False,
        "pictures": {"icon": "web/icon.png", "feature": "web/splash.png"},
        "privacy_page": "web/privacy.html",
    }


def privacy_page(gdd: GDD) -> str:
    """``privacy.html``: what the player keeps and sends. It must change whenever the player's client does."""
    return _PRIVACY.format(name=html.escape(gdd.name))


def web_manifest(gdd: GDD) -> dict[str, Any]:
    """``manifest.webmanifest``: lets the game be put on a home screen."""
    return {
        "name": gdd.name,
        "short_name": _shorten(gdd.name, 12),
        "description": gdd.tagline,
        "lang": "en",
        "start_url": "./",
        "scope": "./",
        "display": "fullscreen",
        "orientation": "landscape",
        "background_color": "#1d2733",
        "theme_color": "#1d2733",
        "categories": ["games"],
        "icons": [{"src": "icon.png", "sizes": "512x512", "type": "image/png"}],
    }


def web_workflow(gdd: GDD) -> str:
    """``.github/workflows/web.yml``: puts the site together as the README says and publishes it."""
    return _WORKFLOW.format(slug=gdd.slug)


def _mechanics(gdd: GDD) -> dict[str, str]:
    """Mechanic -> what it does in this game, by its family; last what every game of the family shows."""
    from gamefactory_dagster.studio.families import FAMILIES

    family = FAMILIES[gdd.family]
    return {name: family.mechanics[name] for name in dict.fromkeys((*gdd.mechanics, *family.presentation))}


def _told(credit: Credit) -> str:
    """A credit as plain text."""
    return f"{credit.words}. {credit.source} {credit.licence}"


def _free(gdd: GDD) -> str:
    free = gdd.progression.free_levels
    return "Level 1 opens" if free == 1 else f"Levels 1 to {free} open"


def _plain(identifier: str) -> str:
    return identifier.replace("_", " ")


def _markdown(text: str) -> str:
    """Text that Markdown shows as it is: names may come from people."""
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", text)


def _shorten(text: str, length: int) -> str:
    """Whole words while they fit; a single word that does not is cut."""
    if len(text) <= length:
        return text
    return textwrap.shorten(text, length, placeholder="") or text[:length]
