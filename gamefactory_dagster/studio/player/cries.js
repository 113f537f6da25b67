/* Cries: words that rise from where something happens, "+30", "Combo x3!"; and the one large word at the end of a level.
 * All rise alike, so two that did not lie over each other when they came never will. Of numbers that follow each other
 * at one place the sum is shown.
 */
const Cries = (() => {
  const MOST = 6;
  const LIFE = 58; // frames
  const RISE = 0.75; // pixels a frame
  const POP = 9; // frames in which a word grows to its size
  const BROAD = 0.62; // of what is seen: no word is broader, as long as it can be read at LEAST so high
  const LEAST = 26;
  const BESIDE = 60; // from the middle of what is under them to words beside it
  const SUM = 16; // frames within which numbers are summed
  const FONT = "px ui-rounded, Nunito, system-ui, sans-serif";
  const PLACES = [0, -0.6, 0.6, -1.2, 1.2, -1.8, 1.8, -2.4, 2.4, -3, 3, -3.6, 3.6]; // tried in turn, in its own heights
  const NUMBER = /^\+(\d+)$/;
  let still = false;
  let cries = [];
  let banner = null;

  const begin = (quiet) => {
    still = quiet;
    cries = [];
    banner = null;
  };

  // Half of the room it takes; a letter is at most 0.68 of its height wide.
  const half = ({ text, size }) => [text.length * size * 0.34 + 6, size * 0.6];

  const height = ({ y, born }, time) => (still ? y : y - (time - born) * RISE);

  const apart = (one, other) => {
    const [wide, tall] = half(one);
    const [broad, high] = half(other);
    return Math.abs(one.x - other.x) >= wide + broad || Math.abs(one.y - height(other, one.born)) >= tall + high;
  };

  const summed = (cry) => {
    const number = NUMBER.exec(cry.text);
    const near = number && cries.find((other) => NUMBER.test(other.text) && other.tint === cry.tint &&
      cry.born - other.born < SUM && Math.abs(other.x - cry.x) < 130 && Math.abs(other.y - cry.y) < 130);
    if (!near) return cry;
    cries.splice(cries.indexOf(near), 1);
    const sum = Number(number[1]) + Number(NUMBER.exec(near.text)[1]);
    return { ...cry, text: "+" + sum, x: near.x, y: height(near, cry.born) };
  };

  // Where there is no room above what words are of, they are put beside it, where there is more.
  const beside = (x, wide, { left, right, unit }) => {
    const way = x < (left + right) / 2 ? 1 : -1;
    return Math.max(left + wide, Math.min(right - wide, x + way * (wide + BESIDE * unit)));
  };

  // `within` is {left, right, top, bottom, unit}: what is seen of the picture, and how many of its pixels are one large
  // enough to read.
  const add = ({ text, x, y, size, tint }, born, within) => {
    const broad = (BROAD * (within.right - within.left)) / (text.length * 0.68);
    const cry = summed({ text, x, y, size: Math.min(size * within.unit, Math.max(LEAST * within.unit, broad)), tint, born });
    const wide = Math.min(half(cry)[0], (within.right - within.left) / 2);
    cry.x = Math.max(within.left + wide, Math.min(within.right - wide, cry.x));
    const rise = still ? 0 : RISE * LIFE;
    const [low, high] = [within.top + cry.size / 2 + rise, within.bottom - cry.size / 2];
    if (cry.y < low - cry.size) cry.x = beside(cry.x, wide, within);
    const first = Math.max(low, Math.min(high, cry.y));
    const free = PLACES.map((step) => first + step * cry.size).find((y) =>
      y >= low && y <= high && cries.every((other) => apart({ ...cry, y }, other)));
    cry.y = free === undefined ? first : free;
    cries = cries.filter((other) => apart(cry, other)).slice(1 - MOST);
    cries.push(cry);
  };

  const end = (words, born, life) => {
    banner = { ...words, born, life };
  };

  const write = (c, { text, tint, size }, x, y, grow) => {
    c.save();
    c.translate(x, y);
    c.scale(grow, grow);
    c.font = "900 " + Math.round(size) + FONT;
    c.lineWidth = size * 0.24;
    c.strokeText(text, 0, 0);
    c.fillStyle = tint;
    c.fillText(text, 0, 0);
    c.restore();
  };

  // Over its size and back to it.
  const pop = (age) => {
    const part = Math.min(1, Math.max(0, age) / POP);
    return still ? 1 : 1 + 2.7 * (part - 1) ** 3 + 1.7 * (part - 1) ** 2;
  };

  const draw = (c, time) => {
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.lineJoin = "round";
    c.strokeStyle = "rgba(12,16,28,0.85)";
    for (const cry of cries) {
      const age = time - cry.born;
      c.globalAlpha = Math.max(0, Math.min(1, (LIFE - age) / 14));
      write(c, cry, cry.x, height(cry, time), Math.max(0.1, pop(age)));
    }
    if (banner) {
      const age = time - banner.born;
      c.globalAlpha = Math.max(0, Math.min(1, (banner.life - age) / 14)); // gone when the result covers it
      write(c, banner, banner.x, banner.y, Math.max(0.1, pop(age / 2)));
    }
    c.globalAlpha = 1;
  };

  const settle = (time) => {
    cries = cries.filter(({ born }) => time - born < LIFE);
    return cries.length;
  };

  return Object.freeze({ begin, add, end, draw, settle });
})();
