"""What the factory's processes are given, and how one that fails is told of."""

import shlex
from pathlib import Path

import pytest
import yaml

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.local.env import exports
from gamefactory_dagster.local.processes import WORKSPACE, Child, prepare


def test_processes_find_the_same_home_from_any_folder(database, monkeypatch) -> None:
    home = database.settings.home
    monkeypatch.chdir(home.parent)
    environment = prepare(database.settings.model_copy(update={"home": Path(home.name)}))
    assert environment["GAMEFACTORY_HOME"] == str(home)
    assert environment["DAGSTER_HOME"] == str(home / "dagster")
    assert (home / "dagster" / "dagster.yaml").is_file()


def test_a_shell_reads_what_env_prints(settings) -> None:
    lines = exports(settings)
    read = dict(word.split("=", 1) for line in lines for word in shlex.split(line.removeprefix("export ")))
    assert read == prepare(settings)


def test_what_a_dagster_yaml_of_ones_own_lacks_is_said_aside(settings, capsys) -> None:
    file = settings.dagster_home / "dagster.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("telemetry: {enabled: false}\n")
    exports(settings)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"{file} is your own and stays as it is, but it should say storage.postgres (")


def test_the_workspace_is_a_file_that_names_our_definitions() -> None:
    option, file = WORKSPACE
    [target] = yaml.safe_load(Path(file).read_text())["load_from"]
    assert (option, target["python_module"]["module_name"]) == ("-w", "gamefactory_dagster.definitions")


def test_a_child_that_fails_is_quoted(tmp_path: Path) -> None:
    Child("good", ["this"], {}, tmp_path).finish()
    with pytest.raises(
        PermanentError, match=r"(?s)^bad failed with code 1; the end of .*No module named nothing"
    ):
        Child("bad", ["nothing"], {}, tmp_path).finish()
