"""Batches become games, games go through twelve steps: planning, lifecycle, steps, runs.

What belongs here: everything that decides or writes ``batches``, ``games``, ``game_steps``, ``game_assets``,
``game_builds`` and ``generation_logs``. What does not: how art, levels or builds are made (``studio``).
"""
