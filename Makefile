# The one entry. Every target sets up what it needs first; nothing is done by hand.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := pyproject.toml
TORCH ?= torch==2.13.0
EXTRAS := service,client,oidc,otel,parquet,spacy,train,annotate,presidio,dev

.DEFAULT_GOAL := help
.PHONY: bench-speed bench-service soak bench-peers bench-learning bench-encoder bench-details reproduce-base chromium help demo test test-label-studio lint types layers format reproduce bench docs clean

help: ## Show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "vptnlp needs Python 3.11 or newer; set PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(SOURCES) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

# The tested version of torch. For its CPU build on an ordinary machine: pip install torch --index-url of pytorch.org's whl/cpu.
$(VENV)/.dev: $(SOURCES) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(TORCH)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$(EXTRAS)]'
	@touch $@ $(VENV)/.run

# The desk is tested in a real browser. Where none stands and none can be installed, these tests are skipped and say so.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } || \
	  echo "No Chromium: the tests of the desk in a browser will be skipped. Install Debian's chromium to run them."

demo: $(VENV)/.run ## Triage the sample inbox: ranked list and HTML report
	@mkdir -p out
	$(BIN)/vptnlp triage src/vptnlp/samples/inbox.mbox
	@$(BIN)/vptnlp triage src/vptnlp/samples/inbox.mbox --format html -o out/triage.html
	@echo "HTML report: $(CURDIR)/out/triage.html"

test: $(VENV)/.dev chromium ## Lint, types, layers and all tests
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -n auto -m "not browser"
	$(BIN)/pytest -m browser tests/service/desk
	$(BIN)/pytest -m browser tests/service/annotate

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

reproduce-base: $(VENV)/.dev ## Train the shipped encoder again (about two hours on two idle cores with AMX; figures alike, not the bytes)
	$(BIN)/vptnlp train configs/base.toml

bench: bench-speed bench-encoder bench-details bench-peers ## Speed and quality beside peers, with results in benchmarks/

bench-speed: $(VENV)/.dev ## Speed of the linear model
	$(BIN)/python benchmarks/speed.py

test-label-studio: $(VENV)/.dev ## Round trip against the real Label Studio, in an environment of its own
	test -x .venv-ls/bin/label-studio || { $(PYTHON) -m venv .venv-ls && .venv-ls/bin/pip install -q label-studio; }
	$(BIN)/python tests/label_studio/check.py .venv-ls/bin/label-studio

bench-encoder: $(VENV)/.dev ## Full assessment beside the same encoder in PyTorch eager
	$(BIN)/python benchmarks/encoder.py

bench-details: $(VENV)/.dev ## Personal details beside presidio-analyzer and deduce
	$(BIN)/python benchmarks/details.py

bench-service: $(VENV)/.dev ## Load on the service beside the library
	$(BIN)/python benchmarks/service.py --model vpt-nl-base vpt-nl-linear

soak: bench-service ## Service load, then ten minutes of mixed traffic
	$(BIN)/python benchmarks/soak.py

.venv-peers/.made: benchmarks/peers.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/pip install -q --disable-pip-version-check $(TORCH)
	.venv-peers/bin/pip install -q --disable-pip-version-check -r benchmarks/peers.txt
	@touch $@

bench-peers: $(VENV)/.dev .venv-peers/.made ## Quality beside fastText, spaCy and SetFit
	$(BIN)/python benchmarks/peers.py

bench-learning: $(VENV)/.dev ## What active learning saves, and what suspects finds
	$(BIN)/python benchmarks/learning_curves.py
	$(BIN)/python benchmarks/label_errors.py

docs: $(VENV)/.dev ## Generated pages: the labels
	$(BIN)/vptnlp taxonomy --format markdown > docs/taxonomie.md
	$(BIN)/vptnlp annotate codebook
	$(BIN)/python -m vptnlp.annotation.formats.pages annotation
	{ echo "# Agreement of annotators in VPT-NL"; echo; $(BIN)/vptnlp annotate agreement corpora/vpt-nl --format markdown; } > corpora/vpt-nl/AGREEMENT.md

clean: ## Remove the environment and outputs
	rm -rf $(VENV) out
