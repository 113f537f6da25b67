// Tile swap, the view: draws a state, and turns keys and pointers into swaps. Browser only.
// Here: pictures, cursor and selection, none of which decides a game. Not here: rules (rules.js), menus (shell).
// Needs Rules. Logical pixels throughout: the picture is 960x540, its top 56 pixels are left to the shell.
const View = (() => {
  "use strict";

  const TOP = 60, BOTTOM = 484, STRIP = 490; // the board lies between TOP and BOTTOM, moves and goals below it
  const LARGEST = 62; // a cell's side at most
  const HINT_AFTER = 360; // frames a board lies still before a swap is hinted at
  const PATIENT = 24; // frames a swap made too early is kept
  const COLOURS = ["#E8602C", "#3FA7E0", "#F2C230", "#2FA36B", "#C766A8", "#5B5BD6"];
  const LOW = "#ff7b6b"; // what runs out
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
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

  // ---- where things are -------------------------------------------------------------------------------------

  function geometry(level) {
    const { columns, rows } = level;
    const size = Math.min(LARGEST, Math.floor((BOTTOM - TOP) / rows), Math.floor(480 / columns));
    const left = 480 - (columns * size) / 2, top = TOP + (BOTTOM - TOP - rows * size) / 2;
    return {
      size, left, top, columns, rows,
      x: (cell) => left + (cell % columns) * size,
      y: (cell) => top + ((cell / columns) | 0) * size,
      at(x, y) {
        const u = Math.floor((x - left) / size), v = Math.floor((y - top) / size);
        return u < 0 || v < 0 || u >= columns || v >= rows ? -1 : v * columns + u;
      },
      beside(cell, dx, dy) {
        const u = (cell % columns) + dx, v = ((cell / columns) | 0) + dy;
        return u < 0 || v < 0 || u >= columns || v >= rows ? -1 : v * columns + u;
      },
    };
  }

  /** The input that swaps two neighbouring cells; 0 where they are not neighbours. */
  function swapOf(board, a, b) {
    const first = Math.min(a, b), second = Math.max(a, b);
    if (first < 0) return 0;
    if (second === first + board.columns) return 2 + first * 2;
    return second === first + 1 && second % board.columns ? 1 + first * 2 : 0;
  }

  // ---- hands: what the player points at and picks -----------------------------------------------------------

  function hands(board) {
    const hand = {
      cursor: ((board.rows >> 1) * board.columns) + (board.columns >> 1), keyboard: false,
      picked: -1, press: null, wanted: 0, age: 0,
    };
    const want = (a, b) => {
      hand.wanted = swapOf(board, a, b);
      hand.age = 0;
      hand.picked = -1;
      hand.press = null;
    };
    hand.key = (name, down) => {
      const pick = name === " " || name === "Enter", way = ARROWS[name];
      if (!pick && !way) return false;
      if (!down) return true;
      hand.keyboard = true;
      if (pick) hand.picked = hand.picked === hand.cursor ? -1 : hand.cursor;
      if (!way) return true;
      const to = board.beside(hand.cursor, way[0], way[1]);
      if (to < 0) return true;
      if (hand.picked >= 0) want(hand.cursor, to);
      hand.cursor = to;
      return true;
    };
    hand.down = (x, y, id) => {
      if (hand.press) return;
      const cell = board.at(x, y);
      hand.keyboard = false;
      if (cell < 0) hand.picked = -1;
      else if (hand.picked >= 0 && swapOf(board, hand.picked, cell)) want(hand.picked, cell);
      else {
        hand.press = { id, cell, x, y, again: hand.picked === cell };
        hand.picked = hand.cursor = cell;
      }
    };
    hand.move = (x, y, id) => {
      const { press } = hand;
      if (!press || press.id !== id) return;
      const dx = x - press.x, dy = y - press.y;
      if (Math.max(Math.abs(dx), Math.abs(dy)) < board.size * 0.4) return;
      const across = Math.abs(dx) > Math.abs(dy);
      const to = board.beside(press.cell, across ? Math.sign(dx) : 0, across ? 0 : Math.sign(dy));
      if (to >= 0) want(press.cell, to);
      else hand.press = null;
    };
    hand.up = (id) => {
      if (!hand.press || hand.press.id !== id) return;
      if (hand.press.again) hand.picked = -1;
      hand.press = null;
    };
    hand.take = (state) => {
      const input = hand.wanted;
      if (!input) return 0;
      if (state.phase !== Rules.READY && hand.age++ < PATIENT) return 0;
      hand.wanted = 0;
      return state.phase === Rules.READY ? input : 0;
    };
    return hand;
  }

  // ---- sparks and rising numbers ----------------------------------------------------------------------------

  function effects(board, lively) {
    let sparks = [], words = [], seen = null, score = 0, noise = 1;
    const random = () => {
      noise = (Math.imul(noise, 1664525) + 1013904223) | 0;
      return (noise >>> 8) / 16777216;
    };
    const burst = (state, cell, colour) => {
      const many = Math.min(10, 4 + state.chain * 2);
      for (let i = 0; i < many && sparks.length < 240; i++) {
        const angle = random() * 6.283, speed = 1 + random() * 2.6;
        sparks.push({
          x: board.x(cell) + board.size / 2, y: board.y(cell) + board.size / 2, colour,
          dx: Math.cos(angle) * speed, dy: Math.sin(angle) * speed - 1, age: 0, size: 5 + random() * 6,
        });
      }
    };
    return {
      watch(state) {
        if (state.clearing === seen) return;
        seen = state.clearing;
        if (!seen.length) { score = state.score; return; }
        const colour = (cell) => COLOURS[Rules.face(state.board[cell]) - 1] || "#a5adb8";
        if (lively) for (const cell of seen) burst(state, cell, colour(cell));
        const gained = state.score - score, middle = seen[seen.length >> 1];
        score = state.score;
        if (gained > 0) {
          const text = state.chain > 1 ? `+${gained}  ×${state.chain}` : `+${gained}`;
          words.push({ text, x: board.x(middle) + board.size / 2, y: board.y(middle) + board.size / 2, age: 0 });
        }
      },
      draw(ctx, frames, picture) {
        sparks = sparks.filter((spark) => (spark.age += frames) < 34);
        words = words.filter((word) => (word.age += frames) < 48);
        for (const spark of sparks) {
          spark.x += spark.dx * frames;
          spark.y += spark.dy * frames;
          spark.dy += 0.12 * frames;
          ctx.globalAlpha = 1 - spark.age / 34;
          ctx.fillStyle = spark.colour;
          ctx.beginPath();
          ctx.arc(spark.x, spark.y, spark.size * 0.5, 0, 7);
          ctx.fill();
          picture(ctx, "spark", spark.x - spark.size * 0.6, spark.y - spark.size * 0.6, spark.size * 1.2);
        }
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.font = font(24);
        ctx.lineWidth = 5;
        for (const word of words) {
          ctx.globalAlpha = Math.min(1, (48 - word.age) / 16);
          ctx.strokeStyle = "rgba(10,14,24,0.75)";
          ctx.strokeText(word.text, word.x, word.y - word.age * 0.6);
          ctx.fillStyle = "#ffffff";
          ctx.fillText(word.text, word.x, word.y - word.age * 0.6);
        }
        ctx.globalAlpha = 1;
      },
    };
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
      badge(ctx, String(fuse), x + width * 0.7, y + height * 0.72, width * 0.2, fuse <= 3 ? "#d3262f" : "#20242e");
    }
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

  function strip(ctx, picture, state) {
    const { goals, moves } = Rules.summary(state), { level } = state;
    const parts = goals.map((goal) => ({
      name: goal.type === "collect" ? `tile_${goal.kind - 1}` : goal.type === "item" ? "item" : "",
      text: goal.left === 0 ? "✓" : goal.type === "score" ? `★ ${goal.count - goal.left} / ${goal.count}` : String(goal.left),
      wide: goal.type === "score" ? 176 : 88,
    }));
    const width = 122 + parts.reduce((sum, goal) => sum + goal.wide, 0) + (level.turning ? 46 : 0);
    let x = 480 - width / 2;
    ctx.fillStyle = "rgba(0,0,0,0.62)";
    ctx.beginPath();
    ctx.roundRect(x, STRIP + 6, width, 40, 20);
    ctx.fill();
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.fillStyle = "#ffffff";
    ctx.font = font(15);
    ctx.fillText("Moves", x + 14, STRIP + 27);
    ctx.font = font(24);
    if (moves <= 3) ctx.fillStyle = LOW;
    ctx.fillText(String(moves), x + 72, STRIP + 27);
    x += 116;
    for (const goal of parts) {
      if (goal.name) picture(ctx, goal.name, x, STRIP + 9, 34);
      ctx.fillStyle = "#ffffff";
      ctx.font = font(goal.name ? 22 : 20);
      ctx.fillText(goal.text, x + (goal.name ? 40 : 4), STRIP + 27);
      x += goal.wide;
    }
    if (level.turning) arrow(ctx, x + 16, STRIP + 26, state.gravity, "#ffffff");
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

  function create({ level, atlas, palette, fx }) {
    const board = geometry(level), hand = hands(board), picture = gallery(atlas), show = effects(board, fx.particles);
    let still = null, scale = 0;

    /** What never moves is drawn once, in the very pixels of the screen: copying it is then cheap. */
    function background(ctx) {
      const { a, e, f } = ctx.getTransform();
      if (a !== scale) {
        scale = a;
        still = canvas(Math.ceil(960 * a), Math.ceil(540 * a), (paper) => {
          paper.scale(a, a);
          backdrop(paper, atlas, palette);
          table(paper, level, board, palette, picture, atlas);
        });
      }
      ctx.setTransform(1, 0, 0, 1, e, f);
      ctx.drawImage(still, 0, 0);
      ctx.setTransform(a, 0, 0, a, e, f);
    }

    let now = 0, stillSince = 0, hinted = null, hint = [];

    function hintFor(state, frame) {
      if (state.board !== hinted) {
        hinted = state.board;
        stillSince = frame;
        hint = [];
      }
      if (state.phase !== Rules.READY || state.outcome || frame - stillSince < HINT_AFTER) return [];
      if (!hint.length) hint = Rules.pair(Rules.swaps(state.board, level.columns, level.rows, 1)[0], level.columns, level.rows);
      return hint;
    }

    function cells(ctx, state, frame, shown) {
      for (let cell = 0; cell < state.board.length; cell++) {
        const what = state.board[cell];
        if (!what || Rules.kindOf(what) === Rules.ITEM) continue;
        const loose = Rules.isTile(what), at = pose(state, cell, fx.animation && loose, frame);
        if (at.sx <= 0) continue;
        const lift = shown.includes(cell) ? Math.abs(Math.sin(frame / 9)) * -5 : 0;
        const width = board.size * at.sx, height = board.size * at.sy;
        const x = board.x(cell) + at.dx * board.size + (board.size - width) / 2;
        ctx.globalAlpha = at.alpha;
        content(ctx, picture, what, x, board.y(cell) + at.dy * board.size + (board.size - height) / 2 + lift, width, height);
      }
      ctx.globalAlpha = 1;
    }

    function draw(ctx, state, previous, frame) {
      const passed = Math.max(0, Math.min(4, frame - now)), shown = hintFor(state, frame);
      now = frame;
      background(ctx);
      ctx.save();
      ctx.beginPath();
      ctx.rect(board.left - 2, board.top - 2, board.columns * board.size + 4, board.rows * board.size + 4);
      ctx.clip();
      cells(ctx, state, frame, shown);
      items(ctx, picture, state, board);
      ctx.restore();
      for (const cell of shown) ring(ctx, board, cell, "rgba(255,255,255,0.85)", 3);
      if (hand.keyboard) ring(ctx, board, hand.cursor, "#ffffff", 3);
      if (hand.picked >= 0) ring(ctx, board, hand.picked, palette.accent, 5);
      patience(ctx, state, board, palette);
      strip(ctx, picture, state);
      show.watch(state);
      show.draw(ctx, passed, picture);
    }

    return {
      draw,
      input: (state) => hand.take(state),
      key: (name, down) => hand.key(name, down),
      pointer(type, x, y, id) {
        if (type === "down") hand.down(x, y, id);
        else if (type === "move") hand.move(x, y, id);
        else hand.up(id);
      },
      release() {
        hand.press = null;
        hand.picked = -1;
        hand.wanted = 0;
      },
      gestures(before, input) {
        const pair = Rules.pair(input, level.columns, level.rows);
        if (!pair) return [];
        const [a, b] = pair.map((cell) => ({ x: board.x(cell) + board.size / 2, y: board.y(cell) + board.size / 2 }));
        return [{ type: "pointerdown", ...a }, { type: "pointermove", ...b }, { type: "pointerup", ...b }];
      },
    };
  }

  return Object.freeze({ create, portrait: [210, 540] });
})();
