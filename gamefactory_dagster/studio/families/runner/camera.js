/* Camera: how near the picture is and where it looks, from nothing but the course's speed and where the hero is: it
 * moves as evenly as the hero does. Browser only; draws nothing.
 */
const Camera = (() => {
  const GROUND = 432; // the picture's y of height 0 while the hero runs on the ground
  const PORTRAIT = 440; // width of what an upright phone shows, from the left edge
  const NEAREST = 1.8;
  const HERO = 74; // height of the hero's picture, in pixels of the rules
  const HEADROOM = 84; // left free above its head, as the counters are there
  const KNEE = 60; // heights over which the camera begins to follow
  const LAG = 0.95;
  const SLOW = 240; // frames in which it gets used to a new speed

  // Sixteenths run in a frame. Where a course gets faster, the camera takes its time to see it.
  const speed = ({ speed: one, paces }, t) => {
    if (!paces) return one;
    let i = paces.length - 1;
    while (i > 0 && paces[i][0] > t) i -= 1;
    const before = paces[Math.max(0, i - 1)][2];
    return before + (paces[i][2] - before) * Math.min(1, (t - paces[i][0]) / SLOW);
  };

  // {zoom, lead, rise}: pixels of the picture to one of the rules, how far the hero is from the left edge, and the
  // height above which the camera follows it.
  const lens = (level, portrait, t) => {
    const [wide, behind, seconds] = portrait ? [PORTRAIT, 26, 1.02] : [960, 70, 1.15];
    const road = Road.BODY + (seconds * 60 * speed(level, t)) / Rules.UNIT;
    const zoom = Math.min(NEAREST, wide / (behind + road));
    return { zoom, lead: wide / zoom - road, rise: GROUND / zoom - HERO - HEADROOM };
  };

  // Where the left edge and the ground are when the hero is at (x, y).
  const look = ({ lead, rise }, x, y) => {
    const above = Math.max(0, y - rise);
    return { x: x - lead, y: LAG * (above < KNEE ? (above * above) / (2 * KNEE) : above - KNEE / 2) };
  };

  const place = ({ zoom }, camera, x, y) => [(x - camera.x) * zoom, GROUND - (y - camera.y) * zoom];

  return Object.freeze({ lens, look, place, speed, GROUND, PORTRAIT });
})();
