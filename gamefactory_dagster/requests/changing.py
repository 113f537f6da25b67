"""What people do with requests that are there: cancel one, try one again. Each is one transaction.

What belongs here: the functions behind commands and pages. What does not: entering one (``queue.py``).
"""

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.errors import IllegalTransitionError, InputError
from gamefactory_dagster.production import single
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.shipping.publisher import Publisher

from .following import follow_locked
from .queue import QueueManager, fail, locked
from .reading import Request
from .states import REQUEST


def cancel(engine: sa.Engine, publisher: Publisher, id_: int, why: str = "cancelled") -> Request:
    """End a request, and the game it became; gives it as it is then. Its run is stopped by the next tick.

    Raises InputError when there is none of this number, IllegalTransitionError when it has ended,
    TransientError when the database or the publisher cannot do it now; nothing is changed then.
    """
    with transaction(engine) as connection:
        request = locked(connection, id_)
        REQUEST.check(request.status, "failed")
        if request.game_id is None:
            fail(connection, request, why)
        else:
            single.cancel(connection, publisher, request.game_id, why)
            follow_locked(connection, request)
        request = locked(connection, id_)
        if request.status == "completed":
            raise IllegalTransitionError("its game was published at this very moment")
        return request


def retry(engine: sa.Engine, settings: Settings, id_: int) -> Request:
    """Enter a request that failed anew: the same words and options, for the same owner.

    Raises InputError when there is none of this number, or it has not failed.
    """
    with transaction(engine) as connection:
        return enter_again(connection, settings, id_)


def enter_again(connection: sa.Connection, settings: Settings, id_: int) -> Request:
    """Do the same in the caller's transaction."""
    old = locked(connection, id_)
    if old.status != "failed":
        raise InputError("request", id_, f"one that has failed; this one is {old.status}")
    is_second = old.pair_of is not None
    config = {name: value for name, value in old.config.items() if not (is_second and name == "compare")}
    return QueueManager(connection.engine, settings, connection=connection).create_job(
        old.game_name if old.is_named else None, old.prompt, config, owner=old.owner_id, retry_of=id_
    )
