/* Runner view: puts a moment of a level together for those who paint it, and turns keys and touches into inputs.
 * Browser only; decides nothing. Needs Rules, Shapes, Road, Camera, Scenery, Ground, Actors, Tale.
 *
 * A moment is {level, gallery, still, night, speed, state, previous, share, time, clock, x, y, vy, camera, moments}:
 * `time` in frames of the state, `clock` goes on after the end, x, y, vy in pixels of the rules at that time, `camera`
 * {x, y, wide, zoom}, `moments` what was done when (road.js).
 */
const View = (() => {
  const KEYS = { Space: 1, ArrowUp: 1, KeyW: 1, Numpad8: 1, ArrowDown: 2, KeyS: 2, Numpad2: 2 };
  const { UNIT } = Rules;
  const FAST = 104; // speed from which there are streaks
  const NEAR = 1.7; // pixels the nearest of what is behind would go to one of the rules

  // ---- hands: keys and pointers to input bits; touches left of `split` duck, where ducking is possible

  const hands = (level, split) => {
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
        if (type === "down") touches[id] = level.duck && x < split ? 2 : 1;
        if (type === "up") delete touches[id];
      },
      release() {
        for (const held of [keys, touches]) Object.keys(held).forEach((name) => delete held[name]);
      },
    };
  };

  // Odd levels are played by key, even ones by touch, so that checks go both ways.
  const gestures = (level, split) => (before, input) => {
    const touch = level.number % 2 === 0;
    const change = (bit, down) => (touch
      ? { type: down ? "pointerdown" : "pointerup", x: split + (bit === 1 ? 120 : -120), y: 300 }
      : { type: down ? "keydown" : "keyup", key: bit === 1 ? " " : "ArrowDown" });
    const released = [1, 2].filter((bit) => before & bit && !(input & bit)).map((bit) => change(bit, false));
    const pressed = [1, 2].filter((bit) => input & bit && !(before & bit)).map((bit) => change(bit, true));
    return [...released, ...pressed];
  };

  // ---- one level

  const moment = (scene, { state, previous, share, frame }) => {
    const { level, portrait } = scene;
    const between = (a, b) => a + (b - a) * share;
    const time = between(previous.t, state.t);
    const x = between(Road.at(previous), Road.at(state));
    const y = between(previous.y, state.y) / UNIT;
    const lens = Camera.lens(level, portrait, time);
    const camera = { ...Camera.look(lens, x, y), wide: 960 / lens.zoom, zoom: lens.zoom };
    return {
      ...scene, state, previous, share, time, x, y, camera, speed: Camera.speed(level, time),
      clock: frame - 1 + share, vy: between(previous.vy, state.vy),
    };
  };

  const STANDING = ["crates", "flag", "ledges", "rides", "springs", "boxes", "items", "hazards"];

  // Behind to before: who falls into a gap sinks into what fills it.
  const course = (c, m, ground) => {
    Ground.pits(c, ground, m.camera);
    for (const name of STANDING) Actors[name](c, m);
    const falls = m.y < -1;
    if (falls) Actors.hero(c, m);
    Ground.depths(c, ground, m.camera, m.still ? 0 : m.clock);
    Ground.land(c, ground, m.camera);
    Actors.shadow(c, m);
    if (!m.still) Actors.dust(c, m);
    if (!falls) Actors.hero(c, m);
  };

  const create = ({ level, atlas, palette, still, portrait }) => {
    const gallery = Shapes.gallery(atlas, palette);
    const backdrop = Scenery.create({ atlas, palette, gallery, still, floor: Camera.GROUND });
    const ground = Ground.create({ level, gallery });
    const road = Road.ahead(level);
    const memory = Road.memory();
    const teacher = Tale.teacher(level, road);
    const night = Shapes.dark(palette.sky);
    const scene = { level, gallery, still, portrait, night, moments: memory.moments };
    const split = portrait ? Camera.PORTRAIT / 2 : 400;

    const draw = (c, now) => {
      const m = moment(scene, now);
      const { y, zoom } = m.camera;
      backdrop(c, m.x * NEAR, y * zoom, m.clock);
      if (m.speed > FAST && !still && !m.state.outcome) Actors.streaks(c, m.clock, Math.min(1, (m.speed - FAST) / 28));
      c.save();
      c.translate(0, Camera.GROUND + y * zoom);
      c.scale(zoom, zoom);
      course(c, m, ground);
      c.restore();
    };

    const place = (state) => {
      const lens = Camera.lens(level, portrait, state.t);
      const camera = Camera.look(lens, Road.at(state), state.y / UNIT);
      return (x, y) => Camera.place(lens, camera, x, y);
    };

    const happened = (state, previous) => {
      memory.note(state, previous);
      return [...Tale.happened(state, previous, place(state)), ...teacher.watch(state, place(state))];
    };

    return {
      draw, happened,
      lesson: (state) => teacher.lesson(state, place(state), split),
      told: (state, previous) => Tale.told(road, state, previous),
      ...hands(level, split), gestures: gestures(level, split), pads: level.duck ? ["Duck", "Jump"] : ["Jump"],
    };
  };

  const labels = { pickups: "Coins", score: "Points", progress: "Way to the flag", hearts: "Hearts", time: "Time" };

  return Object.freeze({ create, portrait: [0, Camera.PORTRAIT, 0.36], labels, skinned: ["hero"] });
})();
