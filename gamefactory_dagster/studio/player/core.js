/* Core: what rules, solver and player share. Integers only; no clock, no DOM, no family.
 *
 * What a family's rules.js must offer, for shell, lab and solver alike:
 *   Rules.start(level, seed) -> state          Rules.step(state, input) -> state (pure)
 *   Rules.outcome(state) -> 0 playing, 1 won, 2 lost
 *   Rules.cues(state) -> ["jump", ...] sounds of this step; "coin+3" is played three semitones higher (0 to 12)
 *   Rules.summary(state) -> {score, pickups, need, stars, hearts, time_left, progress, cause}, and perhaps goals
 *   Rules.timed(level) -> whether time is part of it, so that doing nothing must lose; else doing nothing loses nothing
 *   Rules.advance(state, input) (optional) -> the same state, changed to what `step` gives; the laboratory plays by it
 *   Rules.revive(state) (optional) -> a lost state that goes on, safe for a moment, with what it lacked
 *   Rules.endless(sections, seed) (optional) -> a level of those pieces, as long as anybody lasts
 * In a summary `need` 0 means no target, `hearts` -1 and `time_left` -1 (seconds) mean "not shown",
 * `progress` is 0..1000 and `cause` is "" or why the level was lost, one of Rules.CAUSES.
 * A level's `teaches` are at most two names of lessons, or none.
 *
 * What its view.js must offer: View.create({level, game, atlas, palette, still, portrait, room}) -> one level's
 *   draw(ctx, {state, previous, share, frame, room, w, h})   paint the whole 960x540 picture (w, h are those), at the time that
 *                      is `share` (0..1) of the way from `previous` to `state`: what moves is drawn in between, and what
 *                      moves by picture is a function of frame + share. After the end `previous` is `state`
 *   happened(state, previous) -> [{what, x, y}, ...]   asked once a step: what a player should feel of it, where in the
 *                      picture. `what` is a word of feel.js; besides, as wanted: `words` that rise, `tint` of its sparks,
 *                      `many` (1 is usual, 3 much), `to`, a counter ("pickups", "score", "hearts", "goal:0") to which a
 *                      copy of `picture`, a frame of the atlas, flies; `drift`, [x, y] a frame, of what it lies on
 *   lesson(state) -> null or {how, x, y, to, keys, words}   the move to show now, in a level that `teaches`: "tap",
 *                      "hold", "drag" or "swipe", where, to where, by which keys, in at most four words
 *                      and perhaps `clear`, a height below which, where there is room, the words hide nothing
 *   told(state, previous) -> "" or sentences about this step, for a screen reader
 *   counter(name) (optional) -> [x, y] of a counter of `to` that the picture itself shows, or null
 *   input(state) -> the input for the coming frame, from the keys and pointers as they now stand
 *   key(code, down) -> true if this KeyboardEvent.code is one of the game's: a place on the keyboard, whatever the
 *                      layout, Shift or Caps Lock make of it
 *   pointer(type, x, y, id)                   "down" | "move" | "up"; logical pixels, may lie outside the picture
 *   release()                                 forget every held key and pointer
 *   gestures(previousInput, input, state) -> [{type: "keydown"|"keyup", key} | {type: "pointerdown"|"pointermove"|
 *                                            "pointerup", x, y}] in logical pixels, that make `input` come next
 *   pads (optional)                           words for the touch areas below the picture, from left to right
 * and View.portrait, [x, width, place]: the part of the picture that a phone held upright must show, as wide as its
 * screen, and which share of the room left over is above it; View.labels, words for the numbers of a summary:
 * {pickups, score, progress, hearts, time}; View.skinned, beginnings of the names of pictures that a skin recolours.
 * View.tall (optional): true where an upright screen is filled by the view. Then `room` is given to create and draw, else
 * null: {from, to} the screen's top and bottom in the picture's pixels, {top, bottom} what of it the counters leave.
 * `atlas` is {image, frames, backgrounds: {far, mid, near}} or null while there is no art; `still` is true under reduced
 * motion: then nothing shakes, flashes, or moves that is not the game itself.
 */
const Core = (() => {
  const clamp = (value, low, high) => (value < low ? low : value > high ? high : value);

  // JSON with sorted keys: the same state gives the same text in every engine.
  const canonical = (value) => {
    if (Array.isArray(value)) return "[" + value.map(canonical).join() + "]";
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const pair = (key) => JSON.stringify(key) + ":" + canonical(value[key]);
    return "{" + Object.keys(value).sort().map(pair).join() + "}";
  };

  // 32-bit FNV-1a over the UTF-16 units of the canonical JSON, as eight hex digits.
  const hash = (state) => {
    const text = canonical(state);
    let h = 0x811c9dc5;
    for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    return (h >>> 0).toString(16).padStart(8, "0");
  };

  // Marsaglia's xorshift32. Its state is one non-zero 32-bit integer, kept inside the game's state.
  const Rng = Object.freeze({
    // Any safe integer to a valid first state.
    seed(number) {
      const high = Math.floor(number / 0x100000000);
      const mixed = Math.imul((number | 0) ^ Math.imul(high | 0, 0x9e3779b1), 0x85ebca6b);
      return (mixed ^ (mixed >>> 15)) | 0 || 0x2545f491;
    },
    next(s) {
      let x = s | 0;
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      return x | 0;
    },
    // 0 <= result < bound, from a state that `next` made.
    below: (s, bound) => (s >>> 0) % bound,
  });

  // [[input, frames], ...] -> one input a frame, and back.
  const expand = (trace) => trace.flatMap(([input, frames]) => new Array(frames).fill(input));
  const compress = (inputs) => {
    const trace = [];
    for (const input of inputs) {
      const last = trace[trace.length - 1];
      if (last && last[0] === input) last[1] += 1;
      else trace.push([input, 1]);
    }
    return trace;
  };

  return Object.freeze({ clamp, canonical, hash, Rng, expand, compress });
})();
