/* Stage: the canvas, how the 960x540 picture lies on the screen, and the real keys and pointers. */
const Stage = (() => {
  const W = 960;
  const H = 540;
  const SHARPEST = 1600; // device pixels across: more costs time in software rendering and shows nothing
  let canvas = null;
  let context = null;
  let listener = null;
  let box = { left: 0, top: 0, scale: 1, x: 0, w: W };
  let density = 1;

  // Upright screens show only the part the family needs, so that it is large enough to play.
  const fit = () => {
    const width = innerWidth;
    const height = innerHeight;
    const upright = height > width;
    const [x, w, place] = upright ? View.portrait : [0, W, 0.5];
    const scale = Math.min(width / w, (height * (upright ? 0.62 : 1)) / H);
    const left = Math.round((width - w * scale) / 2);
    const top = Math.round((height - H * scale) * place);
    box = { left, top, scale, x, w };
    density = Math.min(devicePixelRatio || 1, 2, SHARPEST / (w * scale));
    canvas.width = Math.round(w * scale * density);
    canvas.height = Math.round(H * scale * density);
    const css = { left: left, top: top, width: w * scale, height: H * scale };
    for (const [name, value] of Object.entries(css)) {
      canvas.style[name] = value + "px";
      document.body.style.setProperty("--stage-" + name, value + "px");
    }
    document.body.classList.toggle("upright", upright);
    if (listener) listener.redraw();
  };

  const toClient = (x, y) => ({ x: box.left + (x - box.x) * box.scale, y: box.top + y * box.scale });
  const toLogical = (x, y) => [(x - box.left) / box.scale + box.x, (y - box.top) / box.scale];

  // `time` is in frames, with the share of the one under way.
  const paint = (view, moment, time) => {
    const k = box.scale * density;
    context.setTransform(k, 0, 0, k, (Feel.aside(time) - box.x) * k, 0);
    view.draw(context, { ...moment, w: W, h: H });
    context.setTransform(k, 0, 0, k, -box.x * k, 0);
    Feel.draw(context, time);
    Teach.draw(context, view.lesson(moment.state), time);
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
    Teach.used("key");
    if (listener.key(codeOf(event), down, event.repeat)) event.preventDefault();
  };

  const TYPES = { pointerdown: "down", pointermove: "move", pointerup: "up", pointercancel: "up" };
  const onPointer = (event) => {
    if (event.type === "pointerdown" && event.target.closest("button")) return;
    if (event.type === "pointerdown") Teach.used(event.pointerType);
    const [x, y] = toLogical(event.clientX, event.clientY);
    if (listener.pointer(TYPES[event.type], x, y, event.pointerId) && event.cancelable) event.preventDefault();
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

  return Object.freeze({ open, paint, toClient, upright: () => innerHeight > innerWidth });
})();
