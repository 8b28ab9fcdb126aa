# Two commands do everything: `make run` and `make test`. The others are for those who change LineSync.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PORT ?= 8000
export PORT HTTPS DATABASE_URL

run: $(VENV)/app-installed
	@exec $(BIN)/python -m linesync.start.run

test: $(VENV)/dev-installed
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/dev-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/djade --check $$(git ls-files 'templates/*.html')

bench: $(VENV)/dev-installed
	$(BIN)/python -m bench $(ARGS)

# Bronze, silver and gold under var/lakehouse or FOLDER, then gold beside the floor.
pipeline: $(VENV)/dev-installed
	$(if $(findstring --folder,$(ARGS)),$(error say FOLDER=… instead of --folder: the check has to read the same tables))
	$(BIN)/python -m pipelines.run $(if $(FOLDER),--folder "$(FOLDER)") $(ARGS)
	$(BIN)/python manage.py reconcile $(if $(FOLDER),--folder "$(FOLDER)")

# pip checks every file against the hash that stands in the requirements.
$(VENV)/app-installed: requirements.txt | $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev-installed: requirements-dev.txt | $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/app-installed

$(VENV):
	$(PYTHON) -m venv $(VENV)

# Keeps every version that still fits; UPGRADE=1 takes the newest of each. For the Python that Databricks Apps runs.
PIN = $(BIN)/uv pip compile --quiet --no-header --generate-hashes --no-emit-index-url --python-version 3.11 \
  $(if $(UPGRADE),--upgrade)

requirements: $(VENV)/dev-installed
	$(PIN) pyproject.toml -o requirements.txt
	$(PIN) --extra dev --extra pipelines -c requirements.txt pyproject.toml -o requirements-dev.txt

.PHONY: run test check bench pipeline requirements
