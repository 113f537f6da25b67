/* Sound: effects and a music loop through WebAudio. Starts at the first gesture; silent where it cannot. */
const Sound = (() => {
  const MUSIC = "music";
  const VOLUME = 0.35;
  const buffers = {};
  let context = null;
  let loop = null;
  let names = [];

  const load = async (name) => {
    try {
      buffers[name] = await context.decodeAudioData(await Files.bytes("audio/" + name + ".ogg"));
    } catch {
      return; // a browser that does not know Ogg Vorbis plays in silence
    }
    if (name === MUSIC) music();
  };

  const start = (name, volume, repeat) => {
    const source = context.createBufferSource();
    const gain = context.createGain();
    source.buffer = buffers[name];
    source.loop = repeat;
    gain.gain.value = volume;
    source.connect(gain).connect(context.destination);
    source.start();
    return source;
  };

  const play = (name) => {
    if (Save.data.sound && context && buffers[name]) start(name, 1, false);
  };

  const music = () => {
    if (loop) loop.stop();
    loop = Save.data.music && buffers[MUSIC] ? start(MUSIC, VOLUME, true) : null;
  };

  // Browsers let a page sound only after the player has touched it.
  const wake = () => {
    if (context) {
      if (context.state === "suspended") context.resume();
    } else if (names.length && window.AudioContext) {
      context = new AudioContext();
      names.forEach(load);
    }
  };

  const open = (game) => {
    names = game.art ? game.sounds : [];
    for (const type of ["pointerdown", "keydown"]) addEventListener(type, wake);
    document.addEventListener("visibilitychange", () => {
      if (context) document.hidden ? context.suspend() : context.resume();
    });
  };

  return Object.freeze({ open, play, music });
})();
