/* Say: what happens in a level as sentences for a screen reader; says the newest when there is time for one. */
const Say = (() => {
  const EVERY = 1200; // milliseconds between two sentences
  let waiting = "";
  let spoken = 0;

  const say = (text) => {
    document.getElementById("told").textContent = text;
    spoken = performance.now();
    waiting = "";
  };

  const begin = (level, mode) => say(mode === "level" ? "Level " + level.number : "");

  const step = (text) => {
    if (text) waiting = text;
    if (waiting && performance.now() - spoken > EVERY) say(waiting);
  };

  return Object.freeze({ begin, step, say });
})();
