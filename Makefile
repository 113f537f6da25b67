# Every target builds .venv first if it is missing or out of date; nothing else need be run before.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# What needs no browser, no daemon, no kills and no minutes.
QUICK := -m "not browser and not daemon and not faults and not slow"
PYTHONS := 3.11 3.12 3.13
TESTS ?= tests

.PHONY: setup demo dev test test-quick test-parts test-live test-postgres15 test-spark test-pythons lint bench pictures clean

setup: $(READY)

# Compiling once halves the start of every process afterwards.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
		|| (echo "GameFactory needs Python 3.11, 3.12 or 3.13; try: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1)
	@echo "Installing into .venv (about a minute, once)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@$(BIN)/python -m compileall -q .venv/lib >/dev/null 2>&1 || true
	@touch $(READY)

demo: $(READY)
	@$(BIN)/gamefactory demo

dev: $(READY)
	@$(BIN)/gamefactory dev

# Both at once: what starts a daemon waits most of the time.
test: $(READY)
	@$(MAKE) --no-print-directory --jobs 2 test-parts test-live

# Tests start hundreds of processes; without what the first one compiled each would compile all of it again.
test-quick test-parts test-live test-postgres15: export PYTHONDONTWRITEBYTECODE :=

# Two at a time: each begins with one half of the tests, and who is done first takes over some of the other's.
PARTS := -n 2 --dist worksteal

# Three: PostgreSQL works in their stead a fifth of the time.
test-quick: $(READY)
	$(BIN)/pytest -n 3 --dist worksteal $(QUICK) $(TESTS)

test-parts: $(READY)
	$(BIN)/pytest $(PARTS) -m "not daemon"

# What starts a daemon; each file's tests go on where the one before ended.
test-live: $(READY)
	$(BIN)/pytest -n 2 --dist loadfile -m daemon

# Not part of `test`: on Debian's PostgreSQL 15, where it is installed.
test-postgres15: $(READY)
	@.ci/postgres15

# Not part of `test`: Spark is a download of 450 MB, and wants Java 17.
test-spark: $(READY)
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[spark]'
	$(BIN)/pytest -m spark

# The quick tests on every Python we say we work with, each in an environment of its own; one that is not found
# is named. TESTS=tests/local runs only those.
test-pythons:
	@failed=; for version in $(PYTHONS); do \
		if python$$version -c '' 2>/dev/null; then \
			$(MAKE) --no-print-directory test-python-$$version || failed="$$failed $$version"; \
		else echo "Python $$version: not found, not tested"; fi; \
	done; [ -z "$$failed" ] || (echo "Failed with Python$$failed"; exit 1)

test-python-%: .venv-%/.ready
	@echo "Python $*:"
	.venv-$*/bin/pytest $(PARTS) $(QUICK) $(TESTS)

.PRECIOUS: .venv-%/.ready
.venv-%/.ready: pyproject.toml constraints.txt
	@echo "Installing into .venv-$*"
	@python$* -m venv .venv-$*
	@.venv-$*/bin/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	$(BIN)/python -m benchmarks

# Of the factory that is there: run `make demo` first.
pictures: $(READY)
	@$(BIN)/python -m tools.pictures

clean:
	@[ ! -x $(BIN)/gamefactory ] || $(BIN)/gamefactory db stop
	rm -rf .venv .venv-* .gamefactory
