"""A report on replays as one self-contained page.

What belongs here: how it looks. What does not: what is counted (``analysis.py``), and what all reports share
(``gamefactory_dagster/report/``).
"""
