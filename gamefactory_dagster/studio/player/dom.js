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

  return Object.freeze({ el, icon, button, stars });
})();
