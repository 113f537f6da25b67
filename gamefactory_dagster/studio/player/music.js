/* Music: plays a score (audio/score.json) from single notes (audio/music.ogg), a little ahead of WebAudio's clock.
 * Every track has two loudnesses, one for each intensity; they change at a bar line, rising within a beat and falling
 * within a bar. audio/mixing.py plays the same score in Python, to measure it: keep the two alike.
 * Here: which note sounds when, and how loud. Not here: when there should be music (sound.js).
 */
const Music = (() => {
  const AHEAD = 0.4; // seconds that are always planned
  const EVERY = 100; // milliseconds between two looks at the clock
  const TICKS = 24; // of a beat
  const BEATS = 4; // of a bar
  const UNIT = 10000; // a level of 1
  const ECHO_BEATS = 0.75;
  const ECHO_AGAIN = 0.35;

  // A bar's notes in one row, four numbers each, to a list for each of its beats.
  const byBeat = (row) => {
    const beats = Array.from({ length: BEATS }, () => []);
    for (let i = 0; i < row.length; i += 4) beats[Math.floor(row[i] / TICKS)].push(row.slice(i, i + 4));
    return beats;
  };

  const echo = (context, out, seconds) => {
    const delay = context.createDelay(2);
    const again = context.createGain();
    delay.delayTime.value = seconds;
    again.gain.value = ECHO_AGAIN;
    delay.connect(again).connect(delay);
    delay.connect(out);
    return delay;
  };

  // Plays into `out`, which must be silent while there should be no music. `buffer` is the file of notes.
  const player = (context, out, score, buffer) => {
    const beat = 60 / score.tempo;
    const patterns = score.patterns.map(byBeat);
    const back = echo(context, out, beat * ECHO_BEATS);
    let intensity = 0;
    let wanted = 0;
    let next = 0; // the beat to plan
    let at = 0; // when it is
    let timer = 0;

    const lines = score.tracks.map((track) => {
      const gain = context.createGain();
      const side = context.createStereoPanner();
      const send = context.createGain();
      gain.gain.value = track.levels[0] / UNIT;
      side.pan.value = track.pan / 100;
      send.gain.value = track.echo / 100;
      gain.connect(side).connect(out);
      gain.connect(send).connect(back);
      return { ...track, gain };
    });

    const nearest = (samples, pitch) => samples.reduce((best, one) =>
      (Math.abs(one[0] - pitch) < Math.abs(best[0] - pitch) ? one : best));

    const sound = ({ samples, loop, attack, release, gain }, [, pitch, ticks, loudness], when) => {
      const [root, start, length] = nearest(samples, pitch);
      const source = context.createBufferSource();
      const shape = context.createGain();
      const lasts = (ticks / TICKS) * beat;
      const end = when + lasts;
      const loud = loudness / 100;
      source.buffer = buffer;
      source.playbackRate.value = 2 ** ((pitch - root) / 12);
      shape.gain.setValueAtTime(0, when);
      shape.gain.linearRampToValueAtTime(loud, when + Math.min(attack / 1000, lasts));
      shape.gain.setValueAtTime(loud, end);
      shape.gain.linearRampToValueAtTime(0, end + release / 1000);
      source.connect(shape).connect(gain);
      if (loop.length) {
        source.loop = true;
        [source.loopStart, source.loopEnd] = loop.map((edge) => (start + edge) / 1000);
        source.start(when, start / 1000);
      } else source.start(when, start / 1000, length / 1000);
      source.stop(end + release / 1000);
    };

    const fade = ({ gain, levels }) => {
      const [from, to] = intensity ? levels : [levels[1], levels[0]];
      gain.gain.setValueAtTime(from / UNIT, at);
      gain.gain.linearRampToValueAtTime(to / UNIT, at + beat * (intensity ? 1 : BEATS));
    };

    // The beat at `next`; a track that is silent in this intensity plays nothing that nobody would hear.
    const plan = () => {
      const bar = Math.floor(next / BEATS);
      const within = next % BEATS;
      if (!within && wanted !== intensity) {
        intensity = wanted;
        lines.forEach(fade);
      }
      for (const line of lines) {
        const pattern = patterns[line.bars[bar]];
        if (!pattern || !line.levels[intensity]) continue;
        for (const note of pattern[within]) sound(line, note, at + ((note[0] % TICKS) / TICKS) * beat);
      }
      next = (next + 1) % (score.bars * BEATS);
      at += beat;
    };

    const pump = () => {
      const now = context.currentTime;
      while (at < now) { // the page was held up: what is over is left out, in time
        next = (next + 1) % (score.bars * BEATS);
        at += beat;
      }
      while (at < now + AHEAD) plan();
    };

    return Object.freeze({
      pump,
      run(on) {
        clearInterval(timer);
        timer = 0;
        if (!on) return;
        at = Math.max(at, context.currentTime + 0.05);
        timer = setInterval(pump, EVERY);
        pump();
      },
      running: () => timer !== 0,
      intensity(level) {
        wanted = level;
      },
    });
  };

  return Object.freeze({ player });
})();
