"""Batches nobody should order, by the command line and by SQL, and the words each is refused with."""

BAD_ORDERS = {
    "no games": (["--count", "0"], "game_count: 0 is not accepted; expected a whole number from 1 to"),
    "fewer than none": (["--count", "-1"], "game_count: -1 is not accepted; expected a whole number from 1"),
    "a billion": (["--count", "1000000000"], "game_count: 1000000000 is not accepted; expected a whole"),
    "no such genre": (["--genre", "chess=10"], "genre: 'chess' is not accepted; expected one that has a"),
    "markup": (["--genre", "[/red]"], "genre: '[/red]' is not accepted; expected one that has a game family"),
    "no object": (["--constraint", '["pixel_retro"]'], "--constraint: '[\"pixel_retro\"]' is not accepted"),
    "no such key": (["--constraint", "colour=red"], "constraints: 'colour' is not accepted; expected only"),
    "a long name": (["--name", "x" * 10_000], f"name: '{'x' * 76}... is not accepted; expected 1 to 255"),
}  # fmt: skip
"""What is added to a good order -> how the one line it prints begins, after ``Error:``."""

BAD_ROWS = {
    "rows: none": (0, "[]", "{}", "game_count: 0 "),
    "rows: negative": (-1, "[]", "{}", "game_count: -1 "),
    "rows: a billion": (10**9, "[]", "{}", "game_count: 1000000000 "),
    "rows: genre": (1, '[{"genre": "chess", "count": 1}]', "{}", "genre: 'chess' "),
    "rows: mix": (1, '"runner"', "{}", "genre_mix: 'runner' "),
    "rows: sum": (1, '{"runner": 2}', "{}", "genre_mix: {'runner': 2} "),
    "rows: list": (1, "[]", "[1]", "constraints: [1] "),
    "rows: text": (1, "[]", '"easy"', "constraints: 'easy' "),
    "rows: key": (1, "[]", '{"colour": "red"}', "constraints: 'colour' "),
    "rows: level": (1, "[]", '{"free_levels": 9}', "constraints.free_levels: 9 "),
    "rows: \x01": (1, "[]", "{}", "name: 'rows: \\x01' "),
    "   ": (1, "[]", "{}", "name: '   ' "),
}
"""Name -> game_count, genre_mix, constraints, and how the message begins."""
