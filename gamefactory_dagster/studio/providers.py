"""The parts of the studio that can be exchanged, and which of them this installation uses.

What belongs here: the bundle of providers and how it is chosen from settings. What does not: a provider's
work; each lives in its own module, behind a protocol.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.artifacts import ArtifactStore
from gamefactory_dagster.studio.build import Builder, WebBuilder
from gamefactory_dagster.studio.designer import Designer, ProceduralDesigner
from gamefactory_dagster.studio.publisher import FolderPublisher, Publisher
from gamefactory_dagster.studio.repository import BareRepositories, RepositoryHost

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art import ArtKit, ArtRequest


class Illustrator(Protocol):
    """Makes every picture of a game."""

    def illustrate(self, request: "ArtRequest") -> "ArtKit":
        """Draw the kit; equal requests give equal bytes."""
        ...


class ProceduralIllustrator:
    """Draws with the art room's own shapes and styles."""

    def illustrate(self, request: "ArtRequest") -> "ArtKit":
        """Draw the kit; equal requests give equal bytes."""
        from gamefactory_dagster.studio.art import draw_kit

        return draw_kit(request)


@dataclass(frozen=True, slots=True)
class Providers:
    """One of each."""

    designer: Designer
    illustrator: Illustrator
    repositories: RepositoryHost
    builder: Builder
    publisher: Publisher
    artifacts: ArtifactStore


def embedded(settings: Settings) -> Providers:
    """The providers that need no key and no network; only the artifact store may be elsewhere, by its URL."""
    return Providers(
        designer=ProceduralDesigner(),
        illustrator=ProceduralIllustrator(),
        repositories=BareRepositories(settings.repositories),
        builder=WebBuilder(),
        publisher=FolderPublisher(settings.published, f"{settings.arcade_url}/games"),
        artifacts=ArtifactStore(settings.artifacts),
    )
