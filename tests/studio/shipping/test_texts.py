"""The texts of a game's repository and store page."""

import json
import os
import re
import subprocess
from html.parser import HTMLParser

import pytest
import yaml
from hypothesis import given, settings

from gamefactory_dagster.production.steps.game_data import game_data
from gamefactory_dagster.studio.designer import ProceduralDesigner
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.shipping import texts
from tests.studio.design_briefs import briefs, make_brief

NASTY = "</title><script>alert(1)</script> & *Stars* | [x](y)"

design = ProceduralDesigner().design


class Text(HTMLParser):
    """Collects what a reader sees and which elements there are."""

    def __init__(self):
        super().__init__()
        self.tags, self.text, self.links = [], "", []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.text += data


def parsed(page):
    reader = Text()
    reader.feed(page)
    return reader


@settings(max_examples=60)
@given(briefs)
def test_every_listing_keeps_the_stores_limits(brief):
    listing = texts.store_listing(design(brief, 0))
    assert 1 <= len(listing["title"]) <= 30
    assert 1 <= len(listing["short_description"]) <= 80
    assert 100 <= len(listing["full_description"]) <= 4000
    assert listing["contains_ads"] is True
    assert listing["in_app_purchases"] is False
    assert json.loads(json.dumps(listing)) == listing


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Pearl Dash", "Pearl Dash"),
        ("A Game Whose Name Is Far Too Long For A Store", "A Game Whose Name Is Far Too"),
        ("x" * 60, "x" * 30),
    ],
)
def test_a_long_name_is_cut_between_words_where_it_can_be(genre, name, title):
    assert texts.store_listing(design(make_brief(genre, name=name), 0))["title"] == title


def test_the_readme_says_what_the_design_says(gdd):
    text = texts.readme(gdd)
    assert text.startswith("# Pearl Dash\n")
    assert "Levels 1 to 3 open" in text
    assert f"| {' | '.join(map(str, gdd.difficulty_curve))} |" in text
    for name in gdd.mechanics:
        assert f"| {name.replace('_', ' ')} | " in text
    assert all(f"- {state}" in text for state in gdd.fail_states)
    assert "{" not in re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def test_whose_work_is_shown_is_said_in_every_text_and_of_nobody_else(make_gdd):
    guide = {"style": "flat_modern", "theme": "reef", "hue": 190, "mood": "bright", "tempo": 120}
    for cast, owed in (({}, False), ({"hero": "lighthouse"}, False), ({"hero": "turtle"}, True)):
        gdd = make_gdd(style_guide={**guide, "cast": cast})
        told = [texts.readme(gdd), texts.licence(gdd), texts.store_listing(gdd)["full_description"]]
        for text in told:
            assert ("Twemoji, © Twitter, Inc and other contributors, CC BY 4.0" in text) == owed
            assert ("https://creativecommons.org/licenses/by/4.0/" in text) == owed
        assert len(game_data(gdd, FAMILIES["runner"], [])["credits"]) == owed


def test_every_table_of_the_readme_has_even_rows(genre):
    text = texts.readme(design(make_brief(genre, name=NASTY), 0))
    tables = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    assert len(tables) == 3
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1


def test_the_readmes_commands_put_a_site_together(gdd, tmp_path):
    source = tmp_path / "web" / "src"
    source.mkdir(parents=True)
    (tmp_path / "web" / "index.html").write_text("<!doctype html>")
    (source / "manifest.json").write_text('["b.js", "a.js"]')
    (source / "a.js").write_text("second();\n")
    (source / "b.js").write_text("first();\n")
    block = re.search(r"```sh\n(.*?)```", texts.readme(gdd), re.DOTALL).group(1)
    commands = "\n".join(line for line in block.splitlines() if "http.server" not in line)
    subprocess.run(["sh", "-ec", commands], cwd=tmp_path, check=True, env={"PATH": os.environ["PATH"]})
    site = tmp_path / "site"
    assert (site / "player.js").read_text() == "first();\nsecond();\n"
    assert sorted(path.name for path in site.iterdir()) == ["index.html", "player.js"]


def test_the_licence_is_mit_and_depends_on_the_design_alone(gdd):
    text = texts.licence(gdd)
    assert text.startswith("MIT License\n\nCopyright (c) the authors of Pearl Dash\n")
    assert "WITHOUT WARRANTY OF ANY KIND" in text
    assert not re.search(r"\b20\d\d\b", text)


def test_the_privacy_page_tells_what_is_kept_and_sent(gdd):
    page = parsed(texts.privacy_page(gdd))
    for fact in (
        "local storage",
        "random number",
        "no cookies",
        "network address",
        "Clearing this site's data",
    ):
        assert fact in re.sub(r"\s+", " ", page.text)
    assert page.links == ["./index.html"]
    assert "script" not in page.tags


def test_a_name_cannot_break_out_of_the_page(genre):
    page = parsed(texts.privacy_page(design(make_brief(genre, name=NASTY), 0)))
    assert "script" not in page.tags
    assert page.text.count(NASTY) == 3


def test_a_name_cannot_become_markup_in_the_readme(genre):
    text = texts.readme(design(make_brief(genre, name=NASTY), 0))
    first = text.splitlines()[0]
    assert re.sub(r"\\(.)", r"\1", first) == f"# {NASTY}"
    assert not re.search(r"(?<!\\)[<\[*|]", first)


def test_the_web_manifest_can_be_installed(gdd):
    manifest = texts.web_manifest(gdd)
    assert manifest["name"] == "Pearl Dash"
    assert len(manifest["short_name"]) <= 12
    assert manifest["start_url"] == manifest["scope"] == "./"
    assert manifest["icons"][0]["sizes"] == "512x512"


def test_the_workflow_is_yaml_that_publishes_main(gdd):
    workflow = yaml.safe_load(texts.web_workflow(gdd))
    assert workflow["name"] == "Publish pearl-dash"
    assert workflow[True]["push"]["branches"] == ["main"]  # YAML 1.1 reads the key `on` as true
    job = workflow["jobs"]["publish"]
    assert job["environment"]["url"] == "${{ steps.deployment.outputs.page_url }}"
    assert [step.get("id") for step in job["steps"]][-1] == "deployment"
    assert workflow["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}


def test_equal_designs_give_equal_texts(gdd):
    again = gdd.model_copy()
    for write in (
        texts.readme,
        texts.licence,
        texts.privacy_page,
        texts.web_workflow,
        texts.store_listing,
    ):
        assert write(gdd) == write(again)
