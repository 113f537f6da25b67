/* Shapes: sprites by name, from the atlas or painted for a game without art. Browser only. */
const Shapes = (() => {
  const tau = Math.PI * 2;

  // ---- placeholder shapes: what a game without art is drawn with; each fills the box 0, 0, w, h

  const shade = (colour, by) => {
    const part = (i) => Core.clamp(Math.round(parseInt(colour.slice(i, i + 2), 16) * by), 0, 255);
    return "rgb(" + [1, 3, 5].map(part).join() + ")";
  };

  // Whether a colour is one of the night.
  const dark = (colour) => [1, 3, 5].reduce((sum, i) => sum + parseInt(colour.slice(i, i + 2), 16), 0) < 300;

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
      slab(c, shade(p.ground, 0.72), 0, 0, w, h, 0);
      slab(c, p.ground, 0, 0, w, 18, 0);
      for (let i = 0; i < w / 24; i += 1) disc(c, p.ground, i * 24 + 12, 18, 12);
      for (let i = 0; i < 5; i += 1) disc(c, shade(p.ground, 0.6), (i * 41 + 14) % w, 44 + (i * 17) % 46, 4);
    },
    ground_end: (c, p, w, h) => {
      slab(c, shade(p.ground, 0.5), 0, 0, w - 4, h, 0);
      slab(c, p.ground, -12, 0, w + 12, 20, 10);
    },
    tuft: (c, p, w, h) => slab(c, p.ground, 2, h / 2, w - 4, h, 4),
    pit: (c, p, w, h) => slab(c, shade(p.ground, 0.3), 0, 0, w, h, 0),
    deep: (c, p, w, h) => slab(c, shade(p.sky, 0.5), 0, 4, w, h, 0),
    ledge: (c, p, w, h) => {
      slab(c, shade(p.ground, 0.6), 0, 0, w, h, 0);
      slab(c, p.ground, 0, 0, w, 9, 0);
    },
    ride: (c, p, w, h) => {
      slab(c, p.ink, 0, 0, w, h, 0);
      slab(c, p.accent, 0, 0, w, 8, 0);
    },
    spring: (c, p, w, h) => {
      slab(c, p.ink, 8, h - 8, w - 16, 8, 3);
      for (let y = 10; y < h - 8; y += 8) slab(c, "#9aa4b5", 12, y, w - 24, 4, 2);
      slab(c, "#e5484d", 2, 0, w - 4, 10, 5);
    },
    breakable: (c, p, w, h) => {
      slab(c, p.ink, 0, 0, w, h, 6);
      slab(c, "#ffd54a", 3, 3, w - 6, h - 6, 4);
      slab(c, "#e5484d", w / 2 - 4, 3, 8, h - 6, 0);
    },
  };
  const shape = (name) => SHAPES[name] || SHAPES[name.replace(/_[bc]$/, "")] || SHAPES.hero_jump;

  const canvas = (w, h) => {
    const one = document.createElement("canvas");
    one.width = w;
    one.height = h;
    return one;
  };

  const paint = (palette, name, w, h, f) => {
    const image = canvas(w * 2, h * 2);
    const c = image.getContext("2d");
    c.scale(2, 2);
    shape(name)(c, palette, w, h, f);
    return [image, 0, 0, w * 2, h * 2];
  };

  // Finds and draws pictures by name: from the atlas, or the placeholder, painted once into a canvas of its own.
  const gallery = (atlas, palette) => {
    const found = {};
    const frames = (name, w, h) => {
      if (found[name]) return found[name];
      found[name] = [];
      for (let f = 0; atlas && atlas.frames[name + "_" + f]; f += 1) {
        found[name].push([atlas.image, ...atlas.frames[name + "_" + f]]);
      }
      for (let f = 0; !found[name].length || (!atlas && f < 4); f += 1) found[name].push(paint(palette, name, w, h, f));
      return found[name];
    };
    // [image, x, y, width, height] of a frame; any whole number is one.
    const picture = (name, w, h, f = 0) => {
      const all = frames(name, w, h);
      return all[((f % all.length) + all.length) % all.length];
    };
    const sprite = (c, name, x, y, w, h, f) => c.drawImage(...picture(name, w, h, f), x, y, w, h);
    const has = (name) => !atlas || !!atlas.frames[name + "_0"];
    return Object.freeze({ picture, sprite, has });
  };

  return Object.freeze({ gallery, canvas, dark, shade, disc });
})();
