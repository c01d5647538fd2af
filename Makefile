# Run `make` for help. Needs python3 (3.11 or later) with venv, and make; everything else is installed here from the lock file.
PYTHON ?= python3
UV := .tools/bin/uv
RUN := .venv/bin/
export UV_PROJECT_ENVIRONMENT := .venv
INSTANCE ?= instance
ADDRESS ?= 127.0.0.1:8000

.DEFAULT_GOAL := help
.PHONY: help run test lint soak bench docs lock clean

help:  ## Show this help
	@echo "Consilience: make TARGET"
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/runtime  ## Install, make the demo release (once) and serve it on http://127.0.0.1:8000
	@test -f $(INSTANCE)/demo/release/release.json || $(RUN)consilience demo $(INSTANCE)/demo
	@$(RUN)consilience node serve --releases $(INSTANCE)/demo/release --address $(ADDRESS)

test: .venv/dev  ## Run the test suite with branch coverage (on two cores, without the network)
	$(RUN)pytest -n 2 --dist loadgroup --cov --cov-report=term:skip-covered

lint: .venv/dev  ## Check format, style, types and layers
	$(RUN)ruff format --check .
	$(RUN)ruff check .
	$(RUN)mypy
	$(RUN)lint-imports

soak: .venv/dev  ## Run the long tests: large data, kill loops, Spark
	$(RUN)pytest -m soak -o addopts="--strict-markers -ra --import-mode=importlib"

bench: .venv/dev  ## Run the benchmarks; each prints a ratio against a named baseline
	@for file in benchmarks/bench_*.py; do echo "== $$file"; $(RUN)python $$file || exit 1; done

docs: .venv/dev  ## Check that commands, settings and examples in the documentation are true
	$(RUN)pytest tests/docs

lock: $(UV)  ## Write uv.lock anew from pyproject.toml
	$(UV) lock

clean:  ## Remove the environment, caches and the demo instance
	rm -rf .venv .tools $(INSTANCE) .mypy_cache .ruff_cache .pytest_cache .coverage .coverage.*

$(UV):
	@$(PYTHON) -m venv .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'

# The environment is laid anew only when the lock file or the package list changed.
.venv/runtime: uv.lock pyproject.toml | $(UV)
	@$(UV) sync --frozen --quiet --inexact --python $(PYTHON)
	@touch $@

.venv/dev: uv.lock pyproject.toml | $(UV)
	@$(UV) sync --frozen --quiet --group dev --python $(PYTHON)
	@touch $@ .venv/runtime
