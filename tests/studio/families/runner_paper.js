/* Paper: a document that can only make canvases, and canvases that only write down what is drawn on them and where. */
const document = { createElement: () => Paper.canvas() };
class DOMMatrix {}
const Paper = (() => {
  const image = { of: "atlas" };
  const layers = Object.fromEntries(["far", "mid", "near"].map((name) => [name, { of: name }]));
  let frames = {};
  let drawn = [];

  const multiply = ([a, b, c, d, e, f], [g, h, i, j, k, l]) =>
    [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];

  const nameOf = (source, sx) => (source === image ? Object.keys(frames)[Math.floor(sx / 100)] : source.of);

  const context = (canvas) => {
    let now = [1, 0, 0, 1, 0, 0];
    const kept = [];
    const turn = (by) => { now = multiply(now, by); };
    const put = (name, x, y, w, h) => {
      const [a, , , d, e, f] = now;
      const at = [Math.min(a * x, a * (x + w)) + e, Math.min(d * y, d * (y + h)) + f];
      if (canvas.of === "screen") drawn.push([name, ...at, Math.abs(a * w), Math.abs(d * h), own.globalAlpha]);
      else if (!canvas.of) canvas.of = name; // a canvas is what is drawn on it first
    };
    const own = {
      canvas,
      save: () => kept.push(now),
      restore: () => { now = kept.pop(); },
      translate: (x, y) => turn([1, 0, 0, 1, x, y]),
      scale: (x, y) => turn([x, 0, 0, y, 0, 0]),
      drawImage: (source, ...at) => put(nameOf(source, at[0]), ...at.slice(-4)),
      createPattern: (source) => ({ of: source.of, setTransform: () => {} }),
      createLinearGradient: () => ({ addColorStop: () => {} }),
      createRadialGradient: () => ({ addColorStop: () => {} }),
      fillRect: (x, y, w, h) => put("fill:" + ((own.fillStyle && own.fillStyle.of) || own.fillStyle), x, y, w, h),
      arc: (x, y, r) => put("disc", x - r, y - r, 2 * r, 2 * r),
    };
    return new Proxy(own, { get: (target, name) => (name in target ? target[name] : () => {}) });
  };

  const canvas = () => {
    const one = { of: "" };
    one.getContext = () => context(one);
    return one;
  };

  const screen = context({ of: "screen" });

  const palette = { sky: "#80c0e0", ground: "#508050", ink: "#102030", accent: "#e08040" };
  const view = (level, options) => View.create({
    level, palette, still: false, portrait: false, atlas: { image, frames, backgrounds: layers }, ...options,
  });

  const paint = (one, state, previous, share, frame) => {
    drawn = [];
    one.draw(screen, { state, previous, share, frame, w: 960, h: 540 });
    return drawn;
  };

  const pictures = (level, trace, rate, count, options) => {
    const one = view(level, options);
    const inputs = Core.expand(trace);
    let previous = Rules.start(level, level.seed);
    let state = previous;
    let frame = 0;
    const all = [];
    for (let k = 0; k < count; k += 1) {
      const time = (k * 60) / rate;
      while (frame < Math.floor(time) + 1) {
        previous = state;
        state = Rules.step(state, inputs[frame] || 0);
        frame += 1;
        one.happened(state, previous);
      }
      all.push(paint(one, state, previous, time - (frame - 1), frame));
    }
    return all;
  };

  const story = (level, trace, options) => {
    const one = view(level, options);
    let state = Rules.start(level, level.seed);
    return Core.expand(trace).map((input) => {
      const previous = state;
      state = Rules.step(state, input);
      return {
        t: state.t, happened: one.happened(state, previous), told: one.told(state, previous), lesson: one.lesson(state),
      };
    });
  };

  const moment = (level, changes, options) => {
    const one = view(level, options);
    const previous = Rules.step(Rules.start(level, level.seed), 0);
    const state = { ...Rules.step(previous, 0), ...changes };
    one.happened(state, previous);
    return paint(one, state, previous, 1, state.t);
  };

  return {
    canvas, pictures, story, moment,
    frames: (names) => { frames = Object.fromEntries(names.map((name, i) => [name, [i * 100, 0, 10, 10]])); },
  };
})();
