"""Which types of job there are: every module of a package that has a ``KIND``.

What belongs here: finding them and reading parameters as they want them. What does not: any one type.
"""

import importlib
import json
import pkgutil
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import ValidationError

from gamefactory_dagster.errors import InputError, PermanentError

from .kinds import Kind, Parameters

OWN = (f"{__package__}.types",)
"""Packages whose modules are types."""

MOST_PARAMETERS = 64 * 1024
"""Bytes of one job's parameters as JSON."""


class Registry(Mapping[str, "Kind[Any]"]):
    """Types by name, in the order of their names."""

    def __init__(self, packages: Sequence[str] = OWN) -> None:
        self.packages = tuple(packages)
        found = [_kind(module) for package in packages for module in _modules(package)]
        self._kinds = {kind.name: kind for kind in sorted(found, key=lambda kind: kind.name)}

    def __getitem__(self, name: str) -> "Kind[Any]":
        return self._kinds[name]

    def __iter__(self) -> Any:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def kind(self, job_type: object) -> "Kind[Any]":
        """The type of this name; InputError lists those there are."""
        if not isinstance(job_type, str) or job_type not in self._kinds:
            raise InputError("job_type", job_type, f"one of {', '.join(self)}")
        return self._kinds[job_type]

    def is_alone(self, job_type: str) -> bool:
        """Whether a job of this type wants a run of its own; one of no type is soon over."""
        return job_type in self._kinds and self._kinds[job_type].alone

    def read(self, job_type: object, parameters: object) -> Parameters:
        """Parameters as their type has them.

        Raises InputError that names the type or the parameter at fault and says what would be right.
        """
        kind = self.kind(job_type)
        if parameters is None:
            parameters = {}
        if not isinstance(parameters, Mapping):
            raise InputError("job_parameters", parameters, "an object")
        try:
            text = json.dumps(parameters, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise InputError("job_parameters", parameters, "what can be written as JSON") from error
        if len(text.encode("utf-8", "surrogatepass")) > MOST_PARAMETERS:
            raise InputError("job_parameters", parameters, f"at most {MOST_PARAMETERS} bytes of JSON")
        if "\\u0000" in text.replace("\\\\", ""):
            raise InputError("job_parameters", parameters, "text without NUL characters")
        try:
            read: Parameters = kind.parameters.model_validate_json(text)
        except (ValidationError, UnicodeEncodeError) as error:
            raise _at_fault(error, kind) from None
        return read


def _at_fault(error: ValidationError | UnicodeEncodeError, kind: "Kind[Any]") -> InputError:
    if isinstance(error, UnicodeEncodeError):
        return InputError("job_parameters", error.object, "text that is UTF-8")
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    known = ", ".join(kind.parameters.model_fields) or "none at all"
    match first["type"]:
        case "extra_forbidden":
            return InputError(f"job_parameters.{field}", first["input"], f"one of {kind.name}'s: {known}")
        case "missing":
            return InputError(f"job_parameters.{field}", None, f"a value: {kind.name} does not go without")
        case _:
            said = first["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
            name = f"job_parameters.{field}" if field else "job_parameters"
            return InputError(name, first["input"], said)


def _modules(package: str) -> list[str]:
    folder = importlib.import_module(package)
    return [f"{package}.{module.name}" for module in pkgutil.iter_modules(folder.__path__)]


def _kind(module: str) -> "Kind[Any]":
    kind = getattr(importlib.import_module(module), "KIND", None)
    if not isinstance(kind, Kind):
        raise PermanentError(f"{module} is among the types of jobs and has no KIND")
    return kind


@cache
def registry(packages: tuple[str, ...] = OWN) -> Registry:
    """The types of this process, found once."""
    return Registry(packages)


JobType = StrEnum("JobType", {name.upper(): name for name in registry()})  # type: ignore[misc]
"""Document 004's enum of types."""
