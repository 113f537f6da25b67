/* Hud: score, hearts, time, target and progress over the picture, and the pause button. */
const Hud = (() => {
  const { el, icon, button } = Dom;
  let parts = null;

  const open = (game, pause) => {
    const value = (name, label) => {
      const text = el("b", {});
      return { box: el("span.chip", { title: label }, icon(name), text), text };
    };
    parts = {
      level: el("span.chip.level", {}),
      hearts: el("span.hearts", {}),
      time: value("clock", "Time"),
      pickups: value("gem", game.economy.currency),
      score: el("b", {}),
      bar: el("i", {}),
    };
    document.getElementById("hud").append(
      button("round", "Pause", pause, icon("pause")),
      parts.level, parts.hearts, parts.time.box,
      el("span.bar", { role: "img", "aria-label": "Progress" }, parts.bar),
      parts.pickups.box, el("span.chip", { title: "Score" }, icon("star"), parts.score),
    );
  };

  const text = (node, value) => {
    if (node.textContent !== value) node.textContent = value;
  };

  const hearts = (count) => {
    if (parts.hearts.childElementCount !== 3) parts.hearts.replaceChildren(icon("heart"), icon("heart"), icon("heart"));
    [...parts.hearts.children].forEach((heart, i) => heart.classList.toggle("on", i < count));
    parts.hearts.title = count + " hearts";
  };

  const show = (summary, level) => {
    text(parts.level, String(level.number));
    parts.hearts.hidden = summary.hearts < 0;
    if (summary.hearts >= 0) hearts(summary.hearts);
    parts.time.box.hidden = summary.time_left < 0;
    text(parts.time.text, String(summary.time_left));
    parts.time.box.classList.toggle("low", summary.time_left >= 0 && summary.time_left <= 5);
    text(parts.pickups.text, summary.need ? summary.pickups + "/" + summary.need : String(summary.pickups));
    parts.pickups.box.classList.toggle("spare", summary.need === 0); // where room is short, only what counts stays
    parts.pickups.box.classList.toggle("done", summary.need > 0 && summary.pickups >= summary.need);
    text(parts.score, String(summary.score));
    parts.bar.style.transform = "scaleX(" + summary.progress / 1000 + ")";
  };

  // What touching where does, on a screen with room below the picture.
  const pads = (labels) => {
    document.getElementById("pads").replaceChildren(...labels.map((label) => el("span", {}, label)));
  };

  return Object.freeze({ open, show, pads });
})();
