/* Say: what happens, as sentences for a screen reader: those of a second joined, of two alike but for their numbers the
 * newer, at most four. Counts frames, not milliseconds, so that driven play speaks alike. A screen that opens is told
 * by what stands on it.
 */
const Say = (() => {
  const EVERY = 60; // frames between two announcements
  const MOST = 4;
  const LONGEST = 240;
  let waiting = [];
  let since = EVERY; // frames since something was said
  let before = "boot";

  // The same words twice are an announcement only if the text changes.
  const say = (text) => {
    const node = document.getElementById("told");
    const told = text.slice(0, LONGEST);
    node.textContent = node.textContent === told ? told + "\u00a0" : told;
    waiting = [];
    since = 0;
  };

  const alike = (sentence) => sentence.replace(/\d+/g, "#");

  const add = (text) => {
    for (const part of text.match(/[^.!?]+[.!?]*/g) || []) {
      const sentence = part.trim();
      waiting = waiting.filter((other) => alike(other) !== alike(sentence)).slice(1 - MOST);
      waiting.push(sentence);
    }
  };

  const flush = () => {
    if (waiting.length) say(waiting.join(" "));
  };

  // Once a step.
  const step = (...sentences) => {
    since += 1;
    sentences.filter(Boolean).forEach(add);
    if (since >= EVERY) flush();
  };

  const begin = (level, mode) => {
    waiting = [];
    say({ level: "Level " + level.number + ".", daily: "Daily level.", endless: "Endless run." }[mode] || "Go!");
    before = "play"; // and no screen is told of
    since = EVERY / 2; // the first thing that happens is told soon
  };

  const screen = () => {
    const name = document.body.dataset.screen;
    if (name === before) return;
    const resumed = name === "play" && before === "pause";
    before = name;
    if (resumed) say("Playing on.");
    if (name === "play") return;
    const told = [...document.querySelectorAll("#screen h1, #screen h2, #screen p")]
      .map((node) => (node.getAttribute("aria-label") || node.textContent).trim()).filter(Boolean)
      .map((text) => (/[.!?]$/.test(text) ? text : text + "."));
    if (told.length) say([...waiting, ...told].join(" "));
  };

  const open = () => {
    new MutationObserver(screen).observe(document.body, { attributes: true, attributeFilter: ["data-screen"] });
  };

  return Object.freeze({ open, begin, step });
})();
