"""Run all benchmarks, or those named: ``python -m benchmarks [split] [overhead] [batch]``."""

import sys

from benchmarks import batch, overhead, split
from benchmarks.measure import console

ALL = {"split": split.main, "overhead": overhead.main, "batch": batch.main}


def main() -> None:
    """Run them in order."""
    wanted = sys.argv[1:] or list(ALL)
    if unknown := [name for name in wanted if name not in ALL]:
        raise SystemExit(f"no benchmark called {', '.join(unknown)}; there are {', '.join(ALL)}")
    for name in wanted:
        console.rule(name)
        ALL[name]()


if __name__ == "__main__":
    main()
