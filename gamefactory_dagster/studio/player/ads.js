/* Ads: the house ad that opens a level or lets a lost one go on. Every ad that starts either completes or fails, and
 * says so.
 */
const Ads = (() => {
  let current = null; // {purpose, level, left, timer, done, revenue_micros}

  const finish = (reason) => {
    if (!current) return;
    const { purpose, level, timer, done, revenue_micros } = current;
    clearInterval(timer);
    current = null;
    if (reason) {
      Analytics.emit("rewarded_ad_failed", level, { purpose, reason });
    } else {
      Analytics.emit("rewarded_ad_completed", level, { purpose, revenue_micros });
      if (purpose === "unlock") Progress.unlock(level, "ad");
    }
    done(!reason);
  };

  // The offer of one has appeared.
  const offer = (purpose, level) => Analytics.emit("unlock_prompt_shown", level, { purpose });

  // Counts down in whole seconds of being looked at; `done(true)` means that it was watched to its end.
  const start = (purpose, level, ads, tick, done) => {
    finish("replaced");
    Analytics.emit("rewarded_ad_started", level, { purpose });
    current = { purpose, level, left: ads.seconds, done, revenue_micros: ads.revenue_micros };
    tick(current.left);
    current.timer = setInterval(() => {
      if (document.hidden) return;
      current.left -= 1;
      if (current.left > 0) tick(current.left);
      else finish("");
    }, 1000);
  };

  return Object.freeze({ offer, start, cancel: finish });
})();
