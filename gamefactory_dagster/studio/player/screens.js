/* Screens: the menus. One is shown at a time, or none while a level is played. */
const Screens = (() => {
  const { el, icon, button, stars } = Dom;
  const CAUSES = {}; // put in with a game's sources: how its family explains a lost level
  const explain = (cause) => CAUSES[cause] || "Try once more.";
  let game = null;
  let act = null; // what the buttons do; main.js knows
  let root = null;
  let name = "";

  const show = (screen, ...content) => {
    name = screen;
    document.body.dataset.screen = screen;
    root.replaceChildren(...content);
    root.hidden = !content.length;
    const first = root.querySelector("[data-first]") || root.querySelector("button");
    if (first) first.focus({ preventScroll: true });
    else if (document.activeElement) document.activeElement.blur();
  };

  const main = (label, press) => {
    const node = button("big", label, press);
    node.dataset.first = "";
    return node;
  };
  const panel = (label, ...children) => el("section.panel", { role: "dialog", "aria-label": label }, ...children);
  const heading = (text) => el("h2", {}, text);
  const rows = (...children) => el("div.rows", {}, ...children);

  const title = () => {
    const cover = el(game.art ? "section.cover.painted" : "section.cover", {});
    // The splash is broad; a screen held upright shows all of it, for its lettering, and the far background around it.
    const layers = game.art ? { backdrop: "bg_far.png", splash: "splash.png" } : {};
    for (const [kind, path] of Object.entries(layers)) cover.append(el("img." + kind, { src: Files.url(path), alt: "" }));
    cover.append(
      el("div.words", {}, el("h1", {}, game.name), el("p", {}, game.tagline)),
      rows(main("Play", act.play), button("plain", "Levels", act.levels), button("plain", "Settings", act.settings)),
    );
    show("title", cover);
  };

  const cell = (number) => {
    const locked = act.locked(number);
    const earned = Save.data.stars[number] || 0;
    const label = "Level " + number + (locked ? ", locked" : ", " + earned + " of 3 stars");
    const mark = locked ? icon("lock") : stars(earned);
    const node = button("cell", label, () => act.level(number), el("b", {}, String(number)), mark);
    if (locked) node.classList.add("locked");
    if (number === act.next()) node.dataset.first = "";
    return node;
  };

  const levels = () => {
    const cells = game.levels.map((level) => cell(level.number));
    show("levels", panel("Levels", heading("Levels"), el("div.grid", {}, ...cells), button("plain", "Back", title)));
  };

  const settings = (back) => {
    const toggle = (label, key) => {
      const press = () => {
        Save.toggle(key);
        Sound.music();
        settings(back);
        root.querySelector('[aria-label="' + label + '"]').focus();
      };
      const node = button("plain.toggle", label, press, label, el("i", {}));
      node.setAttribute("aria-pressed", String(Save.data[key]));
      return node;
    };
    const help = el("ul.help", {}, ...game.help.map((line) => el("li", {}, line)));
    const done = main("Done", back);
    show("settings", panel("Settings", heading("Settings"), rows(toggle("Sound", "sound"), toggle("Music", "music")),
      help, done));
  };

  const pause = () => show("pause", panel("Paused", heading("Paused"), rows(
    main("Resume", act.resume), button("plain", "Restart", act.restart),
    button("plain", "Settings", act.settings), button("plain", "Levels", act.leave),
  )));

  const figures = (summary) => el("p.figures", {}, icon("star"), el("b", {}, String(summary.score)));

  const won = (number, summary) => {
    const last = number >= game.levels.length;
    const next = last ? main("Levels", act.levels) : main("Next level", () => act.level(number + 1));
    const again = button("plain", "Play again", () => act.level(number));
    const choose = last ? [] : [button("plain", "Levels", act.levels)];
    show("win", panel("Level won", heading("Level " + number + " done!"), stars(summary.stars), figures(summary),
      rows(next, again, ...choose)));
  };

  const lost = (number, summary) => show("lose", panel("Level lost", heading("So close!"),
    el("p", {}, explain(summary.cause)), figures(summary),
    rows(main("Try again", () => act.level(number)), button("plain", "Levels", act.levels))));

  const prompt = (number) => show("unlock", panel("Unlock level", icon("lock"), heading("Level " + number + " is locked"),
    el("p", {}, "Watch a short ad to open it for good."),
    rows(main("Watch ad", () => act.watch(number)), button("plain", "Not now", act.levels))));

  const ad = () => {
    const count = el("b.count", { role: "timer", "aria-label": "Seconds left" });
    const close = button("plain", "Close ad", () => Ads.cancel("closed"));
    show("ad", panel("Advertisement", el("small", {}, "Advertisement"), heading("More games from the factory"),
      el("p", {}, "Fresh, small and free. Every level proven winnable."), count, close));
    return (left) => {
      count.textContent = String(left);
    };
  };

  const unlocked = (number) => show("unlocked", panel("Level unlocked", heading("Level " + number + " is open!"),
    rows(main("Play level " + number, () => act.level(number)), button("plain", "Levels", act.levels))));

  const playing = () => show("play");

  const open = (options) => {
    ({ game, act } = options);
    root = document.getElementById("screen");
  };

  return Object.freeze({
    open, title, levels, settings, pause, won, lost, prompt, ad, unlocked, playing, explain, name: () => name,
  });
})();
