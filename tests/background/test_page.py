"""The pages of background jobs: the user's own, for this machine alone, and nothing on them can act."""

import asyncio
import re

import httpx
import pytest

from gamefactory_dagster.arcade.app import create_app
from gamefactory_dagster.background import page
from gamefactory_dagster.background.page import PAGES
from gamefactory_dagster.background.registry import registry
from gamefactory_dagster.settings import LOCAL_USER
from tests.arcade.conftest import serving
from tests.arcade.test_gallery import Reader, read
from tests.ledger.callers import ANN
from tests.ledger.entered import enter, users

from .rows import add, ago, ahead

DONE, FAILED, WAITING, ANNS = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "abcd")
EVIL = "<script>alert(1)</script>\"'&\u202e\x07"


@pytest.fixture
def arcade(settings, engine):
    with serving(settings, engine, pages=[PAGES]) as arcade:
        yield arcade


@pytest.fixture
def shown(arcade, engine):
    """The arcade's user has a job in each of three states; Ann has one too."""
    users(engine)
    add(engine, id=DONE, status="completed", created_at=ago(minutes=3), started_at=ago(minutes=2),
        ended=ahead(hours=1), job_parameters={"text": "abc"}, data_references={"sha256": "ab12"},
        log=f"a\nb{EVIL}\n")  # fmt: skip
    add(engine, id=FAILED, status="failed", created_at=ago(minutes=2), started_at=ago(minutes=1),
        error_type="TransientError", error_message=EVIL, job_parameters={"text": EVIL}, retry_count=3,
        error_context={"traceback": f"Traceback {EVIL}"}, job_type="refresh_metrics")  # fmt: skip
    add(engine, id=WAITING, created_at=ago(minutes=1), run_after=ahead(hours=1), queue="job_queue_high")
    add(engine, id=ANNS, user_id=ANN, job_parameters={"text": "Ann's"})
    return arcade


def listed(reader):
    return [link[6:] for link in reader.links if re.fullmatch(r"/jobs/[0-9a-f-]{36}", link)]


def test_the_newest_jobs_come_first_and_only_one_s_own(shown):
    found = read(shown, "/jobs")
    assert listed(found) == [WAITING, FAILED, DONE]
    assert {"Sample task", "waits until ", "failed", "completed", "3 retries", "high priority"} <= set(
        found.texts
    )
    assert "Ann's" not in " ".join(found.texts)
    numbers = dict(zip(found.texts, found.texts[1:], strict=False))
    assert [numbers[name] for name in ("waiting", "at work", "completed in 24 h", "failed in 24 h")] == [
        "1", "0", "1", "1"
    ]  # fmt: skip


def test_jobs_by_state_and_type(shown):
    assert listed(read(shown, "/jobs?status=failed")) == [FAILED]
    assert listed(read(shown, "/jobs?type=sample_task")) == [WAITING, DONE]
    assert listed(read(shown, "/jobs?type=sample_task&status=completed")) == [DONE]
    assert "No such job" in read(shown, "/jobs?status=processing").texts
    for query in ("status=lost", "status=%00", "type=chess", "status=&type="):
        assert len(listed(read(shown, f"/jobs?{query}"))) == 3, query
    links = read(shown, "/jobs?status=failed").links
    assert {"/jobs", "/jobs?status=failed", "/jobs?status=failed&type=sample_task"} <= set(links)
    assert {f"/jobs?type={name}" for name in registry()} <= set(read(shown, "/jobs").links)


def test_pages_follow_each_other_by_key(shown, engine, monkeypatch):
    monkeypatch.setattr(page, "PAGE_JOBS", 2)
    for _ in range(4):
        add(engine, created_at=ago(hours=1))
    path, found = "/jobs?type=sample_task", []
    for _ in range(3):
        reader = read(shown, path)
        found += listed(reader)
        path = next((link for link in reader.links if "after=" in link), None)
    assert path is None
    assert len(found) == len(set(found)) == 6
    for key in ("x", "1.", "%00", "1.pearl", "9" * 30 + ".a"):
        assert shown.get(f"/jobs?after={key}").status_code == 404, key


def test_a_job_s_page_says_all_there_is(shown, engine):
    enter(engine, "its-run", LOCAL_USER, {"kind": "job", "job": "sample_task", "job_id": DONE})
    found = read(shown, f"/jobs/{DONE}")
    assert "/runs/its-run" in found.links
    said = " ".join(found.texts)
    for words in ('"text": "abc"', '"sha256": "ab12"', "a\nb<script>", "completed", "took", DONE):
        assert words in said, words


def test_a_failed_job_s_page_says_why(shown, engine):
    again = add(engine, retry_of=FAILED)
    found = read(shown, f"/jobs/{FAILED}")
    said = " ".join(found.texts)
    assert "What went wrong (TransientError)" in said
    assert "Traceback <script>" in said
    assert f"/jobs/{again}" in found.links
    assert f"/jobs/{FAILED}" in read(shown, f"/jobs/{again}").links


def test_what_a_job_says_is_text(shown):
    for path in ("/jobs", f"/jobs/{FAILED}", f"/jobs/{DONE}"):
        answer = shown.get(path)
        assert "script" not in Reader(answer.text).tags, path
        assert "<script" not in answer.text, path
        assert not {"\u202e", "\x07"} & set(answer.text), path
        assert 'style="' not in answer.text, path
        assert "<form" not in answer.text, path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("given", [None, [1], "x", 7])
def test_a_job_may_hold_anything(arcade, engine, given):
    odd = add(
        engine,
        job_parameters=given,
        data_references=given,
        error_context=given,
        status="failed",
        job_type=EVIL,
    )
    assert arcade.get("/jobs").status_code == arcade.get(f"/jobs/{odd}").status_code == 200


def test_another_s_job_is_none_as_one_that_is_not_there(shown):
    unknown = shown.get("/jobs/eeeeeeee-0000-4000-8000-000000000000")
    assert unknown.status_code == 404
    for path in (ANNS, DONE[:8], "latest", "%00", "%ff", DONE.replace("-", "")):
        answer = shown.get(f"/jobs/{path}")
        assert (answer.status_code, answer.text) == (404, unknown.text), path


PATHS = ["/jobs", "/jobs/", f"/jobs/{DONE}", "/jobs?status=failed"]


@pytest.mark.parametrize("path", PATHS)
def test_for_anybody_but_this_machine_s_user_there_are_no_jobs(shown, path):
    for headers in ({"X-Forwarded-For": "127.0.0.1"}, {"Sec-Fetch-Mode": "cors"}):
        nothing = shown.get("/nothing", headers=headers)
        answer = shown.get(path, headers=headers)
        assert (answer.status_code, answer.text) == (404, nothing.text), headers


async def asked_from(app, client, path):
    transport = httpx.ASGITransport(app, client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as asking:
        return (await asking.get(path)).status_code


def test_for_another_machine_there_are_no_jobs(settings, engine):
    app = create_app(settings, engine, pages=[PAGES])
    for path in PATHS:
        assert asyncio.run(asked_from(app, "192.168.1.4", path)) == 404
    assert asyncio.run(asked_from(app, "127.0.0.1", "/jobs")) == 200


def test_the_gallery_leads_there_those_who_may_see_it(arcade):
    assert {"/runs", "/jobs"} <= set(read(arcade).links)
    assert "/jobs" not in Reader(arcade.get("/", headers={"X-Forwarded-For": "127.0.0.1"}).text).links


def test_without_its_pages_the_arcade_has_no_jobs(settings, engine):
    with serving(settings, engine) as arcade:
        assert arcade.get("/jobs").status_code == arcade.get("/jobs.css").status_code == 404
        assert "/jobs" not in read(arcade).links


def test_with_no_jobs_the_page_says_so(arcade):
    assert "No jobs yet" in read(arcade, "/jobs").texts


def test_the_styles_are_there(arcade):
    assert arcade.get("/jobs.css").headers["content-type"] == "text/css; charset=utf-8"
