/* Tools: what a lesson is shown with: a hand, a mouse pointer, keys. Drawn by paths, so that no font can lack them.
 * Here: their pictures, about 64 pixels large, the tip at 0, 0. Not here: when and how they move (teach.js).
 */
const Tools = (() => {
  const INK = "#1a2030";
  const WHITE = "#ffffff";
  const KEY = 60; // height of a key
  const WIDE = 168; // width of the space bar
  const NAMES = { Enter: "Enter", Escape: "Esc", Tab: "Tab" };
  const TURNS = { ArrowUp: 0, ArrowRight: 1, ArrowDown: 2, ArrowLeft: 3 };

  // Fingers and palm overlap: outlined together first, then filled, so that they are one hand.
  const FINGERS = [[-8, 0, 16, 50, 8], [8, 27, 14, 26, 7], [21, 30, 14, 24, 7], [34, 34, 12, 22, 6], [-8, 40, 54, 34, 15]];
  const hand = (c, cuff) => {
    const outline = () => {
      c.beginPath();
      FINGERS.forEach((box) => c.roundRect(...box));
      c.moveTo(-8, 60);
      c.lineTo(-21, 44);
      c.lineTo(-8, 50);
    };
    c.lineJoin = c.lineCap = "round";
    c.fillStyle = cuff;
    c.strokeStyle = INK;
    c.lineWidth = 6;
    c.beginPath();
    c.roundRect(-3, 70, 44, 18, 6);
    c.stroke();
    c.fill();
    outline();
    c.lineWidth = 14;
    c.stroke();
    c.strokeStyle = c.fillStyle = WHITE;
    c.lineWidth = 8;
    c.stroke();
    c.fill();
    c.strokeStyle = "#1a203066";
    c.lineWidth = 3;
    c.beginPath();
    for (const x of [8.5, 21.5, 34.5]) {
      c.moveTo(x, 38);
      c.lineTo(x, 52);
    }
    c.stroke();
  };

  const ARROW = [[0, 0], [0, 50], [12, 39], [21, 60], [30, 56], [21, 36], [37, 36]];
  const mouse = (c) => {
    c.beginPath();
    ARROW.forEach(([x, y]) => c.lineTo(x, y));
    c.closePath();
    c.lineJoin = "round";
    c.lineWidth = 8;
    c.strokeStyle = INK;
    c.stroke();
    c.fillStyle = WHITE;
    c.fill();
  };

  // Hand and pointer are painted once, so that they fade as one.
  const papers = {};
  const point = (c, name, cuff) => {
    if (!papers[name + cuff]) {
      const paper = document.createElement("canvas");
      paper.width = paper.height = 256;
      const p = paper.getContext("2d");
      p.scale(2, 2);
      p.translate(36, 16);
      (name === "mouse" ? mouse : hand)(p, cuff);
      papers[name + cuff] = paper;
    }
    c.drawImage(papers[name + cuff], -36, -16, 128, 128);
  };

  const widthOf = (code) => (code === "Space" ? WIDE : NAMES[code] ? 96 : KEY);

  const sign = (c, code, x, y) => {
    c.save();
    c.translate(x, y);
    c.strokeStyle = c.fillStyle = INK;
    c.lineWidth = 6;
    c.lineJoin = c.lineCap = "round";
    c.beginPath();
    if (code === "Space") {
      [[-44, -6], [-44, 8], [44, 8], [44, -6]].forEach(([u, v]) => c.lineTo(u, v));
      c.stroke();
    } else if (code in TURNS) {
      c.rotate((TURNS[code] * Math.PI) / 2);
      [[0, 13], [0, -12], [-10, -2], [0, -12], [10, -2]].forEach(([u, v]) => c.lineTo(u, v));
      c.stroke();
    } else {
      c.font = "900 28px ui-rounded, system-ui, sans-serif";
      c.textAlign = "center";
      c.textBaseline = "middle";
      c.fillText(NAMES[code] || code.replace(/^(Key|Digit|Numpad)/, ""), 0, 1);
    }
    c.restore();
  };

  // A key with its middle at x, y, `down` (0..1) into the keyboard.
  const key = (c, code, x, y, down) => {
    const w = widthOf(code);
    const low = 7 * down;
    const slab = (colour, grow, dy, h) => {
      c.fillStyle = colour;
      c.beginPath();
      c.roundRect(x - w / 2 - grow, y - KEY / 2 - grow + dy, w + 2 * grow, h + 2 * grow, 12 + grow);
      c.fill();
    };
    slab(INK, 4, low, KEY - low);
    slab("#b9c2d6", 0, low, KEY - low);
    slab(WHITE, 0, low, KEY - 10);
    sign(c, code, x, y + low - 5);
  };

  return Object.freeze({ point, key, widthOf });
})();
