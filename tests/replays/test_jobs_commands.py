"""``gamefactory replays submit ... list`` as a person and a script see them."""

import json
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from gamefactory_dagster.cli import app
from gamefactory_dagster.errors import IllegalTransitionError, InputError
from gamefactory_dagster.replays.results import Report

from .desk import link
from .site import Site

Run = Callable[..., Any]


@pytest.fixture
def site(settings, engine) -> Site:
    return Site(settings, engine)


@pytest.fixture
def run(site: Site, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``gamefactory replays ...`` in this process."""
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: site.settings)
    return lambda *words: CliRunner().invoke(app, ["replays", *words])


def told(result: Any) -> Any:
    assert result.exit_code == 0, result
    return json.loads(result.stdout)


def test_a_player_s_job_from_submission_to_a_shared_page(run: Run, site: Site, tmp_path) -> None:
    site.record(1)
    job = told(run("submit", link(1), link(9), "--player", "Ann", "--json"))
    assert (job["status"], job["total_urls"], job["urls"]) == ("PENDING", 2, [link(1), link(9)])
    assert "Follow it: gamefactory replays status" in run("status").stdout
    assert run("report").exit_code == 1
    site.work(UUID(job["id"]))
    shown = told(run("status", "--json"))
    assert (shown["status"], [one["state"] for one in shown["links"]]) == ("COMPLETED", ["done", "failed"])
    page = tmp_path / "report.html"
    assert run("report", "--output", str(page)).exit_code == 0
    assert "Ann" in page.read_text()
    assert Report.from_json(run("report", "--format", "json").stdout).replays == 1
    rows = told(run("report", "--json"))["rows"]
    assert next(row for row in rows if row["part"] == "all")["won"] == 1
    assert "Ann" in run("report").stdout
    shared = told(run("share", "--json"))
    assert shared["url"].endswith(f"/shared/{job['shareable_id']}")
    assert "Shared: /shared/" in run("status", job["id"]).stdout
    assert "yours alone again" in run("unshare").stdout
    assert [one["id"] for one in told(run("list", "--status", "completed", "--json"))["jobs"]] == [job["id"]]
    assert "COMPLETED" in run("list").stdout
    assert isinstance(run("cancel", "latest").exception, IllegalTransitionError)


def test_a_team_s_job_asks_in_between(run: Run, site: Site, tmp_path) -> None:
    links = tmp_path / "week.txt"
    links.write_text("\n".join([site.record(1), "", site.record(2, "Cyd", "Dee")]) + "\n")
    data = tmp_path / "team.json"
    data.write_text('{"week": 3}')
    job = told(run("team", "The Owls", "--links", str(links), "--data", str(data), "--json"))
    assert (job["job_type"], job["team_data"], job["total_urls"]) == ("GFWL", {"week": 3}, 2)
    assert "still being read" in run("players").stdout
    site.work(UUID(job["id"]))
    seen = told(run("players", "--json"))
    assert set(seen["discovered_players"]) == {"Ann", "Bob", "Cyd", "Dee"}
    refused = run("confirm", "latest", "Eve")
    assert refused.exit_code == 1
    assert "Eve" in str(refused.exception)
    assert told(run("confirm", "latest", "ann", "cyd", "--json"))["status"] == "PENDING"
    site.work(UUID(job["id"]), "run 2")
    assert [player.name for player in site.report(UUID(job["id"])).players] == ["Ann", "Cyd"]
    assert told(run("players", "--json"))["confirmed_players"] == ["Ann", "Cyd"]


def test_who_watches_sees_it_to_its_end(run: Run, site: Site) -> None:
    site.record(1)

    def work() -> None:
        while not (wanted := site.tick().wanted):
            pass
        site.work(UUID(wanted[0].subject))

    thread = threading.Thread(target=work)
    thread.start()
    done = run("submit", link(1), "--watch")
    thread.join()
    assert (done.exit_code, "COMPLETED" in done.stdout) == (0, True)
    failed = run("submit", link(8), "--json")
    site.work(UUID(told(failed)["id"]))
    assert run("status", "--watch").exit_code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["submit"], "LINK"),
        (["submit", "http://elsewhere.example/"], "expected a link such as"),
        (["submit", "--links", "/nowhere"], "--links"),
        (["team", " ", link(1)], "team_name"),
        (["team", "Owls", link(1), "--data", "/nowhere"], "--data"),
        (["status", "no id"], "job"),
        (["status"], "there is none yet"),
        (["list", "--status", "gone"], "--status"),
        (["list", "--after", "gone"], "after"),
        (["report", "--format", "page"], "--output"),
        (["players", "00000000-0000-4000-8000-000000000000"], "job"),
    ],
    ids=[
        "no link", "link", "links", "team", "data", "id", "latest", "state", "after", "output", "nobody's",
    ],
)  # fmt: skip
def test_what_will_not_do_names_the_part_at_fault(run: Run, words: list[str], said: str) -> None:
    done = run(*words)
    assert isinstance(done.exception, InputError), done
    assert said in str(done.exception)
