"""Briefs to design from, and a strategy that draws any brief there can be."""

from hypothesis import strategies as st

from gamefactory_dagster.studio.design.gdd import STYLES
from gamefactory_dagster.studio.design.names import slugify
from gamefactory_dagster.studio.design.words import THEMES
from gamefactory_dagster.studio.designer import Brief
from gamefactory_dagster.studio.families import genres


def make_brief(genre, theme="reef", style="low_poly", seed=7, name="Pearl Dash", **more):
    return Brief(name=name, slug=slugify(name), genre=genre, theme=theme, style=style, seed=seed, **more)


briefs = st.builds(
    make_brief,
    genre=st.sampled_from(genres()),
    theme=st.sampled_from(sorted(THEMES)),
    style=st.sampled_from(STYLES),
    seed=st.integers(0, 2**53 - 1),
)
