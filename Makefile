# What one does with Packshot. `make` alone explains itself.

SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TOOLS := $(if $(PACKSHOT_TOOLS),$(PACKSHOT_TOOLS),.tools)
PIP_QUIET := -qq --no-input --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup run tick seed test journeys browser screenshots proof simulate fmt lint types check shipping proving docs features bench frames load soak package sample deploy rollback rehearse clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) ## Make the virtual environment, the local AWS and the web app's runtime (run and test do it by themselves)
	@$(BIN)/python -m infra.local.tools
	@$(BIN)/python -m infra.sight.model
	@$(BIN)/python -m infra.web.vendor

run: setup ## Run everything on this machine and keep its state in .packshot/ (PORT=8000, PACKSHOT_HOME=, PACKSHOT_SAMPLE=0)
	@exec $(BIN)/python -m infra.local

tick: $(STAMP) ## Fire the schedules of the running instance now (NAME= for one of them)
	@$(BIN)/python -m infra.local.clock $(NAME)

seed: setup ## Fill the library up to N made-up assets, beside `make run` or without it (N=100000)
	@exec $(BIN)/python -m infra.seed $(or $(N),100000)

test: setup ## The fast test suite, on 127.0.0.1 only
	@$(BIN)/pytest tests --ignore=tests/journeys --ignore=tests/browser -n auto --maxprocesses=4 --dist worksteal \
	  -m "not slow and not journey"

journeys: setup ## A whole instance driven from outside: odd names, kills, keys, uploads, the API against its document
	@$(BIN)/pytest tests/journeys -n 2 --dist loadfile -m "not slow"  # two of each instance, a file's tests on one

browser: setup ## The web app in Chromium: geometry, keys, search, editing, uploads, axe (needs Chromium)
	@$(BIN)/python -m infra.web.chromium
	@$(BIN)/pytest tests/browser -n 2 --dist loadfile -p no:randomly  # two libraries; a file's tests share one, in order

screenshots: setup ## Photograph every screen in both themes, wide and narrow, into build/screenshots/ (PICTURES=folder)
	@$(BIN)/python -m infra.web.screenshots $(PICTURES)

fmt: $(STAMP) ## Format the code, and write anew what is made from it: policies and the pages that list what it declares
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/python -m infra.policies > /dev/null
	@$(BIN)/python -m infra.features > /dev/null
	@$(BIN)/python -m infra.docs

lint: $(STAMP) ## Check style, format, security rules and import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/bandit -q -ll -r app.py chalicelib media
	@$(BIN)/lint-imports

types: $(STAMP) ## Check types: Python by mypy, the web app's JSDoc by tsc
	@$(BIN)/mypy
	@$(BIN)/python -m infra.web.vendor --types

check: setup ## What CI runs: both halves below, side by side
	@$(BIN)/python -m infra.web.chromium
	@$(BIN)/python -m infra.beside "$(MAKE) --no-print-directory shipping" "$(MAKE) --no-print-directory proving"

# Halves by what they need: this one keeps one core busy at most, and for minutes waits for the rehearsal's schedules.
# Packaging comes first, before any test writes its bytecode among the sources that are zipped.
shipping: setup ## Half of the check: what is uploaded, packaged and rehearsed, and search at size
	@$(MAKE) --no-print-directory package
	@$(BIN)/pytest tests/promises/test_bundle.py -m slow
	@$(MAKE) --no-print-directory rehearse
	@$(BIN)/pytest tests/contracts/test_scale.py -m slow -k thousand

# What ends soonest comes first; the web app, whose time somebody feels, last, when the other half is over.
proving: setup ## Half of the check: style, types, import contracts, templates, pages, tests, the web app in Chromium
	@$(MAKE) --no-print-directory lint types
	@$(BIN)/python -m infra.policies --check
	@$(BIN)/python -m infra.licences
	@$(BIN)/python -m infra.docs --check
	@$(MAKE) --no-print-directory test journeys browser

docs: $(STAMP) ## Write the pages of docs/ that list what the code declares
	@$(BIN)/python -m infra.docs

features: $(STAMP) ## Write docs/features.md: each requirement with the tests that prove it
	@$(BIN)/python -m infra.features

package: $(STAMP) ## Package both stages into build/: zips with their sizes checked, templates linted
	@$(BIN)/python -m infra.sight.model
	@$(BIN)/python -m infra.package

deploy: setup package ## Bring a stage in AWS to what is here, shown before anything is touched (STAGE=dev, YES=1)
	@$(BIN)/python -m infra.deploy $(or $(STAGE),dev) $(if $(YES),--yes)

rollback: setup ## Bring a stage in AWS back to the release before (STAGE=dev, YES=1)
	@$(BIN)/python -m infra.deploy $(or $(STAGE),dev) --back $(if $(YES),--yes)

rehearse: setup ## Deploy what was packaged to a throw-away emulator, use it, change it, go back
	@$(BIN)/python -m infra.rehearsal

proof: setup ## The slow suites at full size (crash matrix with two disturbances, simulation, five times the examples)
	@$(BIN)/pytest tests -m slow --timeout=3600
	@$(BIN)/pytest tests/properties tests/domain tests/media -m "not slow" --hypothesis-profile=proof --timeout=3600
	@$(MAKE) --no-print-directory simulate

simulate: setup ## Run the real ingest under N random schedules of crashes and reordering, a followed Drive and the index under N/20, pushes to a store under N/40 (N=20000)
	@PACKSHOT_STAGE=memory PACKSHOT_URL=http://127.0.0.1:1 PACKSHOT_MEDIA_URL=http://127.0.0.1:2 \
	  $(BIN)/python -m tests.faults.simulation $(or $(N),20000)
	@PACKSHOT_STAGE=memory PACKSHOT_URL=http://127.0.0.1:1 PACKSHOT_MEDIA_URL=http://127.0.0.1:2 \
	  $(BIN)/python -m tests.faults.drive_simulation $$(( ($(or $(N),20000) + 19) / 20 ))
	@PACKSHOT_STAGE=memory PACKSHOT_URL=http://127.0.0.1:1 PACKSHOT_MEDIA_URL=http://127.0.0.1:2 \
	  $(BIN)/python -m tests.faults.index_simulation $$(( ($(or $(N),20000) + 19) / 20 ))
	@PACKSHOT_STAGE=memory PACKSHOT_URL=http://127.0.0.1:1 PACKSHOT_MEDIA_URL=http://127.0.0.1:2 \
	  $(BIN)/python -m tests.faults.push_simulation $$(( ($(or $(N),20000) + 39) / 40 ))

frames: setup ## The grid in Chromium on a running instance: first picture, work a frame (LINK=sign-in link)
	@$(BIN)/python -m benchmarks.webapp $(LINK)

bench: setup ## Renditions beside sharp, in one run on real photographs (about 6 minutes)
	@$(BIN)/python -m benchmarks.renditions --rounds 3

load: setup ## Mixed traffic on 50,000 assets at 300 requests a second, 1,000 files dropped meanwhile (SECONDS=600 ASSETS=50000)
	@PACKSHOT_HOME=$(or $(PACKSHOT_HOME),build/load) PACKSHOT_SAMPLE=0 $(BIN)/python -m benchmarks.load --seconds $(or $(SECONDS),600) --assets $(or $(ASSETS),50000) --files $(or $(FILES),1000) --rate $(or $(RATE),300)

soak: ## The same for an hour at 50 requests a second: what memory and open files gain
	@$(MAKE) --no-print-directory load SECONDS=$(or $(SECONDS),3600) RATE=$(or $(RATE),50) FILES=$(or $(FILES),3600)

sample: $(STAMP) ## Draw the sample library and the sign-in wall anew (needs Chromium; NAMES= for some)
	@$(BIN)/python -m infra.sample.draw $(NAMES)

clean: ## Remove what set-up made; the library in .packshot/ stays
	@rm -rf $(VENV) .tools build node_modules web/vendor

$(STAMP): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Packshot needs Python 3.11 or newer.")'
	@echo "Installing Python packages into $(VENV) (once) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install $(PIP_QUIET) --require-hashes -r requirements-dev.txt
	@printf '#!/bin/sh\ncd "%s" && exec %s/python -m infra.local.packshot "$$@"\n' "$(CURDIR)" "$(BIN)" > $(BIN)/packshot
	@chmod +x $(BIN)/packshot
	@touch $@
