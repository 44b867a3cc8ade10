# The short form of run.py, which sets up what is needed and does the work, with make or without.
PYTHON ?= python3
COMMANDS := app test test-core test-unit test-notebooks test-browser lint check test-spark mutants \
  live notebook pages dictionary pictures

.PHONY: $(COMMANDS) pins clean help

live: MORE = $(if $(PROFILE),--profile $(PROFILE))

$(COMMANDS):
	@$(PYTHON) run.py $@ $(MORE)

help: # list what can be made
	@$(PYTHON) run.py
	@echo 'pins            pin again what the pinned packages bring along'
	@echo 'clean           remove what the targets made, and no snapshot'

pins:
	rm -rf build/pins
	$(PYTHON) -m venv build/pins
	printf '' > requirements/constraints.txt
	build/pins/bin/python -m pip install --quiet -r requirements/test.txt
	{ echo '# Every version that the pinned packages bring along; made by: make pins'; \
	  echo '-c elsewhere.txt'; \
	  build/pins/bin/python -m pip freeze --exclude-editable; } > build/pins/constraints.txt
	mv build/pins/constraints.txt requirements/constraints.txt

clean:
	rm -rf .venv build .mypy_cache .ruff_cache .import_linter_cache .coverage
