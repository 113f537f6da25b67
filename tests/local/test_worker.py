"""What ``gamefactory worker`` wants before it begins."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.launching import children
from gamefactory_dagster.local import worker
from gamefactory_dagster.settings import Settings

pytestmark = pytest.mark.skipif(not children.AVAILABLE, reason="workers are for Linux")

ELSEWHERE = "redis://:s3cr3t@broker.example:6379/0"


def at(home: Path, broker: str | None, **others: Any) -> Settings:
    given = {"database_url": None, "artifact_url": None, **others}
    return Settings.model_validate({"home": home, "run_broker": broker, **given})


def test_it_wants_a_broker(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="GAMEFACTORY_RUN_BROKER: None is not accepted; expected the URL of"):
        worker.check(at(tmp_path, None))


def test_it_wants_celery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        worker, "find_spec", lambda name: None if name == "dagster_celery" else find_spec(name)
    )
    with pytest.raises(PermanentError, match=r"pip install 'gamefactory-dagster\[celery\]'"):
        worker.check(at(tmp_path, "redis://localhost"))


def test_a_broker_elsewhere_wants_a_database_there_too(tmp_path: Path, capsys: Any) -> None:
    with pytest.raises(InputError, match="DATABASE_URL: None is not accepted; expected the address"):
        worker.check(at(tmp_path, ELSEWHERE))
    worker.check(at(tmp_path, ELSEWHERE, database_url="postgresql://db.example/g"))
    said = capsys.readouterr().err
    assert said.startswith(f"GAMEFACTORY_ARTIFACT_URL is not set: what runs make stays in {tmp_path}.")
    assert "s3cr3t" not in said


@pytest.mark.parametrize("url", ["redis://localhost", "redis://127.0.0.1:6379/0", "redis://:p@[::1]:6379"])
def test_a_broker_here_wants_nothing(tmp_path: Path, url: str, capsys: Any) -> None:
    worker.check(at(tmp_path, url))
    assert capsys.readouterr().err == ""
