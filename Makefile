# One file to set up, run and test the portal. Needs: git, make, Python 3.11 or newer.
PYTHON ?= python3
NEXT_PYTHON ?= python3.12
VENV := .venv/bin
UV := .tools/bin/uv
export UV_PYTHON_DOWNLOADS := never
export PYTHONUNBUFFERED := 1

.PHONY: help setup demo demo-reset test handbook bench lint lint-python lint-templates lint-imports lint-types lint-django messages lock next clean
help:
	@echo "make demo        set up and serve the portal with demo content (PORT, VAR_DIR, DEMO_PASSWORD, COMMUNES)"
	@echo "make demo-reset  throw the demo's data away; then make demo starts over"
	@echo "make test        every check and every test"
	@echo "make lint        the checks only"
	@echo "make handbook    retake the handbook's pictures"
	@echo "make bench       measure sealing, opening, log-ins, 1,000 tips, a new key, forty posts (minutes; DATABASE_URL)"
	@echo "make messages    say which strings have no Vietnamese (WRITE=1 adds them to the catalogues)"
	@echo "make next        the quick tests on the next Django and Wagtail (NEXT_PYTHON, 3.12 or newer); may fail"
	@echo "make lock        recompile the requirements from pyproject.toml"

$(UV): requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not: set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up the tools (once) …"
	@$(PYTHON) -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt 2>.tools/error.log \
	  || { tail -n 2 .tools/error.log >&2; rm -rf .tools; echo "The package installer could not be set up: is there a network connection and free disk space? Then run the same command again." >&2; exit 1; }
	@touch $@

.venv/.ready: requirements-dev.txt pyproject.toml | $(UV)
	@echo "Installing the packages (once) …"
	@{ test -x $(VENV)/python || $(PYTHON) -m venv .venv; } && $(UV) pip sync --quiet --python $(VENV)/python --require-hashes requirements-dev.txt \
	  || { rm -rf .venv; echo "The packages could not be installed: is there a network connection and free disk space? Then run the same command again." >&2; exit 1; }
	@touch $@

setup: .venv/.catalogues

.venv/.catalogues: .venv/.ready $(shell find site/locale -name '*.po')
	@$(VENV)/python manage.py compile_catalogues --settings portal.settings.test
	@touch $@

lock: | $(UV)
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet pyproject.toml -o requirements.txt
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

# Not through manage.py: the launcher speaks before Django's settings can be loaded.
demo: .venv/.ready
	@exec env PYTHONPATH=site $(VENV)/python -m portal.launcher

demo-reset: .venv/.ready
	@exec env PYTHONPATH=site $(VENV)/python -m portal.launcher --reset

test: .venv/.catalogues
	@tests/system-packages
	@$(MAKE) --no-print-directory -j2 -O lint
	@$(VENV)/pytest -n 2

# The versions that come next, in an environment of their own, not pinned: what fails here fails nothing else.
.venv-next/.ready: pyproject.toml requirements-next.txt | $(UV)
	@echo "Installing the next Django and Wagtail (once) …"
	@$(UV) venv --quiet --clear --python $(NEXT_PYTHON) .venv-next
	@$(UV) pip install --quiet --python .venv-next/bin/python --requirements pyproject.toml --group dev --overrides requirements-next.txt
	@touch $@

next: .venv-next/.ready
	@.venv-next/bin/python manage.py compile_catalogues --settings portal.settings.test
	@.venv-next/bin/python manage.py makemigrations --check --settings portal.settings.test
	@.venv-next/bin/pytest -n 2 tests/home tests/communes tests/tipform tests/portal

handbook: .venv/.ready
	@HANDBOOK_IMAGES=write $(VENV)/pytest -q tests/journeys/test_handbook.py -k on_screen

bench: .venv/.ready
	@$(VENV)/pytest -q -s --ds tests.bench.settings tests/bench/bench_keys.py
	@$(VENV)/python tests/bench/logins.py
	@$(VENV)/pytest -q -s tests/bench/bench_forty_posts.py

lint: lint-python lint-templates lint-imports lint-types lint-django

lint-python: .venv/.ready
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .

lint-templates: .venv/.ready
	@$(VENV)/djlint --lint --quiet templates

lint-imports: .venv/.ready
	@PYTHONPATH=.:site $(VENV)/lint-imports --no-logo >.venv/imports.log || { cat .venv/imports.log; exit 1; }

lint-types: .venv/.ready
	@$(VENV)/mypy

# The settings of a real server at their strictest, with secrets that live as long as the check.
lint-django: export SECRET_KEY = $(shell od -An -N48 -tx1 /dev/urandom | tr -d ' \n')
lint-django: export TIP_KEYRING = check:$(shell od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
lint-django: .venv/.catalogues
	@$(VENV)/python manage.py makemigrations --check --settings portal.settings.test
	@ALLOWED_HOSTS=portal.example HSTS_INCLUDE_SUBDOMAINS=1 HSTS_PRELOAD=1 $(VENV)/python manage.py check --deploy --fail-level WARNING --settings portal.settings.production

messages: .venv/.ready
	@$(VENV)/python manage.py messages $(if $(WRITE),--write) --settings portal.settings.test

clean:
	rm -rf .venv .venv-next .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
