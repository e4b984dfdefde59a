# `make` prints the menu. Needs Python 3.11+ and nothing else; the rest is fetched, locked by hash, into .venv.
.DEFAULT_GOAL := menu
MAKEFLAGS += --no-print-directory

# Only what is said on the command line: shells and hosts set HOST and PORT for purposes of their own.
said = $(if $(findstring command,$(origin $(1))),$(2) "$($(1))")

.PHONY: menu
menu:  ## this menu
	@echo "DataPilot AI"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

.PHONY: setup
setup:  ## make .venv ready, with the web app built (first time 1-2 minutes, no root needed)
	@python=$$(sh scripts/find_python.sh) && "$$python" scripts/setup.py

.PHONY: run
run: setup  ## start everything and print the address; Ctrl-C stops it (PORT=…, HOST=…, WORKERS=…)
	@exec .venv/bin/datapilot up $(call said,HOST,--host) $(call said,PORT,--port) $(call said,WORKERS,--workers)

.PHONY: test
test: setup  ## everything: lint, types, floors, unit, integration, web, browser
	@.venv/bin/python scripts/run_checks.py all

.PHONY: check
check: setup  ## the fast part: lint, types, floors, unit
	@.venv/bin/python scripts/run_checks.py fast

.PHONY: bench
bench: setup  ## our speed beside others', on files generated here
	@.venv/bin/python -m benchmarks.run

.PHONY: soak
soak: setup  ## kill workers, children and servers under load and count what is lost (ARGS="kills --jobs 10000 …")
	@.venv/bin/python -m benchmarks.soak $(ARGS)

.PHONY: check-deploy
check-deploy: setup  ## hold deploy/ to hadolint, the schemas of Kubernetes and Compose, promtool (needs the network once)
	@.venv/bin/python scripts/check_deploy.py

.PHONY: screenshots
screenshots: setup  ## photograph the page for README and docs (needs Chromium)
	@.venv/bin/python scripts/take_screenshots.py

.PHONY: format
format: setup  ## let ruff lay out and tidy the code
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

.PHONY: lock
lock: setup  ## write the Python locks anew after a change in pyproject.toml (UPGRADE=1 takes newer versions)
	@.venv/bin/python scripts/lock.py $(if $(UPGRADE),--upgrade)

.PHONY: sbom
sbom: setup  ## print what the product is made of (CycloneDX), from the locks
	@.venv/bin/python scripts/sbom.py

.PHONY: clean
clean:  ## remove what was built and installed here; uploads and results stay
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
		src/datapilot/_web src/datapilot/_web.tmp web/node_modules web/.next web/out
	find src tests scripts benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
