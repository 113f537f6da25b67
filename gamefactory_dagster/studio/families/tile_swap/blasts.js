// Tile swap, blasts: the light of special tiles that go off. Browser only; a function of state and time.
// Here: beams and rings over the board. Not here: what they clear (specials.js), sparks and shakes (the shell).
// Needs Specials, Rules, Tiles.
const Blasts = (() => {
  "use strict";

  const { ROW, COLUMN, BLAST, CROSS, WIDE, BIG, ALL } = Specials;
  const LIGHT = "#fff6d0";

  /** A bar of light along a row or a column, from a cell outwards. */
  function beam(ctx, board, cell, down, t, thick) {
    const { left, top, size, columns, rows } = board, x = board.x(cell) + size / 2, y = board.y(cell) + size / 2;
    const reach = Math.min(1, t * 2.2), half = size * thick * (1 - t) * 0.42;
    const from = down ? y - (y - top) * reach : x - (x - left) * reach;
    const to = down ? y + (top + rows * size - y) * reach : x + (left + columns * size - x) * reach;
    for (const [width, colour] of [[half, board.glow], [half * 0.45, "#ffffff"]]) {
      ctx.fillStyle = colour;
      if (down) ctx.fillRect(x - width, from, width * 2, to - from);
      else ctx.fillRect(from, y - width, to - from, width * 2);
    }
  }

  function ring(ctx, board, cell, t, cells) {
    const x = board.x(cell) + board.size / 2, y = board.y(cell) + board.size / 2;
    const radius = board.size * cells * (0.25 + 0.75 * Math.sqrt(t));
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 7);
    ctx.lineWidth = board.size * 0.42 * (1 - t);
    ctx.strokeStyle = board.glow;
    ctx.stroke();
    ctx.lineWidth *= 0.4;
    ctx.strokeStyle = "#ffffff";
    ctx.stroke();
  }

  /** Rays from a colour tile to all it takes. */
  function rays(ctx, board, state, cell, t) {
    const half = board.size / 2, x = board.x(cell) + half, y = board.y(cell) + half, reach = Math.min(1, t * 2.5);
    ctx.lineCap = "round";
    ctx.beginPath();
    for (const to of state.clearing) {
      ctx.moveTo(x, y);
      ctx.lineTo(x + (board.x(to) + half - x) * reach, y + (board.y(to) + half - y) * reach);
    }
    ctx.lineWidth = board.size * 0.16 * (1 - t);
    ctx.strokeStyle = LIGHT;
    ctx.stroke();
  }

  function one(ctx, board, state, cell, what, t) {
    const thick = what === WIDE ? 3 : 1;
    if (what === ROW || what === CROSS || what === WIDE) beam(ctx, board, cell, false, t, thick);
    if (what === COLUMN || what === CROSS || what === WIDE) beam(ctx, board, cell, true, t, thick);
    if (what === BLAST) ring(ctx, board, cell, t, 1.5);
    if (what === BIG) ring(ctx, board, cell, t, 2.6);
    if (what >= ALL - 1 || what === Specials.COLOUR) rays(ctx, board, state, cell, t);
    if (what === ALL) ring(ctx, board, cell, t, board.columns);
  }

  /** What has gone off in this clearing, at `t` 0..1 of it; under reduced motion a pale sign that does not move. */
  function draw(ctx, board, state, t, still) {
    if (state.phase !== Rules.CLEAR) return;
    ctx.globalAlpha = still ? 0.4 : 1 - t * t;
    for (const [cell, what] of state.blasts) one(ctx, board, state, cell, what, still ? 0.5 : t);
    ctx.globalAlpha = 1;
  }

  return Object.freeze({ draw });
})();
