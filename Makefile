# `make` prints what there is. Everything a target needs is installed by it.
.DEFAULT_GOAL := help
SHELL := /bin/sh
export PATH := $(CURDIR)/.venv/bin:$(PATH)
PYTEST := .venv/bin/python -m pytest -q
PORT ?= 8080
PY := appliance webadmin drivers/boards tests
# Real servers, telephones and browsers on a machine that may stand still for a moment: what failed is run once more by itself, and
# stands in the output as unsteady. A defect fails twice. Each suite remembers its own failures: two may run at once.
twice = $(PYTEST) -o cache_dir=.build/$(1) $(1) || { test $$? -eq 1 && echo "unsteady or broken, once more:" && \
	$(PYTEST) -o cache_dir=.build/$(1) $(1) --last-failed --last-failed-no-failures none; }

ENGINE_SOURCES := $(shell find drivers/engine -name target -prune -o \( -name '*.rs' -o -name '*.toml' -o -name '*.py*' -o -name Cargo.lock \) -type f -print 2>/dev/null)
PAGE_SOURCES := $(shell find webadmin/ui -name node_modules -prune -o -name dist -prune -o -type f -print 2>/dev/null) webadmin/words.py

.PHONY: help
help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

.PHONY: packages install
packages:
	@image/steps packages
.venv/.stamp: image/locks/development.txt | packages
	@image/steps python && touch $@
.build/engine: $(ENGINE_SOURCES) .venv/.stamp
	@image/steps engine && mkdir -p .build && touch $@
.build/page: $(PAGE_SOURCES) .venv/.stamp
	@image/steps page && mkdir -p .build && touch $@
install: packages .venv/.stamp .build/engine .build/page ## Install what is missing; leaves .venv/bin/tapeline

.PHONY: run
run: install ## The whole recorder in the foreground with demonstration calls; MIRROR=eth1 or PCAP=file for real ones; PORT=8080
	@.venv/bin/python -m tests.rigs.box --port $(PORT) $(if $(MIRROR),--mirror $(MIRROR)) $(if $(PCAP),--pcap $(PCAP)) $(if $(DATA),--data $(DATA))

.PHONY: test check computing waiting lint types unit integration scenario browser rust fuzz soak
test: install lint types ## Lint, types and every test: two rows at once, what computes beside what waits
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target computing waiting
computing:
	@$(MAKE) --no-print-directory --jobs=1 rust unit integration
waiting:
	@$(MAKE) --no-print-directory --jobs=1 scenario browser
check: test ## What CI runs
lint: install ## Style, storeys, shell
	ruff check $(PY) && ruff format --check $(PY)
	lint-imports
	shellcheck image/steps image/build .ci/run
	cd webadmin/ui && npm run --silent lint
	cd drivers/engine && cargo fmt --check && cargo clippy --quiet --all-targets --locked -- -D warnings
types: install ## mypy strict, vue-tsc
	mypy
	cd webadmin/ui && npm run --silent types
rust: install ## The engine's own tests, with a short fuzz run
	cd drivers/engine && cargo test --quiet --release --locked --workspace
	cd drivers/engine && cargo test --quiet --locked -p targets # again with overflow checks
unit: install ## The fast loop: pure tests, house rules
	$(PYTEST) tests/unit tests/property tests/contract tests/house
	cd webadmin/ui && npm run --silent test
integration: install ## One capability against its real server
	$(call twice,tests/integration)
scenario: install ## Whole calls, killed programs
	$(call twice,tests/scenario)
browser: install ## Chromium against the real page
	$(call twice,tests/browser)

fuzz: install ## Coverage-guided fuzzing of every parser, FUZZ_SECONDS=60 each
	@.venv/bin/python -m tests.rigs.fuzz --seconds $(or $(FUZZ_SECONDS),60) $(TARGETS)
soak: install ## Calls, kills and flaps for MINUTES=30, SEED=; then the ledger beside the senders' accounts
	@.venv/bin/python -m tests.rigs.soak --minutes $(or $(MINUTES),30) $(if $(SEED),--seed $(SEED))

.PHONY: image again boot
image: install ## The disk image, its update bundle and papers, in .build/image (as root)
	@image/build
again: image ## The image once more from nothing, compared bit for bit
	@image/build again
boot: install ## The image built, then started and tried in an emulator, unattended; report in .build/boot (as root)
	@image/build trials
	$(call twice,tests/boot); status=$$?; cat .build/boot/report.txt; exit $$status

.PHONY: bench screenshots fmt lock clean
bench: install ## Importing and recording live beside tcpdump (and VoIPmonitor, where it is installed); lines by detector; the panel with CALLS=10000000, ROWS=10000000; LONG=1, ONLY=live, imports, boards, panel or detection
	@$(if $(filter panel detection,$(ONLY)),true,OPENBLAS_NUM_THREADS=1 .venv/bin/python -m tests.bench.report $(if $(LONG),--long) $(if $(ONLY),--only $(ONLY)))
	@$(if $(filter-out panel,$(ONLY)),true,.venv/bin/python -m tests.bench.panel --calls $(or $(CALLS),10000000) --rows $(or $(ROWS),10000000))
	@$(if $(filter detection,$(ONLY)),.venv/bin/python -m tests.bench.detection --hours $(or $(HOURS),1),true)
screenshots: install ## The pictures of the README, taken anew
	@.venv/bin/python -m tests.rigs.gallery
fmt: install ## Format everything
	ruff check --fix --quiet $(PY); ruff format $(PY); cd drivers/engine && cargo fmt
lock: .venv/.stamp ## Renew the lock files from image/locks/*.in
	cd image/locks && for name in runtime development; do \
	  uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes --no-annotate --no-header $$name.in -o $$name.txt; done
clean: ## Remove what was built (not the data)
	rm -rf .venv .build drivers/engine/target webadmin/ui/node_modules webadmin/ui/dist
