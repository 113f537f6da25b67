/* Ground: the land of a course and the gaps in it: walls, and what waits at the bottom. Drawn in pixels of the rules,
 * y down from height 0. Browser only; decides nothing.
 */
const Ground = (() => {
  const { canvas } = Shapes;
  const DEPTH = 192; // of what is drawn; no picture shows more
  const END = 24; // width of the picture of an edge
  const BARE = 13; // of it, on the side of the land, which goes on below
  const APART = 62; // from one tuft to where the next may be
  const SURFACE = 36; // how far down what fills a gap is

  const tall = ([, , , w], world) => canvas(w, Math.round((DEPTH * w) / world));

  // Darker the deeper, from that share of its height on.
  const darkened = (whole, from, dark) => {
    const c = whole.getContext("2d");
    const shadow = c.createLinearGradient(0, whole.height * from, 0, whole.height);
    shadow.addColorStop(0, "transparent");
    shadow.addColorStop(1, dark);
    c.globalCompositeOperation = "source-atop";
    c.fillStyle = shadow;
    c.fillRect(0, 0, whole.width, whole.height);
    return whole;
  };

  // A picture as deep as the land is: what is below its own end is its lower half, mirrored again and again.
  const deepened = (picture, world, dark) => {
    const [image, x, y, w, h] = picture;
    const whole = tall(picture, world);
    const c = whole.getContext("2d");
    c.drawImage(image, x, y, w, h, 0, 0, w, h);
    for (let top = h, turned = true; top < whole.height; top += h / 2, turned = !turned) {
      c.save();
      c.translate(0, turned ? top + h / 2 : top);
      c.scale(1, turned ? -1 : 1);
      c.drawImage(image, x, y + h / 2, w, h / 2, 0, 0, w, h / 2);
      c.restore();
    }
    return darkened(whole, 0.2, dark);
  };

  // Its last row goes on to the bottom.
  const filled = (picture, world, dark) => {
    const [image, x, y, w, h] = picture;
    const whole = tall(picture, world);
    const c = whole.getContext("2d");
    c.drawImage(image, x, y, w, h, 0, 0, w, h);
    c.drawImage(image, x, y + h - 2, w, 1, 0, h - 1, w, whole.height - h + 1);
    return darkened(whole, 0.1, dark);
  };

  // The turf that hangs over and the shadow below it; the layers of the land would not meet those of a picture.
  const ending = (picture) => {
    const whole = deepened(picture, END, "#0008");
    whole.getContext("2d").clearRect(0, 0, (whole.width * BARE) / END, whole.height);
    return whole;
  };

  const repeated = (c, image, world) => {
    const pattern = c.createPattern(image, "repeat-x");
    const size = world / image.width;
    pattern.setTransform(new DOMMatrix([size, 0, 0, size, 0, 0]));
    return pattern;
  };

  const create = ({ level, gallery }) => ({
    level, gallery, patterns: {},
    end: ending(gallery.picture("ground_end", END, 96)),
    pictures: {
      land: [deepened(gallery.picture("ground", 144, 96), 144, "#0008"), 144],
      wall: [deepened(gallery.picture("pit", 96, 96), 96, "#000a"), 96],
      deep: [filled(gallery.picture("deep", 96, 48), 96, "#0009"), 96],
    },
  });

  const fill = (c, { patterns, pictures }, name, shift, x, y, width) => {
    if (!patterns[name]) patterns[name] = repeated(c, ...pictures[name]);
    c.save();
    c.translate(shift, y);
    c.fillStyle = patterns[name];
    c.fillRect(x - shift, 0, width, DEPTH - y);
    c.restore();
  };

  const gaps = ({ level }, camera) =>
    level.gaps.filter(([x, width]) => x + width > camera.x - 40 && x < camera.x + camera.wide + 40);

  // Both walls and the back of every gap in sight.
  const pits = (c, ground, camera) => {
    for (const [x, width] of gaps(ground, camera)) {
      fill(c, ground, "wall", -camera.x, x - camera.x - 10, 0, width + 20);
    }
  };

  // What fills the gaps; it is in front of who falls in.
  const depths = (c, ground, camera, clock) => {
    for (const [x, width] of gaps(ground, camera)) {
      const y = SURFACE + Math.sin(clock / 26 + x) * 2;
      fill(c, ground, "deep", -camera.x - ((clock * 0.5) % 96), x - camera.x - 6, y, width + 12);
    }
  };

  const edge = (c, { end }, x, mirrored) => {
    c.save();
    c.translate(x, 0);
    c.scale(mirrored ? -1 : 1, 1);
    c.drawImage(end, -END, 0, END, DEPTH);
    c.restore();
  };

  const span = (c, ground, camera, from, to) => {
    const left = Math.max(from, camera.x - 40);
    const right = Math.min(to, camera.x + camera.wide + 40);
    if (right <= left) return;
    const before = left === from ? END - BARE - 1 : 0;
    const after = right === to ? END - BARE - 1 : 0;
    const width = Math.max(0, right - left - before - after);
    fill(c, ground, "land", -camera.x, left + before - camera.x, 0, width);
    if (before) edge(c, ground, left - camera.x, true);
    if (after) edge(c, ground, right - camera.x, false);
  };

  // Blades or pebbles here and there, where there is ground under them.
  const tufts = (c, { level, gallery }, camera) => {
    for (let k = Math.floor((camera.x - 40) / APART); k * APART < camera.x + camera.wide; k += 1) {
      const x = k * APART + Scenery.luck(k) * 40;
      if (Scenery.luck(k + 0.5) < 0.5 || level.gaps.some(([gx, width]) => x > gx - 34 && x < gx + width + 6)) continue;
      const size = 0.7 + Scenery.luck(k + 0.25) * 0.6;
      gallery.sprite(c, "tuft", x - camera.x, 1 - 14 * size, 25 * size, 14 * size, 0);
    }
  };

  const land = (c, ground, camera) => {
    const { level } = ground;
    tufts(c, ground, camera);
    let from = -4000;
    for (const [x, width] of level.gaps) {
      span(c, ground, camera, from, x);
      from = x + width;
    }
    span(c, ground, camera, from, level.length + 4000);
  };

  return Object.freeze({ create, pits, depths, land });
})();
