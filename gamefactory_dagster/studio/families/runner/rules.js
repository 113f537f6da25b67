/* Runner rules: run right at a fixed speed, jump and duck, reach the flag. Heights and speeds are in
 * sixteenths of a pixel, level data in whole pixels, y grows upwards from the ground.
 *
 * A level: {number, seed, speed, length, hearts, hold, duck, need, clock, bonus, value, win, stars: [two, three],
 *   gaps: [[x, width]], crates: [[x, width, top]], hazards: [[kind, x, y, drift]], items: [[kind, x, y]]}
 * Lists are sorted by x. A drifting hazard is at its x when the hero is, and moves left by `drift` sixteenths a frame.
 * The hero's own x is frame * speed, so everything the level does is a function of the frame.
 */
const Rules = (() => {
  const UNIT = 16;
  const px = (n) => n * UNIT;
  const WIDTH = px(28);
  const STAND = px(54);
  const CROUCH = px(30);
  const JUMP = px(15); // rises 150 px in 20 frames
  const HOP = px(45) >> 2; // with `hold`: 84 px when tapped, 201 px when held
  const GRAVITY = 12;
  const FLOAT = 3; // gravity while a jump is held
  const HOLD = 16; // frames a jump can be held
  const BUFFER = 6; // a press this many frames before landing still jumps
  const COYOTE = 5; // and as many after running off an edge
  const STEP = px(10); // feet this far below an edge still get onto it
  const FALL = px(60); // this far down a gap is gone
  const RESCUE = px(19); // with a heart to spare, the gap throws the hero back out
  const SAFE = 80; // frames without harm after a hit
  const TRAIL = 0x3fffffff;
  // kind -> [inset left and right, width, height] of what hurts; forgiving by 6 px
  const HAZARDS = [[6, 28, 34], [6, 28, 74], [6, 44, 30]];
  const REACH = px(6); // items are caught this far off
  const ITEM = px(32);
  const CAUSES = ["", "hit", "fell", "time", "short"];
  const CUES = ["jump", "land", "duck", "collect", "bonus", "hit", "tick", "win", "lose"];
  const cue = (draft, name) => { draft.cues |= 1 << CUES.indexOf(name); };

  // Nothing here is left to chance, so the seed that other families need is not used.
  const start = (level) => ({
    level, t: 0, y: 0, vy: 0, ground: 1, duck: 0, hold: 0, buffer: 0, coyote: 0,
    hearts: level.hearts, safe: 0, pickups: 0, clocks: 0, score: 0, clock: level.clock,
    gap: 0, crate: 0, hazard: 0, item: 0, mask: 0, trail: 0, input: 0, cues: 0, outcome: 0, cause: 0,
  });

  const lose = (draft, cause) => {
    draft.outcome = 2;
    draft.cause = CAUSES.indexOf(cause);
    cue(draft, "lose");
  };

  const hurt = (draft, cause) => {
    draft.hearts -= 1;
    draft.safe = SAFE;
    cue(draft, "hit");
    if (draft.hearts <= 0) lose(draft, cause);
  };

  const control = (draft, before, input) => {
    if (input & 1 && !(before & 1)) draft.buffer = BUFFER + 1;
    if (draft.buffer) draft.buffer -= 1;
    if (draft.coyote) draft.coyote -= 1;
    if (draft.hold) draft.hold = input & 1 ? draft.hold - 1 : 0;
    if (draft.buffer && (draft.ground || draft.coyote)) {
      draft.vy = draft.level.hold ? HOP : JUMP;
      draft.hold = draft.level.hold ? HOLD : 0;
      draft.ground = 0;
      draft.buffer = 0;
      draft.coyote = 0;
      cue(draft, "jump");
    }
    const duck = draft.level.duck && draft.ground && input & 2 ? 1 : 0;
    if (duck && !draft.duck) cue(draft, "duck");
    draft.duck = duck;
  };

  // Height of what carries the hero at x, as seen from feet at `feet`; -FALL * 2 over a gap.
  const support = (draft, x, feet) => {
    const { gaps, crates } = draft.level;
    while (draft.gap < gaps.length && px(gaps[draft.gap][0] + gaps[draft.gap][1]) < x) draft.gap += 1;
    while (draft.crate < crates.length && px(crates[draft.crate][0] + crates[draft.crate][1]) <= x) draft.crate += 1;
    const gap = gaps[draft.gap];
    const over = gap && x >= px(gap[0]) && x + WIDTH <= px(gap[0] + gap[1]);
    let top = over || feet < -STEP ? -FALL * 2 : 0;
    for (let i = draft.crate; i < crates.length && px(crates[i][0]) < x + WIDTH; i += 1) {
      if (feet >= px(crates[i][2]) - STEP) top = Math.max(top, px(crates[i][2]));
    }
    return top;
  };

  const move = (draft, x) => {
    const floor = support(draft, x, draft.y);
    if (draft.ground && floor === draft.y) return;
    if (draft.ground) {
      draft.ground = 0;
      draft.coyote = COYOTE + 1;
    }
    draft.vy -= draft.hold ? FLOAT : GRAVITY;
    draft.y += draft.vy;
    if (draft.vy > 0 || draft.y > floor) return;
    draft.y = floor;
    draft.vy = 0;
    draft.ground = 1;
    draft.coyote = 0;
    cue(draft, "land");
  };

  // Running into the side of a crate hurts and puts the hero on top of it.
  const bump = (draft, x) => {
    const { crates } = draft.level;
    for (let i = draft.crate; i < crates.length && px(crates[i][0]) < x + WIDTH; i += 1) {
      const top = px(crates[i][2]);
      if (draft.y >= top - STEP) continue;
      if (!draft.safe) hurt(draft, "hit");
      draft.y = top;
      draft.vy = 0;
      draft.ground = 1;
      draft.hold = 0;
    }
  };

  const fall = (draft) => {
    if (draft.y > -FALL) return;
    hurt(draft, "fell");
    draft.y = 0;
    draft.vy = RESCUE;
    draft.ground = 0;
    draft.coyote = 0;
    draft.hold = 0;
  };

  // Left edge of hazard number i, in sixteenths, at frame t.
  const place = (level, i, t) => {
    const [, x, , drift] = level.hazards[i];
    return px(x) + drift * (Math.floor(px(x) / level.speed) - t);
  };

  const collide = (draft, x) => {
    const { hazards } = draft.level;
    const passed = (i) => place(draft.level, i, draft.t) + px(56) < x;
    while (draft.hazard < hazards.length && passed(draft.hazard)) draft.hazard += 1;
    for (let i = draft.hazard; i < hazards.length && px(hazards[i][1]) < x + px(160); i += 1) {
      const [inset, width, height] = HAZARDS[hazards[i][0]];
      const left = place(draft.level, i, draft.t) + px(inset);
      const bottom = px(hazards[i][2]);
      const head = draft.y + (draft.duck ? CROUCH : STAND);
      const apart = left >= x + WIDTH || left + px(width) <= x || bottom >= head || bottom + px(height) <= draft.y;
      if (!apart && !draft.safe && !draft.outcome) hurt(draft, "hit");
    }
  };

  const take = (draft, kind) => {
    if (kind === 1) {
      draft.clock += draft.level.bonus;
      draft.clocks += 1;
      cue(draft, "bonus");
      return;
    }
    draft.pickups += 1;
    draft.score += draft.level.value;
    cue(draft, "collect");
  };

  // `mask` tells which of the items from number `item` on are taken, `trail` which of the last thirty before it.
  const collect = (draft, x) => {
    const { items } = draft.level;
    while (draft.item < items.length && px(items[draft.item][1]) + ITEM + REACH <= x) {
      draft.item += 1;
      draft.trail = ((draft.trail << 1) | (draft.mask & 1)) & TRAIL;
      draft.mask >>= 1;
    }
    const head = draft.y + (draft.duck ? CROUCH : STAND) + REACH;
    for (let i = draft.item; i < items.length && px(items[i][1]) < x + WIDTH + REACH; i += 1) {
      const bit = 1 << (i - draft.item);
      const bottom = px(items[i][2]);
      if (draft.mask & bit || bottom >= head || bottom + ITEM + REACH <= draft.y) continue;
      draft.mask |= bit;
      take(draft, items[i][0]);
    }
  };

  const finish = (draft, x) => {
    const { level } = draft;
    if (level.clock) {
      draft.clock -= 1;
      if (draft.clock <= 0) return lose(draft, "time");
      if (draft.clock <= 300 && draft.clock % 60 === 0) cue(draft, "tick");
    }
    if (x + WIDTH < px(level.length)) return undefined;
    if (draft.pickups < level.need) return lose(draft, "short");
    draft.outcome = 1;
    draft.score += level.win;
    return cue(draft, "win");
  };

  const step = (state, input) => {
    if (state.outcome) return state;
    const draft = { ...state, t: state.t + 1, input, cues: 0 };
    const x = draft.t * draft.level.speed;
    if (draft.safe) draft.safe -= 1;
    control(draft, state.input, input);
    move(draft, x);
    bump(draft, x);
    if (!draft.outcome) fall(draft);
    if (!draft.outcome) collide(draft, x);
    if (!draft.outcome) collect(draft, x);
    if (!draft.outcome) finish(draft, x);
    return draft;
  };

  const stars = (state) => {
    if (state.outcome !== 1) return 0;
    const [two, three] = state.level.stars;
    return 1 + (state.score >= two ? 1 : 0) + (state.score >= three ? 1 : 0);
  };

  const summary = (state) => ({
    score: state.score,
    pickups: state.pickups,
    need: state.level.need,
    stars: stars(state),
    hearts: state.level.hearts > 1 ? state.hearts : -1,
    time_left: state.level.clock ? Math.floor((state.clock + 59) / 60) : -1,
    progress: Math.min(1000, Math.floor((state.t * state.level.speed + WIDTH) * 1000 / px(state.level.length))),
    cause: CAUSES[state.cause],
  });

  const cues = (state) => CUES.filter((_, i) => state.cues & (1 << i));

  return Object.freeze({
    start, step, summary, cues, place, outcome: (state) => state.outcome, CAUSES, UNIT, WIDTH, STAND, HAZARDS,
  });
})();
