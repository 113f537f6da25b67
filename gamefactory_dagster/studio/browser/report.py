"""What was seen of a game that was played in a browser, and what of it is wrong.

What belongs here: the report and its judgement. What does not: playing (``play.py``).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from gamefactory_dagster.studio.families.base import Certificate, Level

_WON, _LOST = 1, 2


@dataclass(frozen=True, slots=True)
class Extra:
    """A level beside the ten, to be played by its certificate alone."""

    name: str
    mode: str
    """ "daily" or "endless"."""
    level: Level
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class LevelPlay:
    """What happened on one level: when nobody played, and when its certificate was played."""

    level: int | str
    """Its number, or the name of an ``Extra``, which is not left to itself."""
    idle_outcome: int | None = None
    """0 still playing after ``IDLE_FRAMES``, 1 won, 2 lost; None when it broke down."""
    idle_frames: int = 0
    outcome: int | None = None
    """Of the certificate; None when there was none or it broke down."""
    frames: int = 0
    final_hash: str = ""
    expected_hash: str = ""
    expected_frames: int = 0
    fault: str = ""
    """What the page threw, if it did."""
    timed: bool = True
    """Whether time is part of the level: then doing nothing has to lose it, else it must change nothing."""
    kept: bool = True
    """Whether all that its summary says was as it had been when nobody played."""

    def problems(self) -> list[str]:
        """What is wrong with the level, a sentence each."""
        name = self.level if isinstance(self.level, str) else f"level {self.level}"
        if self.fault:
            return [f"{name}: {self.fault}"]
        found = []
        if isinstance(self.level, int) and (wrong := self._left_alone()):
            found.append(f"{name}: {wrong} when nobody plays")
        expected = (_WON, self.expected_frames, self.expected_hash)
        if self.expected_hash and (self.outcome, self.frames, self.final_hash) != expected:
            found.append(
                f"{name}: the certificate ends with outcome {self.outcome} in state "
                f"{self.final_hash} at frame {self.frames}, not won in {self.expected_hash} "
                f"at frame {self.expected_frames}"
            )
        return found

    def _left_alone(self) -> str:
        """What doing nothing did that it must not; empty when all is well."""
        if self.idle_outcome == _WON:
            return "is won"
        if self.timed:
            return "" if self.idle_outcome == _LOST else "does not end"
        if self.idle_outcome == _LOST:
            return "is lost, though time is no part of it,"
        return "" if self.kept else "changes, though time is no part of it,"

    @property
    def unended(self) -> bool:
        """Whether it was left as it stood after doing nothing: its end was not reported yet."""
        return self.outcome is None and self.idle_outcome == 0


@dataclass(slots=True)
class BrowserReport:
    """What was seen of one game in the browser. Times are seconds; pictures are JPEG, for people."""

    levels: list[LevelPlay] = field(default_factory=list)
    events: dict[str, int] = field(default_factory=dict)
    """Event type -> how often."""
    errors: list[str] = field(default_factory=list)
    """Uncaught errors, errors in the console, and files that could not be fetched."""
    warnings: list[str] = field(default_factory=list)
    boot_seconds: float = 0.0
    played_seconds: float = 0.0
    """Wall time of the whole check."""
    cpu_seconds: float = 0.0
    """CPU time of browser and driver."""
    pictures: dict[str, bytes] = field(default_factory=dict)

    def problems(self) -> list[str]:
        """Why the game is not good, a sentence each; empty when it is."""
        found = [problem for level in self.levels for problem in level.problems()]
        found.extend(self.errors)
        found.extend(_event_problems(self.events, sum(level.unended for level in self.levels[-1:])))
        if not self.levels:
            found.append("no level was played")
        return found

    def as_json(self) -> dict[str, Any]:
        """Everything but the pictures, as it is stored with the step."""
        report = {name: getattr(self, name) for name in self.__slots__ if name not in ("levels", "pictures")}
        return {**report, "levels": [asdict(level) for level in self.levels]}


def _event_problems(events: Mapping[str, int], unended: int) -> list[str]:
    """Whatever is begun must be ended, once: every level, but for so many ``unended``, and every ad."""
    found = []
    for begun, ended in (
        ("level_start", ("level_complete", "level_fail")),
        ("rewarded_ad_started", ("rewarded_ad_completed", "rewarded_ad_failed")),
    ):
        total = sum(events.get(name, 0) for name in ended)
        if events.get(begun, 0) != total + (unended if begun == "level_start" else 0):
            found.append(f"events: {events.get(begun, 0)} {begun} but {total} {' and '.join(ended)}")
    return found
