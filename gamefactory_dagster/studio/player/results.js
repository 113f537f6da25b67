/* Results: what is shown when a level has ended: what was won, or how near it was and how it may go on. */
const Results = (() => {
  const { el, icon, button, stars, many, money } = Dom;
  const BEFORE = 350; // milliseconds until the first star is counted in
  const EACH = 380; // and between two
  const PITCHES = ["star", "star+4", "star+7"];

  const title = ({ number }, mode, what) =>
    ({ level: "Level " + number + " " + what, daily: "Level of the day " + what, endless: "What a run!" })[mode];

  // The score counts up beside its star.
  const figures = (score) => {
    const number = el("b", { "aria-hidden": "true" }, many(score));
    setTimeout(() => Dom.count(number, 0, score, 900), BEFORE);
    return el("p.figures", { role: "img", "aria-label": many(score) + " points" }, icon("star"), number);
  };

  // What stays of a mode of its own: the days in a row, the best run.
  const standing = (mode) => {
    if (mode === "endless") return [el("p.small", {}, "Your best: " + many(Save.data.endless))];
    const days = mode === "daily" ? Progress.streak() : 0;
    return days ? [el("p.streak", {}, days + (days === 1 ? " day" : " days") + " in a row")] : [];
  };

  const record = (is) => (is ? [el("p.record", {}, "New best!")] : []);

  // Stars come in one by one, each with its note.
  const awarded = (count) => {
    const row = stars(count);
    row.setAttribute("role", "img");
    row.removeAttribute("aria-hidden");
    row.setAttribute("aria-label", count + " of 3 stars");
    for (let i = 0; i < count; i += 1) {
      row.children[i].style.animationDelay = BEFORE + i * EACH + "ms";
      setTimeout(() => row.isConnected && Sound.play(PITCHES[i]), BEFORE + i * EACH);
    }
    return row;
  };

  // What the level paid flies into the wallet, which counts it in.
  const paid = ({ earned, before }, currency, delay) => {
    const wallet = money("wallet", before + earned, currency);
    if (!earned) return [wallet, []];
    const gain = el("p.gain", {}, "+", money("prize", earned, currency));
    const total = wallet.querySelector("b");
    total.textContent = many(before);
    setTimeout(() => {
      if (!gain.isConnected) return;
      Dom.fly("gem", gain, wallet, Math.min(8, 2 + Math.floor(earned / 10)), () => {
        Sound.play("count");
        Dom.count(total, before, before + earned, 500);
      });
    }, delay);
    return [wallet, [gain]];
  };

  const won = (act, level, mode, summary, found) => {
    const row = mode === "endless" ? [] : [awarded(summary.stars)];
    const [wallet, gain] = paid(found, Screens.currency(), BEFORE + summary.stars * EACH + 250);
    const ahead = mode === "level" && act.after(level.number);
    const next = ahead ? Screens.main("Next level", () => act.level(ahead)) : Screens.main("Levels", act.levels);
    const others = ahead ? [button("plain", "Levels", act.levels)] : [];
    Screens.show("win", act.levels, Screens.panel(title(level, mode, "won"), wallet,
      Screens.heading(title(level, mode, "done!")), ...row, figures(summary.score), ...record(found.record),
      ...standing(mode), ...gain, Screens.rows(next, button("plain", "Play again", act.again), ...others)));
  };

  const near = (progress) => {
    const share = Math.min(99, Math.floor(progress / 10));
    return el("div.near", { role: "img", "aria-label": share + " % of the way" },
      el("span.track", {}, el("i", { style: "width: " + share + "%" })), el("b", {}, share + " % of the way"));
  };

  // The button that plays again has the focus even where an ad is offered: who still hits a key should not start one.
  const lost = (act, level, mode, summary, found, offer) => {
    const heading = summary.progress >= 850 ? "So close!" : summary.progress >= 500 ? "Good try!" : "Not this time";
    const said = mode === "endless" ? "What a run!" : heading;
    const price = el("small", {}, "for a short ad");
    const on = offer ? [button("big", "Go on, for a short ad", offer, icon("ad"), "Go on", price)] : [];
    const [wallet, gain] = found ? paid(found, Screens.currency(), BEFORE) : [Screens.wallet(), []];
    const retry = button(offer ? "plain" : "big", mode === "endless" ? "Run again" : "Try again", act.again);
    retry.dataset.first = "";
    Screens.show("lose", act.levels, Screens.panel(title(level, mode, "lost"), wallet, Screens.heading(said),
      el("p", {}, Screens.explain(summary.cause)), ...(mode === "endless" ? [] : [near(summary.progress)]),
      figures(summary.score), ...record(found && found.record), ...(found ? standing(mode) : []), ...gain,
      Screens.rows(...on, retry, button("plain", "Levels", act.levels))));
  };

  return Object.freeze({ won, lost });
})();
