# Every target calls dev.py, which needs nothing but Python: without make, `python3 dev.py run` is the same command.
.DEFAULT_GOAL := list
.PHONY: list run setup sample test check lint format types imports migrations messages lock bundle bench
PYTHON ?= python3

list: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile
run: ## Start Kusei with the sample wards on http://localhost:8000
	@$(PYTHON) dev.py run
setup: ## Make the environment in .venv
	@$(PYTHON) dev.py setup
sample: ## Build the sample wards that are missing
	@$(PYTHON) dev.py sample
test: ## The whole suite on SQLite and PostgreSQL, browser tests included (ARGS go to pytest)
	@$(PYTHON) dev.py test $(ARGS)
check: ## Lint, format, types, import rules, migrations, fast tests: under a minute
	@$(PYTHON) dev.py check $(ARGS)
lint: ## Look for mistakes (ruff)
	@$(PYTHON) dev.py lint
format: ## Put the code in order (ruff)
	@$(PYTHON) dev.py format $(ARGS)
types: ## Check the types (mypy)
	@$(PYTHON) dev.py types
imports: ## Check that imports run one way (import-linter)
	@$(PYTHON) dev.py imports
migrations: ## Say whether a model has changed without its migration
	@$(PYTHON) dev.py migrations
messages: ## Find the strings that residents see, and compile their translations (needs gettext)
	@$(PYTHON) dev.py messages
lock: ## Write requirements*.txt from pyproject.toml, with hashes
	@$(PYTHON) dev.py lock
bundle: ## Fetch all packages into wheelhouse/, for a machine without a network
	@$(PYTHON) dev.py bundle
bench: ## Run the benchmarks (ARGS name some)
	@$(PYTHON) dev.py bench $(ARGS)
