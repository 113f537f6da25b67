"""The words around a game parse, stay within a store's lengths, and keep a hostile name harmless."""

from html.parser import HTMLParser

import pytest
import yaml

from gamefactory_dagster.studio import project
from gamefactory_dagster.studio.build import Bundle, problems
from gamefactory_dagster.studio.gdd import GDD

HOSTILE = "<script>x</script> \"quote\" # *a* 'b' ${{ secrets.X }}"


def design(name: str = "Reef Dash", tagline: str = "Run under the sea.") -> GDD:
    return GDD.model_validate(
        {
            "name": name, "slug": "reef-dash", "tagline": tagline, "genre": "runner", "family": "runner",
            "mechanics": ["tap_jump", "health_system"],
            "core_loop": {"actions": ["run", "jump"], "summary": "Run and jump."},
            "progression": {"free_levels": 2},
            "economy": {"currency": "pearls", "pickup_value": 5, "win_bonus": 50, "par": 300},
            "fail_states": ["Hit a crab."], "difficulty_curve": [10, 15, 20, 25, 30, 35, 40, 45, 50, 60],
            "analytics_plan": {"kpis": ["retention_d1"], "funnel": ["game_start", "level_start"]},
            "style_guide": {
                "style": "pixel_retro", "theme": "reef", "hue": 200, "mood": "calm", "tempo": 100,
            },
            "seed": 7,
        }
    )  # fmt: skip


def test_the_readme_says_what_the_design_says() -> None:
    text = project.readme(design())
    assert text.startswith("# Reef Dash\n")
    for said in ("- tap jump", "- health system", "- Hit a crab.", "*pixel retro*", "2 are open"):
        assert said in text
    assert "Copyright (c) the makers of Reef Dash" in project.licence(design())


@pytest.mark.parametrize("name", ["Reef Dash", HOSTILE[:60], "Ключ: #1", "a: b"])
def test_the_workflow_is_yaml_whatever_the_name(name: str) -> None:
    workflow = yaml.safe_load(project.web_workflow(design(name)))
    assert workflow["name"] == f"Publish {name}"
    assert workflow["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    assert [step.get("uses", "run").partition("@")[0] for step in workflow["jobs"]["web"]["steps"]] == [
        "actions/checkout", "run", "actions/upload-pages-artifact", "actions/deploy-pages",
    ]  # fmt: skip


def test_a_store_listing_keeps_its_lengths_and_whole_words() -> None:
    listing = project.store_listing(design("The Extraordinarily Long Journey Home", "word " * 30))
    assert listing["title"] == "The Extraordinarily Long…"
    assert len(listing["short_description"]) <= project.STORE_SHORT
    assert listing["short_description"].endswith("word…")
    assert project.store_listing(design())["title"] == "Reef Dash"


def test_the_privacy_page_holds_the_name_as_text_and_loads_nothing() -> None:
    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.tags: set[str] = set()
            self.text = ""

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.tags.add(tag)

        def handle_data(self, data: str) -> None:
            self.text += data

    page = project.privacy_page(design(HOSTILE[:60]))
    reader = Reader()
    reader.feed(page)
    assert reader.tags.isdisjoint({"script", "link", "img", "iframe"})
    assert f"{HOSTILE[:60]}: privacy" in reader.text
    assert not [line for line in problems(Bundle.of({"privacy.html": page.encode()})) if "refers" in line]


def test_a_name_in_markdown_stays_a_name() -> None:
    assert project.readme(design("[x](y) <b>")).startswith("# \\[x\\](y) \\<b\\>\n")


def test_the_web_manifest_names_files_of_the_bundle() -> None:
    manifest = project.web_manifest(design())
    assert manifest["icons"][0]["src"] == "icon.png"
    assert len(manifest["short_name"]) <= 12
