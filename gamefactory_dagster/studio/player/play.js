/* Play: one level from start to end. Steps the rules, reports what happened; keeps no rules of its own. */
const Play = (() => {
  const STEP = 1000 / 60;
  const BEHIND = 5; // steps caught up in one picture at most; a slow machine plays slower, not choppier
  const EPILOGUE = 45; // frames drawn after the end before the result is shown
  let game = null;
  let atlas = null;
  let still = false;
  let hooks = null;
  let view = null;
  let state = null;
  let previous = null;
  let level = null;
  let mode = "level"; // or "daily", "endless"
  let frame = 0;
  let running = false;
  let open = false; // a level_start without its end yet
  let spare = false; // whether a loss may still be undone, once
  let after = 0;
  let last = 0;
  let owed = 0;

  const setup = (options) => {
    ({ game, atlas, still, hooks } = options);
  };

  const prepare = (which, how) => {
    level = which;
    mode = how;
    frame = 0;
    after = 0;
    owed = 0;
    state = Rules.start(level, level.seed);
    previous = state;
    view = View.create({ level, game, atlas, palette: game.palette, still, portrait: Stage.upright() });
    Feel.begin({ atlas, still });
    Teach.begin(level);
    Say.begin(level, mode);
  };

  // The level's number, or null for one that is not of the ten.
  const number = () => (mode === "level" ? level.number : null);

  // Where it may be `spared`, a loss is not the end until the player lets it be (`quit`), if the rules can undo it.
  const start = (which, how, spared = false) => {
    quit();
    prepare(which, how);
    open = true;
    spare = spared && Boolean(Rules.revive);
    running = true;
    hooks.pads(view.pads || []);
    Analytics.emit("level_start", number(), { mode });
    draw();
  };

  // The first level standing still: what is behind the title of a game without a splash picture.
  const preview = () => {
    prepare(game.levels[0], "level");
    frame = 600;
    draw();
  };

  const end = (outcome, cause) => {
    if (!open) return;
    open = false;
    const summary = Rules.summary(state);
    const { score, stars } = summary;
    Progress.ended(level, mode, outcome, summary);
    if (outcome === 1 || (mode === "endless" && Progress.passed(level, summary))) {
      Analytics.emit("level_complete", number(), { mode, score, stars, frames: frame });
    } else {
      Analytics.emit("level_fail", number(), { mode, score, cause, frames: frame });
    }
  };

  const why = () => (Rules.outcome(state) ? Rules.summary(state).cause || "lost" : "quit");

  // Leaving or restarting a level that has begun is a failed attempt. One that could still go on is lost by it.
  const quit = () => {
    if (open) end(2, why());
    running = false;
  };

  const lost = () => open && Rules.outcome(state) === 2;

  // A lost level goes on where it was.
  const revive = () => {
    spare = false;
    state = Rules.revive(state);
    previous = state;
    after = 0;
    pause(false);
  };

  const step = () => {
    previous = state;
    state = Rules.step(state, view.input(state));
    frame += 1;
    Rules.cues(state).forEach(Sound.play);
    Feel.react(view.happened(state, previous));
    Say.step(view.told(state, previous));
    const outcome = Rules.outcome(state);
    if (outcome === 1 || (outcome && !spare)) end(outcome, why());
    return outcome;
  };

  const draw = () => {
    if (!view) return;
    const share = Rules.outcome(state) ? 1 : Math.min(1, owed / STEP);
    const time = frame + after + (running ? Math.min(1, owed / STEP) : 0);
    Stage.paint(view, { state, previous, share, frame: frame + after }, time);
    hooks.hud(Rules.summary(state), level);
  };

  const advance = (frames) => {
    owed = 0;
    for (let i = 0; i < frames && !Rules.outcome(state); i += 1) step();
    if (Rules.outcome(state)) finish();
    draw();
  };

  const finish = () => {
    if (!running) return;
    running = false;
    hooks.over(level, mode, Rules.outcome(state), Rules.summary(state));
  };

  const tick = (now) => {
    requestAnimationFrame(tick);
    owed = Math.min(owed + (now - last) * Feel.pace(now - last), BEHIND * STEP);
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
    setup, preview, start, quit, lost, revive, draw, advance, clock, release, pause,
    view: () => view,
    running: () => running,
    ended: () => !open,
    level: () => level,
    mode: () => mode,
    state: () => state,
    frame: () => frame,
  });
})();
