"""What is really heard: the player's own sound, rendered by Chromium faster than time passes, measured."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from gamefactory_dagster.studio import player
from gamefactory_dagster.studio.audio import AudioRequest, compose
from gamefactory_dagster.studio.audio.loudness import power
from gamefactory_dagster.studio.audio.mixing import render
from gamefactory_dagster.studio.audio.ogg import decode, encode
from gamefactory_dagster.studio.audio.synthesis import RATE
from gamefactory_dagster.studio.browser.loopback import serving
from gamefactory_dagster.studio.families import FAMILIES

pytestmark = pytest.mark.browser

EFFECTS = (
    "click", "jump", "land", "collect", "hit", "win", "lose", "unlock", "tick", "star", "buy", "count",
    "near", "goal", "combo", "blast",
)  # fmt: skip
START = 0.05
"""Seconds after the files are there that the music begins."""

OFFLINE = """
window.heard = { pumps: [], sources: [], contexts: 0, suspended: 0, resumed: 0 };
window.setInterval = (pump) => heard.pumps.push(pump);
window.clearInterval = (timer) => { if (timer) heard.pumps[timer - 1] = () => {}; };
const Offline = window.OfflineAudioContext;
window.AudioContext = class extends Offline {
  constructor() {
    super(2, RATE * SECONDS, RATE);
    heard.context = this;
    heard.contexts += 1;
  }
  createBufferSource() {
    const source = super.createBufferSource();
    const stop = source.stop.bind(source);
    const start = source.start.bind(source);
    source.stop = (...at) => { source.stopped = true; return stop(...at); };
    source.start = (...at) => { source.at = at; return start(...at); };
    heard.sources.push(source);
    return source;
  }
  suspend() { heard.suspended += 1; }
  resume() { heard.resumed += 1; }
};
window.renderSound = async (acts) => {
  const { context } = heard;
  const pause = Offline.prototype.suspend, go = Offline.prototype.resume;
  for (let step = 1; step < SECONDS * 10; step += 1) {
    pause.call(context, step / 10).then(() => {
      heard.pumps.forEach((pump) => pump());
      for (const [at, what, value] of acts) {
        if (Math.round(at * 10) !== step) continue;
        if (what === "toggle") { Save.data[value] = !Save.data[value]; Sound.music(); }
        else Sound[what](value);
      }
      go.call(context);
    });
  }
  const buffer = await context.startRendering();
  const parts = [0, 1].map((side) => new Uint8Array(buffer.getChannelData(side).buffer));
  const text = (bytes) => {
    let out = "";
    for (let i = 0; i < bytes.length; i += 32768) out += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return btoa(out);
  };
  return parts.map(text);
};
"""

PLAYED = "heard.sources.filter((one) => one.at && one.at[0] === 0)"
"""Effects, which sound at once; notes of the music have a time."""

PAGE = '<!doctype html><title>Sound</title><link rel="icon" href="data:,">' + "".join(
    f'<script src="{name}"></script>' for name in ("files.js", "save.js", "music.js", "sound.js")
)


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """The sound of a quick game, and the scripts that play it."""
    sounds = compose(AudioRequest("flat_modern", "city", "energetic", 150, 4, EFFECTS))
    sources = player.sources(FAMILIES["runner"])
    scripts = {name: sources[name] for name in ("files.js", "save.js", "music.js", "sound.js")}
    return {
        "index.html": PAGE.encode(),
        **scripts,
        **{f"audio/{sound.filename}": sound.content for sound in sounds},
    }


Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, made: dict[str, bytes]) -> Iterator[Opened]:
    """Open the page with ``seconds`` of sound to render; ``changes`` are other files."""
    closing = []

    def open_page(seconds: int = 4, changes: dict[str, bytes] | None = None, gesture: bool = True) -> Page:
        server = serving({**made, **(changes or {})})
        url = server.__enter__().url
        context = browser.new_context(bypass_csp=True)
        closing.append((context, server))
        page = context.new_page()
        page.add_init_script(OFFLINE.replace("SECONDS", str(seconds)).replace("RATE", str(RATE)))
        page.complaints = []  # type: ignore[attr-defined]
        page.on("console", lambda message: page.complaints.append(message.text))  # type: ignore[attr-defined]
        page.goto(url + "/")
        page.evaluate("sounds => Sound.open({ art: true, sounds })", list(EFFECTS))
        if gesture:
            page.mouse.click(10, 10)
            page.wait_for_function("heard.pumps.length > 0")
        return page

    yield open_page
    for context, server in closing:
        context.close()
        server.__exit__(None, None, None)


def rendered(page: Page, *acts: tuple[float, str, Any]) -> np.ndarray:
    """Both sides as heard when ``acts`` happen: (second, name of a function of Sound, argument)."""
    sides = page.evaluate("acts => renderSound(acts)", [list(act) for act in acts])
    return np.array([np.frombuffer(base64.b64decode(side), dtype="<f4") for side in sides], dtype=float)


def silent(made: dict[str, bytes]) -> dict[str, bytes]:
    """Effects that nobody hears, so that what they do to the music is."""
    wave, _ = decode(made["audio/effects.ogg"])
    return {"audio/effects.ogg": encode(np.zeros(len(wave)), 0.5)}


def heard_power(sides: np.ndarray) -> np.ndarray:
    """Of each tenth of a second, both ears together."""
    return power(sides[0]) + power(sides[1])


def levels(sides: np.ndarray) -> np.ndarray:
    """Decibels of each tenth of a second."""
    return 10 * np.log10(heard_power(sides) + 1e-12)


def test_the_browser_plays_what_was_measured_in_python(opened: Opened, made: dict[str, bytes]) -> None:
    seconds = 12
    page = opened(seconds)
    heard = rendered(page, (0.1, "intensity", 1))
    notes, _ = decode(made["audio/music.ogg"])
    calm, full = render(json.loads(made["audio/score.json"])["music"], notes)
    bar = 4 * 60 / 150
    begin, end = round((2 * bar + 1) * RATE), round((seconds - 0.5) * RATE)
    mine = np.pad(full, (round(START * RATE), 0))
    assert not np.allclose(calm[:RATE], full[:RATE])
    browser_power, python_power = heard_power(heard[:, begin:end]), power(mine[begin:end])
    assert np.corrcoef(browser_power, python_power)[0, 1] > 0.98
    assert abs(10 * np.log10(browser_power.mean() / python_power.mean())) < 0.5
    assert np.abs(heard).max() < 1
    assert page.complaints == []  # type: ignore[attr-defined]


def test_intensity_is_followed_at_a_bar_line_rising_in_a_beat_and_falling_in_a_bar(opened: Opened) -> None:
    beat = 60 / 150
    heard = rendered(opened(14), (2.1, "intensity", 1), (8.1, "intensity", 0))
    more = heard - rendered(opened(14))  # than is heard of the calm version all along
    up, down = START + 8 * beat, START + 24 * beat  # the first bar lines after what was planned already

    def loud(start: float, end: float) -> float:
        return float(np.sqrt((more[:, round(start * RATE) : round(end * RATE)] ** 2).mean()))

    full = loud(up + 2 * beat, down)
    assert loud(0, up) < 1e-5, "nothing changes within a bar"
    assert 1e-5 < loud(up, up + 0.1 * beat) < 0.35 * full, "it rises"
    assert loud(up + beat, up + 2 * beat) > 0.6 * full, "within a beat"
    assert loud(down, down + beat) > 3 * loud(down + 3 * beat, down + 4 * beat) > 0, "it falls within a bar"
    assert loud(down + 6 * beat, 14) < 0.02 * full
    jumps = np.abs(np.diff(heard.mean(axis=0)))
    for at in (up, down):
        near = jumps[round((at - 0.02) * RATE) : round((at + 0.02) * RATE)]
        assert near.max() < 4 * np.quantile(jumps, 0.9995), "without a click"


@pytest.mark.slow
def test_music_goes_on_over_its_end(opened: Opened, made: dict[str, bytes]) -> None:
    music = json.loads(made["audio/score.json"])["music"]
    once = music["bars"] * 4 * 60 / music["tempo"]
    assert once >= 45
    heard = rendered(opened(int(once) + 8))
    level = levels(heard)
    at = int((START + once) * 10)
    assert level[at : at + 60].min() > level[20:].mean() - 30, "no hole"
    first, again = level[5:60], level[at + 5 : at + 60]
    assert np.corrcoef(first, again)[0, 1] > 0.9
    jumps = np.abs(np.diff(heard.mean(axis=0)))
    edge = round((START + once) * RATE)
    assert jumps[edge - 640 : edge + 640].max() < 4 * np.quantile(jumps, 0.9995)


def test_nothing_sounds_before_the_first_gesture_and_nothing_while_hidden(opened: Opened) -> None:
    page = opened(gesture=False)
    page.evaluate("(Sound.play('jump'), Sound.music(), Sound.intensity(1), 0)")
    assert page.evaluate("heard.contexts") == 0
    page.mouse.click(10, 10)
    page.wait_for_function("heard.pumps.length > 0")
    page.mouse.click(10, 10)
    assert page.evaluate("heard.contexts") == 1
    page.evaluate(
        "Object.defineProperty(document, 'hidden', { configurable: true, value: true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    assert page.evaluate("heard.suspended") == 1
    before = page.evaluate("heard.resumed")
    page.evaluate("dispatchEvent(new PointerEvent('pointerdown'))")
    assert page.evaluate("heard.resumed") == before, "a hidden page stays silent"


def rates(page: Page) -> list[float]:
    """The speeds of all effects played, in order."""
    return page.evaluate(f"{PLAYED}.map((one) => one.playbackRate.value)")


def test_a_cue_says_how_much_higher_and_repeats_differ_a_little(opened: Opened) -> None:
    page = opened()
    acts = [(0.2 * (i + 1), "play", cue) for i, cue in enumerate(("star", "star+4", "star+7", "star+40"))]
    acts += [(0.2 * (i + 6), "play", "jump") for i in range(4)]
    rendered(page, *acts)
    played = rates(page)
    assert played[:4] == pytest.approx([1, 2 ** (4 / 12), 2 ** (7 / 12), 2], rel=1e-5)
    jumps = played[4:]
    assert len({round(rate, 4) for rate in jumps[:3]}) == 3
    assert jumps[3] == pytest.approx(jumps[0])
    assert all(0.94 < rate < 1.06 for rate in jumps)


def test_the_same_effect_twice_at_once_is_heard_once_and_the_oldest_of_many_gives_way(opened: Opened) -> None:
    page = opened()
    assert len(EFFECTS) > 12
    page.evaluate("names => names.forEach((name) => (Sound.play(name), Sound.play(name)))", list(EFFECTS))
    sources = page.evaluate(f"{PLAYED}.map((one) => !!one.stopped)")
    assert sources == [True] * (len(EFFECTS) - 12) + [False] * 12
    heard = rendered(page)
    assert np.abs(heard).max() <= 1


def test_one_effect_at_two_pitches_at_once_is_heard_twice(opened: Opened) -> None:
    page = opened()
    page.evaluate("['star+2', 'star+4', 'star+4'].forEach(Sound.play)")
    assert rates(page) == pytest.approx([2 ** (2 / 12), 2 ** (4 / 12)], rel=0.06)


@pytest.mark.parametrize(("cue", "least", "back"), [("win", 8, 3.0), ("hit", 3, 1.5), ("click", -1, 0.5)])
def test_effects_push_the_music_back_and_let_it_come_again(
    opened: Opened, made: dict[str, bytes], cue: str, least: float, back: float
) -> None:
    plain = levels(rendered(opened(7, silent(made))))
    pushed = levels(rendered(opened(7, silent(made)), (2.0, "play", cue)))
    lost = plain - pushed
    assert lost[21:23].max() > least if least > 0 else np.abs(lost).max() < 0.2
    assert abs(lost[int((2 + back) * 10) :].max()) < 1.5
    assert np.abs(lost[:20]).max() < 0.2


def test_a_small_effect_does_not_bring_back_what_a_sting_has_pushed(
    opened: Opened, made: dict[str, bytes]
) -> None:
    plain = levels(rendered(opened(5, silent(made))))
    acts = [(2.0, "play", "win")] + [(2.1 + i / 10, "play", "jump") for i in range(5)]
    lost = plain - levels(rendered(opened(5, silent(made)), *acts))
    assert lost[22:26].min() > 8


def test_effects_and_music_are_mutable_apart(opened: Opened) -> None:
    page = opened(6)
    muted = [(0.2, "toggle", "sound"), (0.4, "play", "blast")]
    acts = [*muted, (2.0, "toggle", "music"), (4.0, "toggle", "music")]
    level = levels(rendered(page, *acts))
    assert rates(page) == []
    assert level[5:19].mean() > -40
    assert level[26:39].max() < level[5:19].mean() - 40
    assert level[46:58].mean() > -40


def test_an_effect_asked_for_while_it_loads_is_still_heard(opened: Opened) -> None:
    page = opened(gesture=False)
    page.mouse.click(10, 10)
    page.evaluate("Sound.play('click')")
    page.wait_for_function("heard.pumps.length > 0")
    assert rates(page) == [1]


def test_a_cue_without_a_sound_is_said_once(opened: Opened) -> None:
    page = opened()
    page.evaluate("(Sound.play('roar+3'), Sound.play('roar'), Sound.play('jump'), 0)")
    assert page.complaints == ["the game has no sound for roar+3"]  # type: ignore[attr-defined]
