/* Save: what the player keeps between visits. A browser may forbid storage; then it lasts for this page. */
const Save = (() => {
  let prefix = "gf:";
  const data = { stars: {}, unlocked: [], sound: true, music: true };

  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(prefix + name));
    } catch {
      return null; // no storage, or somebody else's text in it
    }
  };

  // Gives false where storage is full or forbidden: the game goes on, it just will not be remembered.
  const write = (name, value) => {
    try {
      localStorage.setItem(prefix + name, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  };

  const drop = (name) => {
    try {
      localStorage.removeItem(prefix + name);
    } catch {
      // no storage: nothing is in it
    }
  };

  // Every name that begins so, sorted.
  const names = (start) => {
    try {
      const all = Object.keys(localStorage).filter((name) => name.startsWith(prefix + start));
      return all.map((name) => name.slice(prefix.length)).sort();
    } catch {
      return [];
    }
  };

  const open = (slug) => {
    prefix = "gf:" + slug;
    const old = read("") || {};
    for (const [level, stars] of Object.entries(old.stars || {})) {
      if (level > 0 && stars > 0) data.stars[level] = Math.min(3, stars | 0);
    }
    if (Array.isArray(old.unlocked)) data.unlocked = old.unlocked.filter(Number.isInteger);
    data.sound = old.sound !== false;
    data.music = old.music !== false;
  };

  const keep = () => write("", data);
  const won = (level, stars) => {
    data.stars[level] = Math.max(stars, data.stars[level] || 0);
    keep();
  };
  const unlock = (level) => {
    data.unlocked.push(level);
    keep();
  };
  const toggle = (name) => {
    data[name] = !data[name];
    keep();
  };

  return Object.freeze({ open, read, write, drop, names, won, unlock, toggle, data });
})();
