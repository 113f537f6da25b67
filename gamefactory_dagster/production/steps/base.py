"""What a step is given and what it gives back. Nothing of any one step.

A step is a function ``run(job: StepJob) -> StepResult``. It decides and makes; the worker commits the files,
stores the rows and changes the states, so a step that dies half way has changed nothing that counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.families.base import Certificate, Family
from gamefactory_dagster.studio.families.extras import SectionProof
from gamefactory_dagster.studio.providers import Providers

VERSION = "1.0.0"
"""Version of every game's first release."""

DAILY_CERTIFICATES = "certificates_daily.json"
SECTION_PROOFS = "certificates_sections.json"
"""Where a repository keeps the proofs of what is not one of the ten levels."""


@dataclass(frozen=True, slots=True)
class StepJob:
    """One game at the start of one step. ``files`` is its repository after the step before."""

    game: Mapping[str, Any]
    """The row of ``games``."""
    files: Mapping[str, bytes]
    artifacts: Mapping[int, Mapping[str, Any]]
    """What finished steps left: step number -> ``game_steps.artifacts``."""
    engine: sa.Engine
    settings: Settings
    providers: Providers
    say: Callable[[str], None]
    """Adds a line to the step's log; checks as ``check`` does."""
    check: Callable[[], None]
    """Raises LeaseLostError once the game is somebody else's: to be called between the parts of long work."""

    @property
    def id(self) -> UUID:
        """The game's id."""
        return UUID(str(self.game["id"]))

    @property
    def gdd(self) -> GDD:
        """The design, from the repository."""
        return GDD.model_validate_json(self.files["gdd.json"])

    @property
    def family(self) -> Family:
        """The family the design names."""
        return FAMILIES[self.gdd.family]

    @property
    def created_at(self) -> datetime:
        """When the game was planned."""
        created: datetime = self.game["created_at"]
        return created

    def json(self, path: str) -> Any:
        """A JSON file of the repository."""
        return orjson.loads(self.files[path])

    def certificates(self) -> list[Certificate]:
        """The certificates in the repository, by level."""
        paths = sorted(path for path in self.files if path.startswith("certificates/"))
        return [Certificate(**orjson.loads(self.files[path])) for path in paths]

    def daily_certificates(self) -> list[Certificate]:
        """Those of the daily levels, by number; none before they are made."""
        return [Certificate(**one) for one in orjson.loads(self.files.get(DAILY_CERTIFICATES, b"[]"))]

    def section_proofs(self) -> list[SectionProof]:
        """Those of the endless mode's sections, in their order; none where there is no such mode."""
        return [SectionProof.from_json(one) for one in orjson.loads(self.files.get(SECTION_PROOFS, b"[]"))]


@dataclass(slots=True)
class StepResult:
    """What a step made. ``changes`` go into one commit; None deletes a file."""

    changes: dict[str, bytes | None] = field(default_factory=dict)
    artifacts: dict[str, Any] = field(default_factory=dict)
    """Kept in ``game_steps.artifacts``; JSON."""
    checks: dict[str, list[str]] = field(default_factory=dict)
    """Check -> what is wrong; an empty list is a pass. Kept in ``game_steps.validation_results``."""
    game: dict[str, Any] = field(default_factory=dict)
    """Columns of ``games`` to set."""
    assets: list[dict[str, Any]] = field(default_factory=list)
    """Rows for ``game_assets``, by filename."""
    deliver: Callable[[], None] | None = None
    """What players see at once, done while the game is locked and confirmed to be ours; may be done twice."""
    builds: list[dict[str, Any]] = field(default_factory=list)
    """Rows for ``game_builds``, by build number and platform."""
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """To look at in the UI: title -> records."""
    pictures: dict[str, bytes] = field(default_factory=dict)
    """To look at in the UI: title -> PNG or JPEG, small."""
    texts: dict[str, str] = field(default_factory=dict)
    """To look at in the UI: title -> Markdown."""
    links: dict[str, str] = field(default_factory=dict)
    """To follow from the UI: title -> URL."""

    @property
    def verdicts(self) -> dict[str, Any]:
        """Each check, whether it passed and what it found, as ``game_steps.validation_results`` keeps it."""
        return {check: {"passed": not found, "problems": found} for check, found in self.checks.items()}

    @property
    def problems(self) -> list[str]:
        """Everything that is wrong, each with the name of its check."""
        return [f"{check}: {problem}" for check, found in self.checks.items() for problem in found]


def to_json(value: Any) -> bytes:
    """Canonical JSON: sorted keys, two spaces, newline at the end."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def level_rows(certificates: list[Certificate]) -> list[dict[str, Any]]:
    """The certificate table people look at."""
    return [
        {
            "level": certificate.level,
            "seconds": round(certificate.frames / 60, 1),
            "inputs": sum(1 for value, _ in certificate.trace if value),
            "steadiness": round(certificate.steadiness, 2),
            "ease": round(certificate.ease, 2),
            "won by all": None if certificate.completion is None else round(certificate.completion, 2),
            "explored": certificate.explored,
            "final_hash": certificate.final_hash,
        }
        for certificate in certificates
    ]
