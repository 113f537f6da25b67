/* Sparks: what flies off where something happens: dust, stars, shards, drops, streaks, rings, confetti.
 * Where a spark is follows from its age alone. Here: their shapes and ways. Not here: when there are any (feel.js).
 */
const Sparks = (() => {
  const MOST = 220; // alive at once; the oldest give way
  const FADE = 0.4; // the last share of a life, in which a spark fades
  const TAU = Math.PI * 2;
  // kind -> frames it lives, pixels, pull downwards, how the air slows it, turns a frame
  const KINDS = {
    dust: { life: 26, size: 26, pull: -0.012, air: 0.1, turn: 0 },
    drop: { life: 34, size: 22, pull: 0.14, air: 0.04, turn: 0 },
    star: { life: 40, size: 29, pull: 0.1, air: 0.05, turn: 0.09 },
    shard: { life: 46, size: 32, pull: 0.3, air: 0.02, turn: 0.16 },
    streak: { life: 24, size: 46, pull: 0, air: 0.09, turn: 0 },
    confetti: { life: 170, size: 15, pull: 0.06, air: 0.035, turn: 0.1 },
    ring: { life: 22, size: 0, pull: 0, air: 0, turn: 0 },
  };
  const stamps = new Map();
  let sparks = [];
  let made = 0; // sparks of this level so far: their chance comes from it, so that a level looks the same twice

  const begin = () => {
    sparks = [];
    made = 0;
  };

  const chance = (salt) => {
    const value = Math.sin(made * 12.9898 + salt * 78.233) * 43758.5453;
    return value - Math.floor(value);
  };

  const add = (spark) => {
    if (sparks.length >= MOST) sparks.shift();
    sparks.push(spark);
    made += 1;
  };

  // Dust flies low to both sides, everything else all around.
  const burst = ({ x, y, drift = [0, 0] }, kind, count, speed, tints, born, unit) => {
    for (let i = 0; i < count; i += 1) {
      const angle = ((i + chance(1)) / count) * TAU;
      const fast = speed * (0.45 + chance(2) * 0.75);
      const low = kind === "dust";
      add({
        kind, x, y, born, drift, tint: tints[made % tints.length], spin: chance(4) * TAU, grow: (0.6 + chance(3) * 0.6) * unit,
        dx: Math.cos(angle) * fast, dy: low ? -Math.abs(Math.sin(angle)) * fast * 0.4 : Math.sin(angle) * fast - 0.6,
      });
    }
  };

  const ring = ({ x, y, drift = [0, 0] }, size, tint, born) => {
    add({ kind: "ring", x, y, born, drift, tint, grow: size, spin: 0, dx: 0, dy: 0 });
  };

  // Two fountains from below the sides of what is seen of the picture, in `tints`.
  const confetti = ([left, right, low], tints, born, unit) => {
    for (let i = 0; i < 110; i += 1) {
      const way = i % 2 ? -1 : 1;
      const fast = 9 + chance(1) * 17;
      const angle = -0.72 - chance(2) * 0.78;
      add({
        kind: "confetti", x: way > 0 ? left : right, y: low, born: born + (i % 5) * 3, drift: [0, 0],
        tint: tints[made % tints.length], grow: (0.8 + chance(3) * 0.7) * unit, spin: chance(4) * TAU,
        dx: Math.cos(angle) * fast * way * (0.4 + chance(5)), dy: Math.sin(angle) * fast,
      });
    }
  };

  // ---- drawing: each shape is painted once a colour, and copied from then on

  const starry = (c) => {
    for (let i = 0; i < 10; i += 1) {
      const out = i % 2 ? 9 : 21;
      c.lineTo(24 + out * Math.sin((i * TAU) / 10), 24 - out * Math.cos((i * TAU) / 10));
    }
  };
  const PAINTERS = {
    dust: (c) => c.arc(24, 24, 20, 0, TAU),
    drop: (c) => c.arc(24, 24, 18, 0, TAU),
    star: starry,
    shard: (c) => [[8, 14], [38, 6], [42, 32], [16, 42]].forEach(([x, y]) => c.lineTo(x, y)),
    streak: (c) => c.roundRect(2, 19, 44, 10, 5),
  };

  const stamp = (kind, tint) => {
    const key = kind + tint;
    if (!stamps.has(key)) {
      const paper = document.createElement("canvas");
      paper.width = paper.height = 48;
      const c = paper.getContext("2d");
      c.beginPath();
      PAINTERS[kind](c);
      c.closePath();
      c.fillStyle = tint;
      c.globalAlpha = kind === "dust" ? 0.42 : 1;
      c.fill();
      c.strokeStyle = kind === "shard" ? "#0006" : "#fff9"; // apart from whatever is behind them
      c.lineWidth = 3;
      if (kind !== "dust") c.stroke();
      stamps.set(key, paper);
    }
    return stamps.get(key);
  };

  const circle = (c, spark, part) => {
    c.strokeStyle = spark.tint;
    c.lineWidth = 2 + 12 * (1 - part);
    c.beginPath();
    c.arc(spark.x, spark.y, spark.grow * (1 - (1 - part) ** 3), 0, TAU);
    c.stroke();
  };

  // Where a spark is `age` frames after it was made: the air slows what throws it.
  const place = ({ kind, x, y, dx, dy, drift }, age) => {
    const { pull, air } = KINDS[kind];
    const far = air ? (1 - Math.exp(-air * age)) / air : age;
    return [x + dx * far + drift[0] * age, y + dy * far + (pull * age * age) / 2 + drift[1] * age];
  };

  const turned = (c, spark, age, [x, y], wide) => {
    const { kind, tint, spin } = spark;
    c.save();
    c.translate(x, y);
    c.rotate(kind === "streak" ? Math.atan2(spark.dy, spark.dx) : spin + age * KINDS[kind].turn);
    if (kind === "confetti") {
      c.fillStyle = tint;
      const flat = wide * Math.abs(Math.cos(age * 0.13 + spin));
      c.fillRect(-wide / 2, -flat / 2, wide, flat + 1);
    } else {
      c.drawImage(stamp(kind, tint), -wide / 2, -wide / 2, wide, wide);
    }
    c.restore();
  };

  const one = (c, spark, age) => {
    const { kind, tint, grow } = spark;
    const { life, size } = KINDS[kind];
    const part = age / life;
    c.globalAlpha = Math.min(1, (1 - part) / FADE);
    if (kind === "ring") return circle(c, spark, part);
    const at = place(spark, age);
    const wide = size * grow * (kind === "dust" ? 0.5 + part * 0.7 : kind === "confetti" ? 1 : 1 - part * part * 0.6);
    if (kind !== "dust" && kind !== "drop") return turned(c, spark, age, at, wide);
    return c.drawImage(stamp(kind, tint), at[0] - wide / 2, at[1] - wide / 2, wide, wide); // round: no need to turn it
  };

  const draw = (c, time) => {
    for (const spark of sparks) if (time >= spark.born) one(c, spark, time - spark.born);
    c.globalAlpha = 1;
  };

  // Lets go of those whose time is over; gives how many there still are.
  const settle = (time) => {
    let kept = 0;
    for (const spark of sparks) {
      if (time - spark.born < KINDS[spark.kind].life) sparks[kept++] = spark;
    }
    sparks.length = kept;
    return kept;
  };

  return Object.freeze({ begin, burst, ring, confetti, draw, settle, KINDS });
})();
