"""A run board a test can write on: what an orchestrator would know of its runs."""

from dataclasses import dataclass, field

from gamefactory_dagster.orchestration.runs import RunState, RunView


@dataclass
class Board:
    """Keeps runs by id and key, and what it was told."""

    runs: dict[str, RunView] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)

    def put(self, run_id: str, state: RunState, *, key: str | None = None, age: float = 1000.0) -> None:
        self.runs[run_id] = RunView(run_id, state, age)
        if key:
            self.keys[key] = run_id

    def by_id(self, run_id: str) -> RunView:
        return self.runs.get(run_id, RunView(run_id, "gone", 0.0))

    def by_key(self, run_key: str) -> RunView | None:
        return self.runs.get(self.keys.get(run_key, ""))

    def give_up(self, run_id: str, why: str) -> None:
        self.given_up.append(run_id)
        self.put(run_id, "failed")

    def stop(self, subject: str) -> None:
        self.stopped.append(subject)
