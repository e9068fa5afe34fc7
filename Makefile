# Two commands on a fresh machine (Python >= 3.11, make, git): `make run` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# What Python compiled is kept (`make clean` removes it): tests start the program some hundred times.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run run-engage check test chaos bench wheel chromium node requirements clean

help: ## show what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

# --- environments: pinned with hashes, rebuilt when the pins change -----------------------------

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "atriumbot needs Python 3.11 or newer; say which with: make PYTHON=/path/to/python3.11 run" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run-ready: $(VENV)/bin/python requirements.txt requirements-build.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.txt -r requirements-build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev-ready: $(VENV)/run-ready requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-dev.txt
	@touch $@

# --- what people do ------------------------------------------------------------------------------

run: $(VENV)/run-ready ## start the bot with the sample agenda on http://127.0.0.1:8000
	@exec $(BIN)/atriumbot run --demo

run-engage: $(VENV)/dev-ready ## start the bot in a fake Viva Engage on http://127.0.0.1:8071
	@exec $(BIN)/python -m tests.fakes.engage.demo

check: $(VENV)/dev-ready ## the quick inner loop: format, lint, types, imports, fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -m "not postgres and not browser and not process and not wheel"

test: $(VENV)/dev-ready chromium node ## everything: checks, PostgreSQL, browser, processes, the built wheel
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

chaos: $(VENV)/dev-ready ## kill the bot 200 times at random moments
	ATRIUM_CHAOS_ROUNDS=200 $(BIN)/pytest -q -s tests/chaos

bench: $(VENV)/dev-ready ## measure, side by side in one run
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

wheel: $(VENV)/dev-ready ## build the wheel into dist/
	$(BIN)/python -m build --no-isolation --wheel --outdir dist .

# The browser tests drive Debian's Chromium; where it cannot be installed they skip and say so.
chromium:
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-color-emoji >/dev/null; \
	  else echo "chromium is missing; install it for the browser tests" >&2; fi; }

# Counterparts that others wrote for Node. No lock file: it would name the registry; what matters is pinned here.
node: $(VENV)/dev-ready
	@test -d $(VENV)/npm/node_modules/emulate || $(BIN)/python -m tests.fakes.node install emulate@0.12.2 || \
	  echo "the Slack emulation is missing; its tests skip and say so" >&2

requirements: ## compile the pins again (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 --group pyproject.toml:build -o requirements-build.txt
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 pyproject.toml --group dev --group build -o requirements-dev.txt

clean: ## remove what was built, not what the bot remembers (var/)
	rm -rf $(VENV) dist build test-artefacts .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +
