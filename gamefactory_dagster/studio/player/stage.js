/* Stage: the canvas, how the 960x540 picture lies on the screen, what is around it, and the real keys and pointers. */
const Stage = (() => {
  const W = 960;
  const H = 540;
  const SHARPEST = 1600; // device pixels across: more costs time in software rendering and shows nothing
  const SPARE = 130; // of an upright screen's height is left for counters and pads
  let canvas = null;
  let context = null;
  let listener = null;
  let box = { left: 0, top: 0, scale: 1, x: 0, w: W, drop: 0 };
  let density = 1;
  let crown = 8; // where, in the picture, the counters end
  let foot = 520; // and where what is seen of it does
  let room = null; // of a picture as tall as the screen: what is the view's
  let around = null; // a small canvas stretched behind the picture, over the whole screen
  let above = null; // a canvas over the room above the picture, for what flies there
  let aloft = false;

  const upright = () => innerHeight > innerWidth;
  const tall = () => upright() && Boolean(View.tall);

  // Upright screens show only the part the family needs, as wide as the screen; more of it where they are nearly square.
  const part = (width, height) => {
    if (height <= width) return [0, W, 0.5];
    const [x, w, place] = View.portrait;
    const wide = Math.min(W, Math.max(w, (width * H) / (height - SPARE)));
    return [wide > w ? (x * (W - wide)) / (W - w) : x, wide, place];
  };

  const layer = (id, width, height) => {
    const paper = document.getElementById(id) || document.createElement("canvas");
    paper.id = id;
    paper.setAttribute("aria-hidden", "true");
    canvas.after(paper);
    paper.width = width;
    paper.height = height;
    return paper;
  };

  const drop = (id) => {
    const paper = document.getElementById(id);
    if (paper) paper.remove();
    return null;
  };

  // What the picture leaves of the screen is filled with its own edges, drawn out.
  const surround = (width, height) => {
    const sides = width - box.w * box.scale > 2;
    const ends = !tall() && height - H * box.scale > 2;
    around = sides || ends ? layer("around", ends ? 120 : 8, ends ? 8 : 80) : drop("around");
    above = upright() && !tall() && box.top > 8 ? layer("above", Math.ceil(width), box.top) : drop("above");
  };

  const place = (name, value) => document.body.style.setProperty("--stage-" + name, value + "px");

  // The canvas is the picture's size, or on an upright screen that of the screen, where the view fills it.
  const lay = (width, height) => {
    const { left, top, w, scale } = box;
    density = Math.min(devicePixelRatio || 1, 2, SHARPEST / (w * scale));
    const picture = { left, top, width: w * scale, height: H * scale };
    const paper = tall() ? { ...picture, top: 0, height } : picture;
    canvas.width = Math.round(paper.width * density);
    canvas.height = Math.round(paper.height * density);
    for (const name of Object.keys(picture)) {
      canvas.style[name] = paper[name] + "px";
      place(name, picture[name]);
    }
    document.body.classList.toggle("upright", upright());
    document.body.classList.toggle("tall", tall());
    surround(width, height);
  };

  // What of the picture is not behind the counters.
  const clear = (height) => {
    const { top, scale } = box;
    const hud = document.getElementById("hud");
    const under = (hud.offsetTop + hud.offsetHeight - top) / scale;
    const [from, to] = [-top / scale, (height - top) / scale];
    crown = tall() ? under : Math.max(8, under);
    foot = tall() ? to - 20 : 520;
    room = tall() ? { top: crown, bottom: foot, from, to } : null;
  };

  const fit = () => {
    const width = innerWidth;
    const height = innerHeight;
    const [x, w, share] = part(width, height);
    const scale = Math.min(width / w, height / H);
    const left = Math.round((width - w * scale) / 2);
    const top = Math.round((height - H * scale) * share);
    box = { left, top, scale, x, w, drop: tall() ? top / scale : 0 };
    lay(width, height);
    clear(height);
    if (listener) listener.redraw();
  };

  const toClient = (x, y) => ({ x: box.left + (x - box.x) * box.scale, y: box.top + y * box.scale });
  const toLogical = (x, y) => [(x - box.left) / box.scale + box.x, (y - box.top) / box.scale];

  // What is seen of the picture and not behind the counters, and how many of its pixels make one that can be read.
  const within = () => ({
    left: box.x, right: box.x + box.w, top: crown, bottom: foot, unit: Math.max(1, 0.85 / box.scale),
  });

  // Left, or top, half of the small canvas is the one edge, the other half the other: their seam is behind the picture.
  // The very last row may be half a row of the picture.
  const spread = () => {
    const c = around.getContext("2d");
    const { width, height } = canvas;
    if (around.width > around.height) {
      c.drawImage(canvas, 0, 0, width, 1, 0, 0, 120, 4);
      c.drawImage(canvas, 0, height - 2, width, 1, 0, 4, 120, 4);
    } else {
      c.drawImage(canvas, 0, 0, 1, height, 0, 0, 4, 80);
      c.drawImage(canvas, width - 2, 0, 1, height, 4, 0, 4, 80);
    }
  };

  // A picture moved aside leaves two edges bare: they get what is beside them.
  const mend = (dx, dy) => {
    const { width, height } = canvas;
    const [x, y] = [Math.ceil(Math.abs(dx)), Math.ceil(Math.abs(dy))];
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (x) context.drawImage(canvas, dx > 0 ? x : width - x - 1, 0, 1, height, dx > 0 ? 0 : width - x, 0, x, height);
    if (y) context.drawImage(canvas, 0, dy > 0 ? y : height - y - 1, width, 1, 0, dy > 0 ? 0 : height - y, width, y);
  };

  // What flies higher than the picture goes on flying over the room above it.
  const lift = (time, busy) => {
    if (!busy && !aloft) return;
    aloft = busy;
    const c = above.getContext("2d");
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, above.width, above.height);
    c.setTransform(box.scale, 0, 0, box.scale, box.left - box.x * box.scale, box.top);
    Feel.draw(c, time);
  };

  // `time` is in frames, with the share of the one under way.
  const paint = (view, moment, time) => {
    const k = box.scale * density;
    const [dx, dy] = Feel.aside(time);
    context.setTransform(k, 0, 0, k, (dx - box.x) * k, (dy + box.drop) * k);
    view.draw(context, { ...moment, room, w: W, h: H });
    if (dx || dy) mend(dx * k, dy * k);
    context.setTransform(k, 0, 0, k, -box.x * k, box.drop * k);
    Feel.light(context, time);
    if (around) spread();
    Feel.draw(context, time);
    Teach.draw(context, time, moment.share, within());
    const busy = Feel.settle(time);
    if (above) lift(time, busy);
    return busy;
  };

  // Keyboards on a screen may name no place; the keys games know are called alike there, all but one.
  const codeOf = (event) => event.code || (event.key === " " ? "Space" : event.key);

  // While a level is played its keys are the game's alone: a button that kept the focus must not hear them.
  // Pressed with Ctrl, Meta or Alt a key is the browser's, but let go it is let go. While Meta is held, macOS does
  // not tell of keys that are let go.
  const onKey = (event) => {
    const down = event.type === "keydown";
    if (event.key === "Meta") listener.release();
    if (down && (event.ctrlKey || event.metaKey || event.altKey)) return;
    Teach.use("key");
    if (listener.key(codeOf(event), down, event.repeat)) event.preventDefault();
  };

  const TYPES = { pointerdown: "down", pointermove: "move", pointerup: "up", pointercancel: "up" };
  const onPointer = (event) => {
    const { type, clientX, clientY } = event;
    if (type === "pointerdown") Teach.use(event.pointerType === "mouse" ? "mouse" : "touch");
    if (type === "pointerdown" && event.target.closest("button")) return;
    if (type !== "pointermove") Hud.press(type === "pointerdown" ? clientX / innerWidth : null);
    const [x, y] = toLogical(clientX, clientY);
    if (listener.pointer(TYPES[type], x, y, event.pointerId) && event.cancelable) event.preventDefault();
  };

  const open = (handlers) => {
    canvas = document.querySelector("canvas");
    context = canvas.getContext("2d", { alpha: false });
    listener = handlers;
    addEventListener("keydown", onKey);
    addEventListener("keyup", onKey);
    for (const type of Object.keys(TYPES)) addEventListener(type, onPointer, { passive: false });
    addEventListener("contextmenu", (event) => event.preventDefault());
    addEventListener("resize", fit);
    addEventListener("blur", handlers.leave);
    document.addEventListener("visibilitychange", () => document.hidden && handlers.leave());
    fit();
  };

  return Object.freeze({ open, paint, toClient, toLogical, within, upright, room: () => room });
})();
