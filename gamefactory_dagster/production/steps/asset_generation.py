"""Draw and compose all the player sees and hears: sprites, backgrounds, icon, title pictures, sounds, music.

Every asset must load, have the size and transparency asked for, and stand out from what is behind it.
"""

import hashlib
from dataclasses import asdict
from typing import Any

from gamefactory_dagster.studio import audio
from gamefactory_dagster.studio.art import ArtKit, ArtRequest, Picture
from gamefactory_dagster.studio.art.atlas import Packed
from gamefactory_dagster.studio.art.checks import find_problems
from gamefactory_dagster.studio.art.fitting import fitted
from gamefactory_dagster.studio.art.picture import kept_at
from gamefactory_dagster.studio.art.sheet import contact_sheet
from gamefactory_dagster.studio.audio import AudioRequest, Sound, compose
from gamefactory_dagster.studio.design.credits import TWEMOJI, borrowed

from .base import StepJob, StepResult, to_json
from .game_data import sounds_of

ART_MODEL = "procedural-art-1"
AUDIO_MODEL = "procedural-audio-1"


def run(job: StepJob) -> StepResult:
    """Make the art kit and the sounds, and a row of ``game_assets`` for each."""
    gdd, guide = job.gdd, job.gdd.style_guide
    kit, packed = fitted(job.providers.illustrator.illustrate(job.family.art(gdd)))
    job.check()
    sounds = compose(
        AudioRequest(
            style=guide.style,
            theme=guide.theme,
            mood=guide.mood,
            tempo=guide.tempo,
            seed=gdd.seed,
            effects=sounds_of(job.family, gdd),
        )
    )
    return StepResult(
        changes=_files(kit, packed, sounds),
        artifacts={"pictures": len(kit.pictures), "sounds": len(sounds), "palette": dict(kit.palette)},
        checks={"art": find_problems(kit, packed), "sound": audio.problems(sounds)},
        assets=[_picture_row(picture, kit.request) for picture in kit.pictures]
        + [_sound_row(sound) for sound in sounds],
        pictures={"art sheet": contact_sheet(kit)},
        tables={
            "sounds": [
                {"file": sound.filename, "seconds": round(sound.seconds, 2), "bytes": len(sound.content)}
                for sound in sounds
            ]
        },
    )


def _files(kit: ArtKit, packed: Packed, sounds: tuple[Sound, ...]) -> dict[str, bytes | None]:
    atlas, frames = packed
    files: dict[str, bytes | None] = {"web/atlas.png": atlas, "web/atlas.json": to_json(frames)}
    files["art/palette.json"] = to_json(dict(kit.palette))
    for picture in kit.pictures:
        files[kept_at(picture.asset_type, picture.filename)] = picture.png
    for sound in sounds:
        files[f"web/audio/{sound.filename}"] = sound.content
    return files


def _row(content: bytes, **columns: Any) -> dict[str, Any]:
    return {"checksum": hashlib.sha256(content).hexdigest(), "size_bytes": len(content), **columns}


def _picture_row(picture: Picture, request: ArtRequest) -> dict[str, Any]:
    shown = request.cast_in(picture.name)
    about = {"name": picture.name, "frames": picture.frames, "subjects": list(shown)}
    if borrowed(shown):
        about["credit"] = asdict(TWEMOJI)
    return _row(
        picture.png,
        asset_type=picture.asset_type,
        filename=picture.filename,
        ai_prompt=picture.prompt,
        ai_model=ART_MODEL,
        width=picture.width,
        height=picture.height,
        format="png",
        metadata=about,
    )


def _sound_row(sound: Sound) -> dict[str, Any]:
    return _row(
        sound.content,
        asset_type=sound.asset_type,
        filename=sound.filename,
        ai_prompt=sound.prompt,
        ai_model=AUDIO_MODEL,
        format=sound.filename.rpartition(".")[2],
        metadata={
            "name": sound.name,
            "seconds": round(sound.seconds, 3),
            "peak": round(float(sound.peak), 4),
        },
    )
