"""What programs may ask of requests: JSON, in one shape also where something is wrong."""

import json

import pytest

from gamefactory_dagster.requests.queue import QueueManager
from tests.arcade.conftest import add_published, serving
from tests.asking import CLIENT
from tests.factory_rows import count

from . import orders
from .conftest import desk


def generate(arcade, content, headers=None):
    headers = {"Content-Type": "application/json"} | (headers or {})
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return CLIENT.post(f"{arcade.url}/api/generate", content=body, headers=headers)


def told(arcade, path, status=200):
    answer = arcade.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json"), path
    return answer.json()


def test_a_game_is_asked_for_and_followed(arcade, patient, engine):
    config = {"genre": "puzzle", "style": "watercolor", "seed": 7}
    answer = generate(arcade, {"prompt": "owls \U0001f989", "game_name": "Owl Hush", "config": config})
    assert answer.status_code == 201
    job = answer.json()
    number = job["id"]
    assert answer.headers["location"] == f"/api/jobs/{number}"
    assert (job["prompt"], job["game_name"], job["config"], job["status"], job["url"], job["play_url"]) == (
        "owls \U0001f989", "Owl Hush", config, "pending", f"/requests/{number}", None,
    )  # fmt: skip
    orders.take_to(engine, number, "completed", slug="owl-hush")
    deployment = {"url": "http://x/", "subdomain": "owl-hush", "containerId": "b"}
    queue = QueueManager(engine, patient)
    queue.update_phase_output(number, "deployment", deployment)
    queue.add_logs([(number, "info", f"line {one}: see /srv/home/x") for one in range(5)])
    job = told(arcade, f"/api/jobs/{number}")
    port = arcade.url.rpartition(":")[2]
    assert (job["status"], job["play_url"]) == ("completed", f"http://owl-hush.localhost:{port}/")
    assert job["phase_outputs"]["deployment"] == deployment
    assert len(job["logs"]) == 5
    assert "/srv" not in json.dumps(job)
    assert not {"owner_id", "address", "game_id", "is_named"} & set(job)
    first = told(arcade, f"/api/jobs/{number}/logs?limit=3")
    rest = told(arcade, f"/api/jobs/{number}/logs?limit=3&after={first['next']}")
    lines = [line["message"] for line in (*first["logs"], *rest["logs"])]
    assert lines == [f"line {one}: see …" for one in range(5)]
    assert rest["next"] is None


def test_jobs_stats_games_health(arcade, patient, engine):
    numbers = [orders.ask(engine, patient, prompt=f"owls {one}") for one in range(3)]
    orders.take_to(engine, numbers[1], "phase_3")
    add_published(engine)
    everything = told(arcade, "/api/jobs")["jobs"]
    assert {job["id"] for job in everything} == set(numbers)
    assert "logs" not in everything[0]
    assert [job["id"] for job in told(arcade, "/api/jobs?status=phase_3")["jobs"]] == [numbers[1]]
    pages = [told(arcade, f"/api/jobs?limit=2&offset={offset}")["jobs"] for offset in (0, 2, 4)]
    assert [len(page) for page in pages] == [2, 1, 0]
    stats = told(arcade, "/api/stats")
    assert (stats["total"], stats["jobs"]["pending"], stats["jobs"]["failed"]) == (3, 2, 0)
    [game] = told(arcade, "/api/games")["games"]
    assert (game["name"], game["slug"], game["tagline"]) == ("Reef Run", "reef-run", "Swim.")
    assert game["url"].startswith("http://reef-run.localhost:")
    assert told(arcade, "/health") == {"status": "ok"}


GOOD = {"prompt": "owls"}


@pytest.mark.parametrize(
    ("content", "headers", "status", "field"),
    [
        (GOOD, {"Content-Type": "text/plain"}, 415, None),
        (GOOD, {"Content-Type": "application/x-www-form-urlencoded"}, 415, None),
        (GOOD, {"Content-Encoding": "gzip"}, 415, None),
        (b"{", None, 400, None), (b"\xff", None, 400, None), (b"", None, 400, None), (b"[]", None, 400, None),
        (b"[" * 5000, None, 400, None), (b" " * 70_000, None, 413, None),
        ({}, None, 422, "prompt"), ({"prompt": None}, None, 422, "prompt"),
        ({"prompt": 7}, None, 422, "prompt"),
        ({"prompt": "\ud800"}, None, 422, "prompt"), ({"prompt": "\0"}, None, 422, "prompt"),
        ({"prompt": "a" * 4001}, None, 422, "prompt"), (GOOD | {"owner": "me"}, None, 422, "body"),
        (GOOD | {"game_name": 7}, None, 422, "game_name"), (GOOD | {"config": []}, None, 422, "config"),
        (GOOD | {"config": {"count": 9}}, None, 422, "config"),
        (GOOD | {"config": {"genre": "chess"}}, None, 422, "config.genre"),
        (GOOD | {"config": {"seed": "x"}}, None, 422, "config.seed"),
    ],
    ids=["text", "form", "gzip", "no-json", "no-utf8", "nothing", "list", "deep", "large", "empty", "null",
         "number", "surrogate", "nul", "long", "unknown", "name", "config", "count", "genre", "seed"],
)  # fmt: skip
def test_what_is_wrong_is_told_in_one_shape(standing, content, headers, status, field):
    arcade, engine = standing
    answer = generate(arcade, content, headers)
    error = answer.json()
    assert (answer.status_code, list(error), error["field"]) == (status, ["error", "field"], field)
    assert (
        error["error"].endswith((".", "}", "none", "blank", "pairs", "object", "integer"))
        or "expected" in (error["error"])
    )
    assert count(engine, "requests.jobs") == 0


@pytest.fixture(scope="module")
def standing(server, administrator, tmp_path_factory):
    from tests.conftest import borrowed, lender

    folder = tmp_path_factory.mktemp("home")
    with borrowed(server, administrator, lender(server, administrator), folder) as lent:
        patient = lent.settings.model_copy(update={"requests_per_minute": 1000})
        with serving(patient, lent.engine, pages=desk(patient, lent.engine)) as arcade:
            yield arcade, lent.engine


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [("/api/jobs/7", 404, None), ("/api/jobs/x", 404, None), ("/api/jobs/7/logs", 404, None),
     ("/api/", 404, None), ("/api/generate", 404, None), ("/api/jobs?status=lost", 422, "status"),
     ("/api/jobs?limit=0", 422, "limit"),
     ("/api/jobs?limit=101", 422, "limit"), ("/api/jobs?limit=%00", 422, "limit"),
     ("/api/jobs?offset=-1", 422, "offset"), ("/api/games?offset=1e3", 422, "offset")],
)  # fmt: skip
def test_what_is_not_there_is_told_so(standing, path, status, field):
    error = told(standing[0], path, status)
    assert (list(error), error["field"]) == (["error", "field"], field)


def test_other_sites_and_own_names_of_games_cannot_ask(standing):
    arcade, engine = standing
    port = arcade.url.rpartition(":")[2]
    for headers in ({"Origin": "http://evil.example"}, {"Origin": f"http://owl.localhost:{port}"},
                    {"Sec-Fetch-Site": "cross-site"}):  # fmt: skip
        assert generate(arcade, GOOD, headers).status_code == 403, headers
    there = {"Host": f"owl.localhost:{port}", "Origin": f"http://owl.localhost:{port}"}
    assert generate(arcade, GOOD, there).status_code in {404, 405}
    assert count(engine, "requests.jobs") == 0


def test_without_a_database_it_says_so_and_when_to_come_back(settings):
    from gamefactory_dagster.database.engine import get_engine

    gone = settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/nowhere"})
    engine = get_engine(gone)
    with serving(gone, engine, pages=desk(gone, engine)) as arcade:
        answers = [arcade.get(path) for path in ("/health", "/api/stats", "/api/jobs/1", "/api/jobs")]
        answers.append(generate(arcade, GOOD))
    for answer in answers:
        assert (answer.status_code, answer.headers["retry-after"], answer.json()["field"]) == (503, "5", None)
        assert "nowhere" not in answer.text
    engine.dispose()
