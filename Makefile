# The book's commands; `make` alone lists them. Nothing has to be set up first: the environment
# .venv is made by the first command that needs it, and brought up to date by later ones.

python := .venv/bin/python
site := -m sphinx -b html -W --keep-going -n -q -d build/doctrees docs build/html

# The built files are dated by the last commit, so that one commit gives one set of bytes.
export SOURCE_DATE_EPOCH := $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),1767225600)

.PHONY: help book test serve lint bench experiments oracles reproducible clean site

help:
	@echo 'make book          build the book and say where to open it'
	@echo 'make test          build the book and run every test'
	@echo 'make serve         build the book and serve it on this machine (PORT=8000)'
	@echo 'make lint          check style and types'
	@echo 'make bench         time the book beside PyTorch and others, installing them'
	@echo 'make experiments   repeat the training runs that the chapters quote'
	@echo 'make oracles       compute the stored comparison cases anew, installing PyTorch too'
	@echo 'make reproducible  build the book in two folders and compare the bytes'
	@echo 'make clean         remove what was built; the environment .venv stays'
	@echo 'The first command makes .venv with python3, or with another: make PYTHON=python3.13 book'

book: site
	@echo "The book is built. Open $(CURDIR)/build/html/index.html"

test: site
	$(python) -m pytest --numprocesses auto --dist worksteal

serve: site
	$(python) -m http.server --bind 127.0.0.1 --directory build/html $(or $(PORT),8000)

lint: .venv/installed
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy

bench: .venv/installed
	$(python) tests/benchmarks/install_peers.py
	$(python) tests/benchmarks/run.py $(BENCH)

experiments: .venv/installed
	for script in gallery/experiments/*.py; do echo "$$script"; $(python) "$$script" || exit 1; done

oracles: .venv/installed
	$(python) tests/benchmarks/install_peers.py torch scikit-learn
	$(python) tests/oracles/generate.py

# A build that fails forgets what it read: else the next one, finding nothing new to read, would pass.
site: .venv/installed build/pages
	@echo 'Building the pages ...'
	@$(python) $(site) || { rm -rf build/doctrees; exit 1; }

# Sphinx cannot see these changes itself: its settings and extensions shape every page.
build/pages: .venv/installed docs/conf.py $(shell find docs/_ext -name '*.py' 2>/dev/null)
	@rm -rf build/doctrees build/html docs/gallery
	@touch $@

# The two folders differ in depth, time of day and time zone; Python's hash seed differs by itself.
reproducible: .venv/installed
	rm -rf build/reproducible
	for copy in one/UTC-9 another/folder/UTC+8; do \
	    mkdir -p build/reproducible/$$copy && \
	    cp -R *.md LICENSE CITATION.cff pyproject.toml textbook docs gallery build/reproducible/$$copy && \
	    (cd build/reproducible/$$copy && rm -rf docs/gallery && \
	        TZ=$${copy##*/} "$(CURDIR)/$(python)" $(site)) || exit 1; \
	done
	diff -r build/reproducible/one/UTC-9/build/html build/reproducible/another/folder/UTC+8/build/html
	@echo 'Both builds are the same, byte for byte.'

# An environment made in another folder, or with a Python that is gone, is made again.
ifneq ($(shell $(python) --version >/dev/null 2>&1 && cat .venv/installed 2>/dev/null),$(CURDIR))
.PHONY: .venv/installed
endif
.venv/installed: pyproject.toml .ci/environment
	@sh .ci/environment

clean:
	rm -rf build docs/gallery .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find textbook docs gallery tests -name __pycache__ -type d -prune -exec rm -rf {} +
