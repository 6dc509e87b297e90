# Everything is one command. Each target sets up what it needs; a second run is quick.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3.14 python3,$(shell command -v $(p) 2>/dev/null)))
PYTEST_ARGS ?=
BENCH_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check trace bench screenshots format contract clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: $(READY) ## create .venv with everything pinned, and the command mash in it

demo: $(READY) ## run the sample world from referrals to packages, and check every outcome
	$(BIN)/mash demo

# Three processes for two cores, because much is waiting; files in the order of tests/conftest.py.
test: $(READY) ## all tests, on real RabbitMQ and MongoDB too
	@.ci/test-servers $(BIN)
	$(BIN)/pytest -m "not benchmark" -n 3 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

check: $(READY) ## style, types, layers, and that generated files are current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/mash contract check
	$(BIN)/python -m ops.reference --check
	$(BIN)/python -m tests.trace --check

trace: $(READY) ## every requirement of the procedure, and whether the acceptance tests show it
	$(BIN)/pytest -q tests/acceptance --junitxml $(VENV)/acceptance.xml; \
	  $(BIN)/python -m tests.trace $(VENV)/acceptance.xml

bench: $(READY) ## speed of the board with 10,000 open cases, and of the exchange beside the same written bare
	@.ci/test-servers $(BIN)
	$(BIN)/python -m tests.benchmarks.board
	$(BIN)/python -m tests.benchmarks.exchange $(BENCH_ARGS)

screenshots: $(READY) ## pictures of the dashboard for the docs, of the sample world
	$(BIN)/python -m tests.browser.screenshots

format: $(READY) ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

contract: $(READY) ## write schemas, AsyncAPI document and reference pages from the declarations
	$(BIN)/mash contract all
	$(BIN)/python -m ops.reference
	$(BIN)/python -m tests.trace --write

clean: ## remove what make set up
	rm -rf $(VENV)

$(READY): requirements.txt requirements-build.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python here; install Python 3.11 or newer"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "make: $(PYTHON) is too old; install Python 3.11 or newer, or set PYTHON=..."; exit 2; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "make: python's venv module is missing; on Debian: apt-get install python3-venv"; exit 2; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
