# `make run` and `make test` are the two commands; each sets up whatever is missing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
PYTEST_ARGS ?=
STAMP := $(VENV)/.installed

.PHONY: run test lint editor setup clean

run: setup editor
	@$(BIN)/nodegraph serve $(ARGS)

# Chromium is the one thing pip cannot bring; on Debian it comes from apt where we may use it.
test: setup editor lint
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	  { echo "Installing Debian's chromium for the browser tests"; \
	    SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq chromium; }
	$(BIN)/python -m nodegraph._build test --silent
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --ignore=tests/e2e $(PYTEST_ARGS)
	$(BIN)/pytest tests/e2e $(PYTEST_ARGS)

lint: setup editor
	@mkdir -p $(VENV)/typing && ln -sfn $(CURDIR)/nodes $(VENV)/typing/nodegraph_nodes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m nodegraph._build run --silent lint

setup: $(STAMP)

# torch from the CPU index would need a named host; the plain name is right both with and without a GPU.
$(STAMP): pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c "import torch" 2>/dev/null || { echo "Installing torch (once)"; $(BIN)/pip install -q --disable-pip-version-check "torch==2.13.0"; }
	@echo "Installing nodegraph and its tools"
	@$(BIN)/pip install -q --disable-pip-version-check -e ".[dev]"
	@touch $(STAMP)

editor: setup
	@$(BIN)/python -m nodegraph._build

clean:
	rm -rf $(VENV) web/node_modules nodegraph/server/static build *.egg-info
