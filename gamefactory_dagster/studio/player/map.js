/* Map: the levels as a path through the game's landscape, what each was won with, and what the next one costs. */
const LevelMap = (() => {
  const { el, icon, button, stars, money, many } = Dom;
  const SWING = [0, 1, 0, -1]; // from side to side of the way
  const NOTED = 3000; // milliseconds
  let noted = 0;

  // Where level i of n stands, in hundredths along the way and across it.
  const along = (i, n) => 7 + (86 * i) / Math.max(1, n - 1);
  const across = (i, wide) => 50 + SWING[i % 4] * (wide ? -20 : 30);

  // Screens held upright have the way from the bottom to the top, others from left to right.
  const line = (n, reached, wide) => {
    const point = (i) => (wide ? [along(i, n), across(i, true)] : [across(i, false), 100 - along(i, n)]);
    let path = "M" + point(0).join(" ");
    for (let i = 1; i < reached; i += 1) {
      const [a, b] = [point(i - 1), point(i)];
      const middle = wide ? (a[0] + b[0]) / 2 : (a[1] + b[1]) / 2;
      const bend = wide ? [middle, a[1], middle, b[1]] : [a[0], middle, b[0], middle];
      path += "C" + [...bend, ...b].join(" ");
    }
    return path;
  };

  const road = (n, reached) => {
    const box = el("div.road", { "aria-hidden": "true" });
    const lines = (wide) => ["under", "over"].map((kind) =>
      '<path class="' + kind + '" d="' + line(n, kind === "under" ? n : reached, wide) + '"/>').join("");
    const drawn = (kind) => '<svg class="' + kind + '" viewBox="0 0 100 100" preserveAspectRatio="none">'
      + lines(kind === "wide") + "</svg>";
    box.innerHTML = drawn("tall") + drawn("wide");
    return box;
  };

  // What a level is to the player now: [its name for who cannot see it, what is in it, what is under it].
  const standing = (number, free, currency) => {
    const earned = Save.data.stars[number] || 0;
    const best = Save.data.best[number];
    if (Progress.isOpen(number)) {
      const said = ", " + earned + " of 3 stars" + (best ? ", best " + many(best) : "");
      return [said, stars(earned), best ? el("span.tag", {}, many(best)) : ""];
    }
    if (number === Progress.offered()) {
      return [", locked, opens for an ad or " + many(Progress.price()) + " " + currency, icon("lock"),
        el("span.tag.offer", {}, icon("ad"), money("price", Progress.price(), currency))];
    }
    const first = number <= free ? ", locked, win level " : ", locked, first comes level ";
    return [first + (number - 1), icon("lock"), ""];
  };

  const cell = (game, act, number) => {
    const [said, inside, under] = standing(number, game.free_levels, Screens.currency());
    const press = () => act.level(number);
    const node = button("cell", "Level " + number + said, press, el("b", {}, String(number)), inside, under);
    const i = number - 1;
    const n = game.levels.length;
    const place = { "--along": along(i, n), "--wide": across(i, true), "--tall": across(i, false) };
    for (const [name, share] of Object.entries(place)) node.style.setProperty(name, share + "%");
    if (!Progress.isOpen(number)) {
      node.classList.add("locked");
      if (number !== Progress.offered()) node.setAttribute("aria-disabled", "true");
    }
    if (number === Progress.next()) {
      node.dataset.first = "";
      node.classList.add("next");
    }
    return el("li", {}, node);
  };

  const show = (game, act) => {
    Save.sync();
    const open = game.levels.filter(({ number }) => Progress.isOpen(number)).length;
    const cells = game.levels.map(({ number }) => cell(game, act, number));
    const way = el("div.trail", {}, road(cells.length, open), el("ol", {}, ...cells));
    Screens.show("levels", act.title, Screens.scene(),
      el("section.map", { "aria-label": "Levels" }, Screens.bar("Levels"), way, el("p.note", { role: "status" })));
  };

  // A level whose turn has not come says which one comes first, and stays where it is.
  const refuse = (number) => {
    const node = document.querySelectorAll(".cell")[number - 1];
    const note = document.querySelector(".map .note");
    const first = Progress.offered() ? "Level " + Progress.offered() : "The level before";
    note.textContent = "Level " + number + " is locked. " + first + " comes first.";
    clearTimeout(noted);
    noted = setTimeout(() => note.replaceChildren(), NOTED);
    if (Dom.still()) return;
    node.animate([{ translate: "-5px" }, { translate: "5px" }, { translate: "0" }], { duration: 90, iterations: 3 });
  };

  return Object.freeze({ show, refuse });
})();
