/* Dom: making elements and icons. */
const Dom = (() => {
  // 24x24 paths; drawn, so that no font can lack them.
  const PATHS = {
    star: "M12 2l3 6.6 7.2.8-5.4 4.8 1.6 7.1L12 17.6l-6.4 3.7 1.6-7.1L1.8 9.4 9 8.600z",
    lock: "M6 10V7a6 6 0 0112 0v3h2v12H4V10zm3 0h6V7a3 3 0 00-6 0z",
    heart: "M12 21C4 14 2 11 2 7.500A5 5 0 0112 6a5 5 0 0110 1.500c0 3.500-2 6.500-10 13.500z",
    pause: "M6 4h4v16H6zM14 4h4v16h-4z",
    play: "M7 3l14 9-14 9z",
    clock: "M12 2a10 10 0 100 20 10 10 0 000-20zm-1.200 4h2.400v5.300l4 2.400-1.200 2-5.200-3.100z",
    gem: "M12 2l9 8-9 12-9-12z",
    ad: "M3 4h18v13H3zm7 3v7l6-3.500zM7 19h10v2H7z",
    check: "M9 19l-7-7 3-3 4 4L19 3l3 3z",
    back: "M15 3l3 3-6 6 6 6-3 3-9-9z",
    day: "M5 4V2h3v2h8V2h3v2h2v18H3V4zm0 6v10h14V10zm3 3h4v4H8z",
    far: "M7 7c3 0 4 2.500 5 4 1-1.500 2-4 5-4a5 5 0 010 10c-3 0-4-2.500-5-4-1 1.500-2 4-5 4A5 5 0 017 7zm0 3a2 2 0 000 4c1.500 0 2.300-1.200 3-2-.700-.800-1.500-2-3-2zm10 0c-1.500 0-2.300 1.200-3 2 .700.800 1.500 2 3 2a2 2 0 000-4z",
    shirt: "M8 3l4 2 4-2 6 4-3 5-2-1v10H7V11l-2 1-3-5z",
    gear: "M10 2h4l.500 3 2 1 2.800-1.200 2 3.400L19 10v4l2.300 1.800-2 3.400L16.500 18l-2 1-.500 3h-4l-.500-3-2-1-2.800 1.200-2-3.400L5 14v-4L2.700 8.200l2-3.400L7.500 6l2-1zm2 7a3 3 0 100 6 3 3 0 000-6z",
    map: "M2 5l7-2 6 2 7-2v16l-7 2-6-2-7 2zm7 1v10l6 2V8z",
  };

  const icon = (name) => {
    const box = document.createElement("span");
    box.className = "icon " + name;
    box.setAttribute("aria-hidden", "true");
    box.innerHTML = '<svg viewBox="0 0 24 24"><path fill-rule="evenodd" d="' + PATHS[name] + '"/></svg>';
    return box;
  };

  // el("p.small", {id: "x"}, "text", child): class after the dot; properties that start with "aria" or "role" too.
  const el = (kind, properties, ...children) => {
    const [tag, ...classes] = kind.split(".");
    const node = document.createElement(tag);
    node.className = classes.join(" ");
    for (const [name, value] of Object.entries(properties || {})) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  };

  const button = (kind, label, press, ...children) => {
    const onclick = () => {
      Sound.play("click");
      press();
    };
    return el("button." + kind, { type: "button", "aria-label": label, onclick }, ...(children.length ? children : [label]));
  };

  const stars = (count) => {
    const row = el("span.stars", { "aria-hidden": "true" });
    for (let i = 0; i < 3; i += 1) {
      const star = icon("star");
      if (i < count) star.classList.add("on");
      row.append(star);
    }
    return row;
  };

  const many = (number) => number.toLocaleString("en");

  // What the player has of the currency, or is to pay or get of it.
  const money = (kind, amount, currency) =>
    el("span.money." + kind, { role: "img", "aria-label": many(amount) + " " + currency }, icon("gem"),
      el("b", {}, many(amount)));

  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  // Counts a number up where it stands; under reduced motion it is there at once.
  const count = (node, from, to, milliseconds) => {
    const begun = performance.now();
    const show = (now) => {
      const share = still() ? 1 : Math.min(1, Math.max(0, (now - begun) / milliseconds));
      node.textContent = many(Math.round(from + (to - from) * (1 - (1 - share) ** 3)));
      if (share < 1 && node.isConnected) requestAnimationFrame(show);
    };
    node.textContent = many(from);
    requestAnimationFrame(show);
  };

  // Copies of an icon fly from one place to another; `landed` is called once, when the first is there.
  const fly = (name, from, to, number, landed) => {
    if (still()) return landed();
    const a = from.getBoundingClientRect();
    const b = to.getBoundingClientRect();
    for (let i = 0; i < number; i += 1) {
      const one = icon(name);
      one.classList.add("flying");
      document.body.append(one);
      const x = a.left + a.width / 2 + (i % 3) * 14 - 14;
      const y = a.top + a.height / 2;
      const [dx, dy] = [b.left + b.width / 2 - x, b.top + b.height / 2 - y];
      one.style.left = x + "px";
      one.style.top = y + "px";
      const path = [
        { transform: "translate(0, 0) scale(.6)", opacity: 0 },
        { transform: "translate(" + dx * 0.15 + "px, " + (24 + i * 3) + "px) scale(1.3)", opacity: 1, offset: 0.3 },
        { transform: "translate(" + dx + "px, " + dy + "px) scale(.8)", opacity: 1 },
      ];
      const flight = one.animate(path, { duration: 650, delay: i * 70, easing: "ease-in-out", fill: "backwards" });
      flight.onfinish = () => {
        one.remove();
        if (i === 0) landed();
      };
    }
    return undefined;
  };

  return Object.freeze({ el, icon, button, stars, many, money, still, count, fly });
})();
