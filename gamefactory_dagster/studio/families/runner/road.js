/* Road: reads a level for those who look ahead: where the hero is, what comes next, and what was done when. Browser
 * only; draws nothing. Needs Rules.
 */
const Road = (() => {
  const { UNIT } = Rules;
  const BODY = Rules.WIDTH / UNIT;
  const NEVER = -1000;
  const HIGH = Rules.STAND / UNIT + 6; // from here on things hang out of reach of who runs below them

  // Where the hero's left edge is in a state, in pixels of the rules.
  const at = (state) => state.x / UNIT;

  const taken = (state, i) => (i < state.item
    ? (state.trail >> (state.item - 1 - i)) & 1
    : i < state.item + 30 && (state.mask >> (i - state.item)) & 1);

  const broken = (state, i) => state.broken.includes(i);

  // ---- what is in the way: [{x, end, name, hint, lessons}], from left to right; `lessons` are those it can teach

  const barrier = (level, [kind, x, y, drift]) => {
    const end = x + (kind === 2 ? 50 : 40);
    if (kind === 2 && y >= 30) return { x, end, name: "Flyers", hint: "duck", lessons: ["duck"] };
    const high = kind === 1 && level.hold;
    const name = drift ? "Rolling obstacle" : kind === 1 ? "Tall obstacle" : "Obstacle";
    const lessons = [drift ? "rollers" : high ? "hold" : "jump"];
    return { x, end, name, hint: high ? "hold the jump" : "jump", lessons };
  };

  // The edges of crates that are run up against, not those stepped down from.
  const steps = ({ crates, hold }) => crates.filter(([x, , top]) => top > 10 && !crates.some(([other, width, height]) =>
    other < x && other + width >= x - 4 && height >= top - 10))
    .map(([x, width, top]) => ({
      x, end: x + width, name: "Crates", hint: hold && top > 84 ? "hold the jump" : "jump", lessons: ["crates"],
    }));

  const things = (list, name, hint, lesson) =>
    (list || []).map(([x, width]) => ({ x, end: x + width, name, hint, lessons: [lesson] }));
  const boxes = (list) => (list || []).map(([x]) => [x, 48]);

  const ahead = (level) => {
    const far = (30 * level.speed) / UNIT - BODY; // what a tapped jump carries
    const all = [
      ...level.gaps.map(([x, width]) => (level.hold && width > far
        ? { x, end: x + width, name: "Wide gap", hint: "hold the jump", lessons: ["hold"] }
        : { x, end: x + width, name: "Gap", hint: "jump", lessons: ["jump"] })),
      ...level.hazards.filter(([kind, , y]) => y < (kind === 2 ? 60 : 30)).map((one) => barrier(level, one)),
      ...steps(level),
      ...things(level.ledges, "Ledge", "jump up", "climb"),
      ...things(boxes(level.springs), "Spring", "it throws you up", "bounce"),
      ...things(level.rides, "Moving platform", "hop on", "ride"),
      ...things(boxes(level.breakables), "Box", "land on it", "break"),
    ].sort((one, other) => one.x - other.x);
    const rows = [];
    for (const one of all) {
      const last = rows[rows.length - 1];
      if (last && last.name === one.name && one.x <= last.end + 30) last.end = Math.max(last.end, one.end);
      else rows.push(one);
    }
    return rows;
  };

  // What only a jump gets, a row of coins as one.
  const treats = (level) => {
    const rows = [];
    for (const [kind, x, y] of level.items.filter((item) => item[2] > HIGH)) {
      const last = rows[rows.length - 1];
      const lessons = [kind ? "clock" : "coins"];
      if (last && last.lessons[0] === lessons[0] && x <= last.end + BODY) last.end = x + 32;
      else rows.push({ x, end: x + 32, lessons });
    }
    return rows;
  };

  // ---- what was done when, told after each step; times are frames, places pixels

  const memory = () => {
    const moments = { landed: NEVER, jumped: NEVER, hurt: NEVER, onFrom: 0, onTo: Infinity, onHeight: 0, broken: {} };
    const note = (state, previous) => {
      const x = at(state);
      if (state.ground && !previous.ground) {
        moments.landed = state.t;
        moments.onFrom = x;
        moments.onTo = Infinity;
        moments.onHeight = state.y / UNIT;
      }
      if (!state.ground && previous.ground) moments.onTo = x;
      if (!state.ground && state.vy > previous.vy + 40) moments.jumped = state.t;
      if (state.hearts < previous.hearts || state.stumble !== previous.stumble) moments.hurt = state.t;
      (state.level.breakables || []).forEach((_, i) => {
        if (broken(state, i) && !broken(previous, i)) moments.broken[i] = state.t;
      });
    };
    return { moments, note };
  };

  return Object.freeze({ at, ahead, broken, memory, taken, treats, BODY });
})();
