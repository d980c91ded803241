.DEFAULT_GOAL := help
PYTHON := .venv/bin/python

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

setup: ## Install what running needs
	@scripts/setup run

setup-dev: ## Install what running and testing need
	@scripts/setup dev

run: setup ## Install, play the demo once, serve the site
	@.venv/bin/assay demo
	@.venv/bin/assay serve

test: setup-dev ## What lint checks and all tests, on SQLite and on PostgreSQL
	@scripts/test

quick: setup-dev lint ## What says most in under three minutes: lint, types, short tests on SQLite
	@.venv/bin/pytest -q -m "not long and not soak and not browser and not faults and not postgres"

lint: setup-dev ## ruff, mypy, import-linter, djlint, Biome
	@.venv/bin/ruff check src tests bench testbed
	@.venv/bin/ruff format --check -q src tests bench testbed
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/djlint --lint --quiet src/assay/*/templates
	@node_modules/.bin/biome lint --error-on-warnings src/assay

format: setup-dev ## Put the code into its form
	@.venv/bin/ruff check -q --fix-only src tests bench testbed
	@.venv/bin/ruff format -q src tests bench testbed

bench: setup-dev ## Measure saving, opening, live pages, marking, assembly and the bank's pages; print tables
	@for name in saves open events mark assemble items; do $(PYTHON) -m bench $$name; done

rehearsal: setup ## Play a whole batch with simulated candidates
	@.venv/bin/assay rehearse

soak: setup-dev ## Long runs
	@.venv/bin/pytest -q -m soak --timeout 0

fuzz: setup-dev ## Bend files of items, rosters, photos and set-up workbooks for two minutes: nothing may crash
	@$(PYTHON) -m tests.bending

lock: ## Make the locked requirement files anew
	@.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-annotate --no-header requirements/bootstrap.in -o requirements/bootstrap.txt
	@.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-annotate --no-header requirements/run.in -o requirements/run.txt
	@.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-annotate --no-header requirements/dev.in -o requirements/dev.txt -c requirements/run.txt

.PHONY: help setup setup-dev run test quick lint format bench rehearsal soak fuzz lock
