/* Save: what the player keeps between visits. A browser may forbid storage; then it lasts for this page. What it means
 * is for progress.js; here is how it is read, checked, and kept together with what other tabs of this game wrote.
 */
const Save = (() => {
  const DAYS = 60; // days of the daily level that are remembered
  const NAME = /^[\w -]{1,60}$/;
  let prefix = "gf:";
  let kept = true; // whether storage has what we last wrote
  let counted = 0; // of the wallet, what storage knows of
  const data = {
    stars: {}, best: {}, unlocked: [], wallet: 0, skin: "", skins: [], daily: {}, endless: 0, learned: [],
    sound: true, music: true,
  };

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

  // ---- checking: whatever is no save, or no part of one, is as if it were not there

  const count = (value) => (Number.isSafeInteger(value) && value > 0 ? value : 0);
  const isName = (value) => typeof value === "string" && NAME.test(value);
  const list = (value, fits) => (Array.isArray(value) ? [...new Set(value.filter(fits))] : []);
  const table = (value, key, most) => Object.fromEntries(Object.entries(Object(value))
    .filter(([name, number]) => key.test(name) && count(number))
    .map(([name, number]) => [name, Math.min(number, most)]));

  const checked = (old) => ({
    stars: table(old.stars, /^[1-9]\d?$/, 3),
    best: table(old.best, /^[1-9]\d?$/, Number.MAX_SAFE_INTEGER),
    daily: table(old.daily, /^\d{4}-\d\d-\d\d$/, Number.MAX_SAFE_INTEGER),
    unlocked: list(old.unlocked, (level) => count(level) > 0),
    skins: list(old.skins, isName),
    learned: list(old.learned, isName),
    wallet: count(old.wallet),
    endless: count(old.endless),
    skin: isName(old.skin) ? old.skin : "",
    sound: old.sound !== false,
    music: old.music !== false,
  });

  // ---- merging: nobody takes away what another tab won, and money is added, not overwritten

  const larger = (mine, theirs) => {
    const all = { ...mine };
    for (const [name, number] of Object.entries(theirs)) all[name] = Math.max(number, all[name] || 0);
    return all;
  };

  const newest = (days) => Object.fromEntries(Object.entries(days).sort().slice(-DAYS));

  const sync = () => {
    const found = read("");
    if (found === null) return;
    const there = checked(Object(found));
    for (const name of ["stars", "best", "daily"]) data[name] = larger(data[name], there[name]);
    for (const name of ["unlocked", "skins", "learned"]) data[name] = [...new Set([...data[name], ...there[name]])];
    data.endless = Math.max(data.endless, there.endless);
    data.wallet = Math.max(0, there.wallet + data.wallet - counted);
    counted = there.wallet;
    if (kept) for (const name of ["skin", "sound", "music"]) data[name] = there[name];
  };

  // Every change is made to what is there now, by this tab and all others.
  const change = (make) => {
    sync();
    make(data);
    data.daily = newest(data.daily);
    kept = write("", data);
    if (kept) counted = data.wallet;
  };

  const toggle = (name) => change(() => {
    data[name] = !data[name];
  });

  const learn = (name) => {
    if (!data.learned.includes(name)) change(() => data.learned.push(name));
  };

  const open = (slug) => {
    prefix = "gf:" + slug;
    sync();
  };

  return Object.freeze({ open, read, write, drop, names, sync, change, toggle, learn, data });
})();
