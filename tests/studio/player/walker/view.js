/* Walker view: tells the shell whatever the level wants told, and keeps what it was asked to draw. */
const View = (() => {
  const create = ({ level }) => {
    const asked = [];
    let down = 0;
    let where = 0;

    const draw = (c, { state, previous, share, frame }) => {
      where = previous.x + (state.x - previous.x) * share;
      asked.push([where, frame + share]);
      c.fillStyle = "#9fd0ea";
      c.fillRect(0, 0, 960, 540);
      c.fillStyle = "#3c6e47";
      c.fillRect(0, 440, 960, 100);
      c.fillStyle = "#d05030";
      c.fillRect(200 + (where % 400), 380, 40, 60);
    };

    const happened = (state) => {
      const [what, more] = level.happens[state.t] || [];
      return what ? [{ what, x: 400, y: 300, ...more }] : [];
    };
    const told = (state) => {
      const [what, more] = level.happens[state.t] || [];
      return what ? (more && more.told) || `It was a ${what}, number ${state.pickups}.` : "";
    };
    const lesson = (state) => (level.lesson && !state.pressed && state.t > 20 ? level.lesson : null);
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
    return { draw, happened, told, lesson, key, pointer, release, gestures, input: () => down, pads: ["Jump"], asked };
  };

  const labels = { pickups: "Coins", score: "Points", progress: "Way to the flag", hearts: "Hearts", time: "Time" };

  const shown = { create, portrait: [120, 560, 0.36], labels, skinned: ["hero"] };
  return Object.freeze({ ...shown, get tall() { return Boolean(window.fills); } }); // a test says whether
})();
