/* Feel: what happened in a level, made felt: sparks, words that rise, flights to the counters, a flash, a shake, a stop
 * of three frames, slow motion before the end, a celebration after it. Knows no family: a view says what happened where
 * (core.js), the table here says how that feels.
 * Everything is a function of time and lives outside the state. Under reduced motion words and counters alone remain;
 * shake, stops and slow motion are for real play only, so that driven play goes step by step.
 */
const Feel = (() => {
  const STEP = 1000 / 60;
  const GOLD = "#ffd54a";
  const RED = "#ff4d5e";
  // what -> the kind of its sparks, how many, how fast; and as it needs: tint; ring, its radius; shake in pixels; stop
  // in frames; flash, a colour; cry, the height of its words
  const WORDS = {
    jump: { kind: "dust", count: 6, speed: 3 },
    land: { kind: "dust", count: 8, speed: 4 },
    step: { kind: "dust", count: 1, speed: 1.2 },
    gather: { kind: "star", count: 5, speed: 4, tint: GOLD },
    bonus: { kind: "star", count: 14, speed: 6, tint: "#7fe7ff", ring: 80, cry: 38 },
    near: { kind: "streak", count: 6, speed: 6, tint: "#ffffff", cry: 32 },
    hit: { kind: "streak", count: 14, speed: 9, tint: RED, ring: 90, shake: 11, stop: 3, flash: RED, cry: 36 },
    stumble: { kind: "dust", count: 9, speed: 4, shake: 5, stop: 2, cry: 32 },
    ride: { kind: "dust", count: 4, speed: 2.4 },
    bounce: { kind: "drop", count: 9, speed: 5, ring: 70, shake: 2 },
    break: { kind: "shard", count: 13, speed: 7, shake: 6, stop: 2 },
    clear: { kind: "drop", count: 6, speed: 4.4 },
    make: { kind: "star", count: 12, speed: 5, ring: 80, cry: 36 },
    blast: { kind: "shard", count: 16, speed: 10, ring: 190, shake: 9, stop: 3, flash: "#ffffff", cry: 48 },
    combo: { kind: "star", count: 0, speed: 0, tint: GOLD, shake: 1.5, cry: 34 },
    spawn: { kind: "drop", count: 5, speed: 2.8 },
    shuffle: { kind: "drop", count: 0, speed: 0, cry: 40 },
    goal: { kind: "star", count: 18, speed: 6, tint: GOLD, ring: 100, cry: 42 },
    last: { kind: "star", count: 0, speed: 0, tint: GOLD, cry: 46 },
    win: { kind: "star", count: 26, speed: 9, tint: GOLD, ring: 220, flash: "#ffffff", cry: 44 },
    lose: { kind: "dust", count: 14, speed: 6, shake: 8, cry: 40 },
  };
  const CRY = 32; // height of words that need no other
  const QUIVER = 20; // frames of a shake
  const FLASH = 10; // and of a flash
  const BETWEEN = 26; // frames from one flash to the next at least: never more than three a second
  const SLOW = 850; // milliseconds of slow motion
  const PRAISE = ["", "Made it!", "Great!", "Perfect!"]; // by stars
  const REST = [0, 96, 70]; // frames after a win and a loss before the result is shown
  const CALM = 45; // and after either under reduced motion
  const DUSK = 40; // frames in which a lost level darkens
  let options = null; // {atlas, palette, still, live, within, where, left, arrived}
  let now = 0; // steps so far
  let shake = null; // {born, size}
  let flash = null; // {born, tint, size}
  let stop = 0; // milliseconds left
  let slow = 0;
  let dusk = -1; // since when

  const begin = (how) => {
    options = how;
    now = stop = slow = 0;
    shake = flash = null;
    dusk = -1;
    Sparks.begin();
    Cries.begin(options.still);
    Flights.begin();
  };

  const frameOf = (name) => {
    const { atlas } = options;
    return (atlas && name && (atlas.frames[name] || atlas.frames[name + "_0"])) || null;
  };

  const fly = ({ x, y, to, picture, tint = GOLD }) => {
    const there = options.where(to);
    const flight = there && { name: to, from: [x, y], to: there, tint, frame: frameOf(picture), born: now };
    if (flight && Flights.add({ ...flight, unit: options.within().unit })) options.left(to);
    else options.arrived(to);
  };

  const jolt = (how, many) => {
    const size = (how.shake || 0) * many;
    if (size > Math.abs(quiver(now))) shake = { born: now, size: Math.min(size, 16) };
    stop = Math.max(stop, (how.stop || 0) * STEP);
  };

  const move = (one, how) => {
    const many = Math.min(3, one.many || 1);
    const tint = one.tint || how.tint || "#ffffff";
    const { unit } = options.within();
    Sparks.burst(one, how.kind, Math.round(how.count * many), how.speed * Math.sqrt(many), [tint], now, unit);
    if (how.ring) Sparks.ring(one, how.ring * Math.sqrt(many), tint, now);
    if (how.flash && (!flash || now - flash.born > BETWEEN)) flash = { born: now, tint: how.flash, size: 0.34 };
    if (one.to) fly(one);
    if (!options.live) return;
    jolt(how, many);
    if (one.what === "last") slow = SLOW;
  };

  const cry = ({ words, x, y, many = 1 }, how) => {
    const size = (how.cry || CRY) * (0.8 + 0.2 * Math.min(3, many));
    Cries.add({ text: words, x, y, size, tint: (how.cry && how.tint) || "#fff" }, now, options.within());
  };

  // Once a step, with what the view says happened in it.
  const react = (happened) => {
    now += 1;
    dusk = -1; // a lost level that goes on
    for (const one of happened) {
      const how = WORDS[one.what];
      if (!how) throw new Error("a level tells of what nobody knows: " + one.what);
      if (one.words) cry(one, how);
      if (!options.still) move(one, how);
      else if (one.to) options.arrived(one.to);
    }
  };

  const rest = (outcome) => (options.still ? CALM : REST[outcome]);

  // The level is over: what is seen until the result is shown.
  const end = (outcome, stars) => {
    const { left, right, unit, top, bottom } = options.within();
    const { accent, sky, paper } = options.palette;
    const words = { text: PRAISE[stars] || PRAISE[1], x: (left + right) / 2, y: top + 110, size: 76 * unit, tint: GOLD };
    if (outcome === 1) Cries.end(words, now, rest(1));
    if (options.still) return;
    if (outcome === 1) Sparks.confetti([left, right, bottom - 20], [accent, GOLD, paper, sky, RED, "#5fd38a"], now, unit);
    else dusk = now;
    if (options.live && outcome === 2) slow = SLOW;
  };

  // The share of these milliseconds that passes in the game: none while it stands, less than all in slow motion.
  const pace = (milliseconds) => {
    const held = Math.min(stop, milliseconds);
    stop -= held;
    const rest = milliseconds - held;
    slow = Math.max(0, slow - rest);
    return milliseconds ? (rest / milliseconds) * (1 - 0.65 * Math.min(1, slow / 500)) : 1;
  };

  const quiver = (time) => {
    const left = shake ? 1 - (time - shake.born) / QUIVER : 0;
    return left > 0 ? shake.size * left * left : 0;
  };

  // How far the picture is moved aside at a time in frames.
  const aside = (time) => {
    const size = quiver(time);
    return size ? [Math.sin(time * 2.3) * size, Math.sin(time * 3.1 + 1) * size * 0.6] : [0, 0];
  };

  const veil = (c, tint, strength) => {
    c.globalAlpha = strength;
    c.fillStyle = tint;
    c.fillRect(0, -1200, 960, 2940); // a picture may be as tall as the screen
    c.globalAlpha = 1;
  };

  // What lies over the whole picture, and must not be seen twice where two canvases meet.
  const light = (c, time) => {
    if (flash && time - flash.born < FLASH) veil(c, flash.tint, flash.size * (1 - Math.max(0, time - flash.born) / FLASH));
    if (dusk >= 0) veil(c, "#0b0e18", 0.5 * Math.min(1, Math.max(0, time - dusk) / DUSK));
  };

  const draw = (c, time) => {
    Sparks.draw(c, time);
    Flights.draw(c, time, options.atlas && options.atlas.image);
    Cries.draw(c, time);
  };

  // Lets go of what is over; gives whether anything is still to be seen.
  const settle = (time) => {
    const alive = [Sparks.settle(time), Cries.settle(time), Flights.settle(time, options.arrived)];
    return alive.some((count) => count > 0);
  };

  return Object.freeze({ begin, react, end, rest, pace, aside, light, draw, settle, WORDS });
})();
