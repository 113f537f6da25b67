"""The wheel brings everything along: a factory works from it outside any checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from gamefactory_dagster.database import migrations

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.slow

BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
RUN = "from gamefactory_dagster.cli import main; main()"
WHERE = "import gamefactory_dagster.local.processes as here; print(here.__file__, here.WORKSPACE, sep='\\n')"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-c", BUILD, str(folder)], cwd=ROOT, check=True)
    [built] = folder.glob("gamefactory_dagster-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked, as pip does with --no-deps --target."""
    folder = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def python(installed: Path, folder: Path, code: str, *arguments: str, **variables: str) -> tuple[int, str]:
    """Run code in an empty folder with the installed package and the packages of this environment."""
    ours = {"DATABASE_URL", "DAGSTER_HOME"}
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith("GAMEFACTORY_")
    }
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={**environment, **variables, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def test_it_holds_what_a_factory_needs_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    there = {
        path.relative_to(ROOT) for folder in ("gamefactory_dagster", "sql") for path in files(ROOT / folder)
    }
    expected = {
        path.as_posix()
        if path.parts[0] == "gamefactory_dagster"
        else f"gamefactory_dagster/files/{path.as_posix()}"
        for path in there | {Path("dagster.yaml"), Path("workspace.yaml")}
    }
    assert names == expected
    assert "gamefactory_dagster/py.typed" in names


def test_it_brings_its_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")] != []


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def test_its_files_are_found_beside_the_code(installed: Path, tmp_path: Path) -> None:
    code, told = python(installed, tmp_path, WHERE)
    assert code == 0
    module, workspace = told.splitlines()
    assert Path(module).is_relative_to(installed)
    assert Path(workspace) == installed / "gamefactory_dagster" / "files" / "workspace.yaml"
    assert Path(workspace).is_file()


def test_without_a_checkout_the_home_is_in_the_current_folder(installed: Path, tmp_path: Path) -> None:
    code, told = python(installed, tmp_path, RUN, "db", "status", "--json")
    status = json.loads(told)
    assert (code, status["running"], status["newest_revision"]) == (1, False, migrations.head())
    assert status["folder"] == str(tmp_path / ".gamefactory" / "postgres")


def test_it_migrates_and_reads_a_database(installed: Path, settings, tmp_path: Path) -> None:
    variables = {
        "DATABASE_URL": settings.database_url,
        "GAMEFACTORY_DAGSTER_DATABASE": settings.dagster_database,
    }
    assert python(installed, tmp_path, RUN, "db", "downgrade", "base", "--yes", **variables)[0] == 0
    assert python(installed, tmp_path, RUN, "db", "upgrade", **variables)[0] == 0
    code, told = python(installed, tmp_path, RUN, "db", "status", "--json", **variables)
    assert (code, json.loads(told)["revision"]) == (0, migrations.head())
    assert python(installed, tmp_path, RUN, "weights", "--json", **variables)[0] == 0
