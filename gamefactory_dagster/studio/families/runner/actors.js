/* Actors: what stands, moves and lies on a course, and the hero. Drawn in pixels of the rules, y down from height 0, as
 * functions of a moment, what view.js knows of it. Browser only; decides nothing.
 */
const Actors = (() => {
  const { UNIT } = Rules;
  const HAZARDS = ["hazard_low", "hazard_tall", "hazard_fly"];
  const SIZES = [[41, 41], [41, 82], [56, 40]];
  const VARIANTS = ["", "_b", "_c"];
  const TALL = 73; // of the hero's picture; a little larger than what can be hit
  const WIDE = 55;
  const STRIDE = 118; // pixels run in one cycle of the legs
  const SPIN = [0, 1, 2, 3, 2, 1]; // frames of a coin that turns
  const SHINE = 27; // radius of what a coin shines with
  const SHELF = 21;
  const BURST = 40; // frames for which pieces fly

  const seen = (m, x, width) => x + width > m.camera.x - 60 && x < m.camera.x + m.camera.wide + 60;

  // ---- things to stand on

  const crates = (c, m) => {
    for (const [x, width, top] of m.level.crates) {
      if (!seen(m, x, width)) continue;
      const pillar = m.level.gaps.some(([gx, gw]) => x >= gx && x + width <= gx + gw);
      for (let y = top; y > (pillar ? -96 : 0); y -= 48) {
        const h = Math.min(48, y + (pillar ? 96 : 0));
        for (let dx = 0; dx < width; dx += 48) m.gallery.sprite(c, "crate", x + dx - m.camera.x, -y, 48, h, 0);
      }
    }
  };

  const shelf = (c, m, name, x, y, width) => {
    c.save();
    c.beginPath();
    c.roundRect(x, y, width, SHELF, 9);
    c.clip();
    for (let dx = 0; dx < width; dx += 48) m.gallery.sprite(c, name, x + dx, y, 48, SHELF, 0);
    c.restore();
  };

  const ledges = (c, m) => {
    for (const [x, width, y] of m.level.ledges || []) {
      if (seen(m, x, width)) shelf(c, m, "ledge", x - m.camera.x, -y, width);
    }
  };

  const rides = (c, m) => (m.level.rides || []).forEach(([, width], i) => {
    const before = Rules.ridePlace(m.level, i, m.previous.t);
    const after = Rules.ridePlace(m.level, i, m.state.t);
    const x = (before.x + (after.x - before.x) * m.share) / UNIT;
    const y = (before.y + (after.y - before.y) * m.share) / UNIT;
    if (!seen(m, x, width)) return;
    c.fillStyle = "#fff6";
    for (let k = 0; k < 3 && !m.still; k += 1) {
      const age = (m.clock / 20 + k / 3) % 1;
      c.beginPath();
      c.arc(x - m.camera.x + width / 2 + (k - 1) * width * 0.3, SHELF - y + age * 16, 5 * (1 - age), 0, 7);
      c.fill();
    }
    shelf(c, m, "ride", x - m.camera.x, -y, width);
  });

  const springs = (c, m) => {
    for (const [x, y] of m.level.springs || []) {
      if (!seen(m, x, 48)) continue;
      const age = m.state.bounced ? m.time - m.state.bounced : 60;
      const own = age < 60 && Math.abs(m.x - (age * m.speed) / UNIT - x) < 60;
      const high = 32 * (own ? 1 + 0.7 * Math.exp(-age / 9) * Math.cos(age * 0.55) : 1);
      m.gallery.sprite(c, "spring", x - m.camera.x, -y - high, 48, high, 0);
    }
  };

  // Four quarters of a box, thrown apart.
  const pieces = (c, m, x, y, age) => {
    const [image, sx, sy, sw, sh] = m.gallery.picture("breakable", 48, 48, 0);
    for (let i = 0; i < 4; i += 1) {
      const [right, down] = [i % 2, i >> 1];
      c.save();
      const side = right * 2 - 1;
      c.translate(x + 24 + side * (12 + age * 2.4), y + 12 + down * 24 - age * (5 - down) + 0.24 * age * age);
      c.rotate(side * age * 0.16);
      c.globalAlpha = 1 - age / BURST;
      c.drawImage(image, sx + (right * sw) / 2, sy + (down * sh) / 2, sw / 2, sh / 2, -12, -12, 24, 24);
      c.restore();
    }
  };

  const boxes = (c, m) => (m.level.breakables || []).forEach(([x, y], i) => {
    if (!seen(m, x, 48)) return;
    const at = m.moments.broken[i];
    if (at === undefined) m.gallery.sprite(c, "breakable", x - m.camera.x, -y - 48, 48, 48, 0);
    else if (m.clock - at < BURST && !m.still) pieces(c, m, x - m.camera.x, -y - 48, Math.max(0, m.clock - at));
  });

  // ---- what to avoid and what to gather

  const hazards = (c, m) => m.level.hazards.forEach(([kind, , y, drift, variant], i) => {
    const x = Rules.place(m.level, i, m.time) / UNIT;
    if (!seen(m, x, 56)) return;
    const [w, h] = SIZES[kind];
    const which = variant === undefined ? i % 3 : variant;
    const name = HAZARDS[kind] + VARIANTS[drift && kind !== 2 ? which % 2 : which]; // a rock does not roll
    const wild = Scenery.luck(i) * 9;
    c.save();
    if (kind === 2) {
      c.translate(x - m.camera.x + w / 2 + (wild - 4.5), -y - h / 2 + Math.sin(m.clock / 9 + wild) * 3);
    } else if (drift) {
      c.translate(x - m.camera.x + w / 2, -y - h / 2);
      c.rotate(-x / 20);
    } else {
      const breath = 0.03 * Math.sin(m.clock / 13 + wild);
      c.translate(x - m.camera.x + w / 2, -y);
      c.scale(1 - breath, 1 + breath);
      c.translate(0, -h / 2);
    }
    m.gallery.sprite(c, name, -w / 2, -h / 2, w, h, Math.floor(m.clock / 8 + wild));
    c.restore();
  });

  const glint = (c, x, y, age) => {
    const r = 11 * Math.sin((age / 16) * Math.PI);
    c.fillStyle = "#fff";
    c.beginPath();
    for (let i = 0; i < 8; i += 1) {
      const far = i % 2 ? r * 0.18 : r;
      c.lineTo(x + far * Math.cos((i * Math.PI) / 4), y + far * Math.sin((i * Math.PI) / 4));
    }
    c.fill();
  };

  // What coins shine with, so that they are seen before whatever lies behind. Made once.
  let light = null;
  const shining = () => {
    if (light) return light;
    light = Shapes.canvas(2 * SHINE, 2 * SHINE);
    const c = light.getContext("2d");
    const ramp = c.createRadialGradient(SHINE, SHINE, 8, SHINE, SHINE, SHINE);
    ramp.addColorStop(0, "#fff6c8c0");
    ramp.addColorStop(0.5, "#ffe98a70");
    ramp.addColorStop(1, "#ffe98a00");
    c.fillStyle = ramp;
    c.fillRect(0, 0, 2 * SHINE, 2 * SHINE);
    return light;
  };

  const items = (c, m) => m.level.items.forEach(([kind, x, y], i) => {
    if (!seen(m, x, 32) || Road.taken(m.state, i)) return;
    const left = x - m.camera.x;
    const top = -y - 32 + Math.sin((m.clock + x) / 14) * 3;
    const wide = SHINE + (m.still ? 0 : 2 * Math.sin((m.clock + x) / 9));
    c.globalAlpha = m.night ? 0.45 : 1; // by night a little light shows far
    c.drawImage(shining(), left + 16 - wide, top + 16 - wide, 2 * wide, 2 * wide);
    c.globalAlpha = 1;
    m.gallery.sprite(c, kind ? "clock" : "coin", left, top, 32, 32, kind ? 0 : SPIN[Math.floor(m.clock / 5 + x / 40) % 6]);
    const age = (m.clock + x * 1.7) % 110;
    if (age < 16 && !m.still) glint(c, left + 22, top + 9, age);
  });

  const flag = (c, m) => {
    if (m.level.endless || !seen(m, m.level.length, 60)) return;
    c.save();
    c.translate(m.level.length - m.camera.x, 0);
    c.transform(1, 0, m.still ? 0 : Math.sin(m.clock / 18) * 0.05, 1, 0, 0);
    m.gallery.sprite(c, "flag", -4, -98, 49, 98, 0);
    c.restore();
  };

  // ---- the hero

  const pose = (m) => {
    const { state, moments } = m;
    if (state.outcome === 1) return ["hero_cheer", Math.floor(m.clock / 8)];
    if (state.outcome === 2 || m.time - moments.hurt < 20) return ["hero_hurt", 0];
    if (state.duck) return ["hero_duck", Math.floor(m.clock / 6)];
    if (!state.ground) return [m.vy > -10 ? "hero_jump" : "hero_fall", 0];
    return ["hero", Math.floor((m.x / STRIDE) * 6)];
  };

  // How much taller than usual: squashed on landing, stretched on leaving the ground and in flight.
  const stretch = (m) => {
    const landed = m.time - m.moments.landed;
    const jumped = m.time - m.moments.jumped;
    if (m.state.ground) return landed >= 0 && landed < 12 ? 1 - 0.24 * (1 - landed / 12) ** 2 : 1;
    return jumped >= 0 && jumped < 10 ? 1.2 - 0.012 * jumped : 1 + Math.min(0.1, Math.abs(m.vy) / 2600);
  };

  const lean = (m) => {
    if (m.state.outcome === 2) return -0.5 - (m.still ? 0 : (m.clock - m.time) * 0.03);
    if (m.state.outcome || m.state.duck) return 0;
    return m.state.ground ? 0.06 : Core.clamp(-m.vy / 1500, -0.16, 0.16);
  };

  const hero = (c, m) => {
    const { state, clock } = m;
    const [name, frame] = pose(m);
    const tall = state.duck ? (TALL * 80) / 128 : TALL;
    const high = stretch(m);
    const over = clock - m.time; // frames since the end
    const hop = state.outcome === 1 && !m.still ? Math.abs(Math.sin(over / 9)) * 16 : 0;
    c.save();
    c.translate(m.x - m.camera.x + Road.BODY / 2, -m.y - hop);
    c.rotate(lean(m));
    c.scale(1 / high, high);
    if (state.safe && !state.outcome) c.globalAlpha = m.still || Math.floor(clock / 4) % 2 ? 0.55 : 1;
    m.gallery.sprite(c, name, -WIDE / 2, -tall, WIDE, tall, frame);
    c.restore();
  };

  const shadow = (c, m) => {
    const x = m.x + Road.BODY / 2;
    const apart = m.state.ground ? 0 : m.y;
    if (!m.state.ground && m.level.gaps.some(([gx, width]) => x > gx && x < gx + width)) return;
    c.fillStyle = "#0004";
    c.beginPath();
    c.ellipse(x - m.camera.x, 3 - (m.state.ground ? m.y : 0), Math.max(7, 21 - apart / 9), 4, 0, 0, 7);
    c.fill();
  };

  // A puff at every step, where it was taken: they stay behind as the hero runs on.
  const dust = (c, m) => {
    c.fillStyle = "#fff";
    const pace = STRIDE / 2;
    for (let k = 0; k < 4; k += 1) {
      const x = (Math.floor(m.x / pace) - k) * pace;
      const age = ((m.x - x) * UNIT) / m.speed;
      if (x < m.moments.onFrom || x > m.moments.onTo || age > 26) continue;
      c.globalAlpha = 0.4 * (1 - age / 26);
      c.beginPath();
      c.arc(x - m.camera.x + 4, -m.moments.onHeight - 3 - age * 0.3, 3 + age * 0.22, 0, 7);
      c.fill();
    }
    c.globalAlpha = 1;
  };

  // Streaks across the picture when it goes fast; in its own pixels.
  const streaks = (c, clock, much) => {
    c.fillStyle = "#fff";
    for (let i = 0; i < 7; i += 1) {
      const x = 1100 - ((clock * (22 + 9 * Scenery.luck(i)) + i * 310) % 1300);
      c.globalAlpha = much * (0.1 + 0.14 * Scenery.luck(i + 9));
      c.fillRect(x, 70 + i * 47, 110 + 60 * Scenery.luck(i + 5), 2.5);
    }
    c.globalAlpha = 1;
  };

  return Object.freeze({
    crates, ledges, rides, springs, boxes, hazards, items, flag, hero, shadow, dust, streaks,
  });
})();
