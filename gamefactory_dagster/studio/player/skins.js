/* Skins: other colours for the pictures a view names (View.skinned). Each is painted once, into a copy of the atlas. */
const Skins = (() => {
  const LIGHT = [0.213, 0.715, 0.072]; // of red, green and blue: a turned hue is as bright as it was
  let game = null;
  let atlas = null;
  let plain = null; // the atlas's picture as it was drawn
  let painted = {};

  // The matrix by which CSS turns hues.
  const turning = (degrees) => {
    const c = Math.cos((degrees * Math.PI) / 180);
    const s = Math.sin((degrees * Math.PI) / 180);
    const [r, g, b] = LIGHT;
    return [
      r + (1 - r) * c - r * s, g - g * c - g * s, b - b * c + (1 - b) * s,
      r - r * c + 0.143 * s, g + (1 - g) * c + 0.14 * s, b - b * c - 0.283 * s,
      r - r * c - (1 - r) * s, g - g * c + g * s, b + (1 - b) * c + b * s,
    ];
  };

  const recolour = (pixels, { turn, strength }) => {
    const m = turning(turn);
    for (let i = 0; i < pixels.length; i += 4) {
      const [r, g, b] = [pixels[i], pixels[i + 1], pixels[i + 2]];
      const light = LIGHT[0] * r + LIGHT[1] * g + LIGHT[2] * b;
      for (let k = 0; k < 3; k += 1) {
        const value = m[k * 3] * r + m[k * 3 + 1] * g + m[k * 3 + 2] * b;
        pixels[i + k] = light + ((value - light) * strength) / 100;
      }
    }
  };

  const names = () => Object.keys(atlas.frames).filter((name) => View.skinned.some((start) => name.startsWith(start)));

  const paint = (skin) => {
    const canvas = document.createElement("canvas");
    canvas.width = plain.width;
    canvas.height = plain.height;
    const c = canvas.getContext("2d", { willReadFrequently: true });
    c.drawImage(plain, 0, 0);
    const boxes = new Map(names().map((name) => [atlas.frames[name].join(), atlas.frames[name]]));
    try {
      for (const [x, y, w, h] of boxes.values()) {
        const part = c.getImageData(x, y, w, h);
        recolour(part.data, skin);
        c.putImageData(part, x, y);
      }
    } catch {
      return plain; // a folder opened from disk does not let its pictures be read
    }
    return canvas;
  };

  const picture = (name) => {
    const skin = game.skins.find((one) => one.name === name);
    if (!skin) return plain;
    if (!painted[name]) painted[name] = paint(skin);
    return painted[name];
  };

  const offered = () => Boolean(atlas && game.skins && game.skins.length && names().length);

  // What is played from now on looks like this.
  const wear = () => {
    if (offered()) atlas.image = picture(Save.data.skin);
  };

  // Gives false where there is not enough to buy it.
  const choose = (name) => {
    const skin = game.skins.find((one) => one.name === name);
    if (skin && !Save.data.skins.includes(name) && !Progress.pay(skin.price)) return false;
    Save.change((data) => {
      data.skin = name;
      if (skin && !data.skins.includes(name)) data.skins.push(name);
    });
    wear();
    return true;
  };

  // What a skin recolours: one picture where the view names it as a whole, else up to six of them, in two rows.
  const preview = (name, canvas) => {
    // "hero" stands for "hero_0" and its other frames.
    const isFirst = (frame) => !/_\d+$/.test(frame) || !atlas.frames[frame.replace(/_\d+$/, "")];
    const whole = names().filter((frame) => View.skinned.includes(frame));
    const shown = whole.length ? whole.slice(0, 1) : names().filter(isFirst).slice(0, 6);
    const columns = Math.min(3, shown.length);
    const lines = Math.ceil(shown.length / columns);
    const size = Math.min(canvas.width / columns, canvas.height / lines);
    const c = canvas.getContext("2d");
    shown.forEach((frame, i) => {
      const [x, y, w, h] = atlas.frames[frame];
      const k = (size - 8) / Math.max(w, h);
      const left = canvas.width / 2 + ((i % columns) - columns / 2 + 0.5) * size - (w * k) / 2;
      const top = canvas.height / 2 + (Math.floor(i / columns) - lines / 2 + 0.5) * size - (h * k) / 2;
      c.drawImage(picture(name), x, y, w, h, left, top, w * k, h * k);
    });
  };

  const open = (data, drawn) => {
    game = data;
    atlas = drawn;
    plain = atlas && atlas.image;
    painted = {};
    wear();
  };

  return Object.freeze({ open, offered, choose, wear, preview });
})();
