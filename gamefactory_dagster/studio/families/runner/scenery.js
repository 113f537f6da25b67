/* Scenery: the background behind a course. Browser only; decides nothing. */
const Scenery = (() => {
  const { shade, disc } = Shapes;
  const GROUND = 444; // the picture's y of height 0; the ground below it is 96 px

  const hills = (c, colour, offset, base, tall, step) => {
    c.fillStyle = colour;
    c.beginPath();
    c.moveTo(0, GROUND);
    for (let x = 0; x <= 960; x += 24) {
      const at = (x + offset) / step;
      c.lineTo(x, base - tall * (Math.sin(at) + 0.6 * Math.sin(at * 2.3 + 1)));
    }
    c.lineTo(960, GROUND);
    c.fill();
  };

  const tiled = (c, picture, offset) => {
    const x = -(((offset % 960) + 960) % 960);
    c.drawImage(picture, x, 0, 960, 540);
    if (x < 0) c.drawImage(picture, x + 960, 0, 960, 540);
  };

  const backdrop = (c, atlas, palette, by) => {
    if (atlas) {
      const { far, mid, near } = atlas.backgrounds;
      c.drawImage(far, 0, 0, 960, 540);
      tiled(c, mid, by * 0.18);
      tiled(c, near, by * 0.42);
      return;
    }
    const sky = c.createLinearGradient(0, 0, 0, GROUND);
    sky.addColorStop(0, palette.sky);
    sky.addColorStop(1, "#fff");
    c.fillStyle = sky;
    c.fillRect(0, 0, 960, 540);
    disc(c, "#fff8", 720, 120, 60);
    hills(c, shade(palette.ground, 1.5), by * 0.15, 330, 34, 150);
    hills(c, shade(palette.ground, 1.2), by * 0.35, 390, 24, 90);
  };

  return Object.freeze({ GROUND, backdrop });
})();
