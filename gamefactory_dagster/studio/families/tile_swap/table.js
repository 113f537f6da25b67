// Tile swap, the table: the backdrop that drifts behind, and the board's rim and cells. Browser only.
// Here: what no turn changes. Not here: tiles (tiles.js), moves and goals (panel.js). Needs Rules, Tiles.
const Table = (() => {
  "use strict";

  const W = 960, H = 540;
  const DRIFT = [0, 0.08, 0.2]; // pixels a frame that far, middle and near layers go
  const PATH = "rgba(255,190,70,0.6)", PATH_EDGE = "rgba(120,66,0,0.55)", EXIT = "#ffc53d";

  /** Painted once in the very pixels of the screen, and copied from then on; `aside` moves the copy. */
  function cached([left, top, width, height], paint) {
    let image = null, scale = 0;
    return (ctx, aside = 0) => {
      const { a, e, f } = ctx.getTransform();
      if (a !== scale) {
        scale = a;
        image = Tiles.canvas(Math.ceil(width * a), Math.ceil(height * a), (paper) => {
          paper.scale(a, a);
          paper.translate(-left, -top);
          paint(paper);
        });
      }
      ctx.setTransform(1, 0, 0, 1, e, f);
      ctx.drawImage(image, aside ? (left + aside) * a : Math.round(left * a), Math.round(top * a));
      ctx.setTransform(a, 0, 0, a, e, f);
    };
  }

  // ---- behind -----------------------------------------------------------------------------------------------

  function sky(ctx, palette) {
    const fill = ctx.createLinearGradient(0, 0, 0, H);
    fill.addColorStop(0, palette.sky);
    fill.addColorStop(1, palette.ground);
    ctx.fillStyle = fill;
    ctx.fillRect(0, 0, W, H);
  }

  /** The same as high as an upright screen, straight from the layers: copies so large would not fit a phone's memory. */
  function standing(ctx, layers, palette, { from, to }, time) {
    const high = to - from, wide = (W * high) / H;
    if (!layers.length) {
      ctx.save();
      ctx.translate(0, from);
      ctx.scale(1, high / H);
      sky(ctx, palette);
      ctx.restore();
    }
    layers.forEach((layer, i) => {
      const aside = (time * DRIFT[i]) % wide;
      ctx.drawImage(layer, -aside, from, wide, high);
      if (wide - aside < W) ctx.drawImage(layer, wide - aside, from, wide, high);
    });
  }

  /** The game's own landscape: its nearer layers drift by, endlessly, unless all is to be still. */
  function backdrop(atlas, palette, still) {
    const layers = atlas ? [atlas.backgrounds.far, atlas.backgrounds.mid, atlas.backgrounds.near] : [];
    const copies = layers.map((layer) => cached([0, 0, W, H], (paper) => paper.drawImage(layer, 0, 0, W, H)));
    if (!atlas) copies.push(cached([0, 0, W, H], (paper) => sky(paper, palette)));
    const flat = (ctx, time) => copies.forEach((copy, i) => {
      const aside = still ? 0 : (time * DRIFT[i]) % W;
      copy(ctx, -aside);
      if (aside > 0) copy(ctx, W - aside);
    });
    return (ctx, time, room) => (room ? standing(ctx, layers, palette, room, still ? 0 : time) : flat(ctx, time));
  }

  // ---- the board --------------------------------------------------------------------------------------------

  /** All cells of the board as one outline, each grown by `more` and joined to the next: only corners are round. */
  function outline(ctx, level, board, more, round) {
    const { columns, rows, size } = board, side = size + more * 2, has = (cell) => !level.holes.includes(cell);
    ctx.beginPath();
    for (let cell = 0; cell < columns * rows; cell++) {
      if (!has(cell)) continue;
      const x = board.x(cell), y = board.y(cell);
      ctx.roundRect(x - more, y - more, side, side, round);
      if (cell % columns < columns - 1 && has(cell + 1)) ctx.rect(x + size / 2, y - more, size, side);
      if (cell + columns < columns * rows && has(cell + columns)) ctx.rect(x - more, y + size / 2, side, size);
    }
  }

  /** Where tiles may be seen: one strip for each stretch of cells in a column, so that no seam shows between. */
  function opening(level, board) {
    const area = new Path2D(), { columns, rows, size } = board;
    for (let x = 0; x < columns; x++) {
      for (let y = 0, from = 0; y <= rows; y++) {
        if (y < rows && !level.holes.includes(y * columns + x)) continue;
        if (y > from) area.rect(board.left + x * size - 1, board.top + from * size - 1, size + 2, (y - from) * size + 2);
        from = y + 1;
      }
    }
    return area;
  }

  function rim(ctx, level, board, palette) {
    ctx.save();
    ctx.shadowColor = "rgba(0,0,0,0.45)";
    ctx.shadowBlur = 22;
    ctx.shadowOffsetY = 8;
    ctx.fillStyle = "#1b2236";
    outline(ctx, level, board, 13, 20);
    ctx.fill();
    ctx.restore();
    ctx.fillStyle = palette.accent;
    outline(ctx, level, board, 10, 17);
    ctx.fill();
    const light = ctx.createLinearGradient(0, board.top - 12, 0, board.top + board.rows * board.size + 12);
    light.addColorStop(0, "rgba(255,255,255,0.35)");
    light.addColorStop(1, "rgba(0,0,0,0.35)");
    ctx.fillStyle = light;
    ctx.fill();
    ctx.fillStyle = "rgba(0,0,0,0.35)";
    outline(ctx, level, board, 5, 13);
    ctx.fill();
    ctx.fillStyle = palette.panel;
    outline(ctx, level, board, 3, 12);
    ctx.fill();
  }

  function cells(ctx, level, board, picture, painted) {
    const { size, columns } = board;
    for (let cell = 0; cell < columns * board.rows; cell++) {
      if (level.holes.includes(cell)) continue;
      const x = board.x(cell), y = board.y(cell), odd = ((cell % columns) + ((cell / columns) | 0)) % 2;
      if (painted) picture(ctx, "cell", x + 1, y + 1, size - 2);
      ctx.fillStyle = painted ? `rgba(0,0,0,${odd ? 0.05 : 0})` : `rgba(0,0,0,${odd ? 0.2 : 0.3})`;
      ctx.beginPath();
      ctx.roundRect(x + 2, y + 2, size - 4, size - 4, 10);
      ctx.fill();
    }
  }

  /** An item's path: a gold ribbon that ends in a ring. */
  function way(ctx, path, board) {
    const half = board.size / 2;
    ctx.lineJoin = ctx.lineCap = "round";
    for (const [width, colour] of [[board.size - 8, PATH], [5, PATH_EDGE]]) {
      ctx.beginPath();
      path.forEach((cell) => ctx.lineTo(board.x(cell) + half, board.y(cell) + half));
      ctx.lineWidth = width;
      ctx.strokeStyle = colour;
      ctx.stroke();
    }
    ring(ctx, board, path[path.length - 1], EXIT, 5);
  }

  /** A frame around a cell. */
  function ring(ctx, board, cell, colour, width) {
    ctx.beginPath();
    ctx.roundRect(board.x(cell) + 3, board.y(cell) + 3, board.size - 6, board.size - 6, 11);
    for (const [line, ink] of [[width + 3, "rgba(10,14,24,0.55)"], [width, colour]]) {
      ctx.lineWidth = line;
      ctx.strokeStyle = ink;
      ctx.stroke();
    }
  }

  /** The whole board, painted once. */
  function table(level, board, palette, picture, painted) {
    const { left, top, size, columns, rows } = board;
    return cached([left - 40, top - 40, columns * size + 80, rows * size + 80], (paper) => {
      rim(paper, level, board, palette);
      cells(paper, level, board, picture, painted);
      level.paths.forEach((path) => way(paper, path, board));
    });
  }

  return Object.freeze({ cached, backdrop, table, opening, ring });
})();
