# The one entry. Every target sets up what it needs first; nothing is done by hand.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help demo test lint types layers format reproduce bench docs clean

help: ## Show the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "vptnlp needs Python 3.11 or newer; set PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(SOURCES) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: $(SOURCES) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[service,parquet,spacy,dev]'
	@touch $@ $(VENV)/.run

demo: $(VENV)/.run ## Triage the sample inbox: ranked list and HTML report
	@mkdir -p out
	$(BIN)/vptnlp triage src/vptnlp/samples/inbox.mbox
	@$(BIN)/vptnlp triage src/vptnlp/samples/inbox.mbox --format html -o out/triage.html
	@echo "HTML report: $(CURDIR)/out/triage.html"

test: $(VENV)/.dev ## Lint, types, layers and all tests
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -n auto

lint: $(VENV)/.dev ## Style and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: $(VENV)/.dev ## Static types
	$(BIN)/mypy

reproduce: $(VENV)/.dev ## Train the shipped linear model again and compare it, byte for byte
	$(BIN)/vptnlp train configs/linear.toml
	git diff --exit-code --stat -- models/vpt-nl-linear/manifest.json

bench: $(VENV)/.dev ## Speed, with results in benchmarks/
	$(BIN)/python benchmarks/speed.py

docs: $(VENV)/.dev ## Generated pages: the labels
	$(BIN)/vptnlp taxonomy --format markdown > docs/taxonomie.md

clean: ## Remove the environment and outputs
	rm -rf $(VENV) out
