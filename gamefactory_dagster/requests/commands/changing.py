"""``gamefactory requests cancel | retry``.

What belongs here: saying what was done. What does not: doing it (``requests/changing.py``).
"""

from gamefactory_dagster.ledger.commands.asking import asking
from gamefactory_dagster.terminal import AsJson, User, say, say_json

from .sharing import WhichRequest, own


def cancel(request: WhichRequest, user: User = None, as_json: AsJson = False) -> None:
    """Cancel a request of yours, with the game it became; a game that is published stays.

    Example: gamefactory requests cancel latest
    """
    from gamefactory_dagster.requests import changing
    from gamefactory_dagster.settings import get_settings
    from gamefactory_dagster.studio.providers import embedded

    engine, owner = asking(user)
    id_ = own(engine, owner, request).id
    ended = changing.cancel(engine, embedded(get_settings()).publisher, id_)
    if as_json:
        say_json(ended.told())
    else:
        say(f"Request {id_} is cancelled.")


def retry(request: WhichRequest, user: User = None, as_json: AsJson = False) -> None:
    """Ask again for what failed: a new request with the same words and options.

    Example: gamefactory requests retry 12
    """
    from gamefactory_dagster.requests import changing
    from gamefactory_dagster.settings import get_settings

    engine, owner = asking(user)
    old = own(engine, owner, request)
    entered = changing.retry(engine, get_settings(), old.id)
    if as_json:
        say_json(entered.told())
    else:
        say(f"Request {entered.id} is another try of {old.id}.")
        say(f"Follow it: gamefactory requests show {entered.id} --watch")
