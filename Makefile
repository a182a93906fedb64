# What is done with this project, each from a fresh machine. `make` lists it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:

BIN := .venv/bin
DONE := .venv/.done
INSTALL := @tools/install.sh
DEMO := sqlite:///.demo/workbench.db
SERVE ?= 1
WORKERS ?= 2
SIDE_BY_SIDE := -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=50 --durations-min=1
RECORDS ?= 1000000
LINE ?= 5
ALL ?=
PART ?=
# Compiled modules are kept: tests start hundreds of processes, each of which would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE
SECONDS ?= 120

.PHONY: help
help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(DONE)/project ## build the sample case and serve it on 127.0.0.1; SERVE=0 does not serve
	@$(BIN)/workbench demo --store $(DEMO) $(if $(filter 0,$(SERVE)),--no-serve)

.PHONY: test
test: test-sqlite test-memory test-neo4j ## run the tests of the day: all on SQLite, on the other kinds of store what depends on the kind

.PHONY: test-night
test-night: ## run everything: all tests with all their examples, on SQLite and on both lines of Neo4j, kills, faults, fuzzing, mistakes
	$(MAKE) test-sqlite test-memory test-neo4j ALL=1
	$(MAKE) test-neo4j ALL=1 LINE=2026
	$(MAKE) crash faults fuzz mutate mutate-neo4j mutate-logic

.PHONY: test-part
test-part: system-browser system-neo4j $(DONE)/dev $(DONE)/project ## run a part of what waits for the night, in five minutes: PART=7 of 30, by default that of today
	tools/night_part.sh $(PART)

.PHONY: test-sqlite
test-sqlite: system-browser $(DONE)/dev $(DONE)/project ## run the tests on SQLite; ALL=1 for all of them, with all their examples
	WORKBENCH_TEST_ALL=$(ALL) $(BIN)/pytest $(SIDE_BY_SIDE)

.PHONY: test-memory
test-memory: $(DONE)/dev $(DONE)/project ## run on the store in memory what every kind must answer
	WORKBENCH_TEST_STORE=memory WORKBENCH_TEST_ALL=$(ALL) $(BIN)/pytest $(SIDE_BY_SIDE) tests/conformance

.PHONY: test-neo4j
test-neo4j: system-browser system-neo4j $(DONE)/dev $(DONE)/project ## run on a real Neo4j what depends on the kind of store; LINE=2026 for the newest line, ALL=1 for all tests
	WORKBENCH_TEST_STORE=neo4j WORKBENCH_TEST_NEO4J=$(LINE) WORKBENCH_TEST_ALL=$(ALL) $(BIN)/pytest $(SIDE_BY_SIDE)

.PHONY: test-2026
test-2026: system-browser system-neo4j $(DONE)/dev $(DONE)/project ## run on Neo4j's newest line what asks its server in its own language
	WORKBENCH_TEST_STORE=neo4j WORKBENCH_TEST_NEO4J=2026 $(BIN)/pytest -m "not each_store" $(SIDE_BY_SIDE) tests/conformance tests/store tests/test_docs_neo4j.py

.PHONY: check
check: $(DONE)/dev $(DONE)/project ## formatting, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: lab
lab: $(DONE)/lab $(DONE)/project ## open the first notebook in Jupyter
	JUPYTER_CONFIG_PATH=$(CURDIR)/tools/jupyter $(BIN)/jupyter lab --ip 127.0.0.1 $(if $(filter 0,$(shell id -u)),--allow-root) \
	    --ServerApp.root_dir=. --LabApp.extension_manager=readonly notebooks/01_first_case.py

.PHONY: igraph
igraph: $(DONE)/igraph $(DONE)/project ## install igraph, which is GPL: some measures of large networks get faster

.PHONY: bench
bench: $(DONE)/project ## measure the store: make bench RECORDS=1000000
	$(BIN)/python -m benchmarks.store --records $(RECORDS) --json

# The real input files of the long runs; the tests look there too.
export WORKBENCH_TEST_DATA ?= $(CURDIR)/../shared/data

.PHONY: neo4j
neo4j: system-neo4j ## start a Neo4j of your own on 127.0.0.1 and print its URL; python3 tools/neo4j.py --help says more
	@python3 tools/neo4j.py start

.PHONY: crash
crash: $(DONE)/dev $(DONE)/project ## kill loads, batches, a watch, corrections, withdrawals, replays, re-markings and copies at 50 points each and see that no harm is done; a batch of many formats at random ones
	$(BIN)/python -m tests.crash.kills --points 50

.PHONY: faults
faults: $(DONE)/dev $(DONE)/project ## break a Neo4j and the way to it 20 times in each of many ways, and see that no harm is done
	$(BIN)/python -m tests.faults.table --runs 20

.PHONY: fuzz
fuzz: $(DONE)/dev $(DONE)/project ## feed every adapter with bytes that crash, hang or lose: make fuzz SECONDS=120
	$(BIN)/python -m tests.ingest.fuzz_all $(SECONDS)

.PHONY: mutate
mutate: $(DONE)/dev $(DONE)/project ## take the view's filters out and see that its tests fail
	$(BIN)/python -W ignore -m tools.mutate_view
	$(BIN)/python -W ignore -m tools.mutate_view --store memory

.PHONY: mutate-neo4j
mutate-neo4j: system-neo4j $(DONE)/dev $(DONE)/project ## take the view's filters out of the statements for Neo4j, and see the same
	$(BIN)/python -W ignore -m tools.mutate_view --store neo4j

.PHONY: mutate-logic
mutate-logic: $(DONE)/dev $(DONE)/project ## make named mistakes, and 300 that are drawn, and see that tests fail: hours
	$(BIN)/python -m tools.mutate_logic
	$(BIN)/python -m tools.mutate_drawn

.PHONY: traces
traces: $(DONE)/dev $(DONE)/project ## list every answer, and what it leaves in the audit sink
	$(BIN)/python -W ignore -m tools.traces

.PHONY: formats
formats: $(DONE)/project ## write the pages about formats again, from the adapters and their mappings
	$(BIN)/python -m tools.format_pages

.PHONY: screenshots
screenshots: system-browser $(DONE)/dev $(DONE)/project ## walk through the dashboard in Chromium; pictures in .artefacts
	$(BIN)/pytest -m browser

.PHONY: lock
lock: $(DONE)/dev ## resolve the locks again after a change of pyproject.toml; UPGRADE=1 takes the newest versions
	tools/lock.sh $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## remove all that these commands made, the demo's store too
	rm -rf .venv .demo .artefacts .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

# -- what they stand on ------------------------------------------------------------------

.PHONY: system-browser
system-browser:
	@tools/system_packages.sh browser

.PHONY: system-neo4j
system-neo4j:
	@tools/system_packages.sh neo4j

$(DONE)/venv: requirements-build.lock
	$(INSTALL) venv
	@mkdir -p $(DONE) && touch $@

$(DONE)/runtime: requirements.lock $(DONE)/venv
	$(INSTALL) $<
	@touch $@

$(DONE)/dev $(DONE)/lab $(DONE)/igraph: $(DONE)/%: requirements-%.lock $(DONE)/runtime
	$(INSTALL) $<
	@touch $@

$(DONE)/project: pyproject.toml $(DONE)/runtime
	$(INSTALL) project
	@touch $@
