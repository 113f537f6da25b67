"""Days that nobody computed because the machine slept: what the daily run is asked to do.

What belongs here: days without metrics. What does not: days whose events came late (``late.py``).
"""

import datetime as dt

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load

LONGEST = dt.timedelta(days=366)
"""How far back a daily run looks: a whole year of days is a run of less than a minute and a few events."""


def first_day_due(connection: sa.Connection, earliest: dt.date, yesterday: dt.date) -> dt.date:
    """The first of the days from ``earliest`` to ``yesterday`` that a daily run has to compute.

    Every day counts since anything was computed first, with events or without: cohorts of 1, 7 and 30 days
    before have something to say on a day without events. Before that it is ``yesterday`` alone.
    """
    parameters = {"first": max(earliest, yesterday - LONGEST), "last": yesterday}
    missing = connection.scalar(sa.text(load("analytics/first_missing_day")), parameters)
    return missing or yesterday
