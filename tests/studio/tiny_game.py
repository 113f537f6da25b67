"""The smallest game that keeps to the player's drive contract: press what each beat asks for, or lose.

It lets the build, the publisher and the browser check be tested without the real player and its families.
Flags break it on purpose, one contract at a time.
"""

import json
import zlib

BEATS = {1: [[20, 1]], 2: [[10, 1], [30, 2], [31, 2]], 3: [[5, 2], [9, 1], [40, 1]]}
"""Level -> [frame, input] it asks for: 1 is Space held, 2 the pointer held down."""

PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <!-- a comment -->
  <title>Tiny</title>
  <link rel="icon" href="icon.png">
  <style>
    /* a comment with a url: https://example.org/ */
    body { margin: 0; font-family: "A  B", sans-serif; }
    canvas { display: block }
  </style>
</head>
<body>
  <canvas id="c" width="960" height="540"></canvas>
  <script src="player.js"></script>
</body>
</html>
"""

RULES = """// Rules of the tiny game. See https://example.org/ for nothing at all.
const Rules = (() => {
  const start = (level, seed) => ({ frame: 0, seed, beats: level.beats, over: 0 });
  const step = (state, input) => {
    if (state.over) return state;
    const frame = state.frame + 1;
    const beat = state.beats.find(([at]) => at === frame);
    const last = state.beats[state.beats.length - 1][0];
    const over = beat && beat[1] !== input ? 2 : frame === last ? 1 : 0;
    return { frame, seed: state.seed, beats: state.beats, over };
  };
  const hash = (state) => {
    let h = 0x811c9dc5;
    for (const c of JSON.stringify(state)) h = Math.imul(h ^ c.charCodeAt(0), 0x01000193);
    return (h >>> 0).toString(16).padStart(8, "0");
  };
  return { start, step, hash };
})();
"""

SHELL = r"""const Shell = (() => {
  const broken = "BROKEN";
  const errors = [], events = [];
  addEventListener("error", (event) => errors.push(String(event.message)));
  const held = { key: 0, pointer: 0 };
  addEventListener("keydown", (event) => { if (event.key === " ") held.key = 1; });
  addEventListener("keyup", (event) => { if (event.key === " ") held.key = 0; });
  const canvas = document.getElementById("c"), ctx = canvas.getContext("2d");
  canvas.addEventListener("pointerdown", (event) => { if (event.clientX === 100) held.pointer = 2; });
  canvas.addEventListener("pointerup", () => { held.pointer = 0; });
  let game, level, state = null, ended = true;
  const file = async (name) => {
    const packed = (window.GF_FILES || {})[name];
    return (await fetch(packed || "./" + name)).json();
  };
  const emit = (event_type, properties = {}) => events.push({ event_type, level: level.number, properties });
  const draw = () => {
    ctx.fillStyle = state ? "#225588" : "#774422";
    ctx.fillRect(0, 0, 960, 540);
    ctx.fillStyle = "#ffffff";
    ctx.fillRect(state ? state.frame * 10 : 400, 240, 60, 60);
  };
  const input = () => held.key | held.pointer;
  const startLevel = (number) => {
    level = game.levels[number - 1];
    if (!(broken === "shared-state" && state)) state = Rules.start(level, level.seed);
    ended = false;
    emit("level_start");
    draw();
  };
  const finish = () => {
    if (ended || !state.over) return;
    ended = true;
    if (broken === "lost-event" && state.over === 2) return;
    if (broken === "console" && state.over === 1) console.error("something is wrong");
    if (broken === "throws" && state.over === 1) setTimeout(() => { throw new Error("thrown on purpose"); });
    emit(state.over === 1 ? "level_complete" : "level_fail", { frames: state.frame });
  };
  const look = () => {
    if (!state) return { outcome: 0, hash: "", frame: 0 };
    return { outcome: state.over, hash: Rules.hash(state), frame: state.frame };
  };
  const wanted = () => (state.beats.find(([at]) => at === state.frame + 1) || [0, 0])[1];
  const advance = (frames) => {
    if (broken === "hangs" && state.frame > 3) for (;;) { }
    for (let i = 0; i < frames; i += 1) {
      const now = broken === "deaf" ? 0 : broken === "plays-itself" ? wanted() : input();
      state = Rules.step(state, now);
    }
    finish();
    draw();
    return look();
  };
  const gestures = (previous, next) => {
    const list = [];
    if ((previous & 1) !== (next & 1)) list.push({ type: next & 1 ? "keydown" : "keyup", key: " " });
    const at = { x: 100, y: 100 };
    const pressed = next & 2, before = previous & 2;
    if (pressed && !before) list.push({ type: "pointermove", ...at }, { type: "pointerdown", ...at });
    if (!pressed && before) list.push({ type: "pointerup", ...at });
    return list;
  };
  const boot = async () => { game = await file("game.json"); draw(); };
  const ready = broken === "never-ready" ? new Promise(() => {}) : boot();
  const screen = () => ({ ...look(), screen: state ? "play" : "title", summary: {} });
  if (location.hash === "#drive") {
    window.gamefactory = { ready, startLevel, advance, state: screen, gestures, events, errors };
  }
  return {};
})();
"""


def certificates(levels: tuple[int, ...] = (1, 2, 3)) -> list[dict[str, object]]:
    """What a solver would hand over: the trace that wins, and the state V8 says it ends in."""
    from py_mini_racer import MiniRacer

    found: list[dict[str, object]] = []
    with MiniRacer() as engine:
        engine.eval(RULES.replace("const Rules", "var Rules"))
        for number in levels:
            inputs = [0] * BEATS[number][-1][0]
            for frame, wanted in BEATS[number]:
                inputs[frame - 1] = wanted
            play = "(level, inputs) => Rules.hash(inputs.reduce(Rules.step, Rules.start(level, level.seed)))"
            final = engine.call(f"({play})", {"seed": number, "beats": BEATS[number]}, inputs)
            trace = [[wanted, 1] for wanted in inputs]
            found.append({"level": number, "trace": trace, "frames": len(inputs), "final_hash": final})
    return found


def game(levels: tuple[int, ...] = (1, 2, 3)) -> dict[str, object]:
    """A ``game.json`` that keeps to its model."""
    colours = dict.fromkeys(("sky", "ground", "ink", "accent", "panel", "paper"), "#336699")
    return {
        "format": 1, "version": "0.0.1", "slug": "tiny", "name": "Tiny", "tagline": "Press on the beat.",
        "genre": "runner", "family": "tiny", "mechanics": ["tap_jump"], "style": "pixel_retro",
        "theme": "reef",
        "palette": colours, "free_levels": 3, "help": ["Press."], "credits": [],
        "ads": {"seconds": 5, "revenue_micros": 0},
        "economy": {"currency": "pearls", "pickup_value": 5, "win_bonus": 50, "par": 300},
        "sounds": [], "art": False,
        "levels": [{"number": n, "seed": n, "beats": BEATS[n]} for n in levels],
    }  # fmt: skip


def repository_files(broken: str = "") -> dict[str, bytes]:
    """The game as it stands in its repository; ``broken`` names the one thing that is wrong with it."""
    return {
        "gdd.json": b"{}\n",
        "web/index.html": PAGE.encode(),
        "web/game.json": json.dumps(game(), indent=2).encode(),
        "web/src/manifest.json": b'["rules.js", "shell.js"]',
        "web/src/rules.js": RULES.encode(),
        "web/src/shell.js": SHELL.replace("BROKEN", broken).encode(),
        "web/icon.png": picture(),
        "web/audio/win.ogg": bytes(range(256)) * 20,
    }


def picture() -> bytes:
    """A PNG of one grey pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    header = chunk(b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
