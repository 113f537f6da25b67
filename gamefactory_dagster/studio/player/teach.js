/* Teach: shows a move at the moment it is needed, by a hand, a mouse pointer or keys after what was last used, until it
 * is done. A view says which move, when and where (core.js); a level says what it `teaches`.
 */
const Teach = (() => {
  const TURN = 84; // frames of showing a move once
  const FADE = 10;
  const ease = (part) => part * part * (3 - 2 * part);
  const between = (frame, from, to) => ease(Math.min(1, Math.max(0, (frame - from) / (to - from))));
  let teaches = false;
  let still = false;
  let cuff = "#ff8a3d";
  let used = matchMedia("(pointer: coarse)").matches ? "touch" : "mouse";
  let lesson = null;
  let before = null; // what it was a step ago: a lesson may follow something that moves
  let since = 0; // the frame at which it came
  let gone = -FADE;

  // Lessons learned are not told again.
  const begin = (level, options) => {
    const { learned } = options;
    ({ still, cuff } = options);
    teaches = (level.teaches || []).some((name) => !learned.includes(name));
    lesson = before = null;
    gone = -FADE;
  };

  const use = (device) => {
    used = device;
  };

  const byKey = () => used === "key" && lesson.keys && lesson.keys.length > 0;

  const spelled = (code) => code.replace(/^(Key|Digit)/, "").replace(/([a-z])([A-Z])/g, "$1 $2");

  // Once a step. Gives a sentence for a screen reader when a lesson comes.
  const step = (view, state, frame) => {
    if (!teaches) return "";
    const next = view.lesson(state);
    const fresh = next && !(lesson && lesson.how === next.how && lesson.words === next.words);
    if (fresh) since = frame;
    before = fresh ? next : lesson;
    if (next) lesson = next;
    if (next) gone = -FADE;
    else if (lesson && gone < 0) gone = frame;
    if (gone >= 0 && frame - gone > FADE) lesson = null;
    return fresh ? [next.words, next.keys && next.keys.map(spelled).join(" or ") + "."].filter(Boolean).join(" ") : "";
  };

  // The level is over.
  const end = () => {
    lesson = null;
  };

  // ---- the move, `frame` frames after it came: where the tip is, how far it is pressed, how much of a hold is over

  const MOVES = {
    tap: (frame) => ({ way: 0, down: between(frame, 22, 28) - between(frame, 40, 48), wave: (frame - 28) / 26 }),
    hold: (frame) => ({ way: 0, down: between(frame, 16, 22) - between(frame, 70, 78), full: (frame - 22) / 46 }),
    drag: (frame) => ({ way: between(frame, 26, 58), down: between(frame, 12, 20) - between(frame, 62, 70) }),
    swipe: (frame) => ({ way: between(frame, 24, 42), down: between(frame, 14, 20) - between(frame, 44, 52) }),
  };
  const REST = { tap: { way: 0, down: 1, wave: 0.4 }, hold: { way: 0, down: 1, full: 0.7 } };

  const pose = (how, time) => {
    const moving = how in MOVES ? how : "tap";
    return still ? REST[moving] || { way: 0, down: 1 } : MOVES[moving]((time - since) % TURN);
  };

  const halo = (c, x, y, radius, width, tint, part) => {
    c.beginPath();
    c.arc(x, y, radius, -Math.PI / 2, -Math.PI / 2 + Math.PI * 2 * part);
    for (const [line, ink] of [[width + 4, "rgba(12,16,28,0.6)"], [width, tint]]) {
      c.lineWidth = line;
      c.strokeStyle = ink;
      c.stroke();
    }
  };

  // From where to where a drag goes: dots, and a head.
  const trail = (c, [x, y], to, unit) => {
    const far = Math.hypot(to[0] - x, to[1] - y);
    const [dx, dy] = [(to[0] - x) / far, (to[1] - y) / far];
    c.save();
    c.translate(x, y);
    c.rotate(Math.atan2(dy, dx));
    c.lineCap = c.lineJoin = "round";
    for (const [width, ink] of [[13 * unit, "rgba(12,16,28,0.6)"], [7 * unit, "#fff"]]) {
      c.lineWidth = width;
      c.strokeStyle = ink;
      c.beginPath();
      c.moveTo(0, 0);
      c.lineTo(far, 0);
      c.moveTo(far - 14 * unit, -12 * unit);
      c.lineTo(far, 0);
      c.lineTo(far - 14 * unit, 12 * unit);
      c.stroke();
    }
    c.restore();
  };

  const point = (c, at, to, now, unit) => {
    const [x, y] = to ? [at[0] + (to[0] - at[0]) * now.way, at[1] + (to[1] - at[1]) * now.way] : at;
    if (to) trail(c, at, to, unit);
    if (now.wave > 0 && now.wave < 1) halo(c, x, y, (16 + 34 * now.wave) * unit, 5 * (1 - now.wave) + 1, "#fff", 1);
    if (now.full !== undefined) halo(c, x, y, 36 * unit, 8, cuff, Math.min(1, Math.max(0.02, now.full)));
    const lift = (1 - now.down) * 16;
    c.save();
    c.translate(x, y);
    c.scale(unit * (1 - 0.1 * now.down), unit * (1 - 0.1 * now.down));
    c.translate(lift * 0.6, lift);
    c.rotate(-0.32);
    Tools.point(c, used === "mouse" ? "mouse" : "hand", cuff);
    c.restore();
  };

  // Between the words and what they are for; pressed one after the other when the move has several.
  const keys = (c, [x, y], time, unit, within) => {
    const wide = lesson.keys.reduce((sum, code) => sum + Tools.widthOf(code) + 12, -12) * unit;
    const { down } = pose(lesson.how === "hold" ? "hold" : "tap", time);
    const turn = Math.floor((time - since) / TURN) % lesson.keys.length;
    const middle = Math.max(within.left + wide / 2 + 8, Math.min(within.right - wide / 2 - 8, x));
    c.save();
    c.translate(middle - wide / 2, y);
    c.scale(unit, unit);
    let left = 0;
    lesson.keys.forEach((code, i) => {
      Tools.key(c, code, left + Tools.widthOf(code) / 2, 0, i === turn ? down : 0);
      left += Tools.widthOf(code) + 12;
    });
    c.restore();
  };

  const pill = (c, text, x, y, unit, within) => {
    c.font = "900 " + Math.round(30 * unit) + "px ui-rounded, Nunito, system-ui, sans-serif";
    c.textAlign = "center";
    c.textBaseline = "middle";
    const wide = c.measureText(text).width / 2 + 22 * unit;
    const middle = Math.max(within.left + wide + 4, Math.min(within.right - wide - 4, x));
    c.fillStyle = "rgba(12,16,28,0.85)";
    c.beginPath();
    c.roundRect(middle - wide, y - 26 * unit, wide * 2, 52 * unit, 26 * unit);
    c.fill();
    c.fillStyle = "#fff";
    c.fillText(text, middle, y + unit);
  };

  // `share` of the way from the step before to the last one; `within` as cries.js has it.
  const draw = (c, time, share, within) => {
    if (!lesson) return;
    const mix = (from, to) => from + (to - from) * share;
    const at = [mix(before.x, lesson.x), mix(before.y, lesson.y)];
    const { to } = lesson;
    const { unit } = within;
    const out = gone >= 0 ? 1 - (time - gone) / FADE : 1;
    c.globalAlpha = still ? 1 : Math.max(0, Math.min(out, (time - since + 1) / FADE, 1));
    const high = Math.min(at[1], to ? to[1] : at[1]) - 74 * unit;
    const low = Math.max(at[1], to ? to[1] : at[1]);
    const middle = (at[0] + (to ? to[0] : at[0])) / 2;
    const room = (byKey() ? 100 : 28) * unit;
    const near = high - room > within.top ? high - room + 28 * unit : low + (byKey() ? 150 : 128) * unit;
    const below = lesson.clear + 34 * unit; // the words' middle
    const words = below + 26 * unit <= within.bottom ? below : near;
    if (byKey()) {
      if (to) trail(c, at, to, unit);
      else halo(c, ...at, 34 * unit, 5, "#fff", 1);
      keys(c, [middle, near < high ? near + 68 * unit : near - 66 * unit], time, unit, within);
    } else {
      point(c, at, to, pose(lesson.how, time), unit);
    }
    if (lesson.words) pill(c, lesson.words, middle, words, unit, within);
    c.globalAlpha = 1;
  };

  return Object.freeze({ begin, use, step, end, draw });
})();
