// Tile swap, the pictures of cells: from the atlas or drawn, and how each moves in each phase. Browser only.
// Here: what one cell looks like. Not here: the board as a whole (view.js), what a cell is (board.js). Needs Rules.
const Tiles = (() => {
  "use strict";

  const COLOURS = ["#E8602C", "#3FA7E0", "#F2C230", "#2FA36B", "#C766A8", "#5B5BD6"];
  const FALLS = [[0, 1], [-1, 0], [0, -1], [1, 0]]; // the way tiles fall, by gravity
  const font = (size) => `700 ${size}px system-ui, "Segoe UI", Roboto, sans-serif`;

  // ---- placeholder pictures, told apart by shape as well as by colour ---------------------------------------

  function polygon(ctx, points, turn, inner) {
    const sides = inner ? points * 2 : points;
    ctx.beginPath();
    for (let i = 0; i < sides; i++) {
      const angle = turn + (i * 2 * Math.PI) / sides, radius = inner && i % 2 ? inner : 42;
      ctx.lineTo(64 + radius * Math.cos(angle), 64 + radius * Math.sin(angle));
    }
    ctx.closePath();
  }

  const OUTLINES = [
    (ctx) => { ctx.beginPath(); ctx.arc(64, 64, 39, 0, 7); },
    (ctx) => polygon(ctx, 4, 0, 0),
    (ctx) => polygon(ctx, 5, -Math.PI / 2, 21),
    (ctx) => { ctx.beginPath(); ctx.roundRect(30, 30, 68, 68, 12); },
    (ctx) => polygon(ctx, 3, -Math.PI / 2, 0),
    (ctx) => polygon(ctx, 6, 0, 0),
  ];

  function shape(ctx, outline, colour) {
    ctx.lineJoin = "round";
    outline(ctx);
    ctx.fillStyle = colour;
    ctx.strokeStyle = colour;
    ctx.lineWidth = 14;
    ctx.fill();
    ctx.stroke();
    ctx.save();
    ctx.clip();
    ctx.fillStyle = "rgba(255,255,255,0.28)";
    ctx.beginPath();
    ctx.ellipse(50, 40, 44, 26, -0.5, 0, 7);
    ctx.fill();
    ctx.restore();
    outline(ctx);
    ctx.strokeStyle = "rgba(0,0,0,0.28)";
    ctx.lineWidth = 4;
    ctx.stroke();
  }

  function clockFace(ctx) {
    ctx.beginPath();
    ctx.arc(64, 64, 46, 0, 7);
    ctx.fillStyle = "#ffffff";
    ctx.fill();
    ctx.lineWidth = 10;
    ctx.strokeStyle = "#1d2433";
    ctx.stroke();
    ctx.lineCap = "round";
    ctx.beginPath();
    ctx.moveTo(64, 36);
    ctx.lineTo(64, 64);
    ctx.lineTo(84, 76);
    ctx.stroke();
  }

  const PICTURES = {
    stone(ctx) {
      ctx.beginPath();
      [[22, 40], [48, 16], [92, 20], [114, 56], [104, 100], [62, 114], [20, 96]].forEach(([x, y]) => ctx.lineTo(x, y));
      ctx.closePath();
      ctx.fillStyle = "#7d8590";
      ctx.fill();
      ctx.fillStyle = "#a5adb8";
      ctx.beginPath();
      [[30, 42], [50, 24], [86, 28], [70, 54], [38, 60]].forEach(([x, y]) => ctx.lineTo(x, y));
      ctx.fill();
    },
    cover(ctx) {
      ctx.fillStyle = "#3b4a6b";
      ctx.beginPath();
      ctx.roundRect(14, 14, 100, 100, 18);
      ctx.fill();
      ctx.strokeStyle = "#8fa3d1";
      ctx.lineWidth = 5;
      ctx.beginPath();
      ctx.roundRect(24, 24, 80, 80, 12);
      ctx.stroke();
      ctx.fillStyle = "#c9d6f5";
      ctx.font = font(56);
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText("?", 64, 67);
    },
    item(ctx) {
      polygon(ctx, 8, 0, 0);
      ctx.fillStyle = "#fff4cf";
      ctx.fill();
      ctx.lineWidth = 9;
      ctx.strokeStyle = "#b9781c";
      ctx.stroke();
      shapeStar(ctx);
    },
    bomb(ctx) {
      ctx.fillStyle = "#20242e";
      ctx.beginPath();
      ctx.arc(64, 64, 56, 0, 7);
      ctx.fill();
    },
    clock_tile: clockFace,
    spark(ctx) {
      polygon(ctx, 4, 0, 12);
      ctx.fillStyle = "#fff7d6";
      ctx.fill();
    },
  };

  function shapeStar(ctx) {
    ctx.save();
    ctx.translate(64, 64);
    ctx.scale(0.62, 0.62);
    ctx.translate(-64, -64);
    polygon(ctx, 5, -Math.PI / 2, 20);
    ctx.fillStyle = "#e09a1f";
    ctx.fill();
    ctx.restore();
  }

  function canvas(width, height, paint) {
    const image = document.createElement("canvas");
    image.width = width;
    image.height = height;
    paint(image.getContext("2d"));
    return image;
  }

  /** name -> draw(ctx, x, y, size): from the atlas where it has the picture, else a placeholder. */
  function gallery(atlas) {
    const drawn = new Map();
    const placeholder = (name) => {
      const tile = name.startsWith("tile_") ? Number(name.slice(5)) : -1;
      return canvas(128, 128, (ctx) => {
        if (tile < 0) return PICTURES[name](ctx);
        ctx.setTransform(1.18, 0, 0, 1.18, -11.5, -11.5);
        return shape(ctx, OUTLINES[tile], COLOURS[tile]);
      });
    };
    return (ctx, name, x, y, width, height = width) => {
      const frame = atlas && (atlas.frames[name] || atlas.frames[`${name}_0`]);
      if (frame) {
        ctx.drawImage(atlas.image, frame[0], frame[1], frame[2], frame[3], x, y, width, height);
        return;
      }
      if (!drawn.has(name)) drawn.set(name, placeholder(name));
      ctx.drawImage(drawn.get(name), x, y, width, height);
    };
  }

  // ---- tiles ------------------------------------------------------------------------------------------------

  const ease = (t) => t * t * (3 - 2 * t);
  const part = (state) => (state.span ? 1 - state.wait / state.span : 1);

  /** How one cell's content is moved and scaled in this phase: {dx, dy} in cells, {sx, sy, alpha}. */
  function pose(state, cell, animated, frame) {
    const at = { dx: 0, dy: 0, sx: 1, sy: 1, alpha: 1 }, t = part(state), { columns } = state.level;
    if ((state.phase === Rules.SWAP || state.phase === Rules.BOUNCE) && state.pair.includes(cell)) {
      const other = state.pair[0] === cell ? state.pair[1] : state.pair[0];
      const share = state.phase === Rules.SWAP ? ease(t) : 0.45 * Math.sin(t * Math.PI);
      at.dx = ((other % columns) - (cell % columns)) * share;
      at.dy = (((other / columns) | 0) - ((cell / columns) | 0)) * share;
    } else if (state.phase === Rules.CLEAR && state.clearing.includes(cell)) {
      at.sx = at.sy = t < 0.3 ? 1 + t * 0.5 : Math.max(0, 1.15 - (t - 0.3) * 1.65);
      at.alpha = 1 - t * t;
    } else if (state.phase === Rules.FALL && state.drop[cell]) {
      const gone = (state.span - state.wait) / Rules.FRAMES[Rules.FALL], left = Math.max(0, state.drop[cell] - gone);
      const [dx, dy] = FALLS[state.gravity], stretch = animated ? Math.min(left, 0.12) : 0;
      at.dx = -dx * left;
      at.dy = -dy * left;
      at.sx = dy ? 1 - stretch : 1 + stretch;
      at.sy = dy ? 1 + stretch : 1 - stretch;
    } else if (state.phase === Rules.SHUFFLE) {
      at.sx = Math.abs(Math.cos(t * Math.PI));
    } else if (animated) {
      at.sy = 1 + 0.03 * Math.sin(frame / 22 + cell * 1.7);
      at.sx = 2 - at.sy;
    }
    return at;
  }

  function badge(ctx, text, x, y, radius, back) {
    ctx.fillStyle = back;
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 7);
    ctx.fill();
    ctx.strokeStyle = "#ffffff";
    ctx.lineWidth = 2;
    ctx.stroke();
    ctx.fillStyle = "#ffffff";
    ctx.font = font(Math.round(radius * 1.35));
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(text, x, y + 1);
  }

  /** One cell's content in a square at x, y. */
  function content(ctx, picture, cell, x, y, width, height) {
    const kind = Rules.kindOf(cell), pad = width * 0.07;
    const put = (name) => picture(ctx, name, x + pad, y + pad, width - pad * 2, height - pad * 2);
    if (kind === Rules.STONE) {
      put("stone");
      if (Rules.extra(cell) > 1) badge(ctx, String(Rules.extra(cell)), x + width * 0.76, y + height * 0.76, width * 0.17, "#4a515c");
    } else if (cell & Rules.HIDDEN) put("cover");
    else if (Rules.isTile(cell)) {
      put(`tile_${kind - 1}`);
      if (cell & Rules.TIME) picture(ctx, "clock_tile", x + width * 0.54, y + height * 0.52, width * 0.42);
      const fuse = Rules.extra(cell);
      if (!fuse) return;
      picture(ctx, "bomb", x + width * 0.42, y + height * 0.4, width * 0.56);
      badge(ctx, String(fuse), x + width * 0.7, y + height * 0.7, width * 0.23, fuse <= 3 ? "#d3262f" : "#20242e");
    }
  }

  return Object.freeze({ COLOURS, font, canvas, gallery, ease, part, pose, content });
})();
