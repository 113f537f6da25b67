/* Scenery: what lies behind a course, in four depths, and what lives there. Browser only; decides nothing. */
const Scenery = (() => {
  const { shade, disc, canvas } = Shapes;
  const W = 960;
  const H = 540;
  const FAR = 1.08; // drawn larger than the picture, so that it may move up and down
  const CROWN = 64; // rows at the top that are sky alone, more or less
  const HAZE = 0.62; // size of the hills between the far ones and the middle

  // A number 0..1 that looks like luck and is always the same for n.
  const luck = (n) => {
    const wild = Math.sin(n * 127.1 + 11.7) * 43758.5453;
    return wild - Math.floor(wild);
  };

  // ---- layers: repeated sideways, every other copy or so turned round, so that no pattern shows

  // Rows that the ground hides, below `floor` in the picture, are not drawn.
  const copy = (c, { image, top, size }, x, y, floor, turned) => {
    const rows = Math.min(H, Math.ceil((floor - y) / size)) - top;
    if (rows <= 0) return;
    c.save();
    c.translate(turned ? x + W * size : x, y);
    c.scale(turned ? -size : size, size);
    c.drawImage(image, 0, top, W, rows, 0, top, W, rows);
    c.restore();
  };

  const tiled = (c, layer, offset, y, floor) => {
    const { size } = layer;
    const wide = W * size;
    for (let k = Math.floor(offset / wide); k * wide < offset + W; k += 1) {
      copy(c, layer, k * wide - offset, y, floor, luck(k + size) > 0.5);
    }
  };

  // The middle layer once more, smaller and paler: hills between it and the far ones. Made once a game.
  let pale = null;
  const hazed = (image, sky) => {
    if (pale && pale.of === image) return pale.canvas;
    pale = { of: image, canvas: canvas(W, H) };
    const c = pale.canvas.getContext("2d");
    c.drawImage(image, 0, 0, W, H);
    c.globalCompositeOperation = "source-atop";
    c.globalAlpha = 0.5;
    c.fillStyle = sky;
    c.fillRect(0, 0, W, H);
    return pale.canvas;
  };

  // What is at the very top of the far layer, fading downwards: clouds do not reach the edge, from where the sky of an
  // upright phone goes on.
  const crown = (far) => {
    const whole = canvas(4, CROWN);
    const c = whole.getContext("2d");
    c.drawImage(far, 0, 0, W, 1, 0, 0, 4, CROWN);
    const fade = c.createLinearGradient(0, 0, 0, CROWN);
    fade.addColorStop(0.1, "#000");
    fade.addColorStop(1, "transparent");
    c.globalCompositeOperation = "destination-in";
    c.fillStyle = fade;
    c.fillRect(0, 0, 4, CROWN);
    return whole;
  };

  // ---- without art: sky and hills

  const hills = (c, colour, offset, base, tall, step) => {
    c.fillStyle = colour;
    c.beginPath();
    c.moveTo(0, H);
    for (let x = 0; x <= W; x += 24) {
      const at = (x + offset) / step;
      c.lineTo(x, base - tall * (Math.sin(at) + 0.6 * Math.sin(at * 2.3 + 1)));
    }
    c.lineTo(W, H);
    c.fill();
  };

  const plain = (c, palette, by) => {
    const sky = c.createLinearGradient(0, 0, 0, H);
    sky.addColorStop(0, palette.sky);
    sky.addColorStop(1, "#fff");
    c.fillStyle = sky;
    c.fillRect(0, 0, W, H);
    disc(c, "#fff8", 720, 120, 60);
    hills(c, shade(palette.ground, 1.5), by * 0.15, 330, 34, 150);
    hills(c, shade(palette.ground, 1.2), by * 0.35, 390, 24, 90);
  };

  // ---- what lives there: way -> [how many, pixels a frame sideways and down, how much of the camera's way]

  const WAYS = { fly: [6, 0.5, 0, 0.25], fall: [12, -0.3, 0.9, 0.4], rise: [12, 0.1, -0.7, 0.4] };

  const alive = (c, gallery, way, by, clock) => {
    const [count, across, down, share] = WAYS[way];
    c.globalAlpha = 0.75;
    for (let i = 0; i < count; i += 1) {
      const size = 0.55 + luck(i) * 0.6;
      const x = luck(i + 20) * 1080 + clock * across * size - by * share * size;
      const y = luck(i + 40) * 400 + clock * down * size;
      const left = (((x % 1080) + 1080) % 1080) - 60;
      const high = down ? (((y % 460) + 460) % 460) - 30 : 50 + y * 0.6 + Math.sin(clock / 40 + i) * 12;
      const sway = down ? Math.sin(clock / 34 + i * 2) * 14 : 0;
      gallery.sprite(c, "life_" + way, left + sway, high, 40 * size, 24 * size, Math.floor(clock / 9) + i);
    }
    c.globalAlpha = 1;
  };

  // `floor` is where the ground begins while the camera is down.
  const create = ({ atlas, palette, gallery, still, floor }) => {
    if (!atlas) return (c, by) => plain(c, palette, still ? 0 : by);
    const { far, mid, near } = atlas.backgrounds;
    const top = crown(far);
    const way = Object.keys(WAYS).find((name) => gallery.has("life_" + name));
    const layers = [ // the layer, how much of the camera's way it goes sideways and down, how far it is moved down
      [{ image: far, top: 0, size: FAR }, 0.05, 0.08, -42],
      [{ image: hazed(mid, palette.sky), top: 60, size: HAZE }, 0.12, 0.14, 118],
      [{ image: mid, top: 40, size: 1 }, 0.24, 0.26, 8],
      [{ image: near, top: 200, size: 1.12 }, 0.5, 0.45, -62],
    ];
    return (c, by, up, clock) => {
      layers.forEach(([layer, across, down, y], i) => {
        tiled(c, layer, still ? 60 : by * across, y + (still ? 0 : up * down), Math.min(H, floor + up + 8));
        if (i === 0) c.drawImage(top, 0, 0, W, CROWN);
        if (i === 1 && way && !still) alive(c, gallery, way, by, clock);
      });
    };
  };

  return Object.freeze({ create, luck });
})();
