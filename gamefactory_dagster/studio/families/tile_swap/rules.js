// Tile swap, the rules: a board of tiles, one swap at a time, lines of three and more clear and the rest falls.
// Here: everything that decides a game. Not here: what a cell is (board.js), special tiles (specials.js), falling
// (falls.js), drawing, sound, pointers (view.js), search (solver.js). Needs Core, Board, Specials and Falls. Integers
// only; 60 steps a second; step() never changes its state.
const Rules = (() => {
  "use strict";

  const {
    kindOf, isTile, face, extra, special, bare, mixes, runs, neighbours, pair, legal, swaps, draw, freshTile, redrawn,
    shuffled, arrange, HIDDEN, TIME, EXTRA, STONE, ITEM, PRISM, HOLE,
  } = Board;
  const { power, cellOf, ROW, COLUMN } = Specials;
  const READY = 0, SWAP = 1, BOUNCE = 2, CLEAR = 3, FALL = 4, SHUFFLE = 5;
  const FRAMES = [0, 10, 18, 14, Falls.PULL, 40]; // of each phase; of a fall, of its first cell
  const FIRING = 20; // frames of a clearing in which specials go off
  const GRACE = 300; // frames before a clock starts to run
  const ALARM = 600; // the clock is heard in its last ten seconds
  const SPARE = 3; // moves left over that become line tiles when the goals are met
  const MORE_MOVES = 5, MORE_TIME = 900, MORE_TURNS = 3; // what a lost game that goes on is given
  const CAUSES = ["", "moves", "time", "hearts", "stuck"];
  const NONE = [];

  function start(level, seed) {
    const s = {
      level, rng: Core.Rng.seed(seed), board: new Array(level.columns * level.rows).fill(1),
      phase: READY, wait: 0, span: 0, pair: NONE, clearing: NONE, made: NONE, blasts: NONE, drop: NONE, trail: NONE,
      pushed: NONE, chain: 0, gravity: 0, turn: 0, due: 0, last: 0, moves: level.moves, clock: level.clock,
      need: level.goals.map((goal) => goal.count), score: 0, cleared: 0, hearts: level.hearts,
      paths: level.paths.map(() => 0), fuse_in: level.fuse_every, spawn_in: level.spawn_every,
      frame: 0, outcome: 0, cause: "", cues: NONE,
    };
    for (let cell = 0; cell < s.board.length; cell++) s.board[cell] = freshTile(s);
    for (const cell of level.holes) s.board[cell] = HOLE;
    for (const [cell, hits] of level.stones) s.board[cell] = STONE | (hits << EXTRA);
    level.paths.forEach((path, number) => { s.board[path[0]] = ITEM | (number << EXTRA); });
    for (const cell of level.covers) s.board[cell] |= HIDDEN;
    for (const [cell, turns] of level.fuses) s.board[cell] |= turns << EXTRA;
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
      if (s.need[i] === 0) cue(s, "goal");
    });
  }

  /** What is touched opens, cracks, or is pushed; stones that broke join `gone`. */
  function touch(s, board, touched, gone) {
    for (let cell = 0; cell < board.length; cell++) {
      if (!touched[cell]) continue;
      if (board[cell] & HIDDEN) { board[cell] &= ~HIDDEN; cue(s, "click"); }
      if (kindOf(board[cell]) === ITEM) s.pushed = s.pushed.concat(extra(board[cell]));
      if (kindOf(board[cell]) !== STONE) continue;
      board[cell] -= 1 << EXTRA;
      cue(s, "break");
      if (extra(board[cell]) === 0) gone.push(cell);
    }
  }

  /** Tiles that go, and what they touch. `hit` marks cells; what is `made` stays in its place; `off` has gone off. */
  function clear(s, hit, { scored = true, made = NONE, off = NONE } = {}) {
    const { columns, rows } = s.level, board = s.board.slice(), touched = new Uint8Array(board.length), gone = [];
    for (let cell = 0; cell < board.length; cell++) {
      if (!hit[cell]) continue;
      if (!bare(board[cell])) { touched[cell] = 1; continue; }
      gone.push(cell);
      if (scored) for (const near of neighbours(cell, columns, rows)) touched[near] = 1;
    }
    if (scored) gone.forEach((cell) => count(s, board[cell]));
    touch(s, board, touched, gone);
    for (const [place, what] of made) board[place] = cellOf(face(board[place]), what);
    s.board = board;
    s.made = made;
    s.blasts = off;
    s.clearing = gone.filter((cell) => !made.some(([place]) => place === cell));
    if (made.length) cue(s, "make");
    if (off.length) cue(s, "blast");
    enter(s, CLEAR, off.length ? FIRING : FRAMES[CLEAR]);
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

  /** Each wave of a cascade sounds two semitones higher than the one before. */
  function chime(s) {
    s.chain++;
    cue(s, s.chain > 1 ? `cascade+${Math.min(12, 2 * s.chain - 2)}` : "match");
  }

  /** Clears every line on the board, and makes what they make where `swap` was; false when there is none. */
  function wave(s, swap = NONE) {
    const { columns, rows, combos } = s.level, found = runs(s.board, columns, rows);
    if (!found.length) return false;
    chime(s);
    const hit = new Uint8Array(s.board.length);
    for (const [first, stride, length] of found) {
      if (combos) earn(s, [0, 40, 100][Math.min(length, 5) - 3] * s.chain);
      for (let i = 0; i < length; i++) hit[first + i * stride] = 1;
    }
    const off = Specials.chain(s.board, columns, rows, hit);
    clear(s, hit, { made: Specials.makes(found, swap), off });
    return true;
  }

  /** Two specials, or a colour tile and any tile, go off together. */
  function mix(s, a, b) {
    const { hit, off } = Specials.together(s.board, s.level.columns, s.level.rows, a, b);
    chime(s);
    clear(s, hit, { off });
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

  function fall(s) {
    s.drop = Falls.fall(s);
    enter(s, FALL, Falls.frames(Math.max(...s.drop)));
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
    clear(s, hit, { scored: false });
    return true;
  }

  const isPlain = (cell) => face(cell) > 0 && cell === kindOf(cell);

  /** Every few turns one plain tile turns to stone, up to a limit. */
  function spawn(s) {
    const { spawn_every, spawn_limit, paths } = s.level;
    if (!spawn_every || --s.spawn_in > 0) return;
    s.spawn_in = spawn_every;
    if (s.board.filter((cell) => kindOf(cell) === STONE).length >= spawn_limit) return;
    const kept = new Set(paths.flat()), places = [];
    s.board.forEach((cell, i) => { if (isPlain(cell) && !kept.has(i)) places.push(i); });
    if (!places.length) return;
    s.board = s.board.slice();
    s.board[places[draw(s, places.length)]] = STONE | (1 << EXTRA);
    cue(s, "land");
  }

  /** The goals are met: a few spare moves become line tiles before all that is special goes off. */
  function farewell(s) {
    const board = s.board.slice(), made = [];
    for (let i = Math.min(SPARE, s.moves); i > 0; i--) {
      const places = [];
      board.forEach((cell, at) => { if (isPlain(cell)) places.push(at); });
      if (!places.length) break;
      const place = places[draw(s, places.length)], what = draw(s, 2) ? ROW : COLUMN;
      board[place] = cellOf(face(board[place]), what);
      made.push([place, what]);
    }
    s.last = s.chain = 1;
    if (!made.length) return fire(s);
    s.board = board;
    s.made = made;
    cue(s, "make");
    return enter(s, CLEAR, FIRING);
  }

  /** The first special goes off, with whatever it sets off; the game is won when none is left. */
  function fire(s) {
    const { columns, rows } = s.level, hit = new Uint8Array(s.board.length);
    const first = s.board.findIndex((cell) => power(cell) > 0);
    if (first < 0) return finish(s, 1, "");
    hit[first] = 1;
    return clear(s, hit, { off: Specials.chain(s.board, columns, rows, hit) });
  }

  /** The board lies still: is it won, lost, dead, or the player's again? */
  function rest(s) {
    s.chain = 0;
    s.drop = s.clearing = s.trail = s.pair = NONE;
    enter(s, READY, 0);
    if (s.need.every((left) => left === 0)) return farewell(s);
    if (s.due) {
      s.due = 0;
      if (burn(s)) return undefined;
      spawn(s);
    }
    if (s.level.hearts && s.hearts === 0) return finish(s, 2, "hearts");
    if (s.moves <= 0) return finish(s, 2, "moves");
    if (swaps(s.board, s.level.columns, s.level.rows, 1).length) return undefined;
    return untangle(s);
  }

  /** A dead board is shuffled; if that cannot help, tiles change kind; if that cannot, all stones crumble. */
  function untangle(s) {
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
    if (mixes(board[a], board[b])) mix(s, a, b);
    else wave(s, [a, b]);
  }

  function cleared(s) {
    s.board = s.board.slice();
    for (const cell of s.clearing) s.board[cell] = 0;
    s.clearing = s.made = s.blasts = NONE;
    if (s.last && s.board.some((cell) => power(cell) > 0)) return fire(s);
    roll(s);
    return fall(s);
  }

  function landed(s) {
    cue(s, "land");
    s.board = s.board.slice();
    if (s.last) finish(s, 1, "");
    else if (roll(s)) fall(s);
    else if (!wave(s)) rest(s);
  }

  const ENDS = [null, swapped, rest, cleared, landed, rest]; // what follows each phase

  // ---- a frame --------------------------------------------------------------------------------------------

  /** Is time part of this level? Where it is not, whoever only looks loses nothing. */
  const timed = (level) => level.clock > 0;

  function tick(s) {
    if (!timed(s.level) || s.last || s.frame <= GRACE) return;
    if (s.clock > 0 && --s.clock <= ALARM && s.clock % 60 === 0) cue(s, "tick");
    if (s.clock === 0 && s.phase === READY) finish(s, 2, "time");
  }

  function take(s, input) {
    const { columns, rows, fuse_every } = s.level, cells = pair(input, columns, rows);
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
    if (fuse_every) s.fuse_in--;
    enter(s, SWAP, FRAMES[SWAP]);
  }

  /** The same state a frame later, for who needs the one before no more; what it lists is made anew, not changed. */
  function advance(s, input) {
    if (s.outcome) return s;
    s.frame++;
    s.cues = NONE;
    tick(s);
    if (s.outcome) return s;
    if (s.phase === READY) take(s, input);
    else if (--s.wait <= 0) ENDS[s.phase](s);
    return s;
  }

  const step = (state, input) => (state.outcome ? state : advance({ ...state }, input));

  /** Frames from here until something other than waiting happens; at most `left`. */
  function quietFor(s, left, running) {
    let quiet = s.phase === READY ? left : Math.min(left, s.wait - 1);
    if (timed(s.level) && s.frame < GRACE) quiet = Math.min(quiet, GRACE - s.frame);
    else if (running) quiet = Math.min(quiet, s.clock > ALARM ? s.clock - ALARM - 1 : (s.clock + 59) % 60);
    return quiet;
  }

  /** The same state `frames` frames without input later, but quiet frames are taken at one stride. */
  function skip(s, frames) {
    for (let left = frames; left > 0 && !s.outcome;) {
      const running = timed(s.level) && !s.last && s.frame >= GRACE, quiet = quietFor(s, left, running);
      if (quiet < 1) { advance(s, 0); left--; continue; }
      s.frame += quiet;
      s.cues = NONE;
      left -= quiet;
      if (s.phase !== READY) s.wait -= quiet;
      if (running) s.clock = Math.max(0, s.clock - quiet);
    }
    return s;
  }

  const leap = (state, frames) => skip({ ...state }, frames);

  /** A lost game goes on, with what it lacked: moves, time, a heart and longer fuses, a swap. */
  function revive(state) {
    const s = { ...state, outcome: 0, cause: "", cues: NONE, board: state.board.slice() }, { level } = s;
    if (s.moves <= 0) s.moves = MORE_MOVES;
    if (timed(level) && s.clock === 0) s.clock = MORE_TIME;
    if (level.hearts) {
      s.hearts = Math.max(1, s.hearts);
      s.board.forEach((cell, i) => {
        if (isTile(cell) && extra(cell) && extra(cell) < MORE_TURNS) s.board[i] += (MORE_TURNS - extra(cell)) << EXTRA;
      });
    }
    if (swaps(s.board, level.columns, level.rows, 1).length || arrange(s, shuffled) || arrange(s, redrawn)) return s;
    s.board[s.board.findIndex((cell) => bare(cell))] = PRISM;
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
    start, step, advance, leap, skip, revive, timed, summary, swaps, pair, legal, runs, face, kindOf, isTile, extra, special, bare, mixes,
    power, outcome: (s) => s.outcome, cues: (s) => s.cues,
    READY, SWAP, BOUNCE, CLEAR, FALL, SHUFFLE, HIDDEN, TIME, STONE, ITEM, PRISM, HOLE, FRAMES, CAUSES,
  };
})();
