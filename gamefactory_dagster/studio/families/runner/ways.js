/* Ways: what becomes of the hero in a few frames, remembered. Hundreds of games of a level differ by when somebody presses,
 * so most of what happens in one has happened in another: a game goes from block to block of frames, and only a block
 * that none came through like this is played. What is counted (hearts, points, time) is no part of what is remembered, but
 * added up; where it decides, the frames are played. V8 only; needs Course, Rules.
 */
const Ways = (() => {
  const BLOCK = 8; // frames: of fewer, more are met again; of more, there are fewer to go through
  const BITS = 2; // of an input
  const PRESS = 20; // frames of a press; it waits for 6 at most, and lifts for 12
  const PLENTY = 1 << 20; // hearts and frames that no block takes
  const RECENT = 30; // frames for which a near miss keeps rules.js from telling another

  const recent = (s) => (s.near && s.t - s.near < RECENT ? s.near : 0);
  const broken = (one, other) => (!one.broken.length && !other.broken.length)
    || Course.near(one.level, one.x).breakables.every((i) => one.broken.includes(i) === other.broken.includes(i));

  // Do two states of one level and frame have the same to come, but for what is counted? Not asked: what is for eyes and
  // ears alone (trail, combo, caught, bounced, cues), and when somebody stumbled.
  const alike = (one, other) => one.y === other.y && one.vy === other.vy && one.input === other.input
    && one.ground === other.ground && one.duck === other.duck && one.hold === other.hold && one.buffer === other.buffer
    && one.coyote === other.coyote && one.ride === other.ride && one.safe === other.safe && one.item === other.item
    && one.mask === other.mask && one.graze === other.graze && recent(one) === recent(other) && broken(one, other);

  // What is known of a level, for games that are played after one `plan`; of the last one asked for.
  let known = { level: null, plan: null };
  const of = (level, plan) => {
    if (known.level !== level || known.plan !== plan) known = { level, plan, places: [] };
    return known;
  };

  // Another state with the same in it, as V8 lays states out: of those that a spread makes, steps would cost twice as much.
  const copy = (state) => Object.assign(Rules.step(state, 0), state);

  // The place of a state, one for all that are alike: {state, ways}. A new place keeps the state.
  const find = (ways, state) => {
    const block = state.t / BLOCK;
    const all = ways.places[block] || (ways.places[block] = []);
    for (const place of all) if (alike(place.state, state)) return place;
    state.hearts = state.clock = PLENTY;
    state.pickups = state.clocks = state.score = 0;
    const place = { state, ways: null };
    all.push(place);
    return place;
  };

  // The inputs from frame t on, a number for each block. A press that is held for longer than it can do anything is let go:
  // as many games press alike as do.
  const patterns = (level, inputs, t) => {
    const most = level.hold ? PRESS : 1;
    const all = [];
    let held = 0;
    for (let f = t; f < inputs.length || (f - t) % BLOCK; f += 1) {
      const input = inputs[f] || 0;
      held = input & 1 ? held + 1 : 0;
      const at = (f - t) % BLOCK;
      const bits = (held > most ? input & ~1 : input) << (BITS * at);
      if (at) all[all.length - 1] |= bits;
      else all.push(bits);
    }
    return all;
  };

  // Plays a block. `to` is where it ends, null where the level does; `off`: the hero ran where the plan does not; `hits`:
  // where hearts were lost; `least`: the time at its lowest, against the beginning; the rest is what is added.
  const explore = (ways, place, bits) => {
    let s = place.state;
    const hits = [];
    let off = false;
    let least = 0;
    for (let f = 0; f < BLOCK && s.outcome === 0; f += 1) {
      const { hearts } = s;
      if (s.ground && ways.plan[s.t] !== undefined && ways.plan[s.t] !== s.y) off = true;
      s = (f ? Rules.advance : Rules.step)(s, (bits >> (BITS * f)) & 3);
      if (s.hearts < hearts) hits.push(s.x);
      if (s.clock - PLENTY < least) least = s.clock - PLENTY;
    }
    const { pickups, clocks, score } = s;
    const one = { bits, to: null, off, hits, least, clock: s.clock - PLENTY, pickups, clocks, score, next: place.ways };
    if (s.outcome === 0) one.to = find(ways, s);
    place.ways = one;
    return one;
  };

  const way = (ways, place, bits) => {
    let one = place.ways;
    while (one && one.bits !== bits) one = one.next;
    return one || explore(ways, place, bits);
  };

  // Goes on from `state`, at the beginning of a block, for as long as nothing is decided: not by a last heart, by time, by
  // the flag, nor, if it is `careful`, off the plan. `most` is the last frame it may reach. `log` is told what was lost.
  const follow = (ways, state, inputs, most, careful, log) => {
    let { hearts, clock, pickups, clocks, score } = state;
    const first = find(ways, copy(state));
    const asked = patterns(ways.level, inputs, state.t);
    let place = first;
    for (let t = state.t; t + BLOCK <= most; t += BLOCK) {
      const one = way(ways, place, asked[(t - state.t) / BLOCK] || 0);
      const late = ways.level.clock > 0 && clock + one.least <= 0;
      if (!one.to || late || hearts <= one.hits.length || (careful && one.off)) break;
      if (log) {
        log.hits.push(...one.hits);
        log.least = Math.min(log.least, clock + one.least);
      }
      hearts -= one.hits.length;
      clock += one.clock;
      pickups += one.pickups;
      clocks += one.clocks;
      score += one.score;
      place = one.to;
    }
    if (place === first) return state;
    const input = inputs[place.state.t - 1] || 0;
    return Object.assign(copy(place.state), { input, hearts, clock, pickups, clocks, score });
  };

  return Object.freeze({ of, follow, BLOCK });
})();
