// Tile swap, the pictures of cells: from the atlas or drawn, and the marks of special tiles. Browser only.
// Here: what one cell looks like. Not here: how it moves (motion.js), the board as a whole (view.js), what a cell is
// (board.js). Needs Rules.
const Tiles = (() => {
  "use strict";

  const COLOURS = ["#e5484d", "#f5c52c", "#3fae5a", "#3d7fe0", "#a45bd0", "#f08a2c"]; // by kind, as the art room tints them
  const MARKS = ["", "row", "column", "burst"]; // by special
  const DARK = "#1d2433";
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

  /** An arrow with two heads across a tile. */
  function arrow(ctx, turn) {
    ctx.translate(64, 64);
    ctx.rotate(turn);
    ctx.beginPath();
    for (const [x, y] of [[-61, 0], [-38, -23], [-38, -9], [38, -9], [38, -23]]) ctx.lineTo(x, y);
    for (const [x, y] of [[61, 0], [38, 23], [38, 9], [-38, 9], [-38, 23]]) ctx.lineTo(x, y);
    outlined(ctx, "#ffffff", 8);
  }

  function outlined(ctx, colour, width) {
    ctx.closePath();
    ctx.lineJoin = "round";
    ctx.strokeStyle = DARK;
    ctx.lineWidth = width;
    ctx.stroke();
    ctx.fillStyle = colour;
    ctx.fill();
  }

  /** What a bomb tile sits on. */
  function burst(ctx) {
    ctx.beginPath();
    for (let i = 0; i < 24; i++) {
      const angle = (i * Math.PI) / 12, radius = i % 2 ? 47 : 60;
      ctx.lineTo(64 + radius * Math.cos(angle), 64 + radius * Math.sin(angle));
    }
    outlined(ctx, "#ffd54a", 7);
  }

  /** A ball of every colour, with a star. */
  function prism(ctx) {
    ctx.beginPath();
    ctx.arc(64, 64, 56, 0, 7);
    outlined(ctx, "#ffffff", 8);
    COLOURS.forEach((colour, i) => {
      ctx.beginPath();
      ctx.moveTo(64, 64);
      ctx.arc(64, 64, 50, (i * Math.PI) / 3, ((i + 1) * Math.PI) / 3);
      ctx.fillStyle = colour;
      ctx.fill();
    });
    ctx.beginPath();
    for (let i = 0; i < 10; i++) {
      const angle = (i * Math.PI) / 5 - Math.PI / 2, radius = i % 2 ? 15 : 34;
      ctx.lineTo(64 + radius * Math.cos(angle), 64 + radius * Math.sin(angle));
    }
    outlined(ctx, "#ffffff", 6);
  }

  function glow(ctx) {
    const light = ctx.createRadialGradient(64, 64, 20, 64, 64, 64);
    light.addColorStop(0, "rgba(255,255,255,0.95)");
    light.addColorStop(1, "rgba(255,255,255,0)");
    ctx.fillStyle = light;
    ctx.fillRect(0, 0, 128, 128);
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
    fuse(ctx) {
      ctx.fillStyle = "#d3262f";
      ctx.beginPath();
      ctx.roundRect(30, 40, 68, 82, 14);
      ctx.fill();
    },
    row: (ctx) => arrow(ctx, 0),
    column: (ctx) => arrow(ctx, Math.PI / 2),
    burst,
    prism,
    glow,
    clock_tile: clockFace,
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

  // ---- cells ------------------------------------------------------------------------------------------------

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

  /** A tile with its special mark, and the clock or fuse it carries. */
  function tile(ctx, picture, cell, x, y, width, height) {
    const what = Rules.special(cell), shrunk = MARKS[what] === "burst" ? 0.17 : 0.07;
    if (shrunk > 0.07) picture(ctx, "burst", x, y, width, height);
    const u = width * shrunk, v = height * shrunk;
    picture(ctx, `tile_${Rules.kindOf(cell) - 1}`, x + u, y + v, width - u * 2, height - v * 2);
    if (what && shrunk < 0.1) picture(ctx, MARKS[what], x, y, width, height);
    if (cell & Rules.TIME) picture(ctx, "clock_tile", x + width * 0.54, y + height * 0.52, width * 0.42);
    const turns = Rules.extra(cell);
    if (!turns) return;
    picture(ctx, "fuse", x + width * 0.36, y + height * 0.33, width * 0.66);
    figure(ctx, String(turns), x + width * 0.68, y + height * 0.77, width * (turns <= 3 ? 0.42 : 0.34), turns <= 3 ? "#ffe14d" : "#ffffff");
  }

  /** A number that can be read on anything. */
  function figure(ctx, text, x, y, size, colour) {
    ctx.font = font(Math.round(size));
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.lineWidth = size * 0.24;
    ctx.strokeStyle = DARK;
    ctx.strokeText(text, x, y);
    ctx.fillStyle = colour;
    ctx.fillText(text, x, y);
  }

  /** One cell's content in a box at x, y; `shine` 0..1 is how bright a special tile glows. */
  function content(ctx, picture, cell, x, y, width, height, shine) {
    const kind = Rules.kindOf(cell), pad = width * 0.07;
    const put = (name) => picture(ctx, name, x + pad, y + pad, width - pad * 2, height - pad * 2);
    if (kind === Rules.STONE) {
      put("stone");
      const hits = Rules.extra(cell);
      if (hits > 1) badge(ctx, String(hits), x + width * 0.76, y + height * 0.76, width * 0.17, "#4a515c");
      return;
    }
    if (cell & Rules.HIDDEN) return put("cover");
    if (Rules.power(cell)) {
      const alpha = ctx.globalAlpha;
      ctx.globalAlpha = alpha * shine;
      picture(ctx, "glow", x - width * 0.12, y - height * 0.12, width * 1.24, height * 1.24);
      ctx.globalAlpha = alpha;
    }
    return kind === Rules.PRISM ? put("prism") : tile(ctx, picture, cell, x, y, width, height);
  }

  return Object.freeze({ COLOURS, font, canvas, gallery, content });
})();
