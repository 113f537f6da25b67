/* Hud: what counts in a level, over the picture: each number with a sign and a word; and the pause button. */
const Hud = (() => {
  const { el, icon, button } = Dom;
  const LOW = 5; // seconds left from which the time is urgent
  const grown = (size) => [{ transform: "scale(1)" }, { transform: `scale(${size})`, offset: 0.3 }, { transform: "scale(1)" }];
  const BUMP = grown(1.05); // as much as there is room between two counters
  const LEAP = grown(1.35); // of the number in it
  const LOST = [
    { transform: "scale(1)", opacity: 1 }, { transform: "scale(2) rotate(-14deg)", opacity: 1, offset: 0.35 },
    { transform: "scale(1)", opacity: 1 },
  ];
  let parts = null;
  let shown = {};
  let coming = {}; // how much is on its way to a counter, which is bumped when that arrives
  let pressing = [];
  let way = ""; // what the bar is the way to
  let best = 0; // or the score that it is to in an endless run

  const counter = (name, sign, label) => {
    const number = el("b", {});
    const word = el("small", {}, label);
    const box = el("span.chip." + name, {}, ...(sign ? [icon(sign)] : []), el("span.two", {}, number, word));
    return { box, number, word };
  };

  const open = (game, pause) => {
    const words = { pickups: game.economy.currency, score: "Points", progress: "Progress", hearts: "Hearts", time: "Time" };
    const labels = { ...words, ...View.labels };
    parts = {
      level: counter("level", null, "Level"),
      hearts: counter("hearts", null, labels.hearts),
      time: counter("time", "clock", labels.time),
      pickups: counter("pickups", "gem", labels.pickups),
      score: counter("score", "star", labels.score),
      progress: { box: el("span.way", { role: "progressbar", "aria-label": labels.progress, "aria-valuemin": 0,
        "aria-valuemax": 100 }), bar: el("i", {}), word: el("small", {}) },
    };
    parts.hearts.box.setAttribute("role", "img");
    way = labels.progress;
    parts.progress.box.append(parts.progress.word, el("span.bar", {}, parts.progress.bar));
    document.getElementById("hud").append(
      button("round", "Pause", pause, icon("pause")), parts.level.box, parts.hearts.box, parts.time.box,
      parts.progress.box, parts.pickups.box, parts.score.box,
    );
  };

  const play = (node, frames, duration) => {
    if (!Dom.still() && node.animate) node.animate(frames, { duration, easing: "ease-out" });
  };

  const bump = (name) => {
    if (!parts[name]) return;
    play(parts[name].box, BUMP, 260);
    if (parts[name].number) play(parts[name].number, LEAP, 260);
  };

  const expect = (name) => {
    coming[name] = (coming[name] || 0) + 1;
  };

  const arrived = (name) => {
    if (coming[name]) coming[name] -= 1;
    bump(name);
  };

  // Where a counter is on the screen, or null where it is not shown.
  const place = (name) => {
    const part = parts && (parts[name] || (name.startsWith("goal:") && parts.progress));
    const box = part && !part.box.hidden ? part.box.getBoundingClientRect() : null;
    return box && box.width ? { x: box.left + Math.min(22, box.width / 2), y: box.top + box.height / 2 } : null;
  };

  // Whether a part shows something new; a counter whose number changes is bumped.
  const changed = (name, value) => {
    if (shown[name] === value) return false;
    if (shown[name] !== undefined && !coming[name]) bump(name);
    shown[name] = value;
    return true;
  };

  const number = (name, value) => {
    if (changed(name, value)) parts[name].number.textContent = value;
  };

  const hearts = (count) => {
    const had = shown.hearts;
    if (had === count) return;
    shown.hearts = count;
    const { box, number: row, word } = parts.hearts;
    box.hidden = count < 0;
    if (had === undefined) row.replaceChildren();
    while (row.childElementCount < count) row.append(icon("heart"));
    [...row.children].forEach((heart, i) => {
      heart.classList.toggle("on", i < count);
      if (i >= count && i < had) play(heart, LOST, 620);
    });
    box.setAttribute("aria-label", word.textContent + ": " + count);
  };

  const time = (left) => {
    const { box, number: text } = parts.time;
    if (shown.time === left) return;
    shown.time = left; // goes down by itself: no bump
    box.hidden = left < 0;
    text.textContent = String(left);
    box.classList.toggle("low", left >= 0 && left <= LOW);
  };

  const progress = (value) => {
    if (shown.progress === value) return;
    shown.progress = value;
    parts.progress.bar.style.transform = "scaleX(" + value / 1000 + ")";
    parts.progress.box.setAttribute("aria-valuenow", Math.round(value / 10));
  };

  const heading = (text) => {
    if (shown.way === text) return;
    shown.way = text;
    parts.progress.word.textContent = text;
    parts.progress.box.setAttribute("aria-label", text);
  };

  const towards = (score) => {
    progress(Math.min(1000, Math.floor((1000 * score) / best)));
    if (score > best) heading("New best!");
  };

  // A level that begins shows its numbers without ado.
  const begin = (level, mode) => {
    const { box, number: text, word } = parts.level;
    shown = {};
    coming = {};
    text.textContent = mode === "level" ? String(level.number) : "";
    word.textContent = { level: "Level", daily: "Daily", endless: "Endless" }[mode] || mode;
    box.classList.toggle("bare", mode !== "level");
    best = mode === "endless" ? Save.data.endless : 0;
    heading(best ? "Best " + Dom.many(best) : way);
    // An endless run has no end to be on the way to, only the best one before it.
    parts.progress.box.style.visibility = mode === "endless" && !best ? "hidden" : "";
  };

  const show = (summary) => {
    const { pickups, need, score } = summary;
    hearts(summary.hearts);
    time(summary.time_left);
    number("pickups", need ? pickups + "/" + need : String(pickups));
    parts.pickups.box.classList.toggle("done", need > 0 && pickups >= need);
    number("score", String(score));
    if (best) towards(score);
    else progress(summary.progress);
  };

  // What touching where does, on a screen with room below the picture.
  const pads = (labels) => {
    pressing = labels.map((label) => el("span", {}, el("b", {}, label)));
    document.getElementById("pads").replaceChildren(...pressing);
  };

  // A pad is lit while it is touched: `x` is the share of the screen's width, or null when nothing is.
  const press = (x) => {
    const touched = x === null ? -1 : Math.min(pressing.length - 1, Math.floor(x * pressing.length));
    pressing.forEach((pad, i) => pad.classList.toggle("down", i === touched));
  };

  return Object.freeze({ open, begin, show, expect, arrived, place, pads, press });
})();
