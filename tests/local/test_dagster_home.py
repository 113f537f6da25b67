"""A dagster.yaml of somebody's own is never overwritten; ours is kept up to date."""

from pathlib import Path

import pytest
import yaml

from gamefactory_dagster.local.dagster_home import furnish, is_ours, lacks, marked
from gamefactory_dagster.settings import Settings, project_file

OURS = project_file("dagster.yaml").read_text()

BEFORE_THE_MARK = Path(__file__).with_name("dagster_before_the_mark.yaml")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "dagster.yaml"


def put(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)


def test_ours_is_written_where_none_is(file: Path) -> None:
    assert furnish(file.parent, 4) == []
    assert is_ours(file.read_text())
    assert yaml.safe_load(file.read_text()) == yaml.safe_load(OURS)
    assert [path.name for path in file.parent.iterdir()] == ["dagster.yaml"]


def test_ours_of_an_older_version_is_brought_up_to_date(file: Path) -> None:
    put(file, marked("telemetry: {enabled: false}\n"))
    assert furnish(file.parent, 4) == []
    assert file.read_text() == marked(OURS)
    before = file.stat().st_mtime_ns
    furnish(file.parent, 4)
    assert file.stat().st_mtime_ns == before


def test_ours_from_before_the_mark_is_known_by_its_content(file: Path) -> None:
    put(file, BEFORE_THE_MARK.read_text())
    assert furnish(file.parent, 4) == []
    assert file.read_text() == marked(OURS)


@pytest.mark.parametrize("text", [marked(OURS) + "\nschedules: {num_workers: 1}\n", OURS + "# mine\n", ""])
def test_what_somebody_wrote_or_changed_stays(file: Path, text: str) -> None:
    put(file, text)
    said = furnish(file.parent, 4)
    assert file.read_text() == text
    assert all(
        words.startswith(f"{file} is your own and stays as it is, but it should say ") for words in said
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (OURS, []),
        ("storage: {sqlite: {base_dir: x}}\nrun_retries: {max_retries: 2}\nrun_monitoring: {enabled: true}",
         ["storage.postgres", "run_retries.max_retries: 0"]),
        ("storage: {postgres: {}}\nrun_retries: {max_retries: 0}", ["run_monitoring.enabled: true"]),
        ("[]", ["storage.postgres", "run_monitoring.enabled: true", "run_retries.max_retries: 0"]),
    ],
)  # fmt: skip
def test_what_it_lacks_is_said(text: str, wanted: list[str]) -> None:
    said = lacks(text)
    assert [words.removeprefix("it should say ").partition(" (")[0] for words in said] == wanted


def test_what_is_no_yaml_is_said() -> None:
    [words] = lacks("storage: [")
    assert words.startswith("it is not YAML: ")
    assert "\n" not in words


def test_games_at_once_are_a_limit_of_theirs_and_widen_that_of_all(file: Path) -> None:
    ours = yaml.safe_load(OURS)["run_queue"]
    furnish(file.parent, 12)
    more = yaml.safe_load(file.read_text())["run_queue"]
    assert is_ours(file.read_text())
    assert more["max_concurrent_runs"] == ours["max_concurrent_runs"] + 8
    assert [limit["limit"] for limit in more["tag_concurrency_limits"]] == [
        12,
        *(limit["limit"] for limit in ours["tag_concurrency_limits"][1:]),
    ]
    furnish(file.parent, 4)
    assert yaml.safe_load(file.read_text()) == yaml.safe_load(OURS)
    assert Settings().games_at_once == ours["tag_concurrency_limits"][0]["limit"]
