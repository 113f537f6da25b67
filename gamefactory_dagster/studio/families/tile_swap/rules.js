// Tile swap, the rules: a board of tiles, one swap at a time, lines of three and more clear and the rest falls.
// Here: everything that decides a game. Not here: what a cell is (board.js), drawing, sound, pointers (view.js),
// search (solver.js). Needs Core and Board. Integers only; 60 steps a second; step() never changes its state.
const Rules = (() => {
  "use strict";

  const {
    kindOf, isTile, face, extra, runs, pair, legal, swaps, draw, freshTile, redrawn, shuffled, arrange,
    HIDDEN, TIME, EXTRA, STONE, ITEM,
  } = Board;
  const READY = 0, SWAP = 1, BOUNCE = 2, CLEAR = 3, FALL = 4, SHUFFLE = 5;
  const FRAMES = [0, 10, 18, 14, 5, 40]; // of each phase; of a fall, for each cell fallen
  const ALARM = 600; // the clock is heard in its last ten seconds
  const CAUSES = ["", "moves", "time", "hearts", "stuck"];
  const NONE = [];

  function start(level, seed) {
    const s = {
      level, rng: Core.Rng.seed(seed), board: new Array(level.columns * level.rows).fill(1),
      phase: READY, wait: 0, span: 0, pair: NONE, clearing: NONE, drop: NONE, trail: NONE, pushed: NONE,
      chain: 0, gravity: 0, turn: 0, due: 0, moves: level.moves, clock: level.clock, quiet: level.patience,
      need: level.goals.map((goal) => goal.count), score: 0, cleared: 0, hearts: level.hearts,
      paths: level.paths.map(() => 0), bomb_in: level.bomb_every, spawn_in: level.spawn_every,
      frame: 0, outcome: 0, cause: "", cues: NONE,
    };
    for (let cell = 0; cell < s.board.length; cell++) s.board[cell] = freshTile(s);
    for (const [cell, hits] of level.stones) s.board[cell] = STONE | (hits << EXTRA);
    level.paths.forEach((path, number) => { s.board[path[0]] = ITEM | (number << EXTRA); });
    for (const cell of level.covers) s.board[cell] |= HIDDEN;
    for (const [cell, fuse] of level.bombs) s.board[cell] |= fuse << EXTRA;
    if (!arrange(s, redrawn)) finish(s, 2, "stuck");
    return s;
  }

  // ---- a turn ---------------------------------------------------------------------------------------------

  function cue(s, name) {
    if (!s.cues.includes(name)) s.cues = s.cues.concat(name);
  }

  function finish(s, outcome, cause) {
    s.phase = READY;
    s.wait = 0;
    s.outcome = outcome;
    s.cause = cause;
    cue(s, outcome === 1 ? "win" : "lose");
  }

  function enter(s, phase, frames) {
    s.phase = phase;
    s.wait = s.span = frames;
  }

  function need(s, type, kind, amount) {
    s.level.goals.forEach((goal, i) => {
      if (goal.type !== type || goal.kind !== kind || s.need[i] === 0) return;
      s.need = s.need.slice();
      s.need[i] = Math.max(0, s.need[i] - amount);
    });
  }

  /** What the lines of a board clear: marked tiles, and cells a longer line sweeps besides. */
  function sweep(s, found) {
    const { columns, rows } = s.level, hit = new Uint8Array(s.board.length);
    for (const [first, stride, length] of found) {
      for (let i = 0; i < length; i++) hit[first + i * stride] = 1;
      if (length === 4 && stride === 1) hit.fill(1, first - (first % columns), first - (first % columns) + columns);
      if (length === 4 && stride > 1) for (let y = 0; y < rows; y++) hit[y * columns + (first % columns)] = 1;
      const kind = face(s.board[first]);
      if (length > 4) s.board.forEach((cell, i) => { if (face(cell) === kind) hit[i] = 1; });
    }
    return hit;
  }

  function neighbours(cell, columns, rows) {
    const x = cell % columns, list = [];
    if (x > 0) list.push(cell - 1);
    if (x < columns - 1) list.push(cell + 1);
    if (cell >= columns) list.push(cell - columns);
    if (cell + columns < columns * rows) list.push(cell + columns);
    return list;
  }

  /** Tiles that go; what they touch opens or cracks. `hit` marks cells, `scored` says whether they count. */
  function clear(s, hit, scored) {
    const { columns, rows } = s.level, board = s.board.slice(), touched = new Uint8Array(board.length);
    const gone = [];
    for (let cell = 0; cell < board.length; cell++) {
      if (!hit[cell]) continue;
      if (!face(board[cell])) { touched[cell] = 1; continue; }
      gone.push(cell);
      if (scored) for (const near of neighbours(cell, columns, rows)) touched[near] = 1;
    }
    if (scored) gone.forEach((cell) => count(s, board[cell]));
    for (let cell = 0; cell < board.length; cell++) {
      if (!touched[cell]) continue;
      if (board[cell] & HIDDEN) { board[cell] &= ~HIDDEN; cue(s, "click"); }
      if (kindOf(board[cell]) === ITEM) s.pushed = s.pushed.concat(extra(board[cell]));
      if (kindOf(board[cell]) !== STONE) continue;
      board[cell] -= 1 << EXTRA;
      cue(s, "break");
      if (extra(board[cell]) === 0) gone.push(cell);
    }
    s.board = board;
    s.clearing = gone;
    enter(s, CLEAR, FRAMES[CLEAR]);
  }

  function count(s, cell) {
    s.cleared++;
    earn(s, s.level.combos ? 10 * s.chain : 10);
    need(s, "collect", kindOf(cell), 1);
    if (cell & TIME) { s.clock += s.level.time_bonus; cue(s, "bonus"); }
  }

  function earn(s, points) {
    s.score += points;
    need(s, "score", 0, points);
  }

  /** Clears every line on the board; false when there is none. */
  function wave(s) {
    const found = runs(s.board, s.level.columns, s.level.rows);
    if (!found.length) return false;
    s.chain++;
    if (s.level.combos) for (const run of found) earn(s, [0, 40, 100][Math.min(run[2], 5) - 3] * s.chain);
    cue(s, s.chain > 1 ? "cascade" : "match");
    clear(s, sweep(s, found), true);
    return true;
  }

  /** Items move along their paths: into emptied cells, or one step where a match pushed; false if none did. */
  function roll(s) {
    const before = s.paths, { board, pushed } = s;
    s.paths = before.slice();
    s.pushed = NONE;
    s.level.paths.forEach((path, number) => {
      const last = path.length - 1;
      let at = before[number];
      if (at === last) return;
      while (at < last && (board[path[at + 1]] === 0 || (at === before[number] && pushed.includes(number)))) {
        [board[path[at]], board[path[at + 1]]] = [board[path[at + 1]], board[path[at]]];
        at++;
      }
      s.paths[number] = at;
      if (at < last) return;
      board[path[at]] = 0;
      need(s, "item", 0, 1);
      cue(s, "collect");
    });
    s.trail = before;
    return s.paths.some((at, number) => at !== before[number]);
  }

  /** Cell `step` cells above the floor in line `line`, where the floor is the side tiles fall to. */
  function along(s, line, step) {
    const { columns, rows } = s.level;
    if (s.gravity === 0) return (rows - 1 - step) * columns + line;
    if (s.gravity === 1) return line * columns + step;
    if (s.gravity === 2) return step * columns + line;
    return line * columns + columns - 1 - step;
  }

  function refill(s) {
    const { cover_rate, bomb_every, bomb_fuse } = s.level;
    let cell = freshTile(s);
    if (cover_rate && draw(s, 100) < cover_rate) return cell | HIDDEN;
    if (bomb_every && s.bomb_in <= 0) {
      s.bomb_in = bomb_every;
      cell |= bomb_fuse << EXTRA;
    }
    return cell;
  }

  /** Everything loose falls; stones and items hold, and hold up what lies on them; lines open above refill. */
  function fall(s) {
    const { columns, rows } = s.level, upright = s.gravity % 2 === 0;
    const length = upright ? rows : columns, drop = new Array(s.board.length).fill(0);
    let most = 0;
    for (let line = 0; line < (upright ? columns : rows); line++) {
      let to = 0;
      for (let from = 0; from < length; from++) {
        const cell = s.board[along(s, line, from)];
        if (cell && !isTile(cell)) to = from + 1;
        if (!isTile(cell)) continue;
        s.board[along(s, line, from)] = 0;
        s.board[along(s, line, to)] = cell;
        drop[along(s, line, to)] = from - to;
        to++;
      }
      for (let above = length; to < length; to++, above++) {
        s.board[along(s, line, to)] = refill(s);
        drop[along(s, line, to)] = above - to;
      }
    }
    for (const cells of drop) most = Math.max(most, cells);
    s.drop = drop;
    enter(s, FALL, Math.max(1, most * FRAMES[FALL]));
  }

  // ---- the end of a turn ----------------------------------------------------------------------------------

  /** Fuses burn by one turn; what reaches nothing explodes, takes a heart and its eight neighbours. */
  function burn(s) {
    const { columns, rows } = s.level, board = s.board.slice(), hit = new Uint8Array(board.length);
    let bangs = 0;
    for (let cell = 0; cell < board.length; cell++) {
      if (!isTile(board[cell]) || !extra(board[cell])) continue;
      board[cell] -= 1 << EXTRA;
      if (extra(board[cell])) continue;
      bangs++;
      const x = cell % columns, y = (cell / columns) | 0;
      for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) hit[v * columns + u] = 1;
      }
    }
    s.board = board;
    if (!bangs) return false;
    s.hearts = Math.max(0, s.hearts - bangs);
    cue(s, "hit");
    clear(s, hit, false);
    return true;
  }

  /** Every few turns one plain tile turns to stone, up to a limit. */
  function spawn(s) {
    const { spawn_every, spawn_limit, paths } = s.level;
    if (!spawn_every || --s.spawn_in > 0) return;
    s.spawn_in = spawn_every;
    if (s.board.filter((cell) => kindOf(cell) === STONE).length >= spawn_limit) return;
    const kept = new Set(paths.flat()), places = [];
    s.board.forEach((cell, i) => { if (face(cell) && cell === kindOf(cell) && !kept.has(i)) places.push(i); });
    if (!places.length) return;
    s.board = s.board.slice();
    s.board[places[draw(s, places.length)]] = STONE | (1 << EXTRA);
    cue(s, "land");
  }

  /** The board lies still: is it won, lost, dead, or the player's again? */
  function rest(s) {
    s.chain = 0;
    s.drop = s.clearing = s.trail = s.pair = NONE;
    enter(s, READY, 0);
    if (s.need.every((left) => left === 0)) return finish(s, 1, "");
    if (s.due) {
      s.due = 0;
      if (burn(s)) return undefined;
      spawn(s);
    }
    if (s.level.hearts && s.hearts === 0) return finish(s, 2, "hearts");
    if (s.moves <= 0) return finish(s, 2, "moves");
    if (swaps(s.board, s.level.columns, s.level.rows, 1).length) return undefined;
    return revive(s);
  }

  /** A dead board is shuffled; if that cannot help, tiles change kind; if that cannot, all stones crumble. */
  function revive(s) {
    cue(s, "cascade");
    if (arrange(s, shuffled) || arrange(s, redrawn)) return enter(s, SHUFFLE, FRAMES[SHUFFLE]);
    const stones = s.board.map((cell) => (kindOf(cell) === STONE ? 0 : cell & ~HIDDEN));
    if (stones.every((cell, i) => cell === s.board[i])) return finish(s, 2, "stuck");
    s.board = stones;
    return fall(s);
  }

  function swapped(s) {
    const [a, b] = s.pair, board = s.board.slice();
    [board[a], board[b]] = [board[b], board[a]];
    s.board = board;
    s.pair = NONE;
    if (s.level.turning) s.gravity = (s.gravity + 1) % 4;
    wave(s);
  }

  function cleared(s) {
    s.board = s.board.slice();
    for (const cell of s.clearing) s.board[cell] = 0;
    s.clearing = NONE;
    roll(s);
    fall(s);
  }

  function landed(s) {
    cue(s, "land");
    s.board = s.board.slice();
    if (roll(s)) fall(s);
    else if (!wave(s)) rest(s);
  }

  const ENDS = [null, swapped, rest, cleared, landed, rest]; // what follows each phase

  // ---- a frame --------------------------------------------------------------------------------------------

  /** Nobody may sit and wait: the clock runs, or where there is none, a move is lost now and then. */
  function tick(s) {
    if (s.level.clock) {
      if (s.clock > 0 && --s.clock <= ALARM && s.clock % 60 === 0) cue(s, "tick");
      if (s.clock === 0 && s.phase === READY) finish(s, 2, "time");
      return;
    }
    if (s.phase !== READY && s.phase !== BOUNCE) return;
    if (--s.quiet > 0) return;
    s.quiet = s.level.lapse;
    s.moves--;
    cue(s, "tick");
    if (s.moves <= 0 && s.phase === READY) finish(s, 2, "moves");
  }

  function take(s, input) {
    const { columns, rows, patience, bomb_every } = s.level, cells = pair(input, columns, rows);
    if (!cells) return;
    s.pair = cells;
    if (!legal(s.board.slice(), columns, rows, cells[0], cells[1])) {
      cue(s, "click");
      enter(s, BOUNCE, FRAMES[BOUNCE]);
      return;
    }
    cue(s, "swap");
    s.moves--;
    s.turn++;
    s.due = 1;
    s.quiet = patience;
    if (bomb_every) s.bomb_in--;
    enter(s, SWAP, FRAMES[SWAP]);
  }

  function step(state, input) {
    if (state.outcome) return state;
    const s = { ...state, frame: state.frame + 1, cues: NONE };
    tick(s);
    if (s.outcome) return s;
    if (s.phase === READY) take(s, input);
    else if (--s.wait <= 0) ENDS[s.phase](s);
    return s;
  }

  /** The same state as `frames` steps without input, but quiet frames are taken at one stride. */
  function leap(state, frames) {
    let s = state;
    for (let left = frames; left > 0 && !s.outcome;) {
      const { clock } = s, timed = s.level.clock > 0, still = s.phase !== READY;
      let quiet = still ? s.wait - 1 : left;
      if (timed) quiet = Math.min(quiet, clock > ALARM ? clock - ALARM - 1 : (clock + 59) % 60);
      else if (!still || s.phase === BOUNCE) quiet = Math.min(quiet, s.quiet - 1);
      quiet = Math.min(quiet, left);
      if (quiet < 1) { s = step(s, 0); left--; continue; }
      s = { ...s, frame: s.frame + quiet, cues: NONE };
      left -= quiet;
      if (still) s.wait -= quiet;
      if (timed) s.clock = Math.max(0, s.clock - quiet);
      else if (!still || s.phase === BOUNCE) s.quiet -= quiet;
    }
    return s;
  }

  function stars(s) {
    if (s.outcome !== 1) return 0;
    if (s.moves * 4 >= s.level.moves) return 3;
    return s.moves * 10 >= s.level.moves ? 2 : 1;
  }

  function summary(s) {
    const { goals, clock, hearts } = s.level;
    const share = goals.reduce((sum, goal, i) => sum + (((goal.count - s.need[i]) * 1000 / goal.count) | 0), 0);
    return {
      score: s.score, need: 0, pickups: s.cleared, stars: stars(s),
      hearts: hearts ? s.hearts : -1, time_left: clock ? ((s.clock + 59) / 60) | 0 : -1, cause: s.cause,
      progress: (share / goals.length) | 0, moves: s.moves,
      goals: goals.map((goal, i) => ({ ...goal, left: s.need[i] })),
    };
  }

  return {
    start, step, leap, summary, swaps, pair, runs, face, kindOf, isTile, extra,
    outcome: (s) => s.outcome, cues: (s) => s.cues,
    READY, SWAP, BOUNCE, CLEAR, FALL, SHUFFLE, HIDDEN, TIME, STONE, ITEM, FRAMES, CAUSES,
  };
})();
