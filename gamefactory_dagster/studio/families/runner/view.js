/* Runner view: paints a state, turns keys and touches into inputs. Browser only; decides nothing.
 * Needs Rules, Shapes, Scenery.
 */
const View = (() => {
  const { shade } = Shapes;
  const { GROUND } = Scenery;
  const HERO = 200; // where the hero runs, from the left of the picture
  const SPLIT = 400; // touches left of it duck, where ducking is possible
  const KEYS = { Space: 1, ArrowUp: 1, KeyW: 1, Numpad8: 1, ArrowDown: 2, KeyS: 2, Numpad2: 2 };
  const HAZARDS = ["hazard_low", "hazard_tall", "hazard_fly"];
  const UNIT = Rules.UNIT;

  // ---- hands: keys and pointers to input bits

  const hands = (level) => {
    const keys = {};
    const touches = {};
    const allowed = level.duck ? 3 : 1;
    return {
      input: () => [...Object.values(keys), ...Object.values(touches)].reduce((all, bit) => all | bit, 0) & allowed,
      key(code, down) {
        const bit = KEYS[code];
        if (!bit) return false;
        if (down) keys[code] = bit;
        else delete keys[code];
        return true;
      },
      pointer(type, x, y, id) {
        if (type === "down") touches[id] = level.duck && x < SPLIT ? 2 : 1;
        if (type === "up") delete touches[id];
      },
      release() {
        for (const held of [keys, touches]) Object.keys(held).forEach((name) => delete held[name]);
      },
    };
  };

  // Odd levels are played by key, even ones by touch, so that checks go both ways.
  const gestures = (level) => (before, input) => {
    const touch = level.number % 2 === 0;
    const change = (bit, down) => (touch
      ? { type: down ? "pointerdown" : "pointerup", x: bit === 1 ? 560 : 240, y: 300 }
      : { type: down ? "keydown" : "keyup", key: bit === 1 ? " " : "ArrowDown" });
    const released = [1, 2].filter((bit) => before & bit && !(input & bit)).map((bit) => change(bit, false));
    const pressed = [1, 2].filter((bit) => input & bit && !(before & bit)).map((bit) => change(bit, true));
    return [...released, ...pressed];
  };

  // ---- one level; a scene is {c, level, state, camera, sprite, palette, time, x, y, beat}: what painters need of it

  const visible = ({ camera }, x, width) => x + width > camera.x - 20 && x < camera.x + 980;

  const land = ({ c, camera, sprite }, left, right) => {
    c.save();
    c.beginPath();
    c.rect(left, GROUND - 4, right - left, 200);
    c.clip();
    const first = left - ((((left + camera.x) % 96) + 96) % 96);
    for (let x = first; x < right; x += 96) sprite(c, "ground", x, GROUND, 96, 96, 0);
    c.restore();
  };

  const floor = (scene) => {
    const { level, camera } = scene;
    const pits = [...level.gaps, [level.length + 4000, 0]];
    let from = -1000;
    for (const [x, width] of pits) {
      const left = Math.max(from - camera.x, -96 - (((camera.x % 96) + 96) % 96));
      const right = Math.min(x - camera.x, 960);
      if (right > left) land(scene, left, right);
      from = x + width;
    }
  };

  const pit = ({ c, level, camera, palette }) => {
    const depth = c.createLinearGradient(0, GROUND, 0, 540);
    depth.addColorStop(0, shade(palette.ground, 0.4));
    depth.addColorStop(1, "#000");
    c.fillStyle = depth;
    for (const [x, width] of level.gaps) {
      if (x + width > camera.x && x < camera.x + 960) c.fillRect(x - camera.x, GROUND, width, 96);
    }
  };

  const crates = (scene) => {
    const { c, level, camera, sprite } = scene;
    for (const [x, width, top] of level.crates) {
      if (!visible(scene, x, width)) continue;
      const pillar = level.gaps.some(([gx, gw]) => x >= gx && x + width <= gx + gw);
      for (let y = top; y > (pillar ? -96 : 0); y -= 48) {
        const h = Math.min(48, y + (pillar ? 96 : 0));
        for (let dx = 0; dx < width; dx += 48) sprite(c, "crate", x + dx - camera.x, GROUND - y, 48, h, 0);
      }
    }
  };

  const hazards = (scene) => scene.level.hazards.forEach(([kind, , y, drift], i) => {
    const { c, time, camera, sprite, beat } = scene;
    const x = Rules.place(scene.level, i, time) / UNIT;
    if (!visible(scene, x, 56)) return;
    const [w, h] = [[40, 40], [40, 80], [56, 40]][kind];
    c.save();
    c.translate(x - camera.x + w / 2, GROUND - y - h / 2);
    if (kind === 0 && drift) c.rotate(-x / 20);
    if (kind === 2) c.translate(0, Math.sin(time / 9 + i) * 3);
    sprite(c, HAZARDS[kind], -w / 2, -h / 2, w, h, beat);
    c.restore();
  });

  const taken = (state, i) => (i < state.item
    ? (state.trail >> (state.item - 1 - i)) & 1
    : i < state.item + 30 && (state.mask >> (i - state.item)) & 1);

  const items = (scene) => scene.level.items.forEach(([kind, x, y], i) => {
    const { c, state, camera, sprite, time, beat } = scene;
    if (!visible(scene, x, 32) || taken(state, i)) return;
    const bob = Math.sin((time + x) / 14) * 3;
    sprite(c, kind ? "clock" : "coin", x - camera.x, GROUND - y - 32 + bob, 32, 32, kind ? 0 : beat);
  });

  const hero = ({ c, state, camera, sprite, x, y, beat }) => {
    if (state.safe && state.t & 4) return;
    const name = state.duck ? "hero_duck" : state.ground ? "hero" : "hero_jump";
    const h = state.duck ? 40 : 64;
    const stretch = !state.ground ? Core.clamp(1 + state.vy / 1600, 0.9, 1.14) : 1;
    c.save();
    c.translate(x - camera.x + Rules.WIDTH / UNIT / 2, GROUND - y);
    if (state.outcome === 2) c.rotate(-0.5);
    c.scale(1 / stretch, stretch);
    sprite(c, name, -24, -h, 48, h, beat);
    c.restore();
  };

  const shadow = ({ c, camera, x, y }) => {
    c.fillStyle = "#0004";
    c.beginPath();
    c.ellipse(x - camera.x + 14, GROUND + 3, Math.max(6, 20 - y / 14), 4, 0, 0, 7);
    c.fill();
  };

  // Where the camera is, from nothing but where the hero is: the picture moves as evenly as the hero does.
  const follow = (still, time, x, y) => {
    const lead = still ? HERO : HERO + 40 - 60 * Core.clamp((time - 20) / 60, 0, 1);
    return { x: x - lead, y: still ? 0 : Math.max(0, y - 110) * 0.45 };
  };

  const world = (scene) => {
    const { c, level, camera, sprite, state, y } = scene;
    pit(scene);
    crates(scene);
    floor(scene);
    sprite(c, "flag", level.length - camera.x, GROUND - 96, 48, 96, 0);
    items(scene);
    if (state.ground && y < 1) shadow(scene);
    hazards(scene);
    hero(scene);
  };

  const FELT = { jump: "jump", land: "land", collect: "gather", bonus: "bonus", hit: "hit", win: "win", lose: "lose" };

  const create = ({ level, atlas, palette, still }) => {
    const sprite = Shapes.gallery(atlas, palette);
    let camera = { x: 0, y: 0 };

    const draw = (c, { state, previous, share, frame }) => {
      const between = (a, b) => a + (b - a) * share;
      const time = between(previous.t, state.t);
      const x = (time * level.speed) / UNIT;
      const y = between(previous.y, state.y) / UNIT;
      camera = follow(still, time, x, y);
      Scenery.backdrop(c, atlas, palette, still ? 0 : camera.x);
      c.save();
      c.translate(0, camera.y);
      world({ c, level, state, camera, sprite, palette, time, x, y, beat: frame >> 3 });
      c.restore();
    };

    const happened = (state) => Rules.cues(state).filter((name) => FELT[name]).map((name) => ({
      what: FELT[name], x: (state.t * level.speed) / UNIT - camera.x + 14,
      y: GROUND - state.y / UNIT + camera.y - (name === "jump" || name === "land" ? 0 : 30),
      tint: { collect: "#ffd54a", hit: "#ff5a6e", win: "#ffd54a", bonus: "#8ef" }[name] || "#fff",
    }));

    const lesson = () => null;
    const told = () => "";
    const pads = level.duck ? ["Duck", "Jump"] : ["Jump"];
    return { draw, happened, lesson, told, ...hands(level), pads, gestures: gestures(level) };
  };

  const labels = { pickups: "Coins", score: "Points", progress: "Way to the flag", hearts: "Hearts", time: "Time" };

  return Object.freeze({ create, portrait: [120, 560, 0.36], labels, skinned: ["hero"] });
})();
