// Tile swap, the panel: moves and goals, in words, pictures and numbers. Browser only.
// Here: where it is and how it looks, beside the board or above it. Not here: score, time, hearts (the shell's).
// Needs Rules, Tiles, Table.
const Panel = (() => {
  "use strict";

  const { font } = Tiles;
  const CARD = [26, 96, 204]; // left, top and width of the card beside the board
  const ROW = 72, CLOSE = 52; // of a goal there, and of one that needs no word, as the one above it has it
  const LOW = "#ff5a4d", MET = "#2fa36b"; // what runs out, what is done
  const WORDS = { collect: "Collect", score: "Points", item: "Bring down" };

  /** What a goal shows: the picture, if it has one, and the word over it. */
  const pictureOf = (goal) => (goal.type === "collect" ? `tile_${goal.kind - 1}` : goal.type === "item" ? "item" : "");
  const again = (goals, i) => i > 0 && goals[i].type === goals[i - 1].type;

  /** Each word once, over the middle of all the goals it is for: [word, x, y]. */
  function wordsOf(goals, places, above) {
    const found = [];
    goals.forEach((goal, i) => {
      if (again(goals, i)) return;
      let last = i;
      while (last + 1 < goals.length && again(goals, last + 1)) last++;
      found.push([WORDS[goal.type], (places[i][0] + places[last][0]) / 2, places[i][1] - above]);
    });
    return found;
  }

  function besideBoard({ goals, turning }) {
    const [left, top, width] = CARD, rows = goals.map((_, i) => (again(goals, i) ? CLOSE : ROW));
    const high = 128 + rows.reduce((sum, row) => sum + row, 0) + (turning ? 66 : 0);
    const first = Math.max(top, 300 - high / 2), x = left + width / 2;
    const places = rows.map((_, i) => [x, first + 92 + rows.slice(0, i + 1).reduce((sum, row) => sum + row, 0)]);
    const words = wordsOf(goals, places, 27), fall = first + high - 26;
    return {
      upright: false, unit: 1, box: [left, first, width, high], moves: [x, first + 66], goals: places, arrow: [x + 30, fall],
      labels: [["Moves", x, first + 24], ...words, ...(turning ? [["Falls", x - 34, fall]] : [])], small: 19,
    };
  }

  /** All in one row; as large as the strip is high and each part broad. */
  function aboveBoard({ goals, turning }, strip) {
    const [left, top, width, high] = strip, wide = width / (goals.length + 1 + (turning ? 0.6 : 0));
    const unit = Math.min(high / 47, wide / 84, 2.6), small = Math.round(Math.min(16 * Math.min(unit, 1.7), Math.max(16, high * 0.24)));
    const label = top + high * 0.23, y = label + (high - (label - top) + small / 2) / 2;
    const place = (i) => [left + wide * (i + 0.5), y], places = goals.map((_, i) => place(i + 1));
    const words = wordsOf(goals, places, y - label), arrow = place(goals.length + 0.8);
    return {
      upright: true, unit, box: strip, moves: place(0), goals: places, arrow,
      labels: [["Moves", place(0)[0], label], ...words, ...(turning ? [["Falls", arrow[0], label]] : [])], small,
    };
  }

  function card(ctx, where, palette) {
    const [left, top, width, high] = where.box;
    ctx.save();
    ctx.shadowColor = "rgba(0,0,0,0.4)";
    ctx.shadowBlur = 16;
    ctx.shadowOffsetY = 5;
    ctx.fillStyle = palette.panel;
    ctx.beginPath();
    ctx.roundRect(left, top, width, high, where.upright ? 16 : 26);
    ctx.fill();
    ctx.restore();
    ctx.lineWidth = 3;
    ctx.strokeStyle = palette.accent;
    ctx.stroke();
    ctx.fillStyle = palette.ink;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.font = font(where.small);
    for (const [word, x, y] of where.labels) ctx.fillText(word, x, y);
  }

  function tick(ctx, x, y, size) {
    ctx.beginPath();
    for (const [u, v] of [[-0.5, 0], [-0.12, 0.4], [0.55, -0.42]]) ctx.lineTo(x + u * size, y + v * size);
    ctx.lineCap = ctx.lineJoin = "round";
    ctx.lineWidth = size * 0.26;
    ctx.strokeStyle = MET;
    ctx.stroke();
  }

  function arrow(ctx, [x, y], gravity, colour, grow) {
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate((gravity * Math.PI) / 2);
    ctx.scale(grow, grow);
    ctx.fillStyle = colour;
    ctx.beginPath();
    [[-6, -14], [6, -14], [6, 0], [14, 0], [0, 15], [-14, 0], [-6, 0]].forEach(([u, v]) => ctx.lineTo(u, v));
    ctx.fill();
    ctx.restore();
  }

  function goalOf(ctx, picture, goal, [x, y], { upright, unit }, ink) {
    const name = pictureOf(goal), size = (upright ? 28 : 44) * unit, down = upright ? 0 : 6;
    ctx.fillStyle = ink;
    if (!name) {
      ctx.font = font(Math.round((upright ? 18 : 23) * Math.min(unit, 1.9)));
      ctx.fillText(`${goal.count - goal.left} / ${goal.count}`, x, y + (upright ? 0 : 2));
      if (goal.left === 0) tick(ctx, x + (upright ? 44 * Math.min(unit, 1.9) : 78), y, size * 0.5);
      return;
    }
    ctx.font = font(Math.round((upright ? 23 : 30) * unit));
    picture(ctx, name, x - size - 2, y - size / 2 + down, size);
    if (goal.left === 0) tick(ctx, x + size * 0.5, y + down + 1, size * 0.6);
    else ctx.fillText(String(goal.left), x + size * 0.55, y + down + 1);
  }

  /** One level's panel: draw(ctx, state, time), and where each goal's counter is. */
  function panel(level, strip, palette, picture, still) {
    const where = strip ? aboveBoard(level, strip) : besideBoard(level), [left, top, width, high] = where.box;
    const { upright, unit } = where;
    const back = Table.cached([left - 24, top - 24, width + 48, high + 48], (paper) => card(paper, where, palette));
    return {
      goals: where.goals,
      draw(ctx, state, time) {
        const { goals, moves } = Rules.summary(state), low = moves <= 3 && !state.outcome;
        back(ctx);
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.fillStyle = low ? LOW : palette.ink;
        ctx.font = font(Math.round((upright ? 26 * unit : 54) * (low && !still ? 1 + 0.07 * Math.sin(time / 7) : 1)));
        ctx.fillText(String(moves), where.moves[0], where.moves[1] + (upright ? 1 : 4));
        goals.forEach((goal, i) => goalOf(ctx, picture, goal, where.goals[i], where, palette.ink));
        if (level.turning) arrow(ctx, where.arrow, state.gravity, palette.ink, upright ? 0.7 * unit : 1);
      },
    };
  }

  return Object.freeze({ panel });
})();
