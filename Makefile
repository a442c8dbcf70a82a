# Two commands: `make demo` analyses the example district, `make test` runs every check.
# README.md gives the pip and graphkit lines that they consist of.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt
PARTS  := pyproject.toml constraints.txt

.PHONY: demo test check lint install format pages docs clean

demo: $(VENV)/.installed
	@$(BIN)/graphkit demo --out out/acheng

# Side by side, one process a core; what shares a server or a file stays in one process (tests/conftest.py).
PYTEST := $(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder --doctest-modules graphkit loaders tests

test: $(VENV)/.installed-test $(VENV)/.installed-tools lint
	$(PYTEST)

# What to run before every commit: no server, no browser, no test that takes seconds.
check: $(VENV)/.installed-test lint
	$(PYTEST) -m "not neo4j and not embedded and not browser and not spark and not slow"

lint: $(VENV)/.installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

install: $(VENV)/.installed

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

# What is made from the code and stored: the example, pages of docs/, pictures, the page of queries, the outputs of the notebooks.
pages: $(VENV)/.installed-test $(VENV)/.installed-tools
	$(BIN)/python docs/make.py
	$(BIN)/python docs/pictures.py
	$(BIN)/python -m graphkit.queries
	$(BIN)/python notebooks/execute.py

# The site, from the pages of this repository and the docstrings: out/site/index.html, to be read without a network.
docs: $(VENV)/.installed-test
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet --jobs auto -c docs -d out/doctrees . out/site

clean:
	rm -rf out dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(PARTS) | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-test: $(PARTS) | $(BIN)/python
	$(PIP) --editable '.[test]'
	@touch $@ $(VENV)/.installed

# What pip cannot install: a browser, Chinese fonts, Java and Maven (for the Neo4j server of the tests).
$(VENV)/.installed-tools: .ci/install-tools | $(BIN)/python
	@.ci/install-tools
	@touch $@
