"""An arcade for ``collector.py`` to measure, in a process of its own: prints its port, serves until ended."""

import sys

from gamefactory_dagster.arcade.app import create_app
from gamefactory_dagster.arcade.limits import Limits
from gamefactory_dagster.arcade.serve import make_server, take_port
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.settings import get_settings

UNLIMITED = {"tokens_per_second": 1e9, "burst_tokens": 1e9}

UNBOUNDED = {"address_events": 2**31, "player_events": 2**31}

WAYS = {"one by one": Limits(**UNLIMITED, flush_events=1, flush_seconds=0), "gathered": Limits(**UNLIMITED)}


def main() -> None:
    """Serve one of the ways to flush."""
    settings = get_settings().model_copy(update=UNBOUNDED)
    engine = get_engine(settings, pool_size=2)
    with take_port("127.0.0.1", 0) as taken:
        print(taken.getsockname()[1], flush=True)
        make_server(create_app(settings, engine, WAYS[sys.argv[1]])).run(sockets=[taken])


if __name__ == "__main__":
    main()
