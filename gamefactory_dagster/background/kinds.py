"""What a type of job is, and what its function is given. The types themselves are in ``types/``.

What belongs here: the words in which a type is written down. What does not: finding types, and running them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from gamefactory_dagster.ledger.recording import Made
from gamefactory_dagster.settings import Settings


class Parameters(BaseModel):
    """Base of a type's parameters: what is not named in it is refused, and they are read as JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Parameters):
    """Of a type that takes no parameters."""


Given_contra = TypeVar("Given_contra", bound=Parameters, contravariant=True)


@dataclass(slots=True)
class Work:
    """What the function of a type is given beside its parameters."""

    engine: sa.Engine
    settings: Settings
    job_id: UUID
    user_id: UUID
    attempt: int
    """From 1."""
    made: list[Made] = field(default_factory=list)
    """Files for the ledger, which the function adds to."""
    ending: "Ending | None" = None
    is_complete: bool = False
    """Whether ``completing`` has completed the job."""

    @contextmanager
    def completing(self, references: dict[str, Any]) -> Iterator[sa.Connection]:
        """Open the transaction that completes the job, for effects that are to happen exactly once with it.

        Nothing comes after it: the function returns ``references`` too. Raises LeaseLostError, and rolls
        back, where the job is another worker's by now.
        """
        assert self.ending is not None
        with self.ending(references) as connection:
            yield connection
        self.is_complete = True


class Ending(Protocol):
    """Opens the transaction that completes a job (``queue.py``)."""

    def __call__(self, references: dict[str, Any]) -> Any:
        """Give a context manager over its connection."""


class Function(Protocol[Given_contra]):
    """Does the work; what it prints or logs is the job's log.

    Returns ``data_references``, what was made, as JSON. Raises PermanentError where another try will not
    help; whatever else it raises is tried again.
    """

    def __call__(self, work: Work, given: Given_contra, /) -> dict[str, Any]:
        """Work until done, failed or killed."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[Given_contra]):
    """A type of job. It is found by standing in a file of ``types/`` under the name ``KIND``."""

    name: str
    parameters: type[Given_contra]
    run: Function[Given_contra]
    summary: str
    """One line for lists and help."""
    example: Mapping[str, Any] = field(default_factory=dict)
    """Parameters that work anywhere."""
    timeout: float = 60.0
    """Seconds after which a try is stopped."""
    retries: int = 3
    """Tries after the first."""
    memory_mb: int = 512
    """Memory a try may take beside what its process began with."""
    alone: bool = False
    """Whether it is too heavy to share a run with others."""
    told: bool = True
    """Whether each try is a run of the ledger; not for what makes nothing."""
