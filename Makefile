# Two commands for whoever has just cloned this: `make demo` and `make test`.
# Not PYTHON: which Python makes the environment is for whoever calls `make` to say, by that name.
IN_VENV := .venv/bin/python
WORKERS ?= auto
# Neighbours share what is made for a module; who is done takes from the other's end.
PARALLEL = -n $(WORKERS) --dist worksteal

.PHONY: help setup setup-dev demo web web-load test thorough bench city-year precedents identity lint format docs messages pins wheel clean

help:
	@sed -n 's/^# make /make /p' Makefile

# make setup    the virtual environment, pinned packages, fonts; the command is .venv/bin/disclosure
setup:
	@sh scripts/setup.sh

setup-dev:
	@sh scripts/setup.sh --dev

# make demo     two real cases from receipt to filing
demo: setup
	@$(IN_VENV) docs/demo/run.py

# make web      the public counter with a small practice office, both sides on this machine; PORT=8080
web: setup
	@$(IN_VENV) docs/demo/web.py $(if $(PORT),$(PORT))

# make web-load applicants at once on the public pages: no error, p99 under a second; MANY=200
web-load: setup-dev
	@$(IN_VENV) -m benchmarks.public_counter $(if $(MANY),$(MANY))

# make test     all tests, on SQLite and on PostgreSQL (a throw-away server); ARGS="-k name" for some
test: setup-dev
	@$(IN_VENV) -m pytest $(PARALLEL) $(ARGS)

# make thorough   the tests with four times as many random examples
thorough: setup-dev
	@TESTS_THOROUGH=1 $(IN_VENV) -m pytest $(PARALLEL) $(ARGS)

# make bench    ratios to floors measured in the same run
bench: setup-dev
	@$(IN_VENV) benchmarks/run.py $(ARGS)

# make city-year REPORT=FILE   a published year through the engine, counted again and compared; LETTERS=0 without PDFs
city-year: setup
	@$(IN_VENV) benchmarks/city_year.py $(if $(REPORT),"$(REPORT)",tests/reports/suqian-2023.json)

# make precedents DIR=FOLDER   decided cases through the real desk: what a court faulted is refused or warned of, a lawful act is not
precedents: setup
	@$(IN_VENV) -m benchmarks.precedents $(if $(DIR),"$(DIR)")

# make identity ARGS="PART ..."   150 commands and more with the resident service and without it, byte for byte; some by part of a line
identity: setup-dev
	@$(IN_VENV) -m benchmarks.identity $(ARGS)

# --- faults

.PHONY: planted columns faults

# make faults   commands killed before every step, without room on the disk, with a torn log or without the server: at length
faults: setup-dev
	@FAULTS=long $(IN_VENV) -m pytest -q $(PARALLEL) tests/faults tests/casework/test_kill.py $(ARGS)

# make fuzz     100,000 inputs that nobody would type, to every reader of files and text; SHARE=10 for a tenth of them
.PHONY: fuzz
fuzz: setup-dev
	@FUZZ=$(or $(SHARE),100) $(IN_VENV) -m pytest -q -n $(WORKERS) tests/fuzz

# make crowd    16,000 acts of eight writers at once on PostgreSQL: none lost, no number twice, no gap; ACTS=160
.PHONY: crowd
crowd: setup-dev
	@$(IN_VENV) -m benchmarks.crowd $(ACTS)

# make planted  small faults planted in a copy one at a time: the tests named with each have to fail; ARGS="id ..." for some
planted: setup-dev
	@$(IN_VENV) -m tests.planted.planting $(ARGS)

# make mutants  every small change that mutmut knows, of what computes days, counts and routes: is it found? SAMPLE=100 for so many of each room, SEED=2 for others; ROOMS="clocks routes"
.PHONY: mutants
mutants: setup-dev
	@$(IN_VENV) -m tests.mutants.running --every $(or $(EVERY),1) --sample $(or $(SAMPLE),0) --seed $(or $(SEED),1) $(ROOMS)

# make columns  every column of every row of every kind changed by itself: verify finds it, or says why it is free
columns: setup-dev
	@EVERY=1 $(IN_VENV) -m pytest -q -n $(WORKERS) tests/upkeep/test_every_column.py

# make lint     style, types of the pure core, walls between the parts, translations, generated documents
lint: setup-dev
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m mypy
	.venv/bin/lint-imports --no-cache
	$(IN_VENV) scripts/imports.py
	$(IN_VENV) scripts/long_lines.py
	$(IN_VENV) scripts/articles_in_code.py
	$(IN_VENV) scripts/rooms.py --check
	$(IN_VENV) scripts/catalogues.py --check
	$(IN_VENV) scripts/pins.py --check
	$(IN_VENV) scripts/docs.py --check
	$(IN_VENV) scripts/screens.py --check
	$(IN_VENV) scripts/web_pictures.py --check
	$(IN_VENV) scripts/languages.py

# make format   put the code in the form that make lint wants
format: setup-dev
	$(IN_VENV) -m ruff check --fix .
	$(IN_VENV) -m ruff format .

# make docs     write the generated documents anew (docs/commands.md from the commands' own help)
docs: setup-dev
	$(IN_VENV) scripts/docs.py
	$(IN_VENV) scripts/screens.py

# make web-pictures   the pictures of the public pages in docs/pictures, anew, by chromium
.PHONY: web-pictures
web-pictures: setup-dev
	@$(IN_VENV) scripts/web_pictures.py

# make messages take the messages that the code marks into the catalogues, ready to be translated
messages: setup-dev
	$(IN_VENV) -m babel.messages.frontend --quiet extract -F pyproject.toml --keyword=N_ --no-location --sort-output --project=disclosure -o .venv/disclosure.pot cli.py workflow letters
	$(IN_VENV) -m babel.messages.frontend --quiet update --domain=disclosure --locale=zh_CN --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -i .venv/disclosure.pot -d workflow/base/locale

# make pins     write requirements*.txt from what .venv holds
pins: setup-dev
	$(IN_VENV) scripts/pins.py

# make wheel    dist/disclosure-*.whl
wheel: setup-dev
	$(IN_VENV) -m pip wheel --quiet --no-build-isolation --no-deps --wheel-dir dist .

# make clean    everything that the targets above made, and nothing else
clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis docs/demo/out docs/demo/out-web
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find workflow -name '*.mo' -delete
