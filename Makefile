# Needs make and Python 3.11 or newer; everything else is installed into .venv from the locks.
.DEFAULT_GOAL := help
.PHONY: help run test lint format bench page types neo4j neo4j-stop install lock clean

VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
PYTHON ?= python3

PYTEST_ARGS   ?=
BENCH_ARGS    ?=
LOCK_ARGS     ?=
NEO4J_DIR     ?= .neo4j
NEO4J_PORT    ?= 7687
NEO4J_VERSION ?= 5.26.30

# The tests of one Neo4j server go to one worker, so that one of them may empty it.
PYTEST_SPREAD ?= -n auto --dist loadgroup

help: ## Print each target with its sentence.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run ## Install what is missing and start the service; every ARGUMAP_ setting is honoured.
	@$(BIN)/python hatch_build.py --lenient
	@exec $(BIN)/argumap serve

test: $(VENV)/.dev ## Lint, then run every test; at the end it says what could not be run and why.
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest $(PYTEST_SPREAD) $(PYTEST_ARGS)

lint: $(VENV)/.dev ## Check style, formatting, types and the direction of imports.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/.dev ## Put the code into the one format, and mend what can be mended by itself.
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev ## Measure against the goals; BENCH_ARGS="--json FILE" also writes the figures.
	@$(BIN)/python -m bench $(BENCH_ARGS)

page: $(VENV)/.run ## Build the page anew if its sources changed, and say what is wrong if it cannot be built.
	@$(BIN)/python hatch_build.py

types: $(VENV)/.dev ## Write the types of the page from the OpenAPI document, for an editor; the tests do it themselves.
	@$(BIN)/python -m scripts.page_types

neo4j: $(VENV)/.run ## Start a local Neo4j without a container engine and say how to use it.
	@$(BIN)/python -m scripts.neo4j_server start $(NEO4J_DIR) --port $(NEO4J_PORT) --version $(NEO4J_VERSION)
	@echo "Stop it: make neo4j-stop"

neo4j-stop: $(VENV)/.run ## Stop the local Neo4j; its data stay in .neo4j.
	@$(BIN)/python -m scripts.neo4j_server stop $(NEO4J_DIR)

install: $(VENV)/.dev ## Install everything that work on the project needs.

lock: $(VENV)/.dev ## Write the locks anew; LOCK_ARGS=--upgrade takes the newest versions.
	@$(BIN)/uv pip compile pyproject.toml --group build $(LOCK) --output-file requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --group dev $(LOCK) --constraints requirements.lock \
		--output-file requirements-dev.lock
	@$(BIN)/uv pip compile --group page $(LOCK) --output-file requirements-page.lock
	@$(BIN)/uv pip compile --group clients $(LOCK) --output-file requirements-clients.lock
	@$(BIN)/python -m scripts.sbom

clean: ## Remove caches and build output; .venv, data and a local Neo4j stay.
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .schemathesis
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# One resolution for every Python from 3.11 on and for every system, and no address of an index in it.
LOCK := --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --quiet --no-header \
	--no-emit-index-url --no-emit-find-links $(LOCK_ARGS)

# A stamp is younger than what it was made from, so a second start installs nothing.
$(VENV)/.run: requirements.lock requirements-page.lock pyproject.toml | $(BIN)/python
	@echo "Installing what the service needs (the first time, and when the lock changes) ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(BIN)/python hatch_build.py --has-node || $(PIP) install --require-hashes -r requirements-page.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing what work on the project needs ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(BIN)/python:
	@for python in $(PYTHON) python3.14 python3.13 python3.12 python3.11; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			$$python -m venv --clear $(VENV) && exit 0; \
			echo "$$python cannot make a virtual environment; on Debian install python3-venv" >&2; exit 1; \
		fi; \
	done; \
	echo "argumap needs Python 3.11 or newer. $(PYTHON) is: $$($(PYTHON) --version 2>&1)." >&2; \
	echo "Name another one: make run PYTHON=/path/to/python3.11" >&2; exit 1
