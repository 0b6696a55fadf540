# Two commands matter: `make run` starts Aula, `make test` proves it. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet

.PHONY: run test lint audit bench soak clean lock help
help:
	@echo "make run    start web, media, tasks and jobs with demo data"
	@echo "make test   run all tests, those in a real browser too"
	@echo "make lint   check style, types, imports and settings"
	@echo "make audit  ask for known vulnerabilities of all dependencies"
	@echo "make bench  measure, side by side with others where they are installed"
	@echo "make soak   hold a relay for a quarter of an hour, all pairs of NATs, the stock client with one and two connections, a gigabyte from browser to browser, twenty kills while recording, a hundred thousand events in a class of fifty, what is forbidden stopped within half a second, every page and state of the room in nine windows, an hour composed, a million random steps, a million damaged packets, a thousand requests to every operation of the API, a hundred thousand across the border of two schools, all that reads a database on PostgreSQL"
	@echo "make lock   resolve the dependencies anew"
	@echo "make clean  remove what these commands made"

run: $(VENV)/.installed
	@DEBUG=1 $(BIN)/python manage.py run

test: $(VENV)/.installed-dev tools/vendor/node_modules/.installed
	@tools/provision chromium firefox redis coturn janus nat ffmpeg s3 disk gettext postgresql
	tools/tests -n 2 --dist loadscope
	$(BIN)/python -m tests.postgres tools/tests -n 2 --dist loadscope $(ON_POSTGRESQL)
	tools/tests -n 2 --dist loadscope -m "journey and not alone"
	tools/tests -m "journey and alone"

# Beside SQLite, on which all of them run. `make soak` runs ALL_ON_POSTGRESQL: those too in which a database matters less.
SOCKETS := class leading lobby chat polls recording presence processes
ON_POSTGRESQL := tests/web tests/api tests/hooks tests/postgresql tests/oidc $(SOCKETS:%=tests/socket/test_%.py)
ALL_ON_POSTGRESQL := tests/web tests/api tests/hooks tests/postgresql tests/oidc tests/socket tests/access tests/storage \
	tests/turn tests/compose

lint: $(VENV)/.installed-dev tools/vendor/node_modules/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy platform/aula platform/tenants platform/accounts classrooms signaling turncreds
	$(BIN)/lint-imports
	tools/vendor/node_modules/.bin/tsc -p jsconfig.json
	tools/production-checks $(BIN)/python

audit: $(VENV)/.installed-dev
	$(BIN)/uv tool run pip-audit@2.10.1 --strict --require-hashes --disable-pip -r requirements.lock

bench: $(VENV)/.installed-dev
	$(BIN)/python -m bench

soak: $(VENV)/.installed-dev
	@tools/provision coturn chromium firefox nat ffmpeg s3 postgresql
	$(BIN)/python -m bench.turnsoak
	NAT_PAIRS=all $(BIN)/pytest $(LONG) -m journey tests/nat
	WAYS=all $(BIN)/pytest $(LONG) -m journey tests/contract
	KILLS=20 $(BIN)/pytest $(LONG) tests/sfu/egress/test_recording.py -k killed
	STOPPED_WITHIN=0.5 $(BIN)/pytest tests/socket/test_leading_media.py
	CLASS_PEOPLE=50 CLASS_EVENTS=100000 CLASS_ROUND=2000 CLASS_SEEDS=1 $(BIN)/pytest $(LONG) tests/socket/test_class_property.py
	SHAPES=all $(BIN)/pytest $(LONG) -m journey tests/js/test_every_state.py tests/access/test_every_page.py
	FIDELITY_SECONDS=60 $(BIN)/pytest $(LONG) -m journey tests/journeys/test_fidelity.py
	$(BIN)/python -m bench compose --minutes 60
	$(BIN)/python -m tests.sfu.plane.indices --steps 1000000
	$(BIN)/python -m bench files
	$(BIN)/python -m bench numbers
	$(BIN)/python -m bench switches
	API_EXAMPLES=1000 $(BIN)/pytest $(LONG) -n 2 tests/api/test_contract.py
	CROSS_REQUESTS=100000 CROSS_SEEDS=40 $(BIN)/pytest $(LONG) -n 2 tests/access/test_crossing.py
	CLASS_SEEDS=1 $(BIN)/python -m tests.postgres tools/tests -n 2 --dist loadscope $(ALL_ON_POSTGRESQL)
	$(BIN)/python -m bench.fuzz
# What shows where a test hangs looks at running threads, and has crashed a test that only took long.
LONG := -o faulthandler_timeout=0

clean:
	rm -rf $(VENV) var bench/results tools/vendor/node_modules .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: $(VENV)/.installed-dev
	$(BIN)/uv pip compile $(LOCK) pyproject.toml --group dev -o requirements-dev.lock
	$(BIN)/uv pip compile $(LOCK) pyproject.toml --constraint requirements-dev.lock -o requirements.lock
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

$(BIN)/python:
	@tools/python-ready $(PYTHON)
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing Aula's dependencies into $(VENV)"
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing the dependencies of tests and checks into $(VENV)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.installed

tools/vendor/node_modules/.installed: tools/vendor/package-lock.json
	@tools/provision node
	@cd tools/vendor && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@
