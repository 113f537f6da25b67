/* Scenery: the background behind a course and the particles before it. Browser only; decides nothing. */
const Scenery = (() => {
  const { shade, disc, slab } = Shapes;
  const GROUND = 444; // the picture's y of height 0; the ground below it is 96 px
  const LIFE = 32; // frames a particle lives

  // ---- background

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

  const backdrop = (c, atlas, palette, along, parallax) => {
    const by = parallax ? along : 0;
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

  // ---- particles: a cue throws a handful; they are only for show and live outside the state

  const BURSTS = { jump: [6, 1.6, "#fff"], land: [8, 2, "#fff"], collect: [9, 3, "#ffd54a"], bonus: [14, 4, "#8ef"],
    hit: [18, 5, "#ff5a6e"], win: [40, 7, "#ffd54a"] };
  const dust = (sprite, painted) => {
    let alive = [];
    const burst = (name, x, y) => {
      const [count, speed, colour] = BURSTS[name] || [0];
      for (let i = 0; i < count; i += 1) {
        const angle = i * 2.4;
        const fast = speed * (0.5 + ((i * 7) % 5) / 8);
        alive.push({ x, y, dx: Math.cos(angle) * fast, dy: Math.sin(angle) * fast + 1, age: 0, colour });
      }
    };
    const draw = (c, camera) => {
      for (const p of alive) {
        p.age += 1;
        p.x += p.dx;
        p.y += p.dy;
        p.dy -= 0.12;
        c.globalAlpha = 1 - p.age / LIFE;
        const size = 4 + (1 - p.age / LIFE) * 8;
        const x = p.x - camera.x - size / 2;
        const y = GROUND - p.y + camera.y - size / 2;
        if (painted) sprite(c, "spark", x, y, size, size, 0);
        else slab(c, p.colour, x, y, size, size, size / 2);
      }
      c.globalAlpha = 1;
      alive = alive.filter((p) => p.age < LIFE);
    };
    return { burst, draw };
  };

  return Object.freeze({ GROUND, backdrop, dust });
})();
