/* Tale: what of a step is felt, said and taught (core.js: happened, told, lesson). Browser only; draws nothing. */
const Tale = (() => {
  const { UNIT } = Rules;
  const LAST = 16; // frames before the flag at which time slows down
  const OVER = 124; // pixels above the feet at which words rise: clear of the head, even in a jump
  const EARLY = 75; // frames before an obstacle at which it is told of
  const GOLD = "#ffd54a";

  const FELT = {
    jump: "jump", land: "land", duck: "step", collect: "gather", bonus: "bonus", win: "win", lose: "lose",
  };
  const DETAIL = {
    gather: { to: "pickups", picture: "coin", tint: GOLD },
    bonus: { tint: "#8eeeff", words: "More time!" },
    win: { tint: GOLD, many: 2 },
  };

  const frames = (state, pixels) => (pixels * UNIT) / Camera.speed(state.level, state.t);

  // Words for what a state has over the one before it: [[what, more], ...].
  const news = (state, previous) => {
    const list = [];
    const since = (name) => state[name] !== undefined && state[name] !== previous[name] && state[name] === state.t;
    if (state.hearts < previous.hearts) list.push(["hit", { tint: "#ff5a6e", many: 1.4 }]);
    else if (since("stumble")) list.push(["stumble", { words: "Oops!" }]);
    if (since("bounced")) list.push(["bounce", { tint: "#ffb74d" }]);
    if (since("near")) list.push(["near", { words: "Close!", tint: "#8eeeff" }]);
    if (state.ride >= 0 && previous.ride < 0) list.push(["ride", {}]);
    const { combo } = state;
    const named = combo === 5 || (combo > 0 && combo % 10 === 0);
    if (named && combo !== previous.combo) list.push(["combo", { words: combo + " in a row!" }]);
    return list;
  };

  // All of a step, each at its place in the picture; `place` turns (x, y) of the rules into pixels, and what lies on
  // the course goes left with it, so many pixels a frame.
  const happened = (state, previous, place) => {
    const [[a], [b]] = [place(0, 0), place(Road.at(state) - Road.at(previous), 0)];
    const drift = [a - b, 0];
    const x = Road.at(state) + Road.BODY / 2;
    const at = (high) => {
      const [px, py] = place(x, state.y / UNIT + high);
      return { x: px, y: py };
    };
    const list = [];
    for (const cue of Rules.cues(state)) {
      const what = FELT[cue.split("+")[0]];
      const low = what === "jump" || what === "land" || what === "step";
      if (what) list.push({ what, ...at(low ? 0 : 36), drift, ...DETAIL[what] });
    }
    for (const [what, more] of news(state, previous)) {
      list.push({ what, ...at(more.words ? OVER : what === "bounce" || what === "ride" ? 0 : 36), drift, ...more });
    }
    (state.level.breakables || []).forEach(([bx, by], i) => {
      if (!Road.broken(state, i) || Road.broken(previous, i)) return;
      const [px, py] = place(bx + 24, by + 24);
      list.push({ what: "break", x: px, y: py, drift, tint: GOLD });
    });
    const { level } = state;
    const left = (one) => frames(one, level.length - Road.at(one) - Road.BODY);
    if (!level.endless && state.pickups >= level.need && left(previous) > LAST && left(state) <= LAST) {
      list.push({ what: "last", ...at(36) });
    }
    return list;
  };

  // ---- teaching: the move to make now, until it was made once

  const air = (state) => !state.ground && state.vy > 0;
  const HELD = 8; // frames of a jump still to be held when it counts as a held one
  const held = (state) => air(state) && state.hold > 0 && state.hold <= HELD;
  // lesson -> [shown from how many frames before, to how many, gesture, key, words, what shows that it is done]
  const MOVES = {
    jump: [44, 3, "tap", "Space", "Jump!", air],
    hold: [44, -20, "hold", "Space", "Hold: jump higher!", held],
    duck: [34, -99, "hold", "ArrowDown", "Duck!", (state) => state.duck],
    crates: [50, 3, "tap", "Space", "Land on top!", air],
    rollers: [50, 3, "tap", "Space", "Jump over!", air],
    climb: [40, -30, "tap", "Space", "Jump up!", air],
    break: [44, 3, "tap", "Space", "Land on it!", air],
    coins: [44, 3, "tap", "Space", "Catch the coins!", air],
    clock: [44, 3, "tap", "Space", "Catch more time!", air],
    // Nothing is pressed for these; a word is enough.
    bounce: [50, 40, "", "", "Run onto it!", () => true],
    ride: [50, 40, "", "", "Hop on!", () => true],
  };

  const teacher = (level, ahead) => {
    const learned = {};
    const teaches = level.teaches || [];
    const wanted = Road.treats(level).filter(({ lessons }) => lessons.some((name) => teaches.includes(name)));
    const road = [...ahead, ...wanted].sort((one, other) => one.x - other.x);
    // The name of the lesson that is due, and what it is about.
    const due = (state) => {
      for (const one of road) {
        const before = frames(state, one.x - Road.at(state) - Road.BODY);
        if (before > 100) return null;
        const fits = (name) => before <= MOVES[name][0] && before >= MOVES[name][1] && Road.at(state) < one.end;
        const name = teaches.find((each) => !learned[each] && one.lessons.includes(each) && fits(each));
        if (name) return name;
      }
      return null;
    };
    // Told after each step: what was to be done and is done is known. Gives the word to say where that is enough.
    const watch = (state, place) => {
      const name = due(state);
      if (!name || !MOVES[name][5](state)) return [];
      learned[name] = true;
      const [, , how, , words] = MOVES[name];
      const [x, y] = place(Road.at(state) + Road.BODY / 2, state.y / UNIT + 110);
      return how ? [] : [{ what: "step", x: x + 100, y, words }];
    };
    const lesson = (state, place, split) => {
      const name = state.outcome ? null : due(state);
      if (!name || !MOVES[name][2]) return null;
      const [, , how, key, words] = MOVES[name];
      const [hero, y] = place(Road.at(state) + Road.BODY / 2, state.y / UNIT + 110);
      const x = name === "duck" ? Math.min(hero, split - 60) : Math.max(hero + 150, split + 60);
      return { how, x, y, keys: [key], words };
    };
    return { watch, lesson };
  };

  // ---- for who hears the game

  const NUMBERS = ["no", "one", "two", "three"];

  const hurt = (state) => {
    if (state.outcome === 2 || state.level.hearts < 2) return "Hit.";
    return "Hit, " + NUMBERS[state.hearts] + " heart" + (state.hearts === 1 ? "" : "s") + " left.";
  };

  const passed = (road, state, previous) => {
    const one = road.find(({ end }) => end < Road.at(state) && end >= Road.at(previous));
    if (!one || state.safe) return "";
    return one.hint === "duck" ? "Ducked it." : /jump$/.test(one.hint) ? "Jumped it." : "";
  };

  const coming = (road, state, previous) => {
    const near = (one, at) => frames(state, one.x - at - Road.BODY) <= EARLY;
    const one = road.find((each) => near(each, Road.at(state)) && !near(each, Road.at(previous)));
    return one ? one.name + " ahead: " + one.hint + "." : "";
  };

  const told = (road, state, previous) => {
    if (state.outcome === 1) return "The flag! You made it.";
    if (state.hearts < previous.hearts) return hurt(state);
    if (state.stumble !== previous.stumble) return "Stumbled, no harm done.";
    const { need } = state.level;
    const coin = state.pickups > previous.pickups ? "Coin, " + state.pickups + (need ? " of " + need : "") + "." : "";
    return [passed(road, state, previous), coming(road, state, previous), coin].filter(Boolean).join(" ");
  };

  return Object.freeze({ happened, teacher, told });
})();
