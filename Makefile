# repwatch: `make demo` shows it at work, `make test` passes the tests. Both need Python 3.11 or newer, and make.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Optional components, as pip names them: make test EXTRAS='[full]'
EXTRAS ?=

.PHONY: help demo test lint lock bench model docs messages clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml constraints.txt
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && \
	  UV_COMPILE_BYTECODE=1 VIRTUAL_ENV=$(VENV) uv pip install --quiet --constraint constraints.txt --editable '.$(EXTRAS)' --group dev; \
	else \
	  $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1' && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --compile --constraint constraints.txt --editable '.$(EXTRAS)' --group dev; \
	fi
	@$(BIN)/python -m compileall -q src
	@touch $(STAMP)

demo: $(STAMP) ## Run a whole check on an invented employer and show its report
	@$(BIN)/repwatch demo

test: $(STAMP) ## Pass the tests (COVERAGE=1 notes what they reach)
	@$(BIN)/python -m $(if $(COVERAGE),coverage run -m )pytest -n auto --dist loadfile

lint: $(STAMP) ## Check style, types and the floors
	@$(BIN)/ruff check src tests bench model
	@$(BIN)/mypy
	@$(BIN)/lint-imports

coverage: $(STAMP) ## Hold what `make test COVERAGE=1` reached against the gate
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report

lock: ## Write requirements.lock: every version of constraints.txt with its hashes, for any system (needs uv)
	@uv pip compile --quiet pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -c constraints.txt -o requirements.lock

bench: $(STAMP) ## Measure start-up, parsing and the scorer beside named peers
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group bench
	@for bench in bench/*_bench.py; do $(BIN)/python $$bench || exit 1; done

model: $(STAMP) ## Train the weights of the scorer from the corpus, the same each time
	@$(BIN)/python -m model.train

docs: $(STAMP) ## Write the generated pages of docs/
	@$(BIN)/python -m docs.generate && $(BIN)/python -m docs.walk

messages: $(STAMP) ## Bring the catalogues of the four languages up to date and say what lacks a translation
	@$(BIN)/python -m docs.catalogues

clean: ## Remove what make made
	rm -rf $(VENV) .coverage .coverage.* htmlcov .pytest_cache .mypy_cache .ruff_cache .hypothesis dist
