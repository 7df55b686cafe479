# What to do with this project, in the order a newcomer needs it: make help
# the first of these that is here, with its venv; requirements.txt pins for all three
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13; do $$p -c 'import ensurepip, venv' 2>/dev/null && echo $$p && break; done)
# another Airflow than the pinned one, in an environment of its own: make test AIRFLOW=3.4.0b2
AIRFLOW ?=
VENV   := .venv$(if $(AIRFLOW),-airflow-$(AIRFLOW))
BIN    := $(VENV)/bin
# what is installed there
PASANG := $(if $(AIRFLOW),$(VENV)/requirements.txt,requirements.txt)
# processes for the tests: one more than cores, as each waits at times; three begin with an Airflow each
PEKERJA_UJI ?= $(shell n=$$(nproc); echo $$((1 + (n < 2 ? 2 : n > 4 ? 4 : n))))
# how pip installs: without a word, and nothing compiled that may never run
DIAM   := --quiet --disable-pip-version-check --no-compile
# compiled once, and not beside the sources
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/pycache
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo up down bersih lint format test kumpul pada malam faults mutasi dokumen pagar requirements pustaka-js audit pin bench wheel helm siap

help: ## this list
	@sed -nE 's/^##@ (.*)/\n\1/p; s/^([a-z-]+):.*## (.*)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

siap: $(VENV)/.siap

$(VENV)/.siap: $(PASANG) pyproject.toml
	@echo "Menyiapkan lingkungan Python di $(VENV) (sekali saja) ..."
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11, 3.12, atau 3.13 tidak ditemukan. Pasang python3.11 dan python3.11-venv (atau 3.12, 3.13), atau jalankan: make PYTHON=/alamat/python3.11 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install $(DIAM) $(shell grep -oE '^uv==[0-9.]+' $(PASANG))
	@sumber=$${PIP_INDEX_URL:-$$($(BIN)/pip config get global.index-url 2>/dev/null)}; \
	  if [ -n "$$sumber" ]; then export UV_DEFAULT_INDEX="$$sumber"; fi; \
	  $(BIN)/uv pip install -q --python $(BIN)/python -r $(PASANG) || $(BIN)/pip install $(DIAM) -r $(PASANG)
	@$(BIN)/pip install $(DIAM) --no-deps --no-build-isolation -e .
	@touch $@

##@ See it work

demo: siap ## everything set up, one kelompok approved end to end, a second one left waiting for you
	@$(BIN)/python -m sandbox.demo

up: siap ## start the embedded stack and return when all DAGs are parsed; last line: URL
	@$(BIN)/python -m sandbox.stack up

down: ## stop what up or demo started
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m sandbox.stack down; else echo "Tidak ada yang berjalan."; fi

bersih: down ## stop, and delete the state folder (demo data, ledger, passwords)
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m sandbox.stack bersih; fi

##@ Change it

format: siap ## put the code into form, mend what can be mended without a thought
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

lint: siap ## style, types, import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy -p ap2t -p sandbox -p tests.benchmarks
	@PYTHONPATH=plugins:include $(BIN)/lint-imports --no-cache

ifneq ($(AIRFLOW),)
test: siap
	@$(BIN)/python -m pytest -m "(airflow or e2e) and not nightly"
else
test: siap ## lint, then every test, in PEKERJA_UJI processes: three begin with an Airflow each
	@$(MAKE) --no-print-directory -j2 lint kumpul
	@$(BIN)/python -m pytest -n $(PEKERJA_UJI)

# the tests compiled once, beside lint, and not by each process; what is wrong with them their run tells
kumpul: siap
	@$(BIN)/python -m pytest --collect-only >/dev/null 2>&1 || true
endif

# SAAT in UTC; 16:56 is 23:56 in Jakarta, so that midnight comes while they run; MariaDB itself waits by the clock that is moved
pada: siap ## every test without an Airflow or MariaDB, at another moment: make pada SAAT='2028-02-29 16:56'
	@[ -n "$(SAAT)" ] || { echo "Sebut saatnya: make pada SAAT='2028-02-29 16:56'"; exit 2; }
	@cc -O2 -shared -fPIC -o $(VENV)/jam.so tests/jam.c
	@GESER=$$(($$(date -u -d '$(SAAT)' +%s) - $$(date +%s))) LD_PRELOAD=$(CURDIR)/$(VENV)/jam.so \
	  $(BIN)/python -m pytest -n $(PEKERJA_UJI) -m "not e2e and not nightly and not mariadb"

malam: siap ## what takes too long for each change: parts of a running Airflow killed, rarer scenarios swept, bugs planted
	@$(BIN)/python -m pytest -m nightly

# SEED: whose stories (none: a new one, which is told); HANYA: one of them alone
JUMLAH ?= 500
faults: siap ## JUMLAH simulated stories of sessions under faults that a SEED decides: nothing lost, doubled, unapproved
	@$(BIN)/python -m tests.simulator --jumlah $(JUMLAH) $(if $(SEED),--benih $(SEED)) $(if $(HANYA),--hanya $(HANYA))

# by night: an hour and more. HANYA: modules (kwh, kirim, ...)
MUTMUT := mutmut==3.8.1
mutasi: siap ## how many small changes planted in the rules and in the sending the tests notice
	@$(BIN)/uv run -q --no-project --python $(BIN)/python --with $(MUTMUT) python -m tests.mutasi $(HANYA)

##@ Write anew what is made from something else

dokumen: siap ## the generated parts of the documents: rules, flags, settings
	@$(BIN)/python -m sandbox.dokumen

pagar: siap ## what a freshly migrated ledger is made of (audit/pagar.json; after each new migration)
	@$(BIN)/python -m sandbox.pagar

# for Linux and every Python of requires-python; what is true of all of them is left out of each line
requirements: siap ## requirements.txt, from pyproject.toml, with the newest versions
	@$(BIN)/uv pip compile -q pyproject.toml --extra lokal --extra dev --universal --python-version 3.11 --no-header --no-annotate --upgrade -o requirements.txt
	@sed -i -E "s/ ; python_full_version < '3.14' and sys_platform == 'linux'$$//; s/python_full_version < '3.14' and //; s/ and sys_platform == 'linux'$$//" requirements.txt

pustaka-js: ## the page's JavaScript library, from the npm registry (needs npm; versions pinned in .ci/pustaka-js)
	@.ci/pustaka-js/buat

wheel: siap ## dist/*.whl, for an Airflow that exists already (docs/pengelola/penerapan.md)
	@$(BIN)/uv build -q --wheel --no-build-isolation --python $(BIN)/python

# today's pins, with another Airflow (its Task SDK counts from 1 where it counts from 3)
.venv-airflow-%/requirements.txt: requirements.txt pyproject.toml
	@$(MAKE) --no-print-directory siap AIRFLOW=
	@mkdir -p $(@D)
	@printf 'apache-airflow%s\n' ==$* -core==$* -task-sdk==$(patsubst 3.%,1.%,$*) > $(@D)/airflow.txt
	@grep -vE '^apache-airflow(-core|-task-sdk)?==' requirements.txt > $@
	@.venv/bin/uv pip compile -q pyproject.toml --extra lokal --extra dev --python .venv/bin/python --no-header --no-annotate --override $(@D)/airflow.txt -o $@

##@ Look after it

audit: siap ## known vulnerabilities of the pinned packages (says so where the advisories cannot be reached)
	@$(BIN)/python .ci/audit.py

pin: siap ## whether every pin has a wheel for Python 3.11, 3.12 and 3.13, on x86_64 and aarch64
	@$(BIN)/python .ci/pin.py

# HANYA: some of them (cuplikan posting ...); CATAT=1: into the history of docs/pengelola/ukuran.md, too. Each run leaves its JSON in
# artefak/bench, which the picture is drawn from
MATPLOTLIB := matplotlib==3.10.7
bench: siap ## ratios against bare scripts, side by side in one run; with a picture of all runs so far
	@$(BIN)/python -m tests.benchmarks $(HANYA)
	@$(BIN)/uv run -q --no-project --python $(BIN)/python --with $(MATPLOTLIB) python -m tests.benchmarks.riwayat $(if $(CATAT),--catat)

helm: siap ## render deploy/helm/values.yaml with the chart and check: make helm CHART=airflow-1.22.0.tgz [NILAI=yours.yaml]
	@[ -n "$(CHART)" ] || { echo "Tunjuk arsip chart resmi: make helm CHART=/alamat/airflow-1.22.0.tgz"; exit 2; }
	@$(BIN)/uv run -q --no-project --python $(BIN)/python deploy/helm/periksa.py $(CHART) $(if $(NILAI),--nilai deploy/helm/values.yaml $(NILAI))
