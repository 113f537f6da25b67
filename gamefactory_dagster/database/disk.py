"""Whether the disk has room for more events.

What belongs here: the one question. What does not: what is done about it; docs/operations.md says what helps.
"""

import shutil

from gamefactory_dagster.settings import Settings

from .address import is_embedded


def lack_of_room(settings: Settings) -> str | None:
    """Why no more events may come in, in a sentence for anybody; None while they may.

    PostgreSQL stops when its disk is full, and with it all there is; what remains lets people clear up. Of
    the disk of somebody else's server nothing is known here.
    """
    if not is_embedded(settings):
        return None
    try:
        free = shutil.disk_usage(settings.home).free // 1_000_000
    except OSError:
        return None  # no home yet, or out of reach: the database will say so
    if free >= settings.free_disk_mb:
        return None
    return (
        f"The disk is full: {free} MB are free, and the last {settings.free_disk_mb} MB are not for events. "
        "Nothing more is stored until there is room."
    )
