/* Balloon view: a balloon that grows with every stroke of the pump; Space or any touch pumps. */
const View = (() => {
  const create = ({ atlas, palette }) => {
    let down = 0;

    const draw = (c, { state, w, h }) => {
      c.fillStyle = palette.sky;
      c.fillRect(0, 0, w, h);
      const size = 60 + 20 * state.air;
      c.fillStyle = palette.accent;
      if (atlas) c.drawImage(atlas.image, ...atlas.frames.balloon, w / 2 - size / 2, 400 - size, size, size);
      else c.fillRect(w / 2 - size / 2, 400 - size, size, size);
    };

    const key = (code, pressed) => {
      if (code === "Space") down = pressed ? 1 : 0;
      return code === "Space";
    };
    const pointer = (type) => {
      if (type !== "move") down = type === "down" ? 1 : 0;
    };
    const release = () => {
      down = 0;
    };
    const gestures = (before, input) => (before === input ? [] : [{ type: input ? "keydown" : "keyup", key: " " }]);
    const quiet = { happened: () => [], lesson: () => null, told: () => "" };
    return { ...quiet, draw, key, pointer, release, gestures, input: () => down };
  };

  return Object.freeze({ create, portrait: [200, 560, 0.4], labels: {}, skinned: [] });
})();
