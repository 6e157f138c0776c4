# One way in. `make` lists what there is; every target calls the programs of .venv, and a second call is quick.

# The distribution's Python comes compiled with a profile of what programs do, which runs all of this a quarter
# quicker than one that was compiled without; where it is too old or cannot make environments, the next best.
PYTHON ?= $(shell /usr/bin/python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo /usr/bin/python3 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv --quiet
# One test process more than processors, because each waits for its own PostgreSQL, and one for a browser.
TESTS ?= -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --maxprocesses 5 --dist loadfile

# Where it is set, every start would compile every library again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run worker demo test check check-types check-rest fix lock bench-pages image-check clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(VENV)/.development static/manifest.json ## Install everything that running, testing and checking need

run: $(VENV)/.runtime static/manifest.json ## Start all of it on this machine, with the demonstration world
	@$(BIN)/buytogether run

worker: $(VENV)/.runtime ## Start one more worker beside a running service
	@$(BIN)/buytogether worker

demo: $(VENV)/.runtime ## Load the demonstration world into an empty database
	@$(BIN)/buytogether demo

test: setup ## Run the tests; TESTS="tests/web -k name" runs some
	@$(BIN)/pytest $(TESTS)

# Types take as long as all the rest, and one processor.
check: setup ## Check format, lint, types, imports, templates, migrations
	@$(MAKE) --no-print-directory --jobs 2 --output-sync check-types check-rest

check-types:
	$(BIN)/basedpyright

check-rest:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/pytest -q tests/app/test_templates.py tests/app/test_migrations.py

fix: $(VENV)/.development ## Put right what a program can put right: format and simple lint
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/.uv ## Choose the newest versions that pyproject.toml allows, with their hashes
	$(UV) pip compile $(LOCK_FLAGS) --upgrade pyproject.toml -o requirements.lock
	$(UV) pip compile $(LOCK_FLAGS) --upgrade pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(UV) pip compile $(LOCK_FLAGS) --upgrade pyproject.toml --group bench -c requirements.lock -o requirements-bench.lock

bench-pages: build/peers/.installed static/manifest.json ## Measure what a page costs, beside Starlette and Django
	@PYTHONPATH=. build/peers/bin/python benchmarks/pages.py $(PAGES)

image-check: ## Run the steps of the Dockerfile without a container engine (Debian, root)
	deploy/check-image

clean: ## Remove what was installed and built; data in var/ stays
	rm -rf $(VENV) node_modules static build *.egg-info

# No header and no annotations: they would name the command line and the machine.
LOCK_FLAGS := --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11

$(VENV)/.uv: requirements-build.lock
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed. Name one: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV) || { echo 'Install the Debian package python3-venv, then try again.' >&2; exit 1; }
	@echo 'Installing the installer'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Somebody who has the development tools keeps them when the service's own libraries change.
$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/.uv
	@echo 'Installing libraries'
	@$(call install,$(if $(wildcard $(VENV)/.development),requirements-dev.lock,requirements.lock))
	@touch $@

$(VENV)/.development: requirements-dev.lock pyproject.toml | $(VENV)/.uv
	@echo 'Installing libraries and development tools'
	@$(call install,requirements-dev.lock)
	@touch $@ $(VENV)/.runtime

# What we measure against stays out of our own environment.
build/peers/.installed: requirements-bench.lock | $(VENV)/.uv
	@echo 'Installing what the benchmark measures against'
	@$(UV) venv --allow-existing --python $(BIN)/python build/peers
	@$(UV) pip sync --python build/peers/bin/python --require-hashes --compile-bytecode $<
	@touch $@

define install
$(UV) pip sync --python $(BIN)/python --require-hashes --compile-bytecode $(1) && \
$(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation --editable .
endef

# What the browser gets from others comes as npm packages; a machine without npm borrows one for the moment.
NPM := $(if $(shell command -v npm),npm,$(UV) run --isolated --no-project --python $(BIN)/python --with-requirements requirements-node.lock npm)

node_modules/.package-lock.json: package.json package-lock.json | $(VENV)/.uv
	@echo 'Fetching what pages are made of'
	@$(NPM) ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

static/manifest.json: node_modules/.package-lock.json web/assets.py $(wildcard assets/*) | $(VENV)/.runtime
	@$(BIN)/python -m web.assets
	@touch $@
