# Everything a newcomer types. Each target sets up what it needs and does nothing twice.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: app test test-core test-unit test-notebooks test-browser mutants notebook pages lint check \
  pictures dictionary pins clean help

help: ## list what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

app: $(VENV)/installed-app ## set up and open the app on the demo organization
	$(BIN)/python -m toolkit app

test: test-core test-unit test-notebooks test-browser ## set up and run the tests, in four groups

# What a run stands on is watched for branches that no test takes; the others need not be slowed.
CORE := tests/aws tests/dispatch tests/fetch tests/runs tests/store

test-core: $(VENV)/installed-test ## what a run stands on, with a floor of branch coverage
	$(BIN)/python -m pytest -n auto $(CORE) --cov

test-unit: $(VENV)/installed-test ## the rest of what needs no notebook and no browser
	$(BIN)/python -m pytest -n auto -m "not browser" $(addprefix --ignore=,$(CORE) tests/notebooks)

test-notebooks: $(VENV)/installed-test ## the notebooks, run as JupyterLab runs them
	$(BIN)/python -m pytest -n auto tests/notebooks

test-browser: $(VENV)/installed-test ## the app and what it saves, in a real browser
	$(BIN)/python -m pytest -n auto --ignore tests/notebooks -m browser

mutants: $(VENV)/installed-test ## put faults in one by one: which does no test notice?
	$(BIN)/python tests/mutants/run.py

notebook: $(VENV)/installed-notebooks ## set up and open JupyterLab with the notebooks
	JUPYTER_CONFIG_PATH="$(CURDIR)/notebooks/.jupyter" $(BIN)/python -m jupyterlab notebooks

pages: $(VENV)/installed-notebooks ## run the notebooks into pages that open offline
	JUPYTER_CONFIG_PATH="$(CURDIR)/notebooks/.jupyter" $(BIN)/python -m nbconvert --execute --to html \
	  --output-dir build/pages notebooks/*.ipynb

lint: $(VENV)/installed-test ## lint, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: test lint ## everything that must hold before a change lands

dictionary: $(VENV)/installed-app ## write docs/data-dictionary.md again, from toolkit/schema.py
	$(BIN)/python -m toolkit.schema > docs/data-dictionary.md

pictures: $(VENV)/installed-test ## take the README's screenshots again
	$(BIN)/python docs/screenshots.py

pins: ## pin again what the pinned packages bring along
	rm -rf build/pins
	$(PYTHON) -m venv build/pins
	printf '' > requirements/constraints.txt
	build/pins/bin/python -m pip install --quiet -r requirements/test.txt
	{ echo '# Every version that the pinned packages bring along; made by: make pins'; \
	  build/pins/bin/python -m pip freeze --exclude-editable; } > build/pins/constraints.txt
	mv build/pins/constraints.txt requirements/constraints.txt

clean: ## remove what the targets made, and no snapshot
	rm -rf $(VENV) build .mypy_cache .ruff_cache .import_linter_cache .coverage

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'Python 3.11 or newer is needed; name one: make PYTHON=python3.12 …'; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo 'Python cannot make a virtual environment; on Debian or Ubuntu: apt install python3-venv'; exit 1; }

# One file of requirements names others, and the package says what it depends on.
PINS := requirements.txt $(wildcard requirements/*.txt) pyproject.toml

$(VENV)/installed-app: $(PINS) | $(BIN)/python
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/installed-%: requirements/%.txt $(PINS) | $(BIN)/python
	$(PIP) -r $<
	@touch $@
