// Tile swap, the panel: moves and goals, in words, pictures and numbers. Browser only.
// Here: where it is and how it looks, beside the board or above it. Not here: score, time, hearts (the shell's).
// Needs Rules, Tiles, Table.
const Panel = (() => {
  "use strict";

  const { font } = Tiles;
  const CARD = [26, 96, 204]; // left, top and width of the card beside the board
  const STRIP = [236, 4, 488, 47]; // the strip above it, on an upright screen
  const LOW = "#ff5a4d", MET = "#2fa36b"; // what runs out, what is done
  const WORDS = { collect: "Collect", score: "Points", item: "Bring down" };

  /** What a goal shows: the picture, if it has one, and the word over it. */
  const pictureOf = (goal) => (goal.type === "collect" ? `tile_${goal.kind - 1}` : goal.type === "item" ? "item" : "");

  /** Where everything is: moves, each goal's middle, and the arrow of turning falls. */
  function layout(level, upright) {
    const { goals, turning } = level;
    if (!upright) {
      const [left, top, width] = CARD, high = 128 + goals.length * 72 + (turning ? 66 : 0);
      const first = Math.max(top, 300 - high / 2), x = left + width / 2;
      return {
        upright, box: [left, first, width, high], moves: [x, first + 66],
        goals: goals.map((_, i) => [x, first + 128 + i * 72 + 36]), arrow: [x, first + high - 26],
      };
    }
    const wide = STRIP[2] / (goals.length + 1 + (turning ? 0.6 : 0)), place = (i) => [STRIP[0] + wide * (i + 0.5), STRIP[1] + 31];
    return { upright, box: STRIP, moves: place(0), goals: goals.map((_, i) => place(i + 1)), arrow: place(goals.length + 0.8) };
  }

  function card(ctx, where, level, palette) {
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
    ctx.font = font(where.upright ? 16 : 19);
    const above = where.upright ? 22 : 42;
    ctx.fillText("Moves", where.moves[0], where.moves[1] - above);
    level.goals.forEach((goal, i) => ctx.fillText(WORDS[goal.type], where.goals[i][0], where.goals[i][1] - (where.upright ? 22 : 27)));
    if (level.turning) ctx.fillText("Falls", where.arrow[0] - (where.upright ? 0 : 34), where.arrow[1] - (where.upright ? 22 : 0));
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

  function goalOf(ctx, picture, goal, [x, y], upright, ink) {
    const name = pictureOf(goal), size = upright ? 28 : 44;
    ctx.fillStyle = ink;
    ctx.font = font(upright ? 23 : 30);
    if (!name) {
      ctx.font = font(upright ? 18 : 23);
      ctx.fillText(`${goal.count - goal.left} / ${goal.count}`, x, y + (upright ? 0 : 2));
      if (goal.left === 0) tick(ctx, x + (upright ? 52 : 78), y, size * 0.5);
      return;
    }
    picture(ctx, name, x - size - 2, y - size / 2 + (upright ? 0 : 6), size);
    if (goal.left === 0) tick(ctx, x + size * 0.5, y + (upright ? 1 : 7), size * 0.6);
    else ctx.fillText(String(goal.left), x + size * 0.55, y + (upright ? 1 : 7));
  }

  /** One level's panel: draw(ctx, state, time), and where each goal's counter is. */
  function panel(level, upright, palette, picture, still) {
    const where = layout(level, upright), [left, top, width, high] = where.box;
    const back = Table.cached([left - 24, top - 24, width + 48, high + 48], (paper) => card(paper, where, level, palette));
    return {
      goals: where.goals,
      draw(ctx, state, time) {
        const { goals, moves } = Rules.summary(state), low = moves <= 3 && !state.outcome;
        back(ctx);
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.fillStyle = low ? LOW : palette.ink;
        ctx.font = font(Math.round((upright ? 26 : 54) * (low && !still ? 1 + 0.07 * Math.sin(time / 7) : 1)));
        ctx.fillText(String(moves), where.moves[0], where.moves[1] + (upright ? 1 : 4));
        goals.forEach((goal, i) => goalOf(ctx, picture, goal, where.goals[i], upright, palette.ink));
        if (level.turning) arrow(ctx, [where.arrow[0] + (upright ? 0 : 30), where.arrow[1]], state.gravity, palette.ink, upright ? 0.7 : 1);
      },
    };
  }

  return Object.freeze({ panel });
})();
