/* Endless: ordinary levels made of sections, each proven to be passable at the speeds it names: the endless mode's, and
 * the trials that prove a section. Needs Core.
 *
 * A section is {length, speeds, hearts, hold, duck, value} and a level's lists, its x counted from its own start. It is
 * entered and left running on the ground with nothing near, so sections that are passable one by one are so in a row. They
 * start where the hero is after a whole number of frames: what was proven of one holds to the frame wherever it comes.
 */
const Endless = (() => {
  const STAGES = [8, 10, 14, 22, 30, 36]; // sections played at each speed, from the slowest on
  const LEAD = 6; // times sixteen frames of empty ground before the first
  const NEVER = 1000000; // points: nobody wins an endless level
  const LISTS = { gaps: 0, crates: 0, ledges: 0, springs: 0, breakables: 0, rides: 0, hazards: 1, items: 1 };

  // Pixels a section takes at a speed: in so many the hero runs a multiple of sixteen frames.
  const room = (section, speed) => Math.ceil(section.length / speed) * speed;

  const moved = (element, at, by) => element.map((value, i) => (i === at ? value + by : value));

  // `plays` are [section, speed], in order; `lead` times sixteen frames of empty ground come first.
  const course = (plays, seed, lead) => {
    const [{ hearts, hold, duck, value }, speed] = plays[0];
    const level = {
      number: 0, seed, endless: 1, speed, hearts, hold, duck, value, need: 0, clock: 0, bonus: 0, win: 0,
      stars: [NEVER, NEVER], teaches: [], paces: [[0, 0, speed]], marks: [],
    };
    for (const name of Object.keys(LISTS)) level[name] = [];
    let x = lead * speed;
    let frame = lead * 16;
    let pace = speed;
    for (const [section, fast] of plays) {
      if (fast !== pace) level.paces.push([frame, x * 16, fast]);
      pace = fast;
      level.marks.push(x);
      for (const [name, at] of Object.entries(LISTS)) {
        for (const element of section[name]) level[name].push(moved(element, at, x));
      }
      x += room(section, pace);
      frame += (room(section, pace) * 16) / pace;
    }
    level.length = x;
    return level;
  };

  // Every section of a speed comes before one comes again.
  const level = (sections, seed) => {
    const speeds = [...new Set(sections.flatMap((section) => section.speeds))].sort((a, b) => a - b);
    const plays = [];
    let s = Core.Rng.seed(seed);
    speeds.forEach((speed, stage) => {
      let bag = [];
      for (let n = 0; n < STAGES[Math.min(stage, STAGES.length - 1)]; n += 1) {
        if (!bag.length) bag = sections.filter((section) => section.speeds.includes(speed));
        s = Core.Rng.next(s);
        plays.push([bag.splice(Core.Rng.below(s, bag.length), 1)[0], speed]);
      }
    });
    return course(plays, seed, LEAD);
  };

  // Levels that are won by passing a section, one for each of its speeds. Nothing can be pressed before it begins.
  const trials = (section) => section.speeds.map((speed) => course([[section, speed]], 1, 0));

  return Object.freeze({ level, trials });
})();
