import pytest

from gamefactory_dagster.database.sql import FOLDER, load
from gamefactory_dagster.errors import InputError


def test_a_statement_is_the_text_of_its_file() -> None:
    assert load("database/catalogue") == (FOLDER / "database" / "catalogue.sql").read_text(encoding="utf-8")
    assert load("database/catalogue") is load("database/catalogue")


@pytest.mark.parametrize(
    "name",
    ["", "catalogue", "database/nothing", "../pyproject", "/etc/passwd", "database/../database/catalogue"],
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="path of a file in sql/"):
        load(name)
