/* Main: loads the game, wires menus, stage, level and analytics together, and shows the title. */
(() => {
  const errors = [];
  const driven = Drive.wanted();
  let game = null;
  let begun = false;

  const complain = (message) => {
    errors.push(String(message));
  };
  addEventListener("error", (event) => complain(event.message));
  addEventListener("unhandledrejection", (event) => complain(event.reason));

  const locked = (n) => n > game.free_levels && !Save.data.unlocked.includes(n);
  const next = () => {
    const open = game.levels.find(({ number }) => !Save.data.stars[number]);
    return open ? open.number : 1;
  };

  const begin = (n) => {
    if (!begun) Analytics.emit("game_start", null, {});
    begun = true;
    Screens.playing();
    Play.start(game.levels[n - 1], "level");
  };

  const level = (n) => {
    if (!locked(n)) return begin(n);
    Play.quit();
    Analytics.emit("unlock_prompt_shown", n, {});
    return Screens.prompt(n);
  };

  const pause = () => {
    if (!Play.running() || Play.ended()) return;
    Play.pause(true);
    Screens.pause();
  };

  const act = {
    locked, next, level,
    play: () => level(next()),
    levels: () => Screens.levels(),
    leave() {
      Play.quit();
      Screens.levels();
    },
    settings: () => Screens.settings(Play.ended() ? Screens.title : Screens.pause),
    resume() {
      Screens.playing();
      Play.pause(false);
    },
    restart: () => begin(Play.level().number),
    watch(n) {
      Ads.start(n, game.ads, Screens.ad(), (done) => (done ? Screens.unlocked(n) : Screens.levels()));
    },
  };

  const playing = () => Screens.name() === "play";
  const handlers = {
    key(code, down, repeat) {
      if (!playing()) {
        if (down && code === "Escape" && Screens.name() === "pause") act.resume();
        return false;
      }
      if (down && (code === "Escape" || code === "KeyP")) pause();
      return repeat ? code !== "Tab" : Play.view().key(code, down);
    },
    pointer(type, x, y, id) {
      if (!playing()) return false;
      Play.view().pointer(type, x, y, id);
      return true;
    },
    release: Play.release,
    leave() {
      Play.release();
      if (!driven) pause();
    },
    redraw: () => Play.draw(),
  };

  // Black or white, whichever reads better on a colour (WCAG relative luminance, simplified).
  const readable = (colour) => {
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
    return r * 299 + g * 587 + b * 114 > 140000 ? "#000" : "#fff";
  };

  const dress = () => {
    const style = document.documentElement.style;
    for (const [name, colour] of Object.entries(game.palette)) style.setProperty("--" + name, colour);
    style.setProperty("--on-accent", readable(game.palette.accent));
    style.setProperty("--on-panel", readable(game.palette.panel));
  };

  // A level or an ad that is under way when the page goes has failed.
  const leave = () => {
    Play.quit();
    Ads.cancel("left");
    Analytics.leave();
  };

  const boot = async () => {
    game = await Files.json("game.json");
    Save.open(game.slug);
    dress();
    const [atlas] = await Promise.all([Files.art(game), Analytics.open()]);
    Sound.open(game);
    Screens.open({ game, act });
    Hud.open(game, pause);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    Play.setup({ game, atlas, still, hooks: {
      hud: Hud.show,
      pads: Hud.pads,
      over: ({ number }, mode, outcome, summary) =>
        (outcome === 1 ? Screens.won(number, summary) : Screens.lost(number, summary)),
    } });
    Stage.open(handlers);
    addEventListener("pagehide", leave);
    addEventListener("pageshow", (event) => event.persisted && Screens.title());
    if (!atlas) Play.preview();
    Screens.title();
    if (!driven) Play.clock();
  };

  const ready = boot();
  ready.catch((error) => {
    const alert = document.getElementById("screen");
    alert.setAttribute("role", "alert");
    alert.textContent = "This game could not be loaded: " + error.message;
  });
  if (driven) Drive.open(ready, begin, errors);
})();
