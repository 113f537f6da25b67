/* Progress: which levels are open and what the next one costs, what is earned, the day's level, best scores. Knows no
 * family and no screen; keeps everything in Save.
 */
const Progress = (() => {
  const DAY = 86400000; // milliseconds
  const WAY = 120; // sections of an endless run, whose end is 1000 of progress
  const ENOUGH = 10; // sections behind one that make an endless run a completed one
  const LONGEST = 6; // days in a row that raise the day's reward
  let game = null;
  let latest = null;
  let entered = null; // the day whose level is played: midnight may come before its end

  const open = (data) => {
    game = data;
  };

  // ---- levels, in order

  // A level that was won stays open, as do those that saves of earlier versions have open.
  const isOpen = (n) => n === 1 || Save.data.stars[n] > 0 || Save.data.unlocked.includes(n)
    || (n <= game.free_levels && Save.data.stars[n - 1] > 0);

  // The one level that an ad or the currency opens now, 0 if there is none: the first that is not open, once it is
  // not to be had by winning the one before.
  const offered = () => {
    const first = game.levels.find(({ number }) => !isOpen(number));
    return first && first.number > game.free_levels ? first.number : 0;
  };

  // Where Play leads: the first level not won, then the first without all its stars.
  const next = () => {
    const { stars } = Save.data;
    const { levels } = game;
    const level = levels.find(({ number }) => !stars[number]) || levels.find(({ number }) => stars[number] < 3);
    return level ? level.number : game.levels.length;
  };

  const unlock = (level, method) => {
    Save.change((data) => {
      if (!data.unlocked.includes(level)) data.unlocked.push(level);
    });
    Analytics.emit("level_unlocked", level, { method });
  };

  const price = () => game.economy.price;

  // Gives false, and takes nothing, where there is not enough.
  const pay = (amount) => {
    Save.sync();
    if (Save.data.wallet < amount) return false;
    Save.change((data) => {
      data.wallet -= amount;
    });
    return true;
  };

  const buy = (level) => {
    Save.sync(); // another tab may have opened it, or spent the money
    if (isOpen(level)) return true;
    if (level !== offered() || !pay(price())) return false;
    unlock(level, "currency");
    return true;
  };

  // ---- the day's level: the same for everybody, another one each day (UTC)

  const today = () => {
    const now = Date.now();
    const day = Math.floor(now / DAY);
    const date = new Date(now).toISOString().slice(0, 10);
    return { date, number: day % game.dailies.length, left: (day + 1) * DAY - now };
  };

  const enter = () => {
    entered = today();
    return entered;
  };

  // Days in a row up to today, or up to yesterday while today's is still to be won.
  const streak = () => {
    const won = (back) => Save.data.daily[new Date(Date.now() - back * DAY).toISOString().slice(0, 10)] > 0;
    let days = won(0) ? 1 : 0;
    for (let back = 1; won(back); back += 1) days += 1;
    return days;
  };

  // What winning the day's level pays the first time, on a streak of so many days before.
  const reward = (days) => game.economy.par + Math.floor((game.economy.par * Math.min(days, LONGEST)) / LONGEST);

  // ---- what a level that has ended leaves

  const star = () => Math.max(1, Math.floor(game.economy.par / 5));
  const gathered = (summary) => Math.min(game.economy.par, summary.pickups * game.economy.pickup_value);

  const ofLevel = (data, { number }, { stars, score }, found) => {
    const before = data.best[number] || 0;
    found.earned += Math.max(0, stars - (data.stars[number] || 0)) * star();
    found.record = before > 0 && score > before;
    data.stars[number] = Math.max(stars, data.stars[number] || 0);
    data.best[number] = Math.max(score, before);
  };

  const ofDay = (data, { score }, found) => {
    const { date } = entered || today();
    const before = data.daily[date] || 0;
    if (!before) found.earned += reward(streak());
    found.record = before > 0 && score > before;
    data.daily[date] = Math.max(1, score, before);
  };

  const ofRun = (data, { score }, found) => {
    found.record = data.endless > 0 && score > data.endless;
    data.endless = Math.max(score, data.endless);
  };

  // Where the tenth section of an endless run ends, in its progress: a level may say where each begins.
  const passed = ({ marks, length }, { progress }) =>
    progress > 1000 * (marks && marks.length > ENOUGH ? marks[ENOUGH] / length : ENOUGH / WAY);

  const ended = (level, mode, outcome, summary) => {
    const found = { earned: gathered(summary), record: false, before: 0 };
    Save.change((data) => {
      found.before = data.wallet;
      if (mode === "endless") ofRun(data, summary, found);
      else if (outcome === 1 && mode === "daily") ofDay(data, summary, found);
      else if (outcome === 1) ofLevel(data, level, summary, found);
      data.wallet += found.earned;
    });
    latest = found;
  };

  return Object.freeze({
    open, isOpen, offered, next, unlock, price, pay, buy, today, enter, streak, reward, passed, ended,
    latest: () => latest,
  });
})();
