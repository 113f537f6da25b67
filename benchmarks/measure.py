"""Clocks and tables that every benchmark shares. CPU time is the fair figure on a shared machine."""

import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
from rich.console import Console
from rich.table import Table

console = Console(width=130)


@dataclass(slots=True)
class Cost:
    """Seconds: CPU of this process, of its finished children, of PostgreSQL; and wall."""

    own: float = 0.0
    children: float = 0.0
    postgres: float = 0.0
    wall: float = 0.0

    @property
    def cpu(self) -> float:
        """All CPU seconds together."""
        return self.own + self.children + self.postgres


@contextmanager
def measured(postmaster: psutil.Process | None = None) -> Iterator[Cost]:
    """Fill the Cost it yields with what the block cost."""
    cost = Cost()
    before = _clocks(postmaster)
    yield cost
    after = _clocks(postmaster)
    cost.own, cost.children, cost.postgres, cost.wall = (
        late - early for early, late in zip(before, after, strict=True)
    )


def _clocks(postmaster: psutil.Process | None) -> tuple[float, float, float, float]:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (
        time.process_time(),
        children.ru_utime + children.ru_stime,
        postgres_cpu(postmaster) if postmaster else 0.0,
        time.perf_counter(),
    )


def postgres_cpu(postmaster: psutil.Process) -> float:
    """CPU seconds of a server: the postmaster, its ended children, and those alive now."""
    own = postmaster.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in postmaster.children():
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def spread(values: Sequence[float]) -> str:
    """Median and range."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """One table; all columns but the first are right-aligned."""
    table = Table(title=title, title_justify="left")
    for number, name in enumerate(header):
        table.add_column(name, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row))
    console.print(table)
