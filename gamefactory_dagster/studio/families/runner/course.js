/* Course: where a runner's hero is at a frame, and what of a level is near a place, looked up and not searched for.
 * All of it follows from the level alone. What touching things does is rules.js's. Places are in sixteenths of a pixel.
 */
const Course = (() => {
  const UNIT = 16;
  const px = (n) => n * UNIT;
  const WIDTH = px(28); // of the hero
  const BOX = 48; // pixels: width of a spring and of a breakable, and height of the latter
  const SPAN = 10; // bits of a stretch: 64 px
  const WIDE = 56; // pixels of the widest hazard
  const MET = px(16); // how far from its x a drifting hazard may be when the hero meets it
  const LISTS = ["gaps", "crates", "hazards", "ledges", "springs", "breakables", "rides"];
  const SOLID = ["gaps", "crates", "ledges", "breakables", "rides"];

  // Left edge of the hero at frame t. An endless course gets faster: paces are [frame, place, speed] of each change.
  const at = (level, t) => {
    const { paces } = level;
    if (!paces) return t * level.speed;
    let i = paces.length - 1;
    while (i > 0 && paces[i][0] > t) i -= 1;
    return paces[i][1] + (t - paces[i][0]) * paces[i][2];
  };

  // Sixteenths run in frame t.
  const pace = (level, t) => at(level, t + 1) - at(level, t);

  // The last frame at which the hero has not passed x.
  const arrival = (level, x) => {
    const { paces } = level;
    if (!paces) return Math.floor(x / level.speed);
    let i = paces.length - 1;
    while (i > 0 && paces[i][1] > x) i -= 1;
    return paces[i][0] + Math.floor((x - paces[i][1]) / paces[i][2]);
  };

  // [first, last] places of the hero's left edge at which an element can matter.
  const REACH = {
    gaps: ([x, width]) => [px(x) - WIDTH, px(x + width)],
    crates: ([x, width]) => [px(x) - WIDTH, px(x + width)],
    ledges: ([x, width]) => [px(x) - WIDTH, px(x + width)],
    springs: ([x]) => [px(x) - WIDTH, px(x + BOX)],
    breakables: ([x]) => [px(x) - WIDTH, px(x + BOX)],
    hazards: ([, x]) => [px(x) - WIDTH - MET, px(x + WIDE) + MET],
    rides: ([x, width, , along]) => [px(x - Math.abs(along)) - WIDTH, px(x + width + Math.abs(along))],
  };

  const make = (level) => {
    const last = px(level.length) >> SPAN;
    const stretches = [];
    for (let i = 0; i <= last; i += 1) stretches.push(Object.fromEntries(LISTS.map((name) => [name, []])));
    for (const name of LISTS) {
      level[name].forEach((element, i) => {
        const [from, to] = REACH[name](element);
        for (let s = Math.max(0, from >> SPAN); s <= Math.min(last, to >> SPAN); s += 1) stretches[s][name].push(i);
      });
    }
    let bare = 0;
    for (let i = last; i >= 0; i -= 1) {
      bare = LISTS.some((name) => stretches[i][name].length) ? 0 : bare + 1;
      stretches[i].bare = bare; // stretches from here on in which there is nothing but items
      stretches[i].level = SOLID.every((name) => stretches[i][name].length === 0); // the ground and nothing else carries
    }
    const met = (list, x) => list.map((element) => arrival(level, px(element[x])));
    return { level, stretches, met: { hazards: met(level.hazards, 1), rides: met(level.rides, 0) }, swings: [] };
  };

  let known = { level: null };
  const of = (level) => {
    if (known.level !== level) known = make(level);
    return known;
  };

  // What can matter to a hero at x: lists of numbers of elements.
  const near = (level, x) => {
    const { stretches } = of(level);
    return stretches[Math.min(x >> SPAN, stretches.length - 1)];
  };

  // Is there nothing but items between x and `far` further on, or the end?
  const quiet = (level, x, far) => {
    const { stretches } = of(level);
    const first = x >> SPAN;
    const { bare } = near(level, x);
    return first + bare >= stretches.length || ((first + bare) << SPAN) >= x + far;
  };

  // Left edge of hazard number i at frame t: at its own x when the hero is, coming nearer by its drift.
  const place = (level, i, t) => {
    const [, x, , drift] = level.hazards[i];
    return drift ? px(x) + drift * (of(level).met.hazards[i] - t) : px(x);
  };

  // Places of a ride through a period. It swings about its own place, along by `along` and up by `rise` pixels at most,
  // there and back in `period` frames.
  const swings = ([x, , y, along, rise, period]) => {
    const half = period >> 1;
    return Array.from({ length: 2 * half }, (_, since) => {
      const q = since % half;
      const swing = 4 * q * (half - q) * (since < half ? 1 : -1);
      const by = (most) => Math.floor((px(most) * swing) / (half * half));
      return { x: px(x) + by(along), y: px(y) + by(rise) };
    });
  };

  // Left edge and top of ride number i at frame t; it passes its own place when the hero comes.
  const ridePlace = (level, i, t) => {
    const course = of(level);
    const places = course.swings[i] || (course.swings[i] = swings(level.rides[i]));
    const since = (t - course.met.rides[i]) % places.length;
    return places[since < 0 ? since + places.length : since];
  };

  return Object.freeze({ UNIT, WIDTH, BOX, px, at, pace, near, quiet, place, ridePlace });
})();
