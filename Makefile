# The commands of the project; `make help` lists them. They need make and Python 3.11 or newer, nothing else.
PORT ?= 8501
HOST ?= 127.0.0.1
WORKERS ?= 1
BIN := .venv/bin
WORDS := locales/sv/LC_MESSAGES/messages.po

.DEFAULT_GOAL := help
.PHONY: help run test fuzz bench bench-large check fix venv browser proxy

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

run: .venv/run ## Serve the dashboard at http://127.0.0.1:8501; another port: make run PORT=9000; for many readers: WORKERS=4
	@echo "Opening http://$(HOST):$(PORT); it is ready when the last line says so. It is started again if it dies; Ctrl+C stops it."
	@exec $(BIN)/python serve.py --host $(HOST) --port $(PORT) --workers $(WORKERS)

test: .venv/test browser proxy ## Run every test, in the browser too, and print how much of the code they run
	@$(BIN)/pytest -n 3 --dist worksteal --cov --cov-report=
	@$(BIN)/python -m tests.packages

fuzz: .venv/test ## Run the slow proofs: thousands of random files, stores and crashes; takes an hour or so
	@$(BIN)/pytest -n 2 --dist worksteal -m fuzz

bench: .venv/bench browser ## Measure how fast it is, as ratios in a table; takes some minutes
	@$(BIN)/python -m benchmarks

bench-large: .venv/bench ## The same at the largest sizes; takes an hour, 8 GB of memory and 10 GB of disk
	@$(BIN)/python -m benchmarks large

check: .venv/test ## Check style, types, contracts between packages, words and documents; changes nothing
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy & types=$$!; \
	$(BIN)/lint-imports --no-logo --no-cache && $(BIN)/pytest -q tests/test_locales.py tests/test_docs.py; rest=$$?; \
	wait $$types && exit $$rest

fix: .venv/test ## Format the code, refresh the generated pages and collect the words
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .
	@$(BIN)/python -m tests.generated
	@$(BIN)/pybabel -q extract -F pyproject.toml -k plural:1,2 --no-location --sort-output -o .venv/messages.pot .
	@$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -l sv -i .venv/messages.pot -o $(WORDS)
	@$(BIN)/ruff check --quiet .

venv:
	@.ci/prepare venv

browser: .venv/test
	@.ci/prepare browser

proxy:
	@.ci/prepare proxy

# A stamp is as new as the requirements it was installed from.
.venv/run: requirements.txt | venv
	@echo "Installing what the dashboard runs on …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/test: requirements-dev.txt requirements.txt | venv
	@echo "Installing what the tests run on …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/run

.venv/bench: requirements-bench.txt .venv/test
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-bench.txt
	@touch $@
