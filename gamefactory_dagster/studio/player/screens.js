/* Screens: the menus. One is shown at a time, or none while a level is played. The map of levels, the results and the
 * skins are files of their own.
 */
const Screens = (() => {
  const { el, icon, button, money } = Dom;
  const CAUSES = {}; // put in with a game's sources: how its family explains a lost level
  const explain = (cause) => CAUSES[cause] || "Try once more.";
  let game = null;
  let act = null; // what the buttons do; main.js knows
  let root = null;
  let name = "";
  let leave = null; // what Escape does here

  const show = (screen, back, ...content) => {
    name = screen;
    leave = back;
    document.body.dataset.screen = screen;
    root.replaceChildren(...content);
    root.hidden = !content.length;
    root.scrollTop = 0;
    const first = root.querySelector("[data-first]") || root.querySelector("button");
    if (first) first.focus({ preventScroll: true });
    else if (document.activeElement) document.activeElement.blur();
  };

  const back = () => {
    if (leave) leave();
  };

  // Arrow keys go through the buttons as Tab does, and round.
  const move = (by) => {
    const buttons = [...root.querySelectorAll("button:not(:disabled)")];
    const place = buttons.indexOf(document.activeElement) + by;
    if (buttons.length) buttons[(place + buttons.length) % buttons.length].focus();
  };

  // ---- the pieces screens are made of

  const main = (label, press, ...children) => {
    const node = button("big", label, press, ...children);
    node.dataset.first = "";
    return node;
  };
  const plain = (label, sign, press) => button("plain", label, press, icon(sign), el("span", {}, label));
  const panel = (label, ...children) => el("section.panel", { role: "dialog", "aria-label": label }, ...children);
  const heading = (text) => el("h2", {}, text);
  const rows = (...children) => el("div.rows", {}, ...children);
  const currency = () => game.economy.currency.replace(/_/g, " ");
  const wallet = () => money("wallet", Save.data.wallet, currency());

  // The game's own landscape: what every menu lies on.
  const scene = () => {
    const layers = game.art ? ["bg_far.png", "bg_mid.png", "bg_near.png"] : [];
    const pictures = layers.map((path) => el("img", { src: Files.url(path), alt: "" }));
    return el("div.scene", { "aria-hidden": "true" }, ...pictures);
  };

  // The bar over a whole screen: back, what it is, what one has.
  const bar = (text) =>
    el("header.head", {}, button("round.back", "Back", back, icon("back")), heading(text), wallet());

  // ---- screens

  const title = () => {
    const cover = el(game.art ? "section.cover.painted" : "section.cover", {});
    // The splash is broad; a screen held upright shows the landscape, and what the splash would in a picture for it.
    const layers = game.art ? { splash: "splash.png", crest: "crest.png" } : {};
    if (game.art) cover.append(scene());
    for (const [kind, path] of Object.entries(layers)) cover.append(el("img." + kind, { src: Files.url(path), alt: "" }));
    const { daily, endless, skins } = act.has();
    const more = [
      plain("Levels", "map", act.levels),
      daily && plain("Daily", "day", act.daily),
      endless && plain("Endless", "far", act.endless),
      skins && plain("Skins", "shirt", act.skins),
      plain("Settings", "gear", act.settings),
    ].filter(Boolean);
    if (daily && !Save.data.daily[Progress.today().date]) more[1].classList.add("fresh");
    cover.append(
      el("div.words", {}, el("h1", {}, game.name), el("p", {}, game.tagline)),
      el("div.choice", {}, main("Play", act.play), el("div.more", {}, ...more)),
    );
    if (Save.data.wallet) cover.append(wallet());
    show("title", null, cover);
  };

  const link = (label, href) => el("a", { href, target: "_blank", rel: "noopener" }, label);

  const settings = (done) => {
    const toggle = (label, key) => {
      const press = () => {
        Save.toggle(key);
        Sound.music();
        settings(done);
        root.querySelector('[aria-label="' + label + '"]').focus();
      };
      const node = button("plain.toggle", label, press, label, el("i", {}));
      node.setAttribute("aria-pressed", String(Save.data[key]));
      return node;
    };
    const help = el("ul.help", {}, ...game.help.map((line) => el("li", {}, line)));
    const credits = el("p.credits", {}, game.name + " " + game.version + ". Rules, pictures, music and sounds: "
      + "GameFactory. Every level was won before you saw it.",
      ...game.credits.flatMap((credit) => [" " + credit.words + " (", link("source", credit.source), ", ",
        link("licence", credit.licence), ")."]));
    show("settings", done, scene(), panel("Settings", heading("Settings"),
      rows(toggle("Effects", "sound"), toggle("Music", "music")), help, credits, main("Done", done)));
  };

  const pause = () => show("pause", act.resume, panel("Paused", heading("Paused"), rows(
    main("Resume", act.resume), button("plain", "Restart", act.again),
    button("plain", "Settings", act.settings), button("plain", "Levels", act.levels),
  )));

  const prompt = (number) => {
    const price = Progress.price();
    const has = Save.data.wallet;
    const of = Dom.many(price) + " " + currency();
    const pay = button("plain.pay", "Open for " + of, () => act.buy(number),
      el("span", {}, "Open for"), money("price", price, currency()));
    pay.disabled = has < price;
    const wanting = el("p.small", {}, "Or for " + of + ": you have " + Dom.many(has) + ".");
    const watch = main("Watch ad", () => act.watch(number), icon("ad"), "Watch ad");
    show("unlock", act.levels, scene(), panel("Unlock level", wallet(), icon("lock"),
      heading("Level " + number + " is locked"), el("p", {}, "Watch a short ad to open it for good."),
      ...(has < price ? [wanting] : []), rows(watch, pay, button("plain", "Not now", act.levels))));
  };

  // Gives what shows the seconds left.
  const ad = () => {
    const count = el("b.count", { role: "timer", "aria-label": "Seconds left" });
    const close = () => Ads.cancel("closed");
    show("ad", close, scene(), panel("Advertisement", el("small", {}, "Advertisement"),
      heading("More games from the factory"), el("p", {}, "Fresh, small and free. Every level proven winnable."),
      count, button("plain", "Close ad", close)));
    return (left) => {
      count.textContent = String(left);
    };
  };

  const unlocked = (number) => show("unlocked", act.levels, scene(), panel("Level unlocked", wallet(),
    heading("Level " + number + " is open!"),
    rows(main("Play level " + number, () => act.level(number)), button("plain", "Levels", act.levels))));

  // Hours and minutes until the next day's level.
  const until = (milliseconds) => {
    const minutes = Math.ceil(milliseconds / 60000);
    return Math.floor(minutes / 60) + " h " + (minutes % 60) + " min";
  };

  const daily = () => {
    const { date, left } = Progress.today();
    const days = Progress.streak();
    const best = Save.data.daily[date];
    const prize = money("prize", Progress.reward(days), currency());
    const told = best
      ? el("p", {}, "Won today with " + Dom.many(best) + ". Beat it, or come back for the next.")
      : el("p", {}, "The same for everybody, today only. The first win pays ", prize);
    const row = days ? days + (days === 1 ? " day" : " days") + " in a row" : "Start a streak today";
    show("daily", title, scene(), panel("Daily level", wallet(), icon("day"), heading("Level of the day"), told,
      el("p.streak", {}, row), el("p.small", {}, "Next one in " + until(left)),
      rows(main(best ? "Play again" : "Play today's level", act.today), button("plain", "Back", title))));
  };

  const playing = () => show("play", null);

  const open = (options) => {
    ({ game, act } = options);
    root = document.getElementById("screen");
  };

  return Object.freeze({
    open, show, back, move, main, panel, heading, rows, currency, wallet, scene, bar, title, settings, pause, prompt, ad,
    unlocked, daily, playing, explain, name: () => name,
  });
})();
