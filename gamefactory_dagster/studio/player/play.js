/* Play: one level from start to end. Steps the rules, reports what happened; keeps no rules of its own. */
const Play = (() => {
  const STEP = 1000 / 60;
  const BEHIND = 5; // steps caught up in one picture at most; a slow machine plays slower, not choppier
  const EPILOGUE = 45; // frames drawn after the end before the result is shown
  let game = null;
  let atlas = null;
  let fx = null;
  let hooks = null;
  let view = null;
  let state = null;
  let previous = null;
  let number = 0;
  let frame = 0;
  let running = false;
  let open = false; // a level_start without its end yet
  let after = 0;
  let last = 0;
  let owed = 0;

  const setup = (options) => {
    ({ game, atlas, fx, hooks } = options);
  };

  const prepare = (n) => {
    const level = game.levels[n - 1];
    number = n;
    frame = 0;
    after = 0;
    owed = 0;
    state = Rules.start(level, level.seed);
    previous = state;
    view = View.create({ level, game, atlas, palette: game.palette, fx });
  };

  const start = (n) => {
    quit();
    prepare(n);
    open = true;
    running = true;
    hooks.pads(view.pads || []);
    Analytics.emit("level_start", n, {});
    draw();
  };

  // The first level standing still: what is behind the title of a game without a splash picture.
  const preview = () => {
    prepare(1);
    frame = 600;
    draw();
  };

  const end = (outcome, cause) => {
    if (!open) return;
    open = false;
    const { score, stars } = Rules.summary(state);
    if (outcome === 1) {
      Save.won(number, stars);
      Analytics.emit("level_complete", number, { score, stars, frames: frame });
    } else {
      Analytics.emit("level_fail", number, { score, cause, frames: frame });
    }
  };

  // Leaving or restarting a level that has begun is a failed attempt.
  const quit = () => {
    end(2, "quit");
    running = false;
  };

  const step = () => {
    previous = state;
    state = Rules.step(state, view.input(state));
    frame += 1;
    Rules.cues(state).forEach(Sound.play);
    const outcome = Rules.outcome(state);
    if (outcome) end(outcome, Rules.summary(state).cause || "lost");
    return outcome;
  };

  const draw = () => {
    if (!view) return;
    Stage.paint(view, state, previous, frame + after);
    hooks.hud(Rules.summary(state), game.levels[number - 1]);
  };

  const advance = (frames) => {
    for (let i = 0; i < frames && !Rules.outcome(state); i += 1) step();
    if (Rules.outcome(state)) finish();
    draw();
  };

  const finish = () => {
    if (!running) return;
    running = false;
    hooks.over(number, Rules.outcome(state), Rules.summary(state));
  };

  const tick = (now) => {
    requestAnimationFrame(tick);
    owed = Math.min(owed + now - last, BEHIND * STEP);
    last = now;
    if (!running) return;
    while (owed >= STEP) {
      owed -= STEP;
      if (Rules.outcome(state)) after += 1;
      else step();
    }
    draw();
    if (after >= EPILOGUE) finish();
  };

  const clock = () => requestAnimationFrame((now) => {
    last = now;
    tick(now);
  });

  const release = () => {
    if (view) view.release();
  };

  const pause = (paused) => {
    running = !paused;
    owed = 0;
    release();
  };

  return Object.freeze({
    setup, preview, start, quit, draw, advance, clock, release, pause,
    view: () => view,
    running: () => running,
    ended: () => !open,
    number: () => number,
    state: () => state,
    frame: () => frame,
  });
})();
