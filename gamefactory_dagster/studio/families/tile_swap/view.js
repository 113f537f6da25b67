// Tile swap, the view: draws a state. Browser only; nothing here decides a game.
// Here: the picture as a whole. Not here: one cell's picture (tiles.js) and motion (motion.js), the board and what is
// behind it (table.js), moves and goals (panel.js), keys and pointers (hands.js), rules, menus. Needs them all.
// Logical pixels throughout: the picture is 960x540, its top 56 pixels are the shell's; on an upright screen
// it is as tall as the screen.
const View = (() => {
  "use strict";

  const SHOWN = "rgba(255,255,255,0.85)"; // a hint's frame

  // ---- what is drawn; a scene is all of one level's parts, and the moment they are drawn at -------------------

  /** Whatever lies in a cell, where it is at this moment. */
  function cellOf(scene, ctx, cell) {
    const { state, board, memo, share, time, still, picture, hand } = scene, what = state.board[cell], kind = Rules.kindOf(what);
    if (!what || kind === Rules.ITEM || kind === Rules.HOLE) return;
    const at = Motion.pose(state, memo, cell, share, time, still);
    if (at.sx <= 0) return;
    const held = cell === scene.held, grown = held || cell === hand.picked ? 1.1 : 1;
    const lift = scene.hint.includes(cell) && !still ? Math.abs(Math.sin(time / 9)) * -6 : grown > 1 && !still ? -4 : 0;
    const [pulled, pushed] = held ? hand.pull : cell === scene.beside ? [-hand.pull[0], -hand.pull[1]] : scene.rest;
    const width = board.size * at.sx * grown, height = board.size * at.sy * grown;
    const x = board.x(cell) + (at.dx + pulled) * board.size + (board.size - width) / 2;
    const y = board.y(cell) + (at.dy + pushed) * board.size + (board.size - height) / 2 + lift;
    ctx.globalAlpha = at.alpha;
    Tiles.content(ctx, picture, what, x, y, width, height, still ? 0.6 : 0.55 + 0.35 * Math.sin(time / 12));
  }

  /** All of them, those that are held or lead a swap last: they pass over the others. */
  function cells(scene, ctx) {
    const over = [scene.held, scene.hand.picked, scene.state.pair.length ? scene.memo.lead : -1];
    for (let cell = 0; cell < scene.state.board.length; cell++) if (!over.includes(cell)) cellOf(scene, ctx, cell);
    over.forEach((cell, i) => { if (cell >= 0 && over.indexOf(cell) === i) cellOf(scene, ctx, cell); });
    ctx.globalAlpha = 1;
  }

  function items(scene, ctx) {
    const { state, board, share, picture } = scene, { size } = board;
    state.level.paths.forEach((path, number) => {
      const to = state.paths[number], last = path.length - 1;
      const from = state.phase === Rules.FALL && state.trail.length ? state.trail[number] : to;
      if (from === last) return;
      const place = from + (to - from) * Motion.ease(Motion.part(state, share)), on = place - Math.floor(place);
      const first = path[Math.floor(place)], second = path[Math.min(last, Math.floor(place) + 1)];
      const x = board.x(first) + (board.x(second) - board.x(first)) * on;
      const y = board.y(first) + (board.y(second) - board.y(first)) * on;
      ctx.beginPath();
      ctx.arc(x + size / 2, y + size / 2, size * 0.47, 0, 7);
      ctx.fillStyle = "#ffe08a";
      ctx.fill();
      ctx.lineWidth = 3;
      ctx.strokeStyle = "#9a5b00";
      ctx.stroke();
      picture(ctx, "item", x + size * 0.13, y + size * 0.13, size * 0.74);
    });
  }

  function paint(scene, ctx) {
    const { hand, board, state, palette } = scene;
    scene.background(ctx, scene.time, scene.room);
    scene.table(ctx);
    ctx.save();
    ctx.clip(scene.opening);
    cells(scene, ctx);
    items(scene, ctx);
    Blasts.draw(ctx, board, state, Motion.part(state, scene.share), scene.still);
    ctx.restore();
    for (const cell of scene.hint) Table.ring(ctx, board, cell, SHOWN, 3);
    if (hand.keyboard) Table.ring(ctx, board, hand.cursor, "#ffffff", 3);
    if (hand.picked >= 0) Table.ring(ctx, board, hand.picked, palette.accent, 5);
    scene.panel.draw(ctx, state, scene.time);
  }

  // ---- one level on the screen ------------------------------------------------------------------------------

  /** What depends on how the screen is held: places of board and panel. */
  function laidOut(scene, upright, room) {
    const { level, palette, picture, still, atlas, hand } = scene, board = Hands.geometry(level, upright, room);
    const middle = { x: board.left + (board.columns * board.size) / 2, y: board.top + (board.rows * board.size) / 2 };
    board.centre = middle;
    board.middle = (cell) => ({ x: board.x(cell) + board.size / 2, y: board.y(cell) + board.size / 2 });
    board.glow = palette.accent;
    const panel = Panel.panel(level, board.strip, palette, picture, still);
    Object.assign(scene, {
      upright, room, board, panel: { ...panel, middle }, opening: Table.opening(level, board),
      table: Table.table(level, board, palette, picture, Boolean(atlas && atlas.frames.cell)),
    });
    if (hand) hand.board = board;
  }

  /** The moment to draw: the step before, `share` of a step later. */
  function moment(scene, { state, previous, share, frame }) {
    const { hand } = scene;
    scene.state = state.outcome ? state : previous;
    scene.share = share;
    scene.time = frame - 1 + share;
    scene.hint = scene.hintFor(state, scene.time - scene.since);
    scene.held = hand.press ? hand.press.cell : hand.wanted ? hand.lead : -1;
    scene.beside = scene.held < 0 ? -1 : hand.board.beside(scene.held, Math.sign(hand.pull[0]), Math.sign(hand.pull[1]));
  }

  /** The shell's lesson: where to drag, or which key to press. */
  function lessonOf(scene, shown) {
    if (!shown) return null;
    const pair = Rules.pair(shown.input, scene.level.columns, scene.level.rows), [from, to] = pair.map(scene.board.middle);
    const keys = [Lessons.keyFor(pair, scene.hand)];
    return { how: "drag", ...from, to: [to.x, to.y], keys, words: shown.words, clear: scene.board.foot };
  }

  /** What happened, and under the cursor of who plays by keyboard, what lies there. */
  function toldOf(scene, state, previous) {
    const { hand, level } = scene, said = Telling.told(state, previous);
    if (!hand.keyboard || (hand.cursor === scene.told && hand.picked === scene.named)) return said;
    scene.told = hand.cursor;
    scene.named = hand.picked;
    const place = `row ${((hand.cursor / level.columns) | 0) + 1}, column ${(hand.cursor % level.columns) + 1}`;
    return `${said} ${hand.picked >= 0 ? "Picked: " : ""}${Telling.describe(state.board[hand.cursor])}, ${place}.`.trim();
  }

  function create({ level, atlas, palette, still, portrait, room }) {
    const scene = {
      level, atlas, palette, still, picture: Tiles.gallery(atlas), memo: Motion.memory(level.columns * level.rows),
      background: Table.backdrop(atlas, palette, still), hintFor: Lessons.hints(level), rest: [0, 0], told: -1, named: -1,
      explained: new Set(), since: 0,
    };
    laidOut(scene, Boolean(portrait), room);
    const hand = Hands.hands(scene.board), teach = Lessons.teacher(level);
    scene.hand = hand;
    return {
      draw(ctx, at) {
        const upright = ctx.canvas.width < ctx.canvas.height * 1.2;
        if (upright !== scene.upright || at.room !== scene.room) laidOut(scene, upright, at.room);
        moment(scene, at);
        paint(scene, ctx);
      },
      happened(state, previous) {
        Motion.note(scene.memo, state, previous, hand);
        if (state.phase !== previous.phase) scene.since = state.frame;
        return Telling.happened(state, previous, scene.board, scene.panel, scene.explained);
      },
      counter: (name) => (name.startsWith("goal:") ? scene.panel.goals[Number(name.slice(5))] : null),
      lesson: (state) => lessonOf(scene, teach(state)),
      told: (state, previous) => toldOf(scene, state, previous),
      input: hand.take, key: hand.key, pointer: hand.pointer, release: hand.release,
      gestures: (before, input) => Hands.gestures(scene.board, input),
    };
  }

  const labels = { pickups: "Cleared", score: "Points", progress: "Goals met", hearts: "Hearts", time: "Time" };

  return Object.freeze({ create, portrait: [230, 500, 0.46], tall: true, labels, skinned: ["tile_"] });
})();
