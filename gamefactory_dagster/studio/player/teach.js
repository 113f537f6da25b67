/* Teach: shows a move at the moment it is needed, by a hand, a finger or a key after what was last used, until it is
 * done. A view says which move, when and where (core.js).
 */
const Teach = (() => {
  let teaches = false;
  let keyboard = false;

  const begin = (level) => {
    teaches = (level.teaches || []).length > 0;
  };

  const used = (type) => {
    keyboard = type === "key";
  };

  const draw = (c, lesson, time) => {
    if (!teaches || !lesson) return;
    const { x, y, keys, words } = lesson;
    const text = keyboard && keys ? keys[0] + ": " + words : words;
    c.font = "900 28px ui-rounded, system-ui, sans-serif";
    c.textAlign = "center";
    c.textBaseline = "middle";
    const wide = c.measureText(text).width + 40;
    c.fillStyle = "#000a";
    c.beginPath();
    c.roundRect(x - wide / 2, y - 24 + Math.sin(time / 8) * 4, wide, 48, 24);
    c.fill();
    c.fillStyle = "#fff";
    c.fillText(text, x, y + Math.sin(time / 8) * 4);
  };

  return Object.freeze({ begin, used, draw });
})();
