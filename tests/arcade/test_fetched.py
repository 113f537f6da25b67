"""An arcade serves what was published at a URL by any machine, and soon no longer what was withdrawn."""

import time
from uuid import uuid4

from gamefactory_dagster.studio.providers import publisher_of
from gamefactory_dagster.studio.shipping.build import Bundle

from .conftest import FILES, add_published, serving


def test_what_another_machine_publishes_and_withdraws_is_seen_within_seconds(settings, engine, tmp_path):
    url = f"memory://{uuid4()}"
    here = settings.model_copy(update={"published_url": url})
    elsewhere = publisher_of(here.model_copy(update={"home": tmp_path / "elsewhere"}))
    add_published(engine)
    with serving(here, engine) as arcade:
        assert arcade.get("/games/reef-run/").status_code == 404
        elsewhere.publish("reef-run", Bundle.of(FILES))
        answer = soon(arcade, "/games/reef-run/", 200)
        assert answer.content == FILES["index.html"]
        for name, content in FILES.items():
            assert arcade.get(f"/games/reef-run/{name}").content == content
        assert '<img src="/games/reef-run/splash.png"' in arcade.get("/").text
        elsewhere.publish("reef-run", Bundle.of({"index.html": b"newer"}))
        soon(arcade, "/games/reef-run/player.js", 404)
        assert arcade.get("/games/reef-run/").content == b"newer"
        elsewhere.withdraw("reef-run")
        soon(arcade, "/games/reef-run/", 404)


def soon(arcade, path, status):
    """Ask until the answer is this one."""
    until = time.monotonic() + 10
    while (answer := arcade.get(path)).status_code != status:
        assert time.monotonic() < until, answer.status_code
        time.sleep(0.2)
    return answer
