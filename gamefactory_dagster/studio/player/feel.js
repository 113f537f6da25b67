/* Feel: what happened in a level, made felt: sparks, words that rise, flights to the counters, a shake, a stop of three
 * frames, slow motion at the end. Knows no family: a view says what happened where (core.js), this says how it feels.
 * Everything here is a function of time and lives outside the state; under reduced motion only words remain.
 */
const Feel = (() => {
  // what -> [sparks, their speed, shake in pixels, frames of stop]
  const WORDS = {
    jump: [5, 1.4, 0, 0], land: [7, 1.8, 0, 0], step: [0, 0, 0, 0], gather: [8, 2.6, 0, 0], bonus: [14, 3.6, 0, 0],
    near: [4, 2, 0, 0], hit: [16, 4.6, 9, 3], stumble: [8, 2.4, 4, 0], ride: [3, 1, 0, 0], bounce: [9, 2.6, 2, 0],
    break: [14, 3.8, 5, 2], clear: [7, 2.4, 0, 0], make: [12, 2.8, 0, 0], blast: [22, 5.4, 8, 3], combo: [0, 0, 3, 0],
    spawn: [5, 1.6, 0, 0], shuffle: [0, 0, 0, 0], goal: [18, 3.6, 0, 0], last: [0, 0, 0, 0], win: [44, 6.4, 0, 0],
    lose: [12, 3, 6, 0],
  };
  const MOST = 260; // sparks alive
  const LIFE = 34; // frames of a spark
  const RISE = 48; // and of a word
  const STEP = 1000 / 60;
  const SLOW = 0.4; // pace of time before the end
  const SLOWEST = 700; // milliseconds of it
  let still = false;
  let sparks = [];
  let words = [];
  let shake = 0;
  let stop = 0; // milliseconds left
  let slow = 0;
  let now = 0;
  let drawn = 0;

  const begin = (options) => {
    ({ still } = options);
    sparks = [];
    words = [];
    shake = stop = slow = now = drawn = 0;
  };

  const burst = ({ x, y, tint = "#fff", many = 1 }, [count, speed]) => {
    for (let i = 0; i < count * many && sparks.length < MOST; i += 1) {
      const angle = i * 2.4;
      const fast = speed * (0.5 + ((i * 7) % 5) / 8);
      sparks.push({ x, y, dx: Math.cos(angle) * fast, dy: Math.sin(angle) * fast - 1, born: now, tint });
    }
  };

  const react = (happened) => {
    now += 1;
    for (const one of happened) {
      const how = WORDS[one.what];
      if (!how) throw new Error("a level tells of what nobody knows: " + one.what);
      if (one.words) words.push({ text: one.words, x: one.x, y: one.y, born: now });
      if (still) continue;
      burst(one, how);
      shake = Math.max(shake, how[2]);
      stop = Math.max(stop, how[3] * STEP);
      if (one.what === "last") slow = SLOWEST;
    }
  };

  // How fast time goes in this picture: 0 while it stands, less than 1 in slow motion.
  const pace = (milliseconds) => {
    if (stop > 0) {
      stop -= milliseconds;
      return 0;
    }
    slow -= milliseconds;
    return slow > 0 ? SLOW : 1;
  };

  // How far the picture is moved aside at a time in frames.
  const aside = (time) => {
    if (time - drawn >= 1) shake *= 0.85;
    return shake > 1 ? Math.sin(time * 2) * shake : 0;
  };

  const draw = (c, time) => {
    drawn = time;
    sparks = sparks.filter(({ born }) => time - born < LIFE);
    words = words.filter(({ born }) => time - born < RISE);
    for (const { x, y, dx, dy, born, tint } of sparks) {
      const age = Math.max(0, time - born);
      const size = 4 + (1 - age / LIFE) * 7;
      c.globalAlpha = 1 - age / LIFE;
      c.fillStyle = tint;
      c.beginPath();
      c.arc(x + dx * age, y + dy * age + 0.06 * age * age, size / 2, 0, 7);
      c.fill();
    }
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.font = "900 26px ui-rounded, system-ui, sans-serif";
    c.lineWidth = 5;
    c.strokeStyle = "rgba(10,14,24,0.75)";
    c.fillStyle = "#fff";
    for (const { text, x, y, born } of words) {
      const age = Math.max(0, time - born);
      c.globalAlpha = Math.min(1, (RISE - age) / 16);
      c.strokeText(text, x, y - (still ? 0 : age * 0.7));
      c.fillText(text, x, y - (still ? 0 : age * 0.7));
    }
    c.globalAlpha = 1;
  };

  return Object.freeze({ begin, react, pace, aside, draw });
})();
