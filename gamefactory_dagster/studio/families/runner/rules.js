/* Runner rules: run right, jump and duck, reach the flag. Heights and speeds are in sixteenths of a pixel, level data in
 * whole pixels, y grows upwards from the ground. Needs Course, Endless.
 *
 * A level: {number, seed, speed, length, hearts, hold, duck, need, clock, bonus, value, win, stars: [two, three], teaches,
 *   gaps: [[x, width]], crates: [[x, width, top]], hazards: [[kind, x, y, drift, variant]], items: [[kind, x, y]],
 *   ledges: [[x, width, top]], springs: [[x, y]], breakables: [[x, y]], rides: [[x, width, top, along, rise, period]]}
 * Lists are sorted by x; `y` is the bottom of a thing. A drifting hazard is at its x when the hero is, and moves left by
 * `drift` sixteenths a frame; a ride likewise (course.js). `variant` is for pictures.
 * The hero's x is a function of the frame, so everything the level does is one too.
 */
const Rules = (() => {
  const { UNIT, WIDTH, BOX, px, near } = Course;
  const STAND = px(54);
  const CROUCH = px(30);
  const JUMP = px(15); // rises 150 px in 20 frames
  const HOP = px(25) >> 1; // with `hold`: 104 px when tapped, 205 px when held
  const SPRING = px(20); // rises 266 px, 53 frames in the air
  const POP = px(11); // off what bursts underfoot: 80 px, 29 frames
  const GRAVITY = 12;
  const FLOAT = 3; // gravity while a jump is held
  const HOLD = 12; // frames a jump can be held
  const BUFFER = 6; // a press this many frames before landing still jumps
  const COYOTE = 5; // and as many after running off an edge
  const STEP = px(10); // feet this far below an edge still get onto it
  const FALL = px(60); // this far down a gap is gone
  const RESCUE = px(19); // who does not lose by it is thrown back out of the gap
  const GRACE = 300; // frames in which nothing but time is lost
  const SAFE = 80; // frames without harm after a hit
  const REVIVED = 120; // and after going on once more
  const PAUSE = 50; // frames without a coin end a run of them
  const CLOSE = px(10); // a hazard missed by less is a near miss
  const SOFT = px(5); // edges of a spring that do not count
  const TRAIL = 0x3fffffff;
  const BROKEN = 12; // so many of the last broken are remembered; the others lie far behind
  // kind -> [inset left and right, width, height] of what hurts; forgiving by 6 px
  const HAZARDS = [[6, 28, 34], [6, 28, 74], [6, 44, 30]];
  const REACH = px(6); // items are caught this far off
  const ITEM = px(32);
  const CAUSES = ["", "hit", "fell", "time", "short"];
  const CUES = [
    "jump", "land", "duck", "collect", "bonus", "hit", "stumble", "bounce", "break", "ride", "near", "tick",
    "win", "lose",
  ];
  const cue = (draft, name) => { draft.cues |= 1 << CUES.indexOf(name); };

  // Nothing here is left to chance, so the seed that other families need is not used.
  const start = (level) => ({
    level, t: 0, x: 0, y: 0, vy: 0, ground: 1, duck: 0, hold: 0, buffer: 0, coyote: 0, ride: -1,
    hearts: level.hearts, safe: 0, pickups: 0, clocks: 0, score: 0, clock: level.clock,
    item: 0, mask: 0, trail: 0, broken: [], bounced: 0, stumble: 0, graze: 0, near: 0, combo: 0, caught: 0,
    input: 0, cues: 0, outcome: 0, cause: 0,
  });

  const lose = (draft, cause) => {
    draft.outcome = 2;
    draft.cause = CAUSES.indexOf(cause);
    cue(draft, "lose");
  };

  const hurt = (draft, cause) => {
    if (draft.safe) return;
    draft.safe = SAFE;
    draft.graze = 0;
    if (draft.t <= GRACE) {
      draft.stumble = draft.t;
      cue(draft, "stumble");
      return;
    }
    draft.hearts -= 1;
    cue(draft, "hit");
    if (draft.hearts <= 0) lose(draft, cause);
  };

  const lift = (draft, vy) => {
    draft.vy = vy;
    draft.ground = 0;
    draft.ride = -1;
    draft.hold = 0;
    draft.buffer = 0;
    draft.coyote = 0;
    draft.duck = 0;
  };

  const control = (draft, before, input) => {
    if (input & 1 && !(before & 1)) draft.buffer = BUFFER + 1;
    if (draft.buffer) draft.buffer -= 1;
    if (draft.coyote) draft.coyote -= 1;
    if (draft.hold) draft.hold = input & 1 ? draft.hold - 1 : 0;
    if (draft.buffer && (draft.ground || draft.coyote)) {
      lift(draft, draft.level.hold ? HOP : JUMP);
      draft.hold = draft.level.hold ? HOLD : 0;
      cue(draft, "jump");
    }
    const duck = draft.level.duck && draft.ground && input & 2 ? 1 : 0;
    if (duck && !draft.duck) cue(draft, "duck");
    draft.duck = duck;
  };

  const whole = (draft, i) => !draft.broken.includes(i);
  const across = (draft, left, width) => left < draft.x + WIDTH && left + width > draft.x;

  // Height of what carries the hero, as seen from its feet; -FALL * 2 over a gap. Ledges and rides carry who comes from
  // above and are passed through from below.
  const support = (draft, stretch) => {
    const { x, y, level } = draft;
    let top = y < -STEP ? -FALL * 2 : 0;
    if (stretch.level) return top;
    for (const i of stretch.gaps) {
      const [left, width] = level.gaps[i];
      if (x >= px(left) && x + WIDTH <= px(left + width)) top = -FALL * 2;
    }
    const offer = (left, width, height) => {
      if (height > top && y >= height - STEP && across(draft, left, width)) top = height;
    };
    for (const i of stretch.crates) offer(px(level.crates[i][0]), px(level.crates[i][1]), px(level.crates[i][2]));
    for (const i of stretch.ledges) offer(px(level.ledges[i][0]), px(level.ledges[i][1]), px(level.ledges[i][2]));
    for (const i of stretch.breakables) {
      if (whole(draft, i)) offer(px(level.breakables[i][0]), px(BOX), px(level.breakables[i][1] + BOX));
    }
    for (const i of stretch.rides) {
      const ride = Course.ridePlace(level, i, draft.t);
      offer(ride.x, px(level.rides[i][1]), ride.y);
    }
    return top;
  };

  // Number of the ride under the hero's feet, -1 for none.
  const ridden = (draft, stretch) => {
    for (const i of stretch.rides) {
      const ride = Course.ridePlace(draft.level, i, draft.t);
      if (ride.y === draft.y && across(draft, ride.x, px(draft.level.rides[i][1]))) return i;
    }
    return -1;
  };

  // Is the hero still on its ride? Then it goes where the ride goes.
  const carried = (draft) => {
    const ride = Course.ridePlace(draft.level, draft.ride, draft.t);
    if (!across(draft, ride.x, px(draft.level.rides[draft.ride][1]))) return false;
    draft.y = ride.y;
    return true;
  };

  const smash = (draft, i) => {
    draft.broken = [...draft.broken, i].slice(-BROKEN);
    draft.score += 2 * draft.level.value;
    cue(draft, "break");
  };

  // What the hero landed on gives way or carries it.
  const settle = (draft, stretch) => {
    const burst = stretch.breakables.filter((i) => whole(draft, i)
      && px(draft.level.breakables[i][1] + BOX) === draft.y && across(draft, px(draft.level.breakables[i][0]), px(BOX)));
    burst.forEach((i) => smash(draft, i));
    if (burst.length) return lift(draft, POP);
    draft.vy = 0;
    draft.ground = 1;
    draft.hold = 0;
    draft.coyote = 0;
    draft.ride = stretch.rides.length ? ridden(draft, stretch) : -1;
    return cue(draft, "land");
  };

  const move = (draft, stretch) => {
    if (draft.ride >= 0 && carried(draft)) return;
    draft.ride = -1;
    const floor = support(draft, stretch);
    if (draft.ground && floor === draft.y) {
      if (stretch.rides.length) draft.ride = ridden(draft, stretch);
      return;
    }
    if (draft.ground) {
      draft.ground = 0;
      draft.coyote = COYOTE + 1;
    }
    draft.vy -= draft.hold ? FLOAT : GRAVITY;
    draft.y += draft.vy;
    if (draft.vy > 0 || draft.y > floor) return;
    draft.y = floor;
    settle(draft, stretch);
  };

  const spring = (draft, stretch) => {
    for (const i of stretch.springs) {
      const [x, y] = draft.level.springs[i];
      const on = across(draft, px(x) + SOFT, px(BOX) - 2 * SOFT) && draft.y >= px(y) && draft.y <= px(y + 24);
      if (!on || draft.vy > 0) continue;
      lift(draft, SPRING);
      draft.bounced = draft.t;
      cue(draft, "bounce");
    }
  };

  // Running into the side of a crate hurts and puts the hero on top of it; what can burst, bursts. Hit from below it
  // does so without harm.
  const bump = (draft, stretch) => {
    const { crates, breakables } = draft.level;
    for (const i of stretch.crates) {
      const top = px(crates[i][2]);
      if (draft.y >= top - STEP || !across(draft, px(crates[i][0]), px(crates[i][1]))) continue;
      hurt(draft, "hit");
      draft.y = top;
      draft.vy = 0;
      draft.ground = 1;
      draft.hold = 0;
      draft.ride = -1;
    }
    for (const i of stretch.breakables) {
      const bottom = px(breakables[i][1]);
      const head = draft.y + STAND;
      const apart = draft.y >= bottom + px(BOX) - STEP || head <= bottom || !across(draft, px(breakables[i][0]), px(BOX));
      if (apart || !whole(draft, i)) continue;
      smash(draft, i);
      if (draft.vy > 0 && head - bottom < px(24)) draft.vy = 0;
      else hurt(draft, "hit");
    }
  };

  const fall = (draft) => {
    if (draft.y > -FALL) return;
    hurt(draft, "fell");
    if (draft.outcome) return;
    draft.y = 0;
    lift(draft, RESCUE);
  };

  // A hazard the hero came close to and got past unhurt.
  const brush = (draft) => {
    draft.graze = 0;
    if (draft.safe || (draft.near && draft.t - draft.near < 30)) return;
    draft.near = draft.t;
    draft.score += draft.level.value;
    cue(draft, "near");
  };

  const collide = (draft, stretch) => {
    const { hazards } = draft.level;
    const head = draft.y + (draft.duck ? CROUCH : STAND);
    for (const i of stretch.hazards) {
      const [kind, , bottom] = hazards[i];
      const [inset, width, height] = HAZARDS[kind];
      const left = Course.place(draft.level, i, draft.t) + px(inset);
      if (!across(draft, left, px(width))) {
        if (draft.graze === i + 1 && left + px(width) <= draft.x) brush(draft);
        continue;
      }
      const room = Math.max(px(bottom) - head, draft.y - px(bottom + height));
      if (room < 0) hurt(draft, "hit");
      else if (room < CLOSE) draft.graze = i + 1;
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
    draft.combo += 1;
    draft.caught = draft.t;
    cue(draft, "collect");
  };

  // `mask` tells which of the items from number `item` on are taken, `trail` which of the last thirty before it.
  const collect = (draft) => {
    const { items } = draft.level;
    const { x } = draft;
    if (draft.combo && draft.t - draft.caught > PAUSE) draft.combo = 0;
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

  const finish = (draft) => {
    const { level } = draft;
    if (level.clock) {
      draft.clock -= 1;
      if (draft.clock <= 0) return lose(draft, "time");
      if (draft.clock <= 300 && draft.clock % 60 === 0) cue(draft, "tick");
    }
    if (draft.x + WIDTH < px(level.length)) return undefined;
    if (draft.pickups < level.need) return lose(draft, "short");
    draft.outcome = 1;
    draft.score += level.win;
    return cue(draft, "win");
  };

  // Field by field, which takes a third less than a spread.
  const copy = (s) => ({
    level: s.level, t: s.t, x: s.x, y: s.y, vy: s.vy, ground: s.ground, duck: s.duck, hold: s.hold, buffer:
    s.buffer, coyote: s.coyote, ride: s.ride, hearts: s.hearts, safe: s.safe, pickups: s.pickups, clocks:
    s.clocks, score: s.score, clock: s.clock, item: s.item, mask: s.mask, trail: s.trail, broken: s.broken,
    bounced: s.bounced, stumble: s.stumble, graze: s.graze, near: s.near, combo: s.combo, caught: s.caught,
    input: s.input, cues: s.cues, outcome: s.outcome, cause: s.cause,
  });

  // The same state a frame later, for who needs the one before no more: a level is played ten million frames before it
  // ships, and half of what a step costs is its copy.
  const advance = (draft, input) => {
    if (draft.outcome) return draft;
    const before = draft.input;
    const riding = draft.ride >= 0;
    draft.t += 1;
    draft.input = input;
    draft.cues = 0;
    draft.x = Course.at(draft.level, draft.t);
    const stretch = near(draft.level, draft.x);
    if (draft.safe) draft.safe -= 1;
    control(draft, before, input);
    move(draft, stretch);
    if (draft.ride >= 0 && !riding) cue(draft, "ride");
    if (stretch.springs.length) spring(draft, stretch);
    if (!stretch.level) bump(draft, stretch);
    if (!draft.outcome) fall(draft);
    if (!draft.outcome) collide(draft, stretch);
    if (!draft.outcome) collect(draft);
    if (!draft.outcome) finish(draft);
    return draft;
  };

  const step = (state, input) => (state.outcome ? state : advance(copy(state), input));

  // A lost state goes on once: out of the gap or past what it ran into, with what it lacked.
  const revive = (state) => {
    const { level, t } = state;
    const draft = { ...state, outcome: 0, cause: 0, cues: 0, safe: REVIVED, input: 0 };
    draft.hearts = Math.max(1, state.hearts);
    if (level.clock) draft.clock = Math.max(state.clock, 600);
    if (CAUSES[state.cause] === "short") draft.pickups = level.need;
    if (state.y >= 0) return draft;
    draft.y = 0;
    lift(draft, RESCUE);
    return { ...draft, bounced: t };
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
    progress: Math.min(1000, Math.floor((state.x + WIDTH) * 1000 / px(state.level.length))),
    cause: CAUSES[state.cause],
  });

  // Each coin of a run sounds a semitone higher than the one before.
  const pitched = (state, name) =>
    (name === "collect" && state.combo > 1 ? "collect+" + Math.min(12, state.combo - 1) : name);
  const cues = (state) => CUES.filter((_, i) => state.cues & (1 << i)).map((name) => pitched(state, name));

  return Object.freeze({
    start, step, advance, revive, summary, cues, outcome: (state) => state.outcome, timed: () => true,
    endless: Endless.level, trials: Endless.trials, at: Course.at, place: Course.place, ridePlace: Course.ridePlace,
    CAUSES, CUES, UNIT, WIDTH, STAND, BOX, HAZARDS,
  });
})();
