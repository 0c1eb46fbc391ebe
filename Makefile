# The list of commands. `make` alone prints it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
# Programs start several times as fast from compiled files, whatever the shell was told.
unexport PYTHONDONTWRITEBYTECODE
STAMPS := .stamps
COMPILE := $(BIN)/uv pip compile --no-config --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate

.PHONY: help
help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(STAMPS)/python $(STAMPS)/project $(STAMPS)/browser ## set up .venv, browser files and fonts

$(STAMPS)/python: requirements/dev.lock
	@bin/need python $(PYTHON)
	@echo "Setting up .venv (once; a few minutes on a slow line)"
	@[ -x $(BIN)/pip ] || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.lock
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/project: pyproject.toml $(STAMPS)/python
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/browser: package-lock.json hatch_build.py $(STAMPS)/python
	@bin/need node
	@$(BIN)/python hatch_build.py
	@touch $@

.PHONY: system
system: # a browser, Chinese fonts and a real ssh for the tests: installed when root, named when not
	@bin/need packages

.PHONY: demo
demo: setup ## start a county, a township and a village here, and print their pages
	@exec $(BIN)/python -m demo

.PHONY: story
story: setup ## play the story of one case by itself and print its timeline
	@exec $(BIN)/python -m demo.story

.PHONY: test
test: setup system lint ## set up everything, run every check and every test
	$(BIN)/pytest -n 2 --dist loadgroup

.PHONY: lint
lint: setup ## run the checks that need no test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry .
	$(BIN)/pip check --quiet
	$(BIN)/djlint --quiet --lint .
	$(BIN)/codespell

.PHONY: format
format: setup ## put the code in its form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

.PHONY: simulate
simulate: setup ## run the county in one process under faults (SEED=7 replays seed 7)
	@seed=$(or $(SEED),$$RANDOM); echo "make simulate SEED=$$seed"; \
	$(BIN)/pytest tests/simulation -p no:randomly --hypothesis-seed=$$seed

.PHONY: soak
soak: setup ## play the county under faults again and again with new seeds (MINUTES=10)
	@end=$$(($$(date +%s) + 60 * $(or $(MINUTES),10))); \
	while [ $$(date +%s) -lt $$end ]; do \
		seed=$$(od -An -N4 -tu4 /dev/urandom | tr -d ' '); echo "make simulate SEED=$$seed"; \
		$(BIN)/pytest -q tests/simulation -p no:randomly --hypothesis-seed=$$seed || exit 1; \
	done; $(BIN)/pytest -q tests/network

.PHONY: bench
bench: setup ## measure speed and size against a bare pipeline (BENCH="cases bytes" runs these only)
	$(BIN)/python -m benchmarks $(BENCH)

.PHONY: coverage
coverage: setup system ## run the tests and say which branches they never take
	$(BIN)/pytest -n 2 --dist loadgroup --cov --cov-report=
	$(BIN)/coverage report --include='common/domain/*,common/journal/*,common/sync/*,common/crypto/*' --fail-under=100
	$(BIN)/coverage report --fail-under=90

.PHONY: lock
lock: setup ## choose the versions anew and write requirements/*.lock and package-lock.json
	$(COMPILE) --upgrade pyproject.toml -o requirements/run.lock
	$(COMPILE) --upgrade --group dev pyproject.toml -o requirements/dev.lock
	npm install --package-lock-only --silent

.PHONY: wheel
wheel: setup ## build dist/jiujin-*.whl, which needs Python alone
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

.PHONY: clean
clean: ## remove what the commands above made, .venv included
	rm -rf .venv $(STAMPS) node_modules dist build demo-data .coverage .coverage.* htmlcov
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	rm -rf common/web/static/vendor common/papers/fonts
