DELETE FROM factory.mechanics
WHERE name IN (
    'tap_jump', 'lane_switch', 'drag_aim', 'tile_swap', 'joystick_control', 'physics_gravity',
    'collision_detection', 'particle_effects', 'sprite_animation', 'camera_follow', 'tilt_control',
    'multi_touch', 'path_following', 'text_input', 'card_flip', 'timer_countdown',
    'parallax_scrolling', 'spawner', 'score_system', 'health_system'
);
