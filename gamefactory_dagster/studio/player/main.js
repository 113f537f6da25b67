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

  // What is played: a level by its number, a daily one by its place, an endless run by its seed.
  const LEVELS = {
    level: (n) => game.levels[n - 1],
    daily: (place) => game.dailies[place],
    endless: (seed) => Rules.endless(game.sections, seed),
  };

  // Checks begin levels by themselves, and are spared nothing.
  const begin = (which, mode = "level", spared = true) => {
    if (!begun) Analytics.emit("game_start", null, {});
    begun = true;
    Screens.playing();
    Play.start(LEVELS[mode](which), mode, spared);
  };

  const endless = () => begin(crypto.getRandomValues(new Uint32Array(1))[0], "endless");
  const today = () => begin(Progress.enter().number, "daily");
  const AGAIN = { level: () => begin(Play.level().number), daily: today, endless };

  const level = (n) => {
    Save.sync();
    if (Progress.isOpen(n)) return begin(n);
    Play.quit();
    if (n !== Progress.offered()) {
      if (Screens.name() !== "levels") LevelMap.show(game, act);
      return LevelMap.refuse(n);
    }
    Ads.offer("unlock", n);
    return Screens.prompt(n);
  };

  const opened = (n) => {
    Sound.play("unlock");
    Screens.unlocked(n);
  };

  const pause = () => {
    if (!Play.running() || Play.ended()) return;
    Play.pause(true);
    Screens.pause();
  };

  const act = {
    level, endless, today,
    has: () => ({
      daily: Boolean(game.dailies && game.dailies.length),
      endless: Boolean(Rules.endless && game.sections && game.sections.length),
      skins: Skins.offered(),
    }),
    after: (n) => (n < game.levels.length ? n + 1 : 0),
    play: () => level(Progress.next()),
    title: () => Screens.title(),
    again: () => AGAIN[Play.mode()](),
    levels() {
      Play.quit();
      LevelMap.show(game, act);
    },
    daily: () => Screens.daily(),
    skins: () => Shop.show(game, act),
    settings: () => Screens.settings(Play.ended() ? Screens.title : Screens.pause),
    resume() {
      Screens.playing();
      Play.pause(false);
    },
    watch: (n) => Ads.start("unlock", n, game.ads, Screens.ad(), (done) => (done ? opened(n) : act.levels())),
    buy: (n) => (Progress.buy(n) ? opened(n) : Screens.prompt(n)),
  };

  // ---- the end of a level, or what may still become of it

  const number = () => (Play.mode() === "level" ? Play.level().number : null);

  const goOn = () => Ads.start("continue", number(), game.ads, Screens.ad(), (done) => {
    if (!done) return Play.lost() && offered();
    Screens.playing();
    return Play.revive();
  });

  const offered = () => {
    Ads.offer("continue", number());
    Results.lost(act, Play.level(), Play.mode(), Rules.summary(Play.state()), null, goOn);
  };

  const over = (which, mode, outcome, summary) => {
    if (Play.lost()) return offered();
    const show = outcome === 1 ? Results.won : Results.lost;
    return show(act, which, mode, summary, Progress.latest());
  };

  const playing = () => Screens.name() === "play";
  const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

  const inMenu = (code, down, repeat) => {
    if (down && !repeat && code === "Escape") Screens.back();
    if (down && MOVES[code]) Screens.move(MOVES[code]);
    return Boolean(MOVES[code]);
  };

  const handlers = {
    key(code, down, repeat) {
      if (!playing()) return inMenu(code, down, repeat);
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
    Progress.open(game);
    dress();
    const [atlas] = await Promise.all([Files.art(game), Analytics.open()]);
    Sound.open(game);
    Skins.open(game, atlas);
    Screens.open({ game, act });
    Hud.open(game, pause);
    Play.setup({ game, atlas, hooks: {
      hud: Hud.show,
      pads: Hud.pads,
      over,
    } });
    Stage.open(handlers);
    addEventListener("pagehide", leave);
    addEventListener("storage", Save.sync);
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
  if (driven) Drive.open(ready, (number) => begin(number, "level", false), errors);
})();
