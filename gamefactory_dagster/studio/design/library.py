"""The mechanics library: twenty mechanics taken from the examples of the Flame engine, as data.

What belongs here: the twenty rows and what may be asked of them. What does not: how a mechanic is realised
(``families/``), how well it does (``learning/``), or the table it is stored in (``database/``).
"""

from dataclasses import dataclass
from typing import Literal

InputModel = Literal["tap", "drag", "joystick", "tilt", "swipe", "multi_touch"]
"""The values ``mechanics.input_model`` may have (document 001)."""

_EXAMPLES = "https://github.com/flame-engine/flame/blob/v1.38.0/examples"


@dataclass(frozen=True, slots=True)
class Mechanic:
    """One row of ``factory.mechanics``.

    ``source_url`` names a file as of Flame 1.38.0 and ``flame_example`` the class in it; where Flame has no
    example of exactly this mechanic, the closest one. ``genre_tags`` holds a genre that
    has families exactly where one of them realises the mechanic. ``complexity``: 1 (an afternoon) to 5
    (a system).
    """

    name: str
    source_url: str
    flame_example: str
    genre_tags: tuple[str, ...]
    input_model: InputModel
    complexity: int
    description: str
    compatible_with_ads: bool = True
    compatible_with_levels: bool = True
    presentation: bool = False
    """Whether it only changes what is seen: then every game that can show it does (``PRESENTATION``)."""


MECHANICS: tuple[Mechanic, ...] = (
    Mechanic(
        name="tap_jump",
        source_url=f"{_EXAMPLES}/games/trex/lib/player.dart",
        flame_example="Player",
        genre_tags=("runner", "platformer", "casual"),
        input_model="tap",
        complexity=1,
        description="A tap makes the hero jump; when to tap is the whole question.",
    ),
    Mechanic(
        name="lane_switch",
        source_url=f"{_EXAMPLES}/lib/stories/effects/sequence_effect_example.dart",
        flame_example="SequenceEffectExample",
        genre_tags=("arcade", "casual"),
        input_model="swipe",
        complexity=2,
        description="A swipe moves the hero to the neighbouring lane, out of the way of what is coming.",
    ),
    Mechanic(
        name="drag_aim",
        source_url=f"{_EXAMPLES}/lib/stories/bridge_libraries/flame_forge2d/drag_callbacks_example.dart",
        flame_example="DragCallbacksExample",
        genre_tags=("shooter", "arcade", "casual"),
        input_model="drag",
        complexity=3,
        description="Pull back to aim and set the strength, let go to shoot.",
    ),
    Mechanic(
        name="tile_swap",
        source_url=f"{_EXAMPLES}/lib/stories/input/drag_callbacks_example.dart",
        flame_example="DragCallbacksExample",
        genre_tags=("puzzle", "casual"),
        input_model="swipe",
        complexity=3,
        description="Two neighbouring tiles change places; three or more alike in a line clear.",
    ),
    Mechanic(
        name="joystick_control",
        source_url=f"{_EXAMPLES}/lib/stories/input/joystick_example.dart",
        flame_example="JoystickExample",
        genre_tags=("platformer", "arcade", "shooter"),
        input_model="joystick",
        complexity=2,
        description="A stick under the thumb steers the hero in every direction.",
    ),
    Mechanic(
        name="physics_gravity",
        source_url=f"{_EXAMPLES}/lib/stories/bridge_libraries/flame_forge2d/domino_example.dart",
        flame_example="DominoExample",
        genre_tags=("runner", "puzzle", "platformer", "arcade"),
        input_model="tap",
        complexity=3,
        description="Things have weight: a longer jump, or another way down, changes where they land.",
    ),
    Mechanic(
        name="collision_detection",
        source_url=f"{_EXAMPLES}/lib/stories/collision_detection/collidable_animation_example.dart",
        flame_example="CollidableAnimationExample",
        genre_tags=("runner", "puzzle", "platformer", "arcade", "shooter"),
        input_model="tap",
        complexity=2,
        description="Solid things stand in the way: they block, carry, or break when struck.",
    ),
    Mechanic(
        name="particle_effects",
        source_url=f"{_EXAMPLES}/lib/stories/rendering/particles_example.dart",
        flame_example="ParticlesExample",
        genre_tags=("runner", "puzzle", "platformer", "arcade", "shooter", "casual"),
        input_model="tap",
        complexity=2,
        description="Sparks and dust answer what the player does.",
        presentation=True,
    ),
    Mechanic(
        name="sprite_animation",
        source_url=f"{_EXAMPLES}/lib/stories/animations/basic_animation_example.dart",
        flame_example="BasicAnimationsExample",
        genre_tags=("runner", "puzzle", "platformer", "arcade", "shooter", "casual"),
        input_model="tap",
        complexity=1,
        description="Pictures move frame by frame, so that what lives looks alive.",
        presentation=True,
    ),
    Mechanic(
        name="camera_follow",
        source_url=f"{_EXAMPLES}/lib/stories/camera_and_viewport/camera_follow_and_world_bounds.dart",
        flame_example="CameraFollowAndWorldBoundsExample",
        genre_tags=("runner", "platformer", "shooter"),
        input_model="joystick",
        complexity=2,
        description="The camera keeps the hero in view and looks ahead to what comes next.",
        presentation=True,
    ),
    Mechanic(
        name="tilt_control",
        source_url=f"{_EXAMPLES}/games/crystal_ball/lib/src/game/components/input_handler.dart",
        flame_example="InputHandler",
        genre_tags=("arcade", "casual"),
        input_model="tilt",
        complexity=3,
        description="Tilting the device rolls the hero that way.",
    ),
    Mechanic(
        name="multi_touch",
        source_url=f"{_EXAMPLES}/lib/stories/input/multitap_example.dart",
        flame_example="MultitapExample",
        genre_tags=("runner", "arcade", "shooter"),
        input_model="multi_touch",
        complexity=2,
        description="A second finger does a second thing, at the same time as the first.",
    ),
    Mechanic(
        name="path_following",
        source_url=f"{_EXAMPLES}/lib/stories/effects/move_effect_example.dart",
        flame_example="MoveEffectExample",
        genre_tags=("puzzle", "shooter", "casual"),
        input_model="drag",
        complexity=3,
        description="Something has to be brought along a way to where it belongs.",
    ),
    Mechanic(
        name="text_input",
        source_url=f"{_EXAMPLES}/lib/stories/input/hardware_keyboard_example.dart",
        flame_example="HardwareKeyboardExample",
        genre_tags=("casual",),
        input_model="tap",
        complexity=3,
        description="Letters typed on a keyboard are the move.",
        compatible_with_ads=False,
    ),
    Mechanic(
        name="card_flip",
        source_url=f"{_EXAMPLES}/lib/stories/rendering/flip_sprite_example.dart",
        flame_example="FlipSpriteExample",
        genre_tags=("puzzle", "casual"),
        input_model="tap",
        complexity=2,
        description="Some pieces lie face down and are only known once they are turned over.",
    ),
    Mechanic(
        name="timer_countdown",
        source_url=f"{_EXAMPLES}/lib/stories/utils/timer_example.dart",
        flame_example="TimerExample",
        genre_tags=("runner", "puzzle", "arcade", "casual"),
        input_model="tap",
        complexity=1,
        description="A clock runs down and play can win back time.",
    ),
    Mechanic(
        name="parallax_scrolling",
        source_url=f"{_EXAMPLES}/lib/stories/parallax/basic_parallax_example.dart",
        flame_example="BasicParallaxExample",
        genre_tags=("runner", "platformer", "shooter"),
        input_model="tap",
        complexity=2,
        description="Layers of the background pass at different speeds and give the world depth.",
        presentation=True,
    ),
    Mechanic(
        name="spawner",
        source_url=f"{_EXAMPLES}/lib/stories/components/spawn_component_example.dart",
        flame_example="SpawnComponentExample",
        genre_tags=("runner", "puzzle", "arcade", "shooter"),
        input_model="tap",
        complexity=2,
        description="New trouble keeps arriving while the level is played.",
    ),
    Mechanic(
        name="score_system",
        source_url=f"{_EXAMPLES}/games/trex/lib/trex_game.dart",
        flame_example="TRexGame",
        genre_tags=("runner", "puzzle", "platformer", "arcade", "shooter", "casual"),
        input_model="tap",
        complexity=1,
        description="Points count: a level asks for a number of them before it is won.",
    ),
    Mechanic(
        name="health_system",
        source_url=f"{_EXAMPLES}/games/rogue_shooter/lib/components/enemy_component.dart",
        flame_example="EnemyComponent",
        genre_tags=("runner", "puzzle", "platformer", "arcade", "shooter"),
        input_model="tap",
        complexity=2,
        description="A few hearts: mistakes cost one each, and the last one ends the level.",
    ),
)
"""The whole library, in the order of its first listing; names are unique."""


PRESENTATION = frozenset(entry.name for entry in MECHANICS if entry.presentation)
"""Mechanics that change no rule: shown by every game of a family that realises them, so no design lists them,
no choice draws them, and nothing is learned from them. Older designs list some; there they mean nothing."""


def mechanic(name: str) -> Mechanic:
    """Look up a mechanic by ``name``; KeyError when the library has none."""
    return _BY_NAME[name]


_BY_NAME = {entry.name: entry for entry in MECHANICS}
