/* Drive: lets a check step the game frame by frame with real keys and pointers. Only with #drive in the address. */
const Drive = (() => {
  const report = () => ({
    outcome: Rules.outcome(Play.state()),
    hash: Core.hash(Play.state()),
    frame: Play.frame(),
  });

  const gestures = (before, input) => Play.view().gestures(before, input, Play.state()).map((gesture) =>
    gesture.type.startsWith("key") ? gesture : { type: gesture.type, ...Stage.toClient(gesture.x, gesture.y) });

  const open = (ready, begin, errors) => {
    window.gamefactory = {
      ready,
      startLevel(number) {
        begin(number);
        return report();
      },
      // A level that is not one of the ten: a daily one, a section.
      startGiven(level, mode) {
        Screens.playing();
        Play.start(level, mode);
        return report();
      },
      timed: () => Rules.timed(Play.level()),
      advance(frames, drawn = true) {
        Play.advance(frames, drawn);
        return report();
      },
      state: () => {
        const playing = Play.state() ? { ...report(), summary: Rules.summary(Play.state()) } : {};
        return { ...playing, screen: Screens.name() };
      },
      gestures,
      events: Analytics.emitted,
      errors,
    };
  };

  return Object.freeze({ wanted: () => location.hash === "#drive", open });
})();
