"""The parts of the studio that can be exchanged, and which of them this installation uses.

What belongs here: the bundle of providers and how it is chosen from settings. What does not: a provider's
work; each lives in its own module, behind a protocol.
"""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gamefactory_dagster.settings import Settings, variable
from gamefactory_dagster.studio.designer import Designer, ProceduralDesigner
from gamefactory_dagster.studio.shipping.artifacts import ArtifactStore
from gamefactory_dagster.studio.shipping.build import Builder, WebBuilder
from gamefactory_dagster.studio.shipping.publisher import FolderPublisher, Publisher
from gamefactory_dagster.studio.shipping.repository import BareRepositories, RepositoryHost
from gamefactory_dagster.studio.shipping.url_publisher import UrlPublisher
from gamefactory_dagster.studio.shipping.url_repositories import UrlRepositories
from gamefactory_dagster.studio.tools.storage import Storage

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art import ArtKit, ArtRequest

log = logging.getLogger(__name__)


class Illustrator(Protocol):
    """Makes every picture of a game."""

    def illustrate(self, request: "ArtRequest") -> "ArtKit":
        """Draw the kit; equal requests give equal bytes."""
        ...


class ProceduralIllustrator:
    """Draws with the art room's own shapes and styles."""

    def illustrate(self, request: "ArtRequest") -> "ArtKit":
        """Draw the kit; equal requests give equal bytes."""
        from gamefactory_dagster.studio.art.draw import draw_kit

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


KEYS = ("llm_api_key", "image_api_key", "github_token")
"""Settings that will choose another provider than the embedded one, once there is another."""


def embedded(settings: Settings) -> Providers:
    """The providers that need no key and no network; what is kept may be elsewhere, by its URLs.

    A key that is set is not used by this version, and the log says so.
    """
    for name in KEYS:
        if getattr(settings, name) is not None:
            log.warning("GAMEFACTORY_%s is set, but only the embedded provider is there", name.upper())
    return Providers(
        designer=ProceduralDesigner(),
        illustrator=ProceduralIllustrator(),
        repositories=repositories_of(settings),
        builder=WebBuilder(),
        publisher=publisher_of(settings),
        artifacts=ArtifactStore(settings.artifacts),
    )


def repositories_of(settings: Settings) -> RepositoryHost:
    """Where the games' repositories are."""
    if settings.repository_url is None:
        return BareRepositories(settings.repositories)
    return UrlRepositories(Storage(settings.repository_url, variable("repository_url")))


def publisher_of(settings: Settings) -> Publisher:
    """Where games are published."""
    served = f"{settings.arcade_url}/games"
    if settings.published_url is None:
        return FolderPublisher(settings.published, served)
    return UrlPublisher(Storage(settings.published_url, variable("published_url")), served)
