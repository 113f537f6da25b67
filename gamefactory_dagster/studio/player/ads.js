/* Ads: the house ad that opens a level. Every ad that starts either completes or fails, and says so. */
const Ads = (() => {
  let current = null; // {level, left, timer, done}

  const finish = (reason) => {
    if (!current) return;
    const { level, timer, done, revenue_micros } = current;
    clearInterval(timer);
    current = null;
    if (reason) {
      Analytics.emit("rewarded_ad_failed", level, { reason });
    } else {
      Analytics.emit("rewarded_ad_completed", level, { revenue_micros });
      Save.unlock(level);
      Analytics.emit("level_unlocked", level, { method: "ad" });
    }
    done(!reason);
  };

  // Counts down in whole seconds of being looked at; `done(true)` means the level is open now.
  const start = (level, ads, tick, done) => {
    finish("replaced");
    Analytics.emit("rewarded_ad_started", level, { purpose: "unlock" });
    current = { level, left: ads.seconds, done, revenue_micros: ads.revenue_micros };
    tick(current.left);
    current.timer = setInterval(() => {
      if (document.hidden) return;
      current.left -= 1;
      if (current.left > 0) tick(current.left);
      else finish("");
    }, 1000);
  };

  return Object.freeze({ start, cancel: finish });
})();
