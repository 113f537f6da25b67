// Tile swap, the view: draws a state. Browser only; nothing here decides a game.
// Here: the picture as a whole. Not here: one cell's picture (tiles.js), keys and pointers (hands.js), rules, menus.
// Needs Rules, Tiles, Hands. Logical pixels throughout: the picture is 960x540, its top 56 pixels are the shell's.
const View = (() => {
  "use strict";

  const { COLOURS, font, canvas, ease, part, pose, content } = Tiles;
  const STRIP = 490; // moves and goals stand below it
  const HINT_AFTER = 360; // frames a board lies still before a swap is hinted at
  const LOW = "#ff7b6b"; // what runs out

  /** What a player should feel of a step: tiles that go, points that rise. */
  function felt(state, previous, board) {
    if (state.clearing === previous.clearing || !state.clearing.length) return [];
    const middle = (cell) => ({ x: board.x(cell) + board.size / 2, y: board.y(cell) + board.size / 2 });
    const gained = state.score - previous.score, words = state.chain > 1 ? `+${gained}  ×${state.chain}` : `+${gained}`;
    const tint = (cell) => COLOURS[Rules.face(state.board[cell]) - 1] || "#a5adb8";
    const all = state.clearing.map((cell) => ({ what: "clear", ...middle(cell), tint: tint(cell) }));
    return gained > 0 ? [...all, { what: "combo", ...middle(state.clearing[all.length >> 1]), words }] : all;
  }

  // ---- the still parts --------------------------------------------------------------------------------------

  function backdrop(ctx, atlas, palette) {
    const far = atlas && atlas.backgrounds && atlas.backgrounds.far;
    if (far) {
      ctx.drawImage(far, 0, 0, 960, 540);
      for (const layer of [atlas.backgrounds.mid, atlas.backgrounds.near]) if (layer) ctx.drawImage(layer, 0, 0, 960, 540);
      return;
    }
    const fill = ctx.createLinearGradient(0, 0, 0, 540);
    fill.addColorStop(0, palette.sky);
    fill.addColorStop(1, palette.ground);
    ctx.fillStyle = fill;
    ctx.fillRect(0, 0, 960, 540);
  }

  function table(ctx, level, board, palette, picture, atlas) {
    const { left, top, size, columns, rows } = board;
    ctx.fillStyle = palette.panel;
    ctx.globalAlpha = 0.92;
    ctx.beginPath();
    ctx.roundRect(left - 8, top - 8, columns * size + 16, rows * size + 16, 18);
    ctx.fill();
    ctx.globalAlpha = 1;
    for (let cell = 0; cell < columns * rows; cell++) {
      const x = board.x(cell), y = board.y(cell);
      if (atlas && atlas.frames.cell) { picture(ctx, "cell", x + 1, y + 1, size - 2); continue; }
      ctx.fillStyle = ((cell % columns) + ((cell / columns) | 0)) % 2 ? "rgba(0,0,0,0.20)" : "rgba(0,0,0,0.30)";
      ctx.beginPath();
      ctx.roundRect(x + 2, y + 2, size - 4, size - 4, 10);
      ctx.fill();
    }
    level.paths.forEach((path) => way(ctx, path, board));
  }

  /** An item's path: a gold ribbon that ends in a ring. */
  function way(ctx, path, board) {
    const half = board.size / 2, end = path[path.length - 1];
    ctx.lineJoin = ctx.lineCap = "round";
    for (const [width, colour] of [[board.size - 8, "rgba(255,190,70,0.6)"], [5, "rgba(120,66,0,0.55)"]]) {
      ctx.beginPath();
      path.forEach((cell) => ctx.lineTo(board.x(cell) + half, board.y(cell) + half));
      ctx.lineWidth = width;
      ctx.strokeStyle = colour;
      ctx.stroke();
    }
    ring(ctx, board, end, "#ffc53d", 5);
  }

  function items(ctx, picture, state, board) {
    state.level.paths.forEach((path, number) => {
      const to = state.paths[number], last = path.length - 1;
      const rolling = state.phase === Rules.FALL && state.trail.length > 0;
      const from = rolling ? state.trail[number] : to;
      if (from === last) return;
      const place = from + (to - from) * ease(part(state)), first = path[Math.floor(place)];
      const second = path[Math.min(last, Math.floor(place) + 1)], share = place - Math.floor(place);
      const x = board.x(first) + (board.x(second) - board.x(first)) * share;
      const y = board.y(first) + (board.y(second) - board.y(first)) * share;
      ctx.beginPath();
      ctx.arc(x + board.size / 2, y + board.size / 2, board.size * 0.47, 0, 7);
      ctx.fillStyle = "#ffe08a";
      ctx.fill();
      ctx.lineWidth = 3;
      ctx.strokeStyle = "#9a5b00";
      ctx.stroke();
      picture(ctx, "item", x + board.size * 0.13, y + board.size * 0.13, board.size * 0.74);
    });
  }

  function ring(ctx, board, cell, colour, width) {
    ctx.beginPath();
    ctx.roundRect(board.x(cell) + 3, board.y(cell) + 3, board.size - 6, board.size - 6, 11);
    for (const [line, ink] of [[width + 3, "rgba(10,14,24,0.55)"], [width, colour]]) {
      ctx.lineWidth = line;
      ctx.strokeStyle = ink;
      ctx.stroke();
    }
  }

  // ---- the strip below the board: moves and goals -----------------------------------------------------------

  function arrow(ctx, x, y, gravity, colour) {
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate((gravity * Math.PI) / 2);
    ctx.fillStyle = colour;
    ctx.beginPath();
    [[-6, -14], [6, -14], [6, 0], [14, 0], [0, 15], [-14, 0], [-6, 0]].forEach(([u, v]) => ctx.lineTo(u, v));
    ctx.fill();
    ctx.restore();
  }

  /** What the strip says of each goal: a picture or none, words, and the room they take. */
  function wanted(goal) {
    const name = goal.type === "collect" ? `tile_${goal.kind - 1}` : goal.type === "item" ? "item" : "";
    const met = goal.left === 0;
    if (goal.type !== "score") return { name, met, text: met ? "✓" : String(goal.left), wide: 88 };
    return { name, met, text: `★ ${goal.count - goal.left} / ${goal.count}`, wide: 190 };
  }

  /** Drawn as large as there is room for: on a phone held upright it is small enough as it is. */
  function strip(ctx, picture, state) {
    const { goals, moves } = Rules.summary(state), { turning } = state.level, parts = goals.map(wanted);
    const width = 134 + parts.reduce((sum, goal) => sum + goal.wide, 0) + (turning ? 46 : 0);
    const grow = Math.min(1.2, 490 / width);
    ctx.save();
    ctx.translate(480, STRIP + 25);
    ctx.scale(grow, grow);
    ctx.fillStyle = "rgba(0,0,0,0.68)";
    ctx.beginPath();
    ctx.roundRect(-width / 2, -20, width, 40, 20);
    ctx.fill();
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.fillStyle = "#ffffff";
    let x = -width / 2 + 14;
    ctx.font = font(17);
    ctx.fillText("Moves", x, 2);
    ctx.font = font(25);
    ctx.fillStyle = moves <= 3 ? LOW : "#ffffff";
    ctx.fillText(String(moves), x + 70, 1);
    x += 122;
    for (const goal of parts) {
      if (goal.name) picture(ctx, goal.name, x, -17, 34);
      ctx.fillStyle = goal.met ? "#8ff0a4" : "#ffffff";
      ctx.font = font(goal.name ? 23 : 21);
      ctx.fillText(goal.text, x + (goal.name ? 40 : 4), 1);
      x += goal.wide;
    }
    if (turning) arrow(ctx, x + 16, 0, state.gravity, "#ffffff");
    ctx.restore();
  }

  /** How long the player may still think before a move is lost: a line that shortens under the board. */
  function patience(ctx, state, board, palette) {
    if (state.level.clock || state.outcome) return;
    const share = Math.max(0, Math.min(1, state.quiet / state.level.patience)), width = board.columns * board.size;
    const y = board.top + board.rows * board.size + 2;
    ctx.fillStyle = "rgba(0,0,0,0.45)";
    ctx.fillRect(board.left, y, width, 5);
    ctx.fillStyle = share < 0.35 ? LOW : palette.accent;
    ctx.fillRect(board.left, y, width * share, 5);
  }

  // ---- one level on the screen ------------------------------------------------------------------------------

  /** What never moves is drawn once, in the very pixels of the screen: copying it is then cheap. */
  function backgroundOf(paint) {
    let still = null, scale = 0;
    return (ctx) => {
      const { a, e, f } = ctx.getTransform();
      if (a !== scale) {
        scale = a;
        still = canvas(Math.ceil(960 * a), Math.ceil(540 * a), (paper) => {
          paper.scale(a, a);
          paint(paper);
        });
      }
      ctx.setTransform(1, 0, 0, 1, e, f);
      ctx.drawImage(still, 0, 0);
      ctx.setTransform(a, 0, 0, a, e, f);
    };
  }

  /** The two cells to point out on a board that has lain still for long; else none. */
  function hinting(level) {
    let since = 0, board = null, hint = [];
    return (state, frame) => {
      if (state.board !== board) {
        board = state.board;
        since = frame;
        hint = [];
      }
      if (state.phase !== Rules.READY || state.outcome || frame - since < HINT_AFTER) return [];
      if (!hint.length) hint = Rules.pair(Rules.swaps(state.board, level.columns, level.rows, 1)[0], level.columns, level.rows);
      return hint;
    };
  }

  function cells(ctx, picture, state, board, animated, frame, shown) {
    for (let cell = 0; cell < state.board.length; cell++) {
      const what = state.board[cell];
      if (!what || Rules.kindOf(what) === Rules.ITEM) continue;
      const loose = Rules.isTile(what), at = pose(state, cell, animated && loose, frame);
      if (at.sx <= 0) continue;
      const lift = shown.includes(cell) ? Math.abs(Math.sin(frame / 9)) * -5 : 0;
      const width = board.size * at.sx, height = board.size * at.sy;
      const x = board.x(cell) + at.dx * board.size + (board.size - width) / 2;
      const y = board.y(cell) + at.dy * board.size + (board.size - height) / 2 + lift;
      ctx.globalAlpha = at.alpha;
      content(ctx, picture, what, x, y, width, height);
    }
    ctx.globalAlpha = 1;
  }

  function create({ level, atlas, palette }) {
    const board = Hands.geometry(level), hand = Hands.hands(board), picture = Tiles.gallery(atlas);
    const hintFor = hinting(level);
    const background = backgroundOf((paper) => {
      backdrop(paper, atlas, palette);
      table(paper, level, board, palette, picture, atlas);
    });

    function draw(ctx, { state, frame }) {
      const shown = hintFor(state, frame);
      background(ctx);
      ctx.save();
      ctx.beginPath();
      ctx.rect(board.left - 2, board.top - 2, board.columns * board.size + 4, board.rows * board.size + 4);
      ctx.clip();
      cells(ctx, picture, state, board, true, frame, shown);
      items(ctx, picture, state, board);
      ctx.restore();
      for (const cell of shown) ring(ctx, board, cell, "rgba(255,255,255,0.85)", 3);
      if (hand.keyboard) ring(ctx, board, hand.cursor, "#ffffff", 3);
      if (hand.picked >= 0) ring(ctx, board, hand.picked, palette.accent, 5);
      patience(ctx, state, board, palette);
      strip(ctx, picture, state);
    }

    return {
      draw, input: hand.take, key: hand.key, pointer: hand.pointer, release: hand.release,
      happened: (state, previous) => felt(state, previous, board), lesson: () => null, told: () => "",
      gestures: (before, input) => Hands.gestures(board, input),
    };
  }

  const labels = { pickups: "Cleared", score: "Points", progress: "Goal", hearts: "Hearts", time: "Time" };

  return Object.freeze({ create, portrait: [230, 500, 0.46], labels, skinned: ["tile_"] });
})();
