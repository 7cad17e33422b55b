# make help lists what can be made. Needs Python >= 3.11, pip and make; everything else comes from the locks, into .venv.

PYTHON ?= python3
DATA ?= ../shared/data

VENV := .venv
BIN := $(VENV)/bin
# A virtual environment without its own pip (Debian keeps ensurepip in a package apart) is filled by the pip outside.
PIP = $$($(BIN)/python -m pip --version >/dev/null 2>&1 && echo $(BIN)/python -m pip || echo $(PYTHON) -m pip --python $(BIN)/python)
INSTALL = $(PIP) install --quiet --disable-pip-version-check
PLAY = $(BIN)/pytest -n 2 --dist worksteal

# Stamps: newer than the lock they stand for, or the set-up runs again.
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
READY_TRAIN := $(VENV)/.ready-train

.PHONY: help setup demo slack-sandbox discord-sandbox test quick bench soak attack score train lock clean
# Written bytecode makes each of the many processes that tests start begin in a third of the time, whatever the shell says.
export PYTHONDONTWRITEBYTECODE :=

.NOTPARALLEL:
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1@/p' $(MAKEFILE_LIST) | awk -F@ '{ printf "make %-15s %s\n", $$1, $$2 }'

demo: $(READY)  ## a made-up working day through the whole bot, in half a minute: who waits, who is asked
	@$(BIN)/realreply demo

slack-sandbox: $(READY_DEV)  ## a make-believe Slack and the real bot in it, in your browser: PORT=4390
	@$(BIN)/python -m tests.slack_sandbox.sandbox --port $(or $(PORT),4390)

discord-sandbox: $(READY_DEV)  ## a make-believe Discord and the real bot in it, in your browser: PORT=4391
	@$(BIN)/python -m tests.discord_sandbox.sandbox --port $(or $(PORT),4391)

# mypy runs beside the tests, in what time they leave, and says at the end what it found. What kills whole processes plays by itself:
# they mostly wait, but need a processor to get anywhere before they are killed.
TYPES := $(VENV)/types.log
test: $(READY_DEV)  ## ruff, mypy --strict and all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@echo "$(BIN)/mypy (beside the tests)"; nice $(BIN)/mypy >$(TYPES) 2>&1 & types=$$!; trap 'kill $$types' INT TERM; \
	  echo "$(PLAY) --ignore tests/process"; $(PLAY) --ignore tests/process; played=$$?; \
	  wait $$types; typed=$$?; echo "$(BIN)/mypy"; cat $(TYPES); exit $$((played ? played : typed))
	$(BIN)/pytest -n 4 --dist worksteal tests/process

quick: $(READY_DEV)  ## all tests but those that take more than two seconds each
	@$(PLAY) --ignore tests/process -m "not slow"

bench: $(READY_DEV)  ## speed and memory, beside their references in the same run
	@$(BIN)/python -m benchmarks
	@$(BIN)/python -m benchmarks.due
	@$(BIN)/python -m benchmarks.slack
	@$(BIN)/python -W ignore -m benchmarks.discord
	@$(BIN)/python -m benchmarks.judging

soak: $(READY_DEV)  ## more of what is tried at random, and kill -9 of a running bot, 1,300 times (about twenty minutes)
	@THOROUGH=1 $(PLAY) --ignore tests/process
	@$(BIN)/python -m tests.process.soak --kills 1000
	@$(BIN)/python -m tests.process.soak --kills 100 --slack
	@$(BIN)/python -m tests.process.soak --kills 100 --discord
	@$(BIN)/python -m tests.process.soak --kills 100 --both

attack: $(READY_DEV)  ## all troubles at once, kills, renewed connections (about ten minutes): nothing lost, doubled, shown, left
	@timeout 900 $(BIN)/python -m tests.attacks

score: $(READY_DEV)  ## judgement against labelled channels (in ../shared; says what is missing)
	@$(BIN)/python -m benchmarks.score

train: $(READY_TRAIN)  ## learn bot/judge/weights*.json again: make train DATA=../shared/data
	@$(BIN)/python -m benchmarks.train --data $(DATA)
	@$(BIN)/python -m benchmarks.train_replies --data $(DATA)
	@$(BIN)/python -m benchmarks.train_peers --data $(DATA)
	@$(BIN)/python -m benchmarks.train_letters

setup: $(READY_DEV)  ## .venv with everything for development, nothing run

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "realreply needs Python 3.11 or newer, and there is no '$(PYTHON)' here. Say where it is: make PYTHON=/path/to/python3 ..." >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "realreply needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Say where a newer one is: make PYTHON=/path/to/python3.11 ..." >&2; \
	  exit 2; }
	@echo "Setting up $(VENV) with $$($(PYTHON) -V) ..."
	@if $(PYTHON) -c 'import ensurepip' 2>/dev/null; then $(PYTHON) -m venv $(VENV); else $(PYTHON) -m venv --without-pip $(VENV); fi

# What builds the package goes again: it has no business where a bot runs. (Tests need some of it, and build wheels.)
$(READY): requirements.txt requirements-build.txt pyproject.toml | $(BIN)/python
	@echo "Installing what realreply needs into $(VENV) (about a minute) ..."
	@$(INSTALL) --require-hashes -r requirements.txt -r requirements-build.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@test -e $(READY_DEV) || $(PIP) uninstall --quiet --disable-pip-version-check --yes -r requirements-build.txt
	@touch $@

$(READY_DEV): requirements-dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing what realreply and its tests need into $(VENV) (about a minute) ..."
	@$(INSTALL) --require-hashes -r requirements-dev.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $(READY) $@

$(READY_TRAIN): requirements-train.txt $(READY_DEV)
	@$(INSTALL) --require-hashes -r requirements-train.txt
	@touch $@

# The locks name no index: they must install from any that has the same files.
UV ?= $(if $(wildcard $(BIN)/uv),$(BIN)/uv,uv)
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url $(LOCKFLAGS)

lock:  ## requirements*.txt from pyproject.toml (needs uv; LOCKFLAGS=--upgrade for newer versions)
	@command -v $(UV) >/dev/null || { \
	  echo "make lock needs uv, which nothing else here does: $(BIN)/python -m pip install uv, then make lock again." >&2; exit 2; }
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) --group build -o requirements-build.txt
	$(COMPILE) --group build --extra dev pyproject.toml -o requirements-dev.txt
	$(COMPILE) --group train -o requirements-train.txt

clean:  ## caches and built files (.venv stays: remove it by hand to start over)
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find bot adapters storage tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
