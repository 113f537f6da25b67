"""From links to a report: what could be read of them, and whom it is about.

What belongs here: reading again what was fetched, and choosing players where nobody named any. What does not:
what is counted (``analysis.py``), and jobs (``working.py``).
"""

from collections.abc import Sequence

from gamefactory_dagster.errors import PermanentError

from .analysis import analyse, seen
from .desk import Desk
from .frames import Frames, frames
from .records import Replay
from .results import Remark, Report
from .sources.errors import BrokenOffError, BusyError, TooSlowError

UNREADABLE = (PermanentError, BrokenOffError, BusyError, TooSlowError)
"""What is wrong with one link and no other. A database that is away is not among them."""


async def report_of(
    desk: Desk,
    urls: Sequence[str],
    players: Sequence[str],
    *,
    team: str | None = None,
    unread: Sequence[Remark] = (),
) -> Report:
    """Report on players' matches among these links; without any, on whoever is in the most of them.

    Raises what ``read_all`` does, and InputError for a player who is in none.
    """
    found, unread = await read_all(desk, urls, unread)
    tables = frames(found)
    notes = [Remark(source=url, text=note) for url, replay in found for note in replay.notes]
    return analyse(tables, players or most_seen(tables), team=team, unread=unread, notes=notes)


async def read_all(
    desk: Desk, urls: Sequence[str], unread: Sequence[Remark] = ()
) -> tuple[list[tuple[str, Replay]], list[Remark]]:
    """Give the replays with a match, one after the other, and what there is to say of the other links.

    ``unread``: what is known to be unreadable of others. Raises PermanentError where none can be read.
    """
    found: list[tuple[str, Replay]] = []
    failed = list(unread)
    for url in urls:
        try:
            replay = await desk.read(url)
        except UNREADABLE as error:
            failed.append(Remark(source=url, text=str(error)))
            continue
        if replay.matches:
            found.append((url, replay))
        else:
            failed.append(Remark(source=url, text="nothing was played"))
    if not found:
        reasons = "; ".join(f"{one.source}: {one.text}" for one in failed[:3])
        raise PermanentError(f"no match could be read of the links: {reasons}")
    return found, failed


def most_seen(tables: Frames) -> list[str]:
    """Who is in more matches than anybody else: one player, or both of a table where they are equals."""
    times = seen(tables)
    most = max(times.values())
    return [name for name, matches in times.items() if matches == most][:2]
