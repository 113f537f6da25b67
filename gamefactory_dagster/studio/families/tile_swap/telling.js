// Tile swap, telling: what happened in a step, as sentences for who listens and as events for who feels. Browser only.
// Here: words and events. Not here: what the shell makes of them (feel.js, say.js). Needs Specials, Rules, Tiles.
const Telling = (() => {
  "use strict";

  const { COLOUR } = Specials;
  const KINDS = ["", "red", "yellow", "green", "blue", "purple", "orange"];
  const NUMBERS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];
  const PRAISE = ["", "", "Good!", "Great!", "Superb!", "Unbelievable!"]; // by the waves of a cascade
  const MADE = ["", "Line tile!", "Line tile!", "Bomb tile!", "Colour tile!"];
  const FIRST = ["", "Row tile: match it!", "Column tile: match it!", "Bomb tile: match it!", "Colour tile: swap it!"];
  const MIXED = { 5: "Cross blast!", 6: "Triple blast!", 7: "Mega blast!", 8: "Storm!", 9: "Whole board!" };
  const NAMES = ["", "row tile", "column tile", "bomb tile"];

  const number = (n) => NUMBERS[n] || String(n);
  const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
  const began = (state, previous, phase) => state.phase === phase && previous.phase !== phase;

  /** Has a clearing just begun? What is made and what goes off belongs to it. */
  const clears = (state, previous) => state.phase === Rules.CLEAR &&
    (state.clearing !== previous.clearing || state.made !== previous.made) && (state.clearing.length > 0 || state.made.length > 0);

  // ---- for who listens --------------------------------------------------------------------------------------

  /** What lies in a cell. */
  function describe(cell) {
    const kind = Rules.kindOf(cell);
    if (kind === Rules.HOLE) return "Hole";
    if (kind === Rules.STONE) return "Stone";
    if (kind === Rules.ITEM) return "Item";
    if (cell & Rules.HIDDEN) return "Face-down tile";
    if (kind === Rules.PRISM) return "Colour tile";
    const name = [KINDS[kind], NAMES[Rules.special(cell)]].join(" ").trim(), turns = Rules.extra(cell);
    const more = (cell & Rules.TIME ? " with a clock" : "") + (turns ? ` with a fuse of ${turns}` : "");
    return name[0].toUpperCase() + name.slice(1) + more;
  }

  /** "Three blue cleared, 4 left." */
  function counted(state, previous) {
    const counts = {};
    const changed = state.made.filter((made) => made.length > 2).map((made) => made[2]); // of the same kind as the place
    for (const cell of [...state.clearing, ...changed]) {
      const kind = Rules.kindOf(state.board[cell]);
      if (KINDS[kind]) counts[kind] = (counts[kind] || 0) + 1;
    }
    const parts = Object.entries(counts).map(([kind, count]) => {
      const goal = state.level.goals.findIndex((one) => one.type === "collect" && one.kind === Number(kind));
      const left = goal < 0 || previous.need[goal] === 0 ? "" : state.need[goal] ? `, ${state.need[goal]} left` : ", all done";
      return `${number(count)} ${KINDS[kind]} cleared${left}.`;
    });
    const score = state.level.goals.findIndex((goal) => goal.type === "score");
    if (score >= 0 && state.need[score]) parts.push(`${plural(state.need[score], "point")} to go.`);
    return parts;
  }

  /** What a step did, in short sentences; "" when nothing happened that matters. */
  function told(state, previous) {
    const said = [];
    if (began(state, previous, Rules.BOUNCE)) said.push("No match there.");
    if (began(state, previous, Rules.SWAP)) said.push("Swapped.");
    if (began(state, previous, Rules.SHUFFLE)) said.push("No swap was left: all shuffled.");
    if (state.hearts < previous.hearts) said.push(`A fuse burnt out, ${plural(state.hearts, "heart")} left.`);
    if (clears(state, previous)) {
      said.push(...counted(state, previous));
      if (!state.last) state.made.forEach(([, what]) => said.push(`Made: ${MADE[what].toLowerCase().replace("!", ".")}`));
      if (state.blasts.length) said.push(state.blasts.length > 1 ? `${number(state.blasts.length)} specials went off.` : "A special went off.");
    }
    state.paths.forEach((at, i) => {
      if (at !== previous.paths[i]) said.push(at === state.level.paths[i].length - 1 ? "The item is home." : "The item moved on.");
    });
    const rested = state.phase === Rules.READY && previous.phase !== Rules.READY && previous.phase !== Rules.BOUNCE;
    if (rested && !state.outcome) said.push(`${plural(state.moves, "move")} left.`);
    return said.join(" ");
  }

  // ---- for who feels ----------------------------------------------------------------------------------------

  /** Each cleared tile bursts in its colour; what a goal still asks for flies to its counter. */
  function cleared(state, previous, board) {
    const left = previous.need.slice();
    return state.clearing.map((cell) => {
      const kind = Rules.face(state.board[cell]), one = { what: "clear", ...board.middle(cell), tint: Tiles.COLOURS[kind - 1] || "#c3cad4" };
      if (!kind) return { ...one, what: Rules.kindOf(state.board[cell]) === Rules.PRISM ? "clear" : "break" };
      const goal = state.level.goals.findIndex((asked, i) => asked.type === "collect" && asked.kind === kind && left[i] > 0);
      if (goal < 0) return one;
      left[goal]--;
      return { ...one, to: `goal:${goal}`, picture: `tile_${kind - 1}` };
    });
  }

  /** A special tile is named where a hand made it, and explained where it is new. */
  function named(state, what, explained) {
    if (state.last || state.chain > 1) return "";
    const fresh = state.level.teaches.includes("special") && !explained.has(what);
    explained.add(what);
    return fresh ? FIRST[what] : MADE[what];
  }

  /** Specials that go off, those that are made, and the word of a cascade, with the points it brought. */
  function praised(state, previous, board, explained) {
    const felt = state.blasts.map(([cell, what], i) => ({
      what: "blast", ...board.middle(cell), tint: "#fff1b8", many: what > COLOUR ? 2.5 : i ? 0.6 : 1, words: MIXED[what] || "",
    }));
    for (const [cell, what] of state.made) {
      felt.push({ what: "make", ...board.middle(cell), tint: "#ffffff", words: named(state, what, explained) });
    }
    const cells = state.clearing, middle = cells[cells.length >> 1] ?? (state.made[0] || [0])[0], gained = state.score - previous.score;
    const praise = state.last ? "" : PRAISE[Math.min(5, state.chain)];
    if (gained > 0) felt.push({ what: "combo", ...board.middle(middle), many: state.chain, words: praise ? `${praise} +${gained}` : `+${gained}` });
    return felt;
  }

  /** Goals that have just been met, the last of them with more to follow. */
  function met(state, previous, panel) {
    const felt = [];
    state.need.forEach((left, i) => {
      if (left || !previous.need[i]) return;
      const [x, y] = panel.goals[i];
      felt.push({ what: "goal", x, y, tint: "#8ff0a4" });
    });
    const done = (s) => s.need.every((left) => left === 0);
    if (done(state) && !done(previous)) felt.push({ what: "last", ...panel.middle });
    return felt;
  }

  /** What else there is to feel: fuses, stones that come, items that arrive, seconds won, the end. */
  function besides(state, previous, board) {
    const felt = [], burnt = previous.hearts - state.hearts;
    if (burnt > 0) felt.push({ what: "hit", ...board.middle(state.clearing[state.clearing.length >> 1] ?? 0), tint: "#ff6b4a", many: burnt });
    if (state.phase === Rules.READY && state.board !== previous.board) {
      state.board.forEach((cell, i) => {
        if (Rules.kindOf(cell) === Rules.STONE && Rules.kindOf(previous.board[i]) !== Rules.STONE) felt.push({ what: "spawn", ...board.middle(i), tint: "#c3cad4" });
      });
    }
    state.paths.forEach((at, i) => {
      const path = state.level.paths[i], goal = state.level.goals.findIndex((one) => one.type === "item");
      if (at === previous.paths[i] || at < path.length - 1) return;
      felt.push({ what: "gather", ...board.middle(path[at]), to: `goal:${goal}`, picture: "item", words: "Home!" });
    });
    if (state.clock > previous.clock) felt.push({ what: "bonus", ...board.centre, words: `+${((state.clock - previous.clock + 1) / 60) | 0} s` });
    if (began(state, previous, Rules.SHUFFLE)) felt.push({ what: "shuffle", ...board.centre, words: "New mix!" });
    if (state.outcome) felt.push({ what: state.outcome === 1 ? "win" : "lose", ...board.centre });
    return felt;
  }

  /** Everything a player should feel of a step, in pixels of the picture; `explained` are the specials met so far. */
  function happened(state, previous, board, panel, explained) {
    const cleaning = clears(state, previous) ? [...cleared(state, previous, board), ...praised(state, previous, board, explained)] : [];
    return [...cleaning, ...met(state, previous, panel), ...besides(state, previous, board)];
  }

  return Object.freeze({ describe, told, happened });
})();
