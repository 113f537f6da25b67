/* Runner view: paints a state, turns keys and touches into inputs. Browser only; decides nothing. */
const View = (() => {
  const GROUND = 444; // the picture's y of height 0; the ground below it is 96 px
  const HERO = 200; // where the hero runs, from the left of the picture
  const SPLIT = 400; // touches left of it duck, where ducking is possible
  const LIFE = 32; // frames a particle lives
  const KEYS = { " ": 1, ArrowUp: 1, w: 1, ArrowDown: 2, s: 2 };
  const HAZARDS = ["hazard_low", "hazard_tall", "hazard_fly"];

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

  // ---- hands: keys and pointers to input bits

  const hands = (level) => {
    const keys = {};
    const touches = {};
    const allowed = level.duck ? 3 : 1;
    return {
      input: () => [...Object.values(keys), ...Object.values(touches)].reduce((all, bit) => all | bit, 0) & allowed,
      key(name, down) {
        const bit = KEYS[name];
        if (!bit) return false;
        if (down) keys[name] = bit;
        else delete keys[name];
        return true;
      },
      pointer(type, x, y, id) {
        if (type === "down") touches[id] = level.duck && x < SPLIT ? 2 : 1;
        if (type === "up") delete touches[id];
      },
      release() {
        for (const held of [keys, touches]) Object.keys(held).forEach((name) => delete held[name]);
      },
    };
  };

  // Odd levels are played by key, even ones by touch, so that checks go both ways.
  const gestures = (level) => (before, input) => {
    const touch = level.number % 2 === 0;
    const change = (bit, down) => (touch
      ? { type: down ? "pointerdown" : "pointerup", x: bit === 1 ? 560 : 240, y: 300 }
      : { type: down ? "keydown" : "keyup", key: bit === 1 ? " " : "ArrowDown" });
    const released = [1, 2].filter((bit) => before & bit && !(input & bit)).map((bit) => change(bit, false));
    const pressed = [1, 2].filter((bit) => input & bit && !(before & bit)).map((bit) => change(bit, true));
    return [...released, ...pressed];
  };

  // ---- one level

  const create = ({ level, game, atlas, palette, fx }) => {
    const sprite = gallery(atlas, palette);
    const particles = dust(sprite, atlas !== null);
    const hand = hands(level);
    const camera = { x: 0, y: 0, lead: HERO, shake: 0 };
    const unit = Rules.UNIT;
    let seen = null;

    const follow = (state, x, y) => {
      if (fx.camera) {
        camera.lead += ((state.t < 60 ? HERO + 60 : HERO - 20) - camera.lead) * 0.04;
        camera.y += (Math.max(0, y - 110) * 0.45 - camera.y) * 0.12;
      }
      camera.x = x - camera.lead;
      camera.shake *= 0.85;
    };

    const floor = (c) => {
      const pits = [...level.gaps, [level.length + 4000, 0]];
      let from = -1000;
      for (const [x, width] of pits) {
        const left = Math.max(from - camera.x, -96 - (((camera.x % 96) + 96) % 96));
        const right = Math.min(x - camera.x, 960);
        if (right > left) land(c, left, right);
        from = x + width;
      }
    };

    const land = (c, left, right) => {
      c.save();
      c.beginPath();
      c.rect(left, GROUND - 4, right - left, 200);
      c.clip();
      const first = left - ((((left + camera.x) % 96) + 96) % 96);
      for (let x = first; x < right; x += 96) sprite(c, "ground", x, GROUND, 96, 96, 0);
      c.restore();
    };

    const pit = (c) => {
      const depth = c.createLinearGradient(0, GROUND, 0, 540);
      depth.addColorStop(0, shade(palette.ground, 0.4));
      depth.addColorStop(1, "#000");
      c.fillStyle = depth;
      for (const [x, width] of level.gaps) {
        if (x + width > camera.x && x < camera.x + 960) c.fillRect(x - camera.x, GROUND, width, 96);
      }
    };

    const seenAt = (x, width) => x + width > camera.x - 20 && x < camera.x + 980;

    const crates = (c) => {
      for (const [x, width, top] of level.crates) {
        if (!seenAt(x, width)) continue;
        const pillar = level.gaps.some(([gx, gw]) => x >= gx && x + width <= gx + gw);
        for (let y = top; y > (pillar ? -96 : 0); y -= 48) {
          const h = Math.min(48, y + (pillar ? 96 : 0));
          for (let dx = 0; dx < width; dx += 48) sprite(c, "crate", x + dx - camera.x, GROUND - y, 48, h, 0);
        }
      }
    };

    const hazards = (c, state, beat) => level.hazards.forEach(([kind, , y, drift], i) => {
      const x = Rules.place(level, i, state.t) / unit;
      if (!seenAt(x, 56)) return;
      const [w, h] = [[40, 40], [40, 80], [56, 40]][kind];
      c.save();
      c.translate(x - camera.x + w / 2, GROUND - y - h / 2);
      if (kind === 0 && drift && fx.animation) c.rotate(-x / 20);
      if (kind === 2 && fx.animation) c.translate(0, Math.sin(state.t / 9 + i) * 3);
      sprite(c, HAZARDS[kind], -w / 2, -h / 2, w, h, beat);
      c.restore();
    });

    const taken = (state, i) => (i < state.item
      ? (state.trail >> (state.item - 1 - i)) & 1
      : i < state.item + 30 && (state.mask >> (i - state.item)) & 1);

    const items = (c, state, beat) => level.items.forEach(([kind, x, y], i) => {
      if (!seenAt(x, 32) || taken(state, i)) return;
      const bob = fx.animation ? Math.sin((state.t + x) / 14) * 3 : 0;
      sprite(c, kind ? "clock" : "coin", x - camera.x, GROUND - y - 32 + bob, 32, 32, kind ? 0 : beat);
    });

    const hero = (c, state, x, y, beat) => {
      if (state.safe && state.t & 4) return;
      const name = state.duck ? "hero_duck" : state.ground ? "hero" : "hero_jump";
      const h = state.duck ? 40 : 64;
      const stretch = fx.animation && !state.ground ? Core.clamp(1 + state.vy / 1600, 0.9, 1.14) : 1;
      c.save();
      c.translate(x - camera.x + Rules.WIDTH / unit / 2, GROUND - y);
      if (state.outcome === 2) c.rotate(-0.5);
      c.scale(1 / stretch, stretch);
      sprite(c, name, -24, -h, 48, h, beat);
      c.restore();
    };

    const shadow = (c, x, y) => {
      c.fillStyle = "#0004";
      c.beginPath();
      c.ellipse(x - camera.x + 14, GROUND + 3, Math.max(6, 20 - y / 14), 4, 0, 0, tau);
      c.fill();
    };

    const hint = (c, frame) => {
      if (level.number > 2 || frame > 200) return;
      c.globalAlpha = Math.min(1, (200 - frame) / 30);
      game.help.slice(0, level.duck ? 2 : 1).forEach((line, i) => {
        c.font = "800 22px ui-rounded, system-ui, sans-serif";
        c.textAlign = "center";
        const wide = c.measureText(line).width + 36;
        const squeeze = Math.min(1, 540 / wide);
        slab(c, "#0009", 400 - (wide * squeeze) / 2, 96 + i * 50, wide * squeeze, 42, 21);
        c.fillStyle = "#fff";
        c.fillText(line, 400, 125 + i * 50, 520);
      });
      c.globalAlpha = 1;
    };

    const react = (state, x, y) => {
      if (state === seen) return;
      seen = state;
      for (const name of Rules.cues(state)) {
        if (fx.particles) particles.burst(name, x + 14, name === "jump" || name === "land" ? y : y + 30);
        if (fx.camera && name === "hit") camera.shake = 9;
      }
    };

    const draw = (c, state, previous, frame) => {
      const x = (state.t * level.speed) / unit;
      const y = state.y / unit;
      follow(state, x, y);
      react(state, x, y);
      const beat = fx.animation ? frame >> 3 : 0;
      backdrop(c, atlas, palette, camera.x, fx.parallax);
      c.save();
      c.translate(camera.shake > 1 ? Math.sin(frame * 2) * camera.shake : 0, camera.y);
      pit(c);
      crates(c);
      floor(c);
      sprite(c, "flag", level.length - camera.x, GROUND - 96, 48, 96, 0);
      items(c, state, beat);
      if (state.ground && y < 1) shadow(c, x, y);
      hazards(c, state, beat);
      hero(c, state, x, y, beat);
      c.restore();
      particles.draw(c, camera);
      hint(c, frame);
    };

    const pads = level.duck ? ["Duck", "Jump"] : ["Jump"];
    return { draw, ...hand, pads, gestures: gestures(level) };
  };

  return Object.freeze({ create, portrait: [120, 560] });
})();
