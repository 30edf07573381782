# Cordeau: every task of a developer or of someone who tries it. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
# What `make test` passes on to pytest: make test ARGS="tests/devis -x"
ARGS ?=
# What `make fuzz` asks of each operation.
EXAMPLES ?= 50
# Test processes: each has its own databases.
JOBS ?= 2
# What `make torture` kills, and how often.
ENGINE ?= sqlite
ROUNDS ?= 20

VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
NPM := $(shell command -v npm 2>/dev/null)
ifdef UV
INSTALL := uv pip install --quiet --python $(BIN)/python
else
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

DEBIAN_RUN := git make python3 python3-venv
DEBIAN_TEST := mariadb-server galera-4 mariadb-backup haproxy socat faketime chromium poppler-utils

.PHONY: help setup run test test-deps test-mysql check audit sbom fuzz tamper asvs badinput format demo bench torture galera-test mutations lock migrate clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "An instance, from $(BIN) (each takes --help):"
	@awk -F ' *: ' '/^#: / {printf "  cordeau %-32s %s\n", $$2, $$3}' $(MAKEFILE_LIST)

# What `help` says of the commands of an instance; tests/console/test_aide.py holds it to them.
#: serve [--sans-worker] : Serve pages and API, and run the jobs
#: worker : Run the jobs apart
#: migrate : Bring the base to this version
#: demo : Fill an empty base with the demonstration firm
#: entreprise set FILE : Record the identity of the firm
#: user add|password|role|… : Who signs in
#: token add : A token of the API, shown once
#: backup FILE [--chiffrer] : Save base and files while serving
#: restore FILE : Bring a backup back into an empty place
#: doctor [--production] [--json] : Examine the instance, say what would lose data
#: ledger verify [--json] : Read the whole ledger again (also anchor, close, guards…)
#: archive create|verify : The sealed archive of a month
#: rgpd export|anonymiser|… : The data of a person, given or erased
#: agregats verifier|reconstruire : The kept sums of the dashboard
#: recherche verifier|reconstruire : The words records are found by

setup: $(VENV)/.pret assets ## Install everything into .venv and prepare the interface

run: setup ## Try Cordeau on http://127.0.0.1:8000 (another port: make run PORT=8001)
	@$(BIN)/cordeau migrate
	@$(BIN)/cordeau demo --si-vide
	@exec $(BIN)/cordeau serve --port $(PORT)

test: $(VENV)/.pret-dev assets ## Run every test, on SQLite and MariaDB (some: ARGS="tests/devis -x")
	$(BIN)/pytest -q -n $(JOBS) $(ARGS)

test-deps: ## Install what the tests need from Debian: MariaDB, HAProxy, Chromium, poppler
	@if [ "$$(id -u)" -eq 0 ]; then \
	  apt-get update -q && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -q -y --no-install-recommends $(DEBIAN_TEST); \
	else \
	  echo "À lancer avec les droits d’administration :"; \
	  echo "  apt-get install --no-install-recommends $(DEBIAN_TEST)"; \
	fi

test-mysql: $(VENV)/.pret-dev assets ## Run the tests on the server of CORDEAU_TEST_MYSQL_URL
	@if [ -z "$${CORDEAU_TEST_MYSQL_URL:-}" ]; then \
	  echo "Donnez le serveur, avec une base réservée aux essais (elle est vidée) :"; \
	  echo "  make test-mysql CORDEAU_TEST_MYSQL_URL=mysql+pymysql://compte:secret@hote/cordeau_test"; \
	  exit 2; \
	fi
	$(BIN)/pytest -q --engine mariadb $(ARGS)

check: $(VENV)/.pret-dev ## Check style, types, templates and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/djlint src --lint --quiet
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m audit

audit: $(VENV)/.pret-dev ## Look for known vulnerabilities, and fail when no service answers
	$(BIN)/python -m audit --strict

sbom: $(VENV)/.pret-dev ## Write what is delivered, as CycloneDX JSON, into build/sbom.json
	@mkdir -p build
	@$(BIN)/python -m audit.sbom build/sbom.json
	@echo build/sbom.json

fuzz: $(VENV)/.pret-dev assets ## Send the API whatever its description allows (more: EXAMPLES=500)
	$(BIN)/pytest -q tests/fuzz --exemples $(EXAMPLES) $(ARGS)

tamper: $(VENV)/.pret-dev assets ## Try to change what is posted, every column (more: ARGS="--editions 1000")
	$(BIN)/pytest -q tests/tamper $(ARGS)

asvs: $(VENV)/.pret-dev assets ## Check the thirty rows of the security bar
	$(BIN)/pytest -q tests/asvs $(ARGS)

badinput: $(VENV)/.pret-dev assets ## Send bad input to every field (more: ARGS=--catalogue=complet)
	$(BIN)/pytest -q tests/badinput $(ARGS)

format: $(VENV)/.pret-dev ## Put the code in the house format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

demo: setup ## Fill the empty base of var/ with the demonstration firm
	@$(BIN)/cordeau migrate
	@$(BIN)/cordeau demo

bench: $(VENV)/.pret-dev assets ## Measure the speed (ARGS=--rapide, ARGS=--long, ARGS="100000 --moteur sqlite")
	$(BIN)/python -m bench $(ARGS)

torture: $(VENV)/.pret-dev assets ## Kill processes under load, check nothing is lost (ENGINE=mariadb ROUNDS=n SEED=n)
	$(BIN)/python -m torture $(ENGINE) $(ROUNDS) $(if $(SEED),--graine $(SEED))

galera-test: $(VENV)/.pret-dev assets ## Kill the parts of a cluster in turn (ROUNDS=n times each)
	$(BIN)/python -m torture.epreuve $(if $(filter command line,$(origin ROUNDS)),$(ROUNDS)) $(if $(SEED),--graine $(SEED))

mutations: $(VENV)/.pret-dev assets ## Remove each protection, see its check fail (ARGS=--rapide, ARGS="v16 registre")
	$(BIN)/python -m mutations $(ARGS)

migrate: setup ## Bring the base of var/ to this version
	@$(BIN)/cordeau migrate

lock: ## Choose the latest versions again and write them down with their hashes
	@command -v uv >/dev/null || { echo "Il faut uv : pip install uv"; exit 2; }
	$(COMPILE) pyproject.toml --group build -o requirements.lock
	$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --group npm -o requirements-npm.lock
	cd frontend && npm install --package-lock-only --ignore-scripts --no-audit --no-fund

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --upgrade

clean: ## Delete what was installed and built; var/ is kept
	rm -rf $(VENV) frontend/node_modules src/cordeau/web/static/vendor build dist
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.PHONY: assets
assets: $(VENV)/.pret
	@$(BIN)/python -m cordeau.assets

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Cordeau demande Python 3.11 ou plus récent (make PYTHON=python3.11 …)."; exit 2; }
ifdef UV
	@uv venv --quiet --python "$$(command -v $(PYTHON))" --allow-existing $(VENV)
else
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Il manque venv. Sous Debian : apt install python3-venv"; exit 2; }
	@$(PYTHON) -m venv $(VENV)
endif

$(VENV)/.pret: pyproject.toml requirements.lock requirements-npm.lock | $(BIN)/python
	@echo "Installation de Cordeau dans $(VENV)…"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(if $(NPM),,$(INSTALL) --require-hashes -r requirements-npm.lock)
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.pret-dev: requirements-dev.lock $(VENV)/.pret
	@echo "Installation des outils de développement…"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@
