"""A game of the player's own tests: hold Space and a count rises; enough wins, the end of the time loses.

Its levels need no proof, so that menus, money and events can be tested in seconds, with all that a family may
offer: going on after a loss, daily levels, endless runs, pictures that a skin recolours.
"""

import io
import json
from typing import Any

from PIL import Image

from gamefactory_dagster.studio import player
from gamefactory_dagster.studio.design.event_spec import event_spec, javascript
from gamefactory_dagster.studio.shipping.build import WebBuilder
from tests.studio.conftest import design

RULES = """const Rules = (() => {
  const CAUSES = ["", "time"];
  const start = (level) => ({ level, t: 0, count: 0, limit: level.limit, outcome: 0 });
  const step = (state, input) => {
    if (state.outcome) return state;
    const next = { ...state, t: state.t + 1, count: state.count + input };
    if (next.count === state.level.need) next.outcome = 1;
    else if (next.t === state.limit) next.outcome = 2;
    return next;
  };
  const summary = ({ level, count, t, limit, outcome }) => ({
    score: 10 * count + Math.floor((level.limit - Math.min(t, level.limit)) / 10), pickups: count, need: 0,
    stars: outcome === 1 ? 3 : 0, hearts: -1, time_left: Math.floor((limit - t + 59) / 60),
    progress: Math.min(1000, Math.floor((1000 * count) / level.need)), cause: outcome === 2 ? "time" : "",
  });
  const revive = (state) => ({ ...state, outcome: 0, limit: state.t + 300 });
  const endless = (sections, seed) => ({
    number: 0, seed, endless: 1, need: 120 * sections.length, limit: 300,
    length: 120, marks: [...Array(120).keys()],
  });
  const timed = () => true;
  return Object.freeze({
    start, step, summary, revive, endless, timed, outcome: (state) => state.outcome, cues: () => [], CAUSES,
  });
})();
"""

VIEW = """const View = (() => {
  const create = ({ atlas, palette }) => {
    let down = 0;
    const key = (code, pressed) => {
      if (code === "Space") down = pressed ? 1 : 0;
      return code === "Space";
    };
    return {
      draw(c, { state, w, h }) {
        c.fillStyle = palette.sky;
        c.fillRect(0, 0, w, h);
        c.fillStyle = palette.accent;
        c.fillRect(0, 400, (w * state.count) / state.level.need, 60);
        if (atlas) c.drawImage(atlas.image, 0, 0, 32, 16, 0, 100, 320, 160);
      },
      key, input: () => down, pointer() {}, release() { down = 0; }, gestures: () => [],
      happened: () => [], lesson: () => null, told: () => "",
    };
  };
  return Object.freeze({ create, portrait: [200, 560, 0.4], labels: {}, skinned: ["hero"] });
})();
"""

NEED, LIMIT = 20, 300
CURRENCY = "sea_pearls"
FRAMES = {"hero": [0, 0, 16, 16], "hero_0": [0, 0, 16, 16], "rock": [16, 0, 16, 16]}
RED, GREEN = (200, 60, 40, 255), (40, 160, 60, 255)


def level(number: int, seed: int = 1) -> dict[str, Any]:
    return {"number": number, "seed": seed, "need": NEED, "limit": LIMIT}


def files(**changes: Any) -> dict[str, bytes]:
    """The game, built; ``changes`` are of its game.json."""
    from gamefactory_dagster.production.steps.game_data import game_data
    from gamefactory_dagster.studio.families import FAMILIES

    economy = {"currency": CURRENCY, "pickup_value": 5, "win_bonus": 50, "par": 100}
    gdd = design(economy=economy)
    family = FAMILIES[gdd.family]
    data = game_data(gdd, family, [level(number) for number in range(1, 11)])
    data |= {
        "ads": {"seconds": 30, "revenue_micros": 4000},
        "dailies": [level(0, seed) for seed in range(30)],
        "sections": [{}, {}],
        "art": True,
        **changes,
    }
    web = {f"web/src/{name}": content for name, content in player.sources(family).items()}
    order = [player.CORE, "rules.js", "view.js", *player.GENERATED, *player.SHELL]
    web |= {"web/src/rules.js": RULES.encode(), "web/src/view.js": VIEW.encode()}
    web |= {"web/src/manifest.json": json.dumps(order).encode(), "web/index.html": player.page(gdd)}
    web |= {"web/src/events.js": javascript(event_spec(gdd)), "web/game.json": json.dumps(data).encode()}
    return WebBuilder().build(web | (art() if data["art"] else {}), "1.0.0").files


def art() -> dict[str, bytes]:
    """A red hero and a green rock, and a landscape of one colour."""
    atlas = Image.new("RGBA", (32, 16), RED)
    atlas.paste(GREEN, (16, 0, 32, 16))
    pictures = {"atlas.png": atlas}
    for name, colour in {"bg_far": "skyblue", "splash": "skyblue"}.items():
        pictures[f"{name}.png"] = Image.new("RGB", (96, 54), colour)
    for name in ("bg_mid", "bg_near", "crest"):
        pictures[f"{name}.png"] = Image.new("RGBA", (96, 54))
    pictures["icon.png"] = Image.new("RGB", (16, 16), "red")
    return {f"web/{name}": png(picture) for name, picture in pictures.items()} | {
        "web/atlas.json": json.dumps({"frames": FRAMES}).encode()
    }


def png(picture: Image.Image) -> bytes:
    into = io.BytesIO()
    picture.save(into, "png")
    return into.getvalue()
