/* Shapes: sprites by name, from the atlas or painted for a game without art. Browser only. */
const Shapes = (() => {
  const tau = Math.PI * 2;

  // ---- placeholder shapes: what a game without art is drawn with; each fills the box 0, 0, w, h

  const shade = (colour, by) => {
    const part = (i) => Core.clamp(Math.round(parseInt(colour.slice(i, i + 2), 16) * by), 0, 255);
    return "rgb(" + [1, 3, 5].map(part).join() + ")";
  };

  const blob = (c, colour, points) => {
    c.fillStyle = colour;
    c.beginPath();
    points.forEach(([x, y]) => c.lineTo(x, y));
    c.fill();
  };
  const disc = (c, colour, x, y, r) => {
    c.fillStyle = colour;
    c.beginPath();
    c.arc(x, y, r, 0, tau);
    c.fill();
  };
  const slab = (c, colour, x, y, w, h, r) => {
    c.fillStyle = colour;
    c.beginPath();
    c.roundRect(x, y, w, h, r);
    c.fill();
  };

  const runner = (c, p, w, h, legs) => {
    slab(c, p.ink, 12, h - 16, 9, 16 - legs, 4);
    slab(c, p.ink, 28, h - 16, 9, 16 - (6 - legs), 4);
    slab(c, p.ink, 4, 0, 40, h - 10, 18);
    slab(c, p.accent, 7, 3, 34, h - 16, 15);
    disc(c, "#fff", 32, 20, 8);
    disc(c, p.ink, 34, 20, 4);
  };
  const spikes = (c, p, w, h) => {
    slab(c, p.ink, 2, 12, w - 4, h - 12, 8);
    for (let y = 14; y < h; y += 22) {
      blob(c, p.ink, [[0, y + 12], [w / 2, y - 14], [w, y + 12]]);
      blob(c, "#e5484d", [[7, y + 9], [w / 2, y - 6], [w - 7, y + 9]]);
    }
  };
  const SHAPES = {
    hero: (c, p, w, h, f) => runner(c, p, w, h, f % 2 ? 6 : 0),
    hero_jump: (c, p, w, h) => runner(c, p, w, h, 3),
    hero_duck: (c, p, w, h) => runner(c, p, w, h, 3),
    hazard_low: spikes,
    hazard_tall: spikes,
    hazard_fly: (c, p, w, h, f) => {
      blob(c, p.ink, [[10, 18], [28, f % 2 ? 40 : 0], [46, 18]]);
      slab(c, p.ink, 0, 8, w, 26, 13);
      slab(c, "#e5484d", 3, 11, w - 6, 20, 10);
      disc(c, "#fff", 14, 19, 5);
      disc(c, p.ink, 12, 19, 3);
    },
    crate: (c, p, w, h) => {
      slab(c, p.ink, 0, 0, w, h, 6);
      slab(c, "#c98a4b", 3, 3, w - 6, h - 6, 4);
      c.strokeStyle = "#8f5c2c";
      c.lineWidth = 4;
      c.strokeRect(9, 9, w - 18, h - 18);
    },
    coin: (c, p, w, h, f) => {
      const wide = [1, 0.7, 0.3, 0.7][f % 4];
      c.save();
      c.translate(w / 2, h / 2);
      c.scale(wide, 1);
      disc(c, "#8a5a00", 0, 0, 14);
      disc(c, "#ffd54a", 0, 0, 11);
      c.restore();
    },
    clock: (c, p, w, h) => {
      disc(c, p.ink, w / 2, h / 2, 16);
      disc(c, "#fff", w / 2, h / 2, 12);
      blob(c, p.ink, [[15, 7], [18, 7], [18, 16], [24, 20], [22, 22], [15, 17]]);
    },
    flag: (c, p, w, h) => {
      slab(c, p.ink, 4, 0, 7, h, 3);
      blob(c, p.accent, [[11, 6], [w, 22], [11, 40]]);
    },
    ground: (c, p, w, h) => {
      c.fillStyle = shade(p.ground, 0.72);
      c.fillRect(0, 0, w, h);
      c.fillStyle = p.ground;
      c.fillRect(0, 0, w, 18);
      for (let i = 0; i < 4; i += 1) disc(c, p.ground, i * 24 + 12, 18, 12);
      for (let i = 0; i < 5; i += 1) disc(c, shade(p.ground, 0.6), (i * 41 + 14) % w, 44 + (i * 17) % 46, 4);
    },
  };

  // Draws sprites by name: from the atlas, or the placeholder painted once into a canvas of its own.
  const gallery = (atlas, palette) => {
    const painted = {};
    const placeholder = (name, w, h, f) => {
      const key = [name, w, h, f].join();
      if (!painted[key]) {
        const canvas = document.createElement("canvas");
        canvas.width = w * 2;
        canvas.height = h * 2;
        const c = canvas.getContext("2d");
        c.scale(2, 2);
        SHAPES[name](c, palette, w, h, f);
        painted[key] = canvas;
      }
      return painted[key];
    };
    const framed = (name, f) => {
      if (!atlas) return null;
      let count = 0;
      while (atlas.frames[name + "_" + count]) count += 1;
      return atlas.frames[count ? name + "_" + (f % count) : name];
    };
    return (c, name, x, y, w, h, f) => {
      const frame = framed(name, f);
      if (frame) c.drawImage(atlas.image, ...frame, x, y, w, h);
      else c.drawImage(placeholder(name, w, h, f % 4), x, y, w, h);
    };
  };

  return Object.freeze({ gallery, shade, blob, disc, slab });
})();
