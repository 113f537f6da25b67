/* Shop: the skins, as they look, what they cost, and which one is worn. */
const Shop = (() => {
  const { el, icon, button, many, money } = Dom;

  const card = (name, price, refresh) => {
    const mine = !price || Save.data.skins.includes(name);
    const worn = Save.data.skin === name;
    const called = name || "As it was drawn";
    const said = worn ? "worn" : mine ? "yours" : many(price) + " " + Screens.currency();
    const picture = el("canvas", { width: "192", height: "144", "aria-hidden": "true" });
    Skins.preview(name, picture);
    const tag = worn ? icon("check") : mine ? "Wear" : money("price", price, Screens.currency());
    const press = () => refresh(name, mine);
    const node = button("skin", called + ", " + said, press, picture, el("b", {}, called), el("span.tag", {}, tag));
    node.setAttribute("aria-pressed", String(worn));
    if (!mine && Save.data.wallet < price) node.classList.add("dear");
    return node;
  };

  const show = (game, act, note = "Earn more by playing: levels, stars and the level of the day pay.") => {
    Save.sync();
    const refresh = (name, mine) => {
      const done = Skins.choose(name);
      if (done && !mine) Sound.play("buy");
      show(game, act, done ? undefined : "Not enough yet: play on to earn it.");
      const place = 1 + game.skins.findIndex((skin) => skin.name === name);
      document.querySelectorAll(".skin")[place].focus();
    };
    const cards = [card("", 0, refresh), ...game.skins.map((skin) => card(skin.name, skin.price, refresh))];
    Screens.show("skins", act.title, Screens.scene(),
      el("section.shop", { "aria-label": "Skins" }, Screens.bar("Skins"), el("div.skins", {}, ...cards),
        el("p.note", { role: "status" }, note)));
  };

  return Object.freeze({ show });
})();
