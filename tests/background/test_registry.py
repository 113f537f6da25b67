"""Which types there are, and their parameters."""

import sys
from types import ModuleType

import pytest

from gamefactory_dagster.background.registry import MOST_PARAMETERS, JobType, Registry, registry
from gamefactory_dagster.errors import InputError, PermanentError


def test_the_documents_types():
    assert set(registry()) >= {
        "analyze_replays",
        "export_game",
        "prune_history",
        "recompute_weights",
        "refresh_metrics",
        "sample_task",
    }
    assert list(registry()) == sorted(registry())
    assert JobType("sample_task") == "sample_task" == JobType.SAMPLE_TASK


@pytest.mark.parametrize("name", list(registry()))
def test_every_type_says_what_it_is_and_how_to_use_it(name):
    kind = registry()[name]
    assert kind.summary.endswith(".")
    registry().read(name, kind.example)
    assert kind.timeout > 0 and kind.retries >= 0 and kind.memory_mb >= 256


NO_TYPES = ["", "Sample_Task", "sample_task ", "sample_task\0", None, 5, ["sample_task"]]


@pytest.mark.parametrize("name", NO_TYPES)
def test_an_unknown_type_is_refused_with_those_there_are(name):
    with pytest.raises(InputError, match=r"job_type: .* expected one of analyze_replays, export_game"):
        registry().read(name, {})


WRONG = {
    "no object": ([1], "job_parameters", "an object"),
    "text": ("{}", "job_parameters", "an object"),
    "strange name": ({"txt": "a"}, "job_parameters.txt", "one of sample_task's: text, seconds"),
    "out of bounds": ({"seconds": -1}, "job_parameters.seconds", "greater than or equal to 0"),
    "wrong kind": ({"text": 5}, "job_parameters.text", "a valid string"),
    "too long": ({"text": "a" * 10_001}, "job_parameters.text", "at most 10000"),
    "no number": ({"seconds": float("nan")}, "job_parameters", "written as JSON"),
    "no JSON": ({"text": b"a"}, "job_parameters", "written as JSON"),
    "NUL": ({"text": "a\0b"}, "job_parameters", "without NUL"),
    "half a character": ({"text": "\ud800"}, "job_parameters", "JSON"),
    "huge": ({"fails": "a" * MOST_PARAMETERS}, "job_parameters", f"at most {MOST_PARAMETERS} bytes"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_will_not_do_is_refused_by_name(case):
    given, field, expected = WRONG[case]
    with pytest.raises(InputError) as caught:
        registry().read("sample_task", given)
    assert caught.value.field == field
    assert expected in caught.value.expected


def test_a_backslash_and_digits_are_no_nul():
    assert registry().read("sample_task", {"text": "a\\u0000"}).text == "a\\u0000"


def test_what_is_missing_is_named():
    with pytest.raises(InputError, match=r"job_parameters.game: None .* export_game does not go without"):
        registry().read("export_game", {})


@pytest.mark.parametrize(
    "given",
    [
        {"first": "2026-03-01"},
        {"last": "2026-03-01"},
        {"first": "2026-03-02", "last": "2026-03-01"},
        {"first": "1999-12-31", "last": "2026-03-01"},
        {"first": "yesterday", "last": "2026-03-01"},
    ],
)
def test_days_are_from_and_to(given):
    with pytest.raises(InputError, match="job_parameters"):
        registry().read("refresh_metrics", given)


def test_a_module_without_a_type_is_told_of(monkeypatch):
    package, module = ModuleType("odd"), ModuleType("odd.one")
    package.__path__ = []
    monkeypatch.setitem(sys.modules, "odd", package)
    monkeypatch.setitem(sys.modules, "odd.one", module)
    monkeypatch.setattr("pkgutil.iter_modules", lambda path: [type("Found", (), {"name": "one"})])
    with pytest.raises(PermanentError, match=r"odd.one is among the types of jobs and has no KIND"):
        Registry(("odd",))
