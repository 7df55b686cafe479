# make demo   set everything up and run the main job once, end to end, on the embedded default
# make up     the same stack without the script; make down stops it
# make test   lint, types, and every test against real parts
# make audit  known vulnerabilities of what is pinned
# make bench  ratios, side by side in one run
# make helm   the Kubernetes values, rendered with the official chart's archive and checked
PYTHON ?= python3.11
# another Airflow than the pinned one, in an environment of its own: make test AIRFLOW=3.4.0b2
AIRFLOW ?=
VENV   := .venv$(if $(AIRFLOW),-airflow-$(AIRFLOW))
BIN    := $(VENV)/bin
# what is installed there
PASANG := $(if $(AIRFLOW),$(VENV)/requirements.txt,requirements.txt)
# processes for the tests that need no running Airflow; each has a PostgreSQL of its own
PEKERJA_UJI ?= $(shell n=$$(nproc); echo $$((n < 2 ? 2 : n > 4 ? 4 : n)))
export PYTHONDONTWRITEBYTECODE := 1

.DEFAULT_GOAL := help
.PHONY: help demo up down bersih test lint audit bench pagar dokumen helm requirements pustaka-js siap

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

siap: $(VENV)/.siap

$(VENV)/.siap: $(PASANG) pyproject.toml
	@echo "Menyiapkan lingkungan Python di $(VENV) (sekali saja, sekitar satu menit) ..."
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 tidak ditemukan. Pasang python3.11 dan python3.11-venv, atau jalankan: make PYTHON=/alamat/python3.11 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -r $(PASANG)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: siap ## everything set up, one kelompok approved end to end, a second one left waiting for you
	@$(BIN)/python -m sandbox.demo

up: siap ## start the embedded stack and return when all DAGs are parsed; last line: URL
	@$(BIN)/python -m sandbox.stack up

down: ## stop what up or demo started
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m sandbox.stack down; else echo "Tidak ada yang berjalan."; fi

bersih: down ## stop, and delete the state folder (demo data, ledger, passwords)
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m sandbox.stack bersih; fi

lint: siap ## style, types, import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy -p ap2t -p sandbox
	@PYTHONPATH=plugins:include $(BIN)/lint-imports --no-cache

# today's pins, with another Airflow (its Task SDK counts from 1 where it counts from 3)
.venv-airflow-%/requirements.txt: requirements.txt pyproject.toml
	@$(MAKE) --no-print-directory siap AIRFLOW=
	@mkdir -p $(@D)
	@printf 'apache-airflow%s\n' ==$* -core==$* -task-sdk==$(patsubst 3.%,1.%,$*) > $(@D)/airflow.txt
	@grep -vE '^apache-airflow(-core|-task-sdk)?==' requirements.txt > $@
	@.venv/bin/uv pip compile -q pyproject.toml --extra lokal --extra dev --python-version 3.11 --no-header --no-annotate --override $(@D)/airflow.txt -o $@

ifneq ($(AIRFLOW),)
test: siap
	@$(BIN)/python -m pytest -m "airflow or e2e"
else
test: lint ## lint, then every test: in PEKERJA_UJI processes what needs no running Airflow, then the rest
	@satu=0; dua=0; \
	$(BIN)/python -m pytest -m "not e2e" -n $(PEKERJA_UJI) --dist loadfile --no-loadscope-reorder || satu=$$?; \
	$(BIN)/python -m pytest -m e2e || dua=$$?; \
	[ $$satu = 0 ] || echo "GAGAL pada bagian pertama (uji tanpa Airflow): ringkasannya di atas bagian kedua."; \
	exit $$((satu + dua))
endif

audit: siap ## known vulnerabilities of the pinned packages (says so where the advisories cannot be reached)
	@$(BIN)/python .ci/audit.py

bench: siap ## ratios against bare scripts, side by side in one run
	@$(BIN)/python -m tests.benchmarks

pagar: siap ## write down anew what a freshly migrated ledger is made of (audit/pagar.json; after each new migration)
	@$(BIN)/python -m sandbox.pagar

dokumen: siap ## write the generated parts of the documents anew (docs/aturan.md; after a change of a rule)
	@$(BIN)/python -m sandbox.dokumen

helm: siap ## render deploy/helm/values.yaml with the chart and check: make helm CHART=airflow-1.22.0.tgz [NILAI=yours.yaml]
	@[ -n "$(CHART)" ] || { echo "Tunjuk arsip chart resmi: make helm CHART=/alamat/airflow-1.22.0.tgz"; exit 2; }
	@$(BIN)/uv run -q --no-project --python $(BIN)/python deploy/helm/periksa.py $(CHART) $(if $(NILAI),--nilai deploy/helm/values.yaml $(NILAI))

requirements: ## compile requirements.txt anew from pyproject.toml
	$(BIN)/uv pip compile -q pyproject.toml --extra lokal --extra dev --python-version 3.11 --no-header --no-annotate --upgrade -o requirements.txt

pustaka-js: ## bundle the page's JavaScript library anew from the npm registry (needs npm; versions pinned in .ci/pustaka-js)
	@.ci/pustaka-js/buat
