/* Play: one level from start to end. Steps the rules, reports what happened, and paints between two steps, so that what
 * moves does so evenly at any rate of pictures. Keeps no rules of its own.
 */
const Play = (() => {
  const STEP = 1000 / 60;
  const BEHIND = 5; // steps caught up in one picture at most; a slow machine plays slower, not choppier
  const TENSE = { level: 600, daily: 600, endless: 66 }; // progress from which the music is, of 1000
  const URGENT = 10; // or seconds left
  let game = null;
  let atlas = null;
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
  let live = false; // in real time, not driven
  let glowing = false; // the result is shown, and what celebrates it still flies behind
  let after = 0;
  let last = 0;
  let owed = 0;

  const setup = (options) => {
    ({ game, atlas, hooks } = options);
    Say.open();
  };

  // Where a counter is in the picture: the view's own, or the one of the HUD.
  const where = (name) => {
    const own = view.counter && view.counter(name);
    const seen = own ? null : Hud.place(name);
    return own || (seen && Stage.toLogical(seen.x, seen.y));
  };

  const feel = () => {
    const { expect, arrived } = Hud;
    const { palette } = game;
    const still = Dom.still();
    Feel.begin({ atlas, palette, still, live, where, within: Stage.within, left: expect, arrived });
  };

  const prepare = (which, how) => {
    level = which;
    mode = how;
    frame = 0;
    after = 0;
    owed = 0;
    glowing = false;
    state = Rules.start(level, level.seed);
    previous = state;
    const still = Dom.still();
    const held = { portrait: Stage.upright(), room: Stage.room() };
    view = View.create({ level, game, atlas, palette: game.palette, still, ...held });
    feel();
    Teach.begin(level, { still, cuff: game.palette.accent, learned: Save.data.learned });
    Hud.begin(level, mode);
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
    Say.begin(level, mode);
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
    glowing = false;
  };

  const lost = () => open && Rules.outcome(state) === 2;

  // A lost level goes on where it was.
  const revive = () => {
    spare = false;
    state = Rules.revive(state);
    previous = state;
    after = 0;
    feel(); // nothing of the loss is left
    pause(false);
  };

  const step = () => {
    previous = state;
    state = Rules.step(state, view.input(state));
    frame += 1;
    Rules.cues(state).forEach((cue) => Sound.play(cue));
    Feel.react(view.happened(state, previous));
    Say.step(view.told(state, previous), Teach.step(view, state, frame));
    const outcome = Rules.outcome(state);
    if (outcome) felt(outcome);
    if (outcome === 1 || (outcome && !spare)) end(outcome, why());
    return outcome;
  };

  const felt = (outcome) => {
    Feel.end(outcome, Rules.summary(state).stars);
    Teach.end();
    if (outcome === 1) (level.teaches || []).forEach(Save.learn);
  };

  // Once a picture, and no oftener: a counter between two pictures is never seen.
  const tell = () => {
    const summary = Rules.summary(state);
    const { progress, time_left } = summary;
    hooks.hud(summary, level);
    const tense = progress > TENSE[mode] || (time_left >= 0 && time_left <= URGENT);
    if (live) Sound.intensity(tense ? 1 : 0);
  };

  // Until the end the picture is between two steps; after it the last one stays, and what celebrates it moves.
  const draw = () => {
    if (!view) return false;
    const share = Math.min(1, owed / STEP);
    tell();
    const moment = { state, previous: after ? state : previous, share, frame: frame + after };
    return Stage.paint(view, moment, frame + after + share);
  };

  // Driven play: so many steps, then a picture of the last, if it is wanted or the end.
  const advance = (frames, drawn) => {
    for (let i = 0; i < frames && !Rules.outcome(state); i += 1) step();
    owed = STEP;
    if (Rules.outcome(state)) finish();
    if (drawn || Rules.outcome(state)) draw();
  };

  const finish = () => {
    if (!running) return;
    running = false;
    glowing = live && Rules.outcome(state) === 1;
    hooks.over(level, mode, Rules.outcome(state), Rules.summary(state));
  };

  // A frame after the end.
  const rest = () => {
    after += 1;
    Say.step();
  };

  const tick = (now) => {
    requestAnimationFrame(tick);
    const passed = Beat.even(now - last);
    last = now;
    if (!running && !glowing) return;
    owed = Math.min(owed + passed * Feel.pace(passed), BEHIND * STEP);
    while (owed >= STEP) {
      owed -= STEP;
      if (Rules.outcome(state)) rest();
      else step();
    }
    const busy = draw();
    if (glowing) glowing = busy;
    if (after && after >= Feel.rest(Rules.outcome(state))) finish();
  };

  const clock = () => {
    live = true;
    requestAnimationFrame((now) => {
      last = now;
      tick(now);
    });
  };

  const release = () => {
    if (view) view.release();
  };

  const pause = (paused) => {
    running = !paused;
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
