-- The mechanics library: the twenty mechanics of studio/library.py, as of Flame 1.38.0.
-- A mechanic that is there already keeps its id and is_active, and takes the library's text.

INSERT INTO factory.mechanics (
    name, source_url, flame_example, genre_tags,
    input_model, complexity, compatible_with_ads, compatible_with_levels, description
)
VALUES
    (
        'tap_jump',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/games/trex/lib/player.dart',
        'Player',
        '["runner", "platformer", "casual"]',
        'tap', 1, true, true,
        'A tap makes the hero jump; when to tap is the whole question.'
    ),
    (
        'lane_switch',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/effects/sequence_effect_example.dart',
        'SequenceEffectExample',
        '["arcade", "casual"]',
        'swipe', 2, true, true,
        'A swipe moves the hero to the neighbouring lane, out of the way of what is coming.'
    ),
    (
        'drag_aim',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/bridge_libraries/flame_forge2d/drag_callbacks_example.dart',
        'DragCallbacksExample',
        '["shooter", "arcade", "casual"]',
        'drag', 3, true, true,
        'Pull back to aim and set the strength, let go to shoot.'
    ),
    (
        'tile_swap',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/input/drag_callbacks_example.dart',
        'DragCallbacksExample',
        '["puzzle", "casual"]',
        'swipe', 3, true, true,
        'Two neighbouring tiles change places; three or more alike in a line clear.'
    ),
    (
        'joystick_control',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/input/joystick_example.dart',
        'JoystickExample',
        '["platformer", "arcade", "shooter"]',
        'joystick', 2, true, true,
        'A stick under the thumb steers the hero in every direction.'
    ),
    (
        'physics_gravity',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/bridge_libraries/flame_forge2d/domino_example.dart',
        'DominoExample',
        '["runner", "puzzle", "platformer", "arcade"]',
        'tap', 3, true, true,
        'Things have weight: a longer jump, or another way down, changes where they land.'
    ),
    (
        'collision_detection',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/collision_detection/collidable_animation_example.dart',
        'CollidableAnimationExample',
        '["runner", "puzzle", "platformer", "arcade", "shooter"]',
        'tap', 2, true, true,
        'Solid things stand in the way: they block, carry, or break when struck.'
    ),
    (
        'particle_effects',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/rendering/particles_example.dart',
        'ParticlesExample',
        '["runner", "puzzle", "platformer", "arcade", "shooter", "casual"]',
        'tap', 2, true, true,
        'Sparks and dust answer what the player does.'
    ),
    (
        'sprite_animation',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/animations/basic_animation_example.dart',
        'BasicAnimationsExample',
        '["runner", "puzzle", "platformer", "arcade", "shooter", "casual"]',
        'tap', 1, true, true,
        'Pictures move frame by frame, so that what lives looks alive.'
    ),
    (
        'camera_follow',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/camera_and_viewport/camera_follow_and_world_bounds.dart',
        'CameraFollowAndWorldBoundsExample',
        '["runner", "platformer", "shooter"]',
        'joystick', 2, true, true,
        'The camera keeps the hero in view and looks ahead to what comes next.'
    ),
    (
        'tilt_control',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/games/crystal_ball/lib/src/game/components/input_handler.dart',
        'InputHandler',
        '["arcade", "casual"]',
        'tilt', 3, true, true,
        'Tilting the device rolls the hero that way.'
    ),
    (
        'multi_touch',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/input/multitap_example.dart',
        'MultitapExample',
        '["runner", "arcade", "shooter"]',
        'multi_touch', 2, true, true,
        'A second finger does a second thing, at the same time as the first.'
    ),
    (
        'path_following',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/effects/move_effect_example.dart',
        'MoveEffectExample',
        '["puzzle", "shooter", "casual"]',
        'drag', 3, true, true,
        'Something has to be brought along a way to where it belongs.'
    ),
    (
        'text_input',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/input/hardware_keyboard_example.dart',
        'HardwareKeyboardExample',
        '["casual"]',
        'tap', 3, false, true,
        'Letters typed on a keyboard are the move.'
    ),
    (
        'card_flip',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/rendering/flip_sprite_example.dart',
        'FlipSpriteExample',
        '["puzzle", "casual"]',
        'tap', 2, true, true,
        'Some pieces lie face down and are only known once they are turned over.'
    ),
    (
        'timer_countdown',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/utils/timer_example.dart',
        'TimerExample',
        '["runner", "puzzle", "arcade", "casual"]',
        'tap', 1, true, true,
        'A clock runs down and play can win back time.'
    ),
    (
        'parallax_scrolling',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/parallax/basic_parallax_example.dart',
        'BasicParallaxExample',
        '["runner", "platformer", "shooter"]',
        'tap', 2, true, true,
        'Layers of the background pass at different speeds and give the world depth.'
    ),
    (
        'spawner',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/lib/stories/components/spawn_component_example.dart',
        'SpawnComponentExample',
        '["runner", "puzzle", "arcade", "shooter"]',
        'tap', 2, true, true,
        'New trouble keeps arriving while the level is played.'
    ),
    (
        'score_system',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/games/trex/lib/trex_game.dart',
        'TRexGame',
        '["runner", "puzzle", "platformer", "arcade", "shooter", "casual"]',
        'tap', 1, true, true,
        'Points count: a level asks for a number of them before it is won.'
    ),
    (
        'health_system',
        'https://github.com/flame-engine/flame/blob/v1.38.0/examples/games/rogue_shooter/lib/components/enemy_component.dart',
        'EnemyComponent',
        '["runner", "puzzle", "platformer", "arcade", "shooter"]',
        'tap', 2, true, true,
        'A few hearts: mistakes cost one each, and the last one ends the level.'
    )
ON CONFLICT (name) DO UPDATE SET
    source_url = excluded.source_url,
    flame_example = excluded.flame_example,
    genre_tags = excluded.genre_tags,
    input_model = excluded.input_model,
    complexity = excluded.complexity,
    compatible_with_ads = excluded.compatible_with_ads,
    compatible_with_levels = excluded.compatible_with_levels,
    description = excluded.description;
