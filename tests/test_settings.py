"""Settings come from the environment, by name, and what is wrong with one names its variable."""

from pathlib import Path

import pytest

from gamefactory_dagster import settings as module
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.settings import Settings, default_home, get_settings, project_file, variable


@pytest.fixture
def environment(monkeypatch):
    """No variable of ours but those a test sets; each reading is a new one."""
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    get_settings.cache_clear()
    yield monkeypatch
    get_settings.cache_clear()


def test_the_environment_is_read_and_arguments_go_first(environment) -> None:
    environment.setenv("GAMEFACTORY_HOME", "/there")
    environment.setenv("DATABASE_URL", "postgresql://somewhere")
    environment.setenv("DAGSTER_HOME", "/dagster")
    environment.setenv("GAMEFACTORY_BROWSER_CHECKS", "false")
    environment.setenv("GAMEFACTORY_LLM_API_KEY", "secret")
    found = get_settings()
    assert (found.home, found.database_url, found.dagster_home) == (
        Path("/there"), "postgresql://somewhere", Path("/dagster")
    )  # fmt: skip
    assert found.browser_checks is False
    assert "secret" not in repr(found)
    assert "somewhere" not in repr(found), "it may hold a password"
    given = Settings(home=Path("/here"), database_url=None, dagster_home_override=None)
    assert (given.home, given.database_url, given.dagster_home) == (
        Path("/here"),
        None,
        Path("/here/dagster"),
    )
    assert given.browser_checks is False


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("GAMEFACTORY_UI_PORT", "70000", "a port, a whole number from 0 to 65535"),
        ("GAMEFACTORY_ARCADE_PORT", "http", "a port, a whole number from 0 to 65535"),
        ("GAMEFACTORY_ARCADE_PORT", "0000000080", "a port"),
        ("GAMEFACTORY_HOSTS", "http://games.example", "host names without ports"),
        ("GAMEFACTORY_HOSTS", "a.example,games.example:8080", "host names without ports"),
        ("GAMEFACTORY_HOSTS", "games.*.example", "host names without ports"),
        ("GAMEFACTORY_FIRST_DAY", "soon", "a valid date"),
        ("GAMEFACTORY_SPARK_MASTER", "http://host:7077", "spark://host:7077, local"),
        ("GAMEFACTORY_SPARK_MASTER", "spark://host", "spark://host:7077, local"),
        ("GAMEFACTORY_SPARK_MASTER", "spark://a:7077,b:70000", "spark://host:7077, local"),
        ("GAMEFACTORY_SPARK_MASTER", "local:2", "spark://host:7077, local"),
        ("GAMEFACTORY_DAGSTER_DATABASE", "No!", "String should match"),
        ("GAMEFACTORY_TRUSTED_PROXIES", "my proxy", "String should match"),
        ("GAMEFACTORY_ADDRESS_SHARE", "1.5", "less than or equal to 1"),
        ("GAMEFACTORY_RUN_BROKER", "amqp://broker.example//", "the URL of a Redis server"),
        ("GAMEFACTORY_RUN_BROKER", "redis://", "the URL of a Redis server"),
        ("GAMEFACTORY_WORKER_NAME", "two words", "String should match"),
        ("GAMEFACTORY_GAMES_AT_ONCE", "0", "greater than or equal to 1"),
    ],
)
def test_a_wrong_value_is_said_by_its_variable(environment, name: str, value: str, expected: str) -> None:
    environment.setenv(name, value)
    with pytest.raises(InputError, match=rf"^{name}: '{value}' is not accepted; expected {expected}"):
        get_settings()


@pytest.mark.parametrize("value", ["amqp://ann:s3cr3t@broker", "redis://ann:s3@cr3t@", "redis//:s3cr3t@h"])
def test_a_broker_is_refused_without_its_password(environment, value: str) -> None:
    environment.setenv("GAMEFACTORY_RUN_BROKER", value)
    with pytest.raises(
        InputError, match=r"^GAMEFACTORY_RUN_BROKER: .* expected the URL of a Redis"
    ) as caught:
        get_settings()
    assert not {"s3cr3t", "s3@cr3t", "s3"} & set(
        str(caught.value).replace("'", " ").replace(":", " ").split()
    )
    assert "cr3t" not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        "redis://h",
        "redis://h:6379/0",
        "redis://:p%40ss@h:6379/1",
        "rediss://u:p@10.0.0.1/0?ssl_cert_reqs=required",
    ],
)
def test_a_broker_is_taken_and_not_shown(environment, value: str) -> None:
    environment.setenv("GAMEFACTORY_RUN_BROKER", value)
    found = get_settings()
    assert found.run_broker is not None
    assert found.run_broker.get_secret_value() == value
    assert value not in repr(found)


@pytest.mark.parametrize("field", ["artifact_url", "repository_url", "published_url"])
@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ftp://ann:geheim@host/x", "ftp://***host/x"),
        ("s3://:geheim@bucket", "s3://***bucket"),
        ("https://host/x?sig=geheim&y=1", r"https://host/x\?***"),
    ],
)
def test_a_url_with_credentials_in_it_is_refused_and_not_shown(environment, field, url, shown) -> None:
    environment.setenv(variable(field), url)
    expected = rf"^{variable(field)}: '{shown.replace('*', '[*]')}' .* a URL without password or parameters"
    with pytest.raises(InputError, match=expected) as raised:
        get_settings()
    assert "geheim" not in str(raised.value)


def test_a_url_may_name_a_user(environment) -> None:
    environment.setenv("GAMEFACTORY_ARTIFACT_URL", "abfs://container@account.dfs.core.windows.net/x")
    assert get_settings().urls == ("abfs://container@account.dfs.core.windows.net/x",)


@pytest.mark.parametrize(
    "master",
    [
        "local",
        "local[2]",
        "local[*]",
        "local[2,3]",
        "yarn",
        "k8s://https://host:443",
        "spark://a:7077,[fd00::1]:1",
    ],
)
def test_masters_that_spark_takes_are_passed_on(environment, master: str) -> None:
    environment.setenv("GAMEFACTORY_SPARK_MASTER", master)
    assert get_settings().spark_master == master


def test_names_are_read_between_commas_and_spaces(environment) -> None:
    environment.setenv("GAMEFACTORY_HOSTS", " Games.example, factory.lan,fd00::1 ")
    assert get_settings().hosts == ("games.example", "factory.lan", "fd00::1")
    assert Settings(hosts=("a.example",)).hosts == ("a.example",)
    assert Settings(hosts=("a.example", "*.b.example")).game_domains == ("localhost", "b.example")
    environment.setenv("GAMEFACTORY_HOSTS", "")
    assert Settings().hosts == ()


def test_the_home_is_in_the_checkout_or_else_in_the_current_folder(environment, tmp_path) -> None:
    root = Path(__file__).parent.parent
    environment.chdir(tmp_path)
    assert (module.CHECKOUT, default_home()) == (root, root / ".gamefactory")
    assert project_file("sql/migrations").is_dir()
    environment.setattr(module, "CHECKOUT", None)
    assert Settings().home == tmp_path / ".gamefactory"
    assert project_file("dagster.yaml") == root / "gamefactory_dagster" / "files" / "dagster.yaml"
