"""What the check of a game's layers finds."""

import json

import pytest

from gamefactory_dagster.studio.player import layers

GOOD = {
    "core.js": b"const Core = { one: 1 };",
    "rules.js": b"// View comes later; a string may say so\nconst Rules = { two: Core.one, say: 'Main' };",
    "view.js": b"const View = { Main: 3, three: Rules.two };",
    "main.js": b"const Main = View;\nconst Again = Main;",
}


def found(files: dict[str, bytes], to_come: tuple[str, ...] = ()) -> list[str]:
    return layers.problems({**files, "manifest.json": json.dumps(list(GOOD)).encode()}, to_come)


def test_each_file_may_use_those_before_it() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("rules.js", b"const Rules = View.three;", ["rules.js uses View, which view.js defines after it"]),
        ("view.js", b"const View = 1;\nconst Other = 2;", ["view.js defines 2 names; one is right"]),
        ("view.js", b"let nothing = 1;", ["view.js defines 0 names; one is right"]),
        ("view.js", b"const View = (;", ["view.js does not parse: "]),
    ],
)
def test_what_breaks_a_rule_is_named(name: str, code: bytes, said: list[str]) -> None:
    problems = found({**GOOD, name: code})
    assert len(problems) == len(said)
    assert all(problem.startswith(start) for problem, start in zip(problems, said, strict=True))


def test_only_what_is_to_come_may_be_missing() -> None:
    fewer = {name: code for name, code in GOOD.items() if name != "core.js"}
    assert found(fewer) == ["core.js is in the manifest but not there"]
    assert found(fewer, to_come=("core.js",)) == []
