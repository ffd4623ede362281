# Everything a developer runs. `make` alone prints this list.
.DEFAULT_GOAL := help
SHELL := /bin/bash
CHAIN ?= anvil
STORE ?= embedded
BUNDLE ?=
N ?= 2000
consentry := .venv/bin/consentry
python := .venv/bin/python

# engines that are built from sources, if they are asked for
sources = $(if $(filter kubo swarm,$(STORE)),kubo) $(if $(filter swarm,$(STORE)),ipfs-cluster) $(if $(filter clique,$(CHAIN)),geth) $(filter kaia,$(CHAIN))

.PHONY: help setup demo up test check bench soak scale faults faults-engines test-engines gas layouts kubo ipfs-cluster geth kaia engines contracts contracts-deep browser screenshots docs format lock clean

help: ## print this list
	@echo 'Consentry. The first call of any target sets everything up (some minutes); later ones skip what is done.'
	@echo
	@awk -F ':.*## ' '/^[a-z -]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo '  Settings: CHAIN=anvil|ganache|clique|kaia  STORE=embedded|kubo|swarm  BUNDLE=my.json  N=2000  PYTHON=/path/to/python3.11'

setup: ## environment, compiler, contracts, pages: only what is missing or changed
	@tools/setup.sh

demo: setup $(sources) ## the whole exchange as a story (CHAIN=, STORE=, BUNDLE=)
	@$(consentry) demo --chain $(CHAIN) --store $(STORE) $(if $(BUNDLE),--bundle '$(BUNDLE)')

up: setup $(sources) ## the same network, left running until Ctrl-C (CHAIN=, STORE=)
	@$(consentry) up $(if $(filter-out anvil,$(CHAIN)),--chain $(CHAIN)) $(if $(filter-out embedded,$(STORE)),--store $(STORE))

test: setup ## all tests, with real processes, and the coverage of the app
	@tools/test.sh

check: ## format, lint, types, layering, pure tests: under a minute
	@tools/setup.sh python && tools/check.sh

bench: setup ## speed tables of this machine
	@$(python) -m benchmarks

soak: setup kaia ## N=2000 mixed interactions on four validators, five keepers and three gateways
	@$(python) -m benchmarks.soak $(N) --page docs/measurements/soak.md

scale: ## a hundred members and up to 10⁷ interactions a day on paper (docs/scale.md): a minute
	@tools/setup.sh python && $(python) -m simulation

contracts-deep: setup ## the contracts against fuzzers, provers, slither and mutants: under an hour
	@$(python) tools/contracts_deep.py

faults: setup ## break a running network in every way we know, and print what was seen
	@$(python) -m pytest tests/faults -q -n0 --disable-warnings

test-engines: setup engines ## the whole story on five combinations of chain, store and database
	@$(python) -m pytest tests/matrix -q -n0 --disable-warnings --page docs/measurements/engines.md

faults-engines: setup engines ## break chains of several validators, IPFS nodes, PostgreSQL and what runs on them, and print what was seen
	@$(python) -m pytest tests/faults_engines -q -n0 --disable-warnings --page docs/measurements/faults.md

gas: setup ## price every operation of the contracts again (docs/gas.md)
	@tools/brownie run gas --network anvil

layouts: setup ## write the storage layouts again (docs/storage-layouts.md)
	@$(python) tools/storage_layout.py

engines: ## build every engine that is built from sources: Kubo (IPFS), ipfs-cluster, geth (Clique), Kaia (Istanbul BFT)
	@engines/build.sh kubo ipfs-cluster geth kaia

kubo ipfs-cluster geth kaia: ## build Kubo (IPFS), ipfs-cluster, geth (Clique) or Kaia, with Go, once
	@engines/build.sh $@

contracts: ## compile the contracts, export their ABIs
	@tools/setup.sh python node solc contracts

browser: ## bundle the pages
	@tools/setup.sh node browser

screenshots: setup ## pictures of every page, with a running network's data (build/screenshots/)
	@$(python) tools/screenshots.py

docs: ## write the generated documents again; every link leads somewhere
	@tools/setup.sh python && $(python) tools/errors_table.py && $(python) tools/translations.py && $(python) tools/events_page.py && $(python) tools/compose.py && $(python) tools/cli_page.py && $(python) tools/fhir_page.py && $(python) tools/metrics_page.py && $(python) tools/dashboard.py && $(python) tools/check_links.py

format: ## put the Python code in shape
	@tools/setup.sh python && .venv/bin/ruff format . && .venv/bin/ruff check --fix .

lock: ## write the locks again after a changed requirement
	@tools/setup.sh python && tools/lock.sh

clean: ## remove what set-up and builds made (a running network's data in .consentry stays)
	rm -rf .venv node_modules .cache build reports .hypothesis app/consentry/gateway/static/dist app/*.egg-info
	rm -rf .pytest_cache .ruff_cache .mypy_cache .coverage .coverage.*
	find app scripts tests benchmarks simulation tools -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
