/* Sound: effects and music through WebAudio. Starts at the first gesture; silent where it cannot.
 * An effect is a name, and "+n" after it plays it n semitones higher; repeats differ a little. Effects push the music
 * back while they sound. At most VOICES of them sound at once: the oldest gives way.
 * Here: what is heard of effects and music together. Not here: the notes of the music (music.js), when what is played.
 */
const Sound = (() => {
  const VOICES = 12;
  const APART = 0.04; // seconds between two of the same effect at the same pitch
  const LATE = 0.3; // how long after it was asked for an effect may wait to be loaded
  const TURNS = [0, 1, -1]; // how a repeated effect is off, as a share of what its recipe allows
  const buffers = {};
  const last = {}; // when each cue, an effect at its pitch, was played last
  const turns = {}; // and how each effect by name is to be off next
  let context = null;
  let bus = null; // where effects, music and what pushes it back are mixed
  let score = null;
  let player = null;
  let names = [];
  let wanted = 0;
  let pushed = { until: 0, to: 1 };
  let voices = [];
  let asked = null; // the last effect asked for before there were any

  // Rounds off what would be cut off, where many sound at once.
  const rounding = () => {
    const shape = context.createWaveShaper();
    const bend = (x) => (Math.abs(x) < 0.7 ? x : Math.sign(x) * (0.7 + 0.3 * Math.tanh((Math.abs(x) - 0.7) / 0.3)));
    shape.curve = Float32Array.from({ length: 2049 }, (_, i) => bend(i / 512 - 2));
    return shape;
  };

  const wire = () => {
    const gain = (value, to) => {
      const node = context.createGain();
      node.gain.value = value;
      node.connect(to);
      return node;
    };
    const shape = rounding();
    shape.connect(context.destination);
    const all = gain(0.5, shape); // the curve goes from -2 to 2
    const duck = gain(1, all);
    return { effects: gain(0.75, all), duck, music: gain(0, duck) };
  };

  const load = async () => {
    try {
      score = await Files.json("audio/score.json");
      await Promise.all(["effects", "music"].map(async (file) => {
        buffers[file] = await context.decodeAudioData(await Files.bytes("audio/" + file + ".ogg"));
        if (file === "effects" && asked && context.currentTime - asked.at < LATE) play(asked.cue);
      }));
    } catch {
      return; // a browser that does not know Ogg Vorbis plays in silence
    }
    player = Music.player(context, bus.music, score.music, buffers.music);
    player.intensity(wanted);
    music();
  };

  // The music goes back to a share of itself for some seconds; a weaker effect does not bring it up again.
  const push = (to, seconds) => {
    const now = context.currentTime;
    if (to >= 1 || (now < pushed.until && to > pushed.to)) return;
    pushed = { until: now + seconds, to };
    const { gain } = bus.duck;
    gain.cancelScheduledValues(now);
    gain.setTargetAtTime(to, now, 0.02);
    gain.setTargetAtTime(1, now + seconds, 0.25);
  };

  const giveWay = ({ source, gain }) => {
    const now = context.currentTime;
    gain.gain.setTargetAtTime(0, now, 0.008);
    source.stop(now + 0.05);
  };

  const voice = (offset, seconds, rate) => {
    const source = context.createBufferSource();
    const gain = context.createGain();
    const one = { source, gain };
    source.buffer = buffers.effects;
    source.playbackRate.value = rate;
    source.connect(gain).connect(bus.effects);
    source.onended = () => {
      voices = voices.filter((other) => other !== one);
    };
    voices.push(one);
    if (voices.length > VOICES) giveWay(voices.shift());
    source.start(0, offset, seconds);
  };

  const play = (cue) => {
    const [name, up] = cue.split("+");
    if (names.length && !names.includes(name)) {
      console.error("the game has no sound for " + cue);
      names.push(name); // said once is enough
    }
    if (!Save.data.sound || !context) return;
    const now = context.currentTime;
    if (!buffers.effects) {
      asked = { cue, at: now };
      return;
    }
    if (now - last[cue] < APART || !score.effects[name]) return;
    const turn = turns[name] || 0;
    last[cue] = now;
    turns[name] = (turn + 1) % TURNS.length;
    const [start, length, duck, vary] = score.effects[name];
    const semitones = Math.min(12, Number(up) || 0) + (TURNS[turn] * vary) / 100;
    voice(start / 1000, length / 1000, 2 ** (semitones / 12));
    push(duck / 100, length / 1500);
  };

  // Music as the settings say now.
  const music = () => {
    if (!player || player.running() === Save.data.music) return;
    const now = context.currentTime;
    bus.music.gain.cancelScheduledValues(now);
    bus.music.gain.setTargetAtTime(Save.data.music ? 1 : 0, now, 0.05);
    player.run(Save.data.music);
  };

  // 0 for menus and thinking, 1 where it is exciting. Followed at the next bar line.
  const intensity = (level) => {
    wanted = level ? 1 : 0;
    if (player) player.intensity(wanted);
  };

  // Browsers let a page sound only after the player has touched it.
  const wake = () => {
    if (context) {
      if (context.state === "suspended" && !document.hidden) context.resume();
    } else if (names.length && window.AudioContext) {
      context = new AudioContext();
      bus = wire();
      load();
    }
  };

  const open = (game) => {
    names = game.art ? [...game.sounds] : [];
    for (const type of ["pointerdown", "pointerup", "keydown"]) addEventListener(type, wake);
    document.addEventListener("visibilitychange", () => {
      if (context) document.hidden ? context.suspend() : context.resume();
    });
  };

  return Object.freeze({ open, play, music, intensity });
})();
