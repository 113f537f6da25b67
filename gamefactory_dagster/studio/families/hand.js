/* Hand: a trace as a person's hand would play it. V8 only; needs Core. */
const Hand = (() => {
  // Every start and end of an input off by up to `jitter` frames.
  // An input of one frame is a tap: it moves, but stays one frame long. No input is lost altogether.
  const noisy = (trace, jitter, rng) => {
    const edges = [];
    let at = 0;
    let tap = false;
    for (const [input, frames] of trace) {
      rng.s = Core.Rng.next(rng.s);
      const shift = Core.Rng.below(rng.s, 2 * jitter + 1) - jitter;
      const last = edges[edges.length - 1];
      const before = last ? last.at + (last.input ? 1 : 0) : 0;
      edges.push({ input, at: tap ? before : Math.max(before, at ? at + shift : 0) });
      at += frames;
      tap = input > 0 && frames === 1;
    }
    const inputs = [];
    edges.forEach((edge, i) => {
      const end = i + 1 < edges.length ? edges[i + 1].at : Math.max(at, edge.at + 1);
      while (inputs.length < end) inputs.push(edge.input);
    });
    return inputs;
  };

  return Object.freeze({ noisy });
})();
