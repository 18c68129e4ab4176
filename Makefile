# Everything runs from .venv, which these targets make from requirements.lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Brian2 takes twice as long to import without byte code.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help venv demo test matrix bare dockerfile packaged thorough parity attacks image fuzz build lint bench docs browser pictures package lock clean

help:
	@echo "make demo      set up, build everything, grade the sample submissions, write build/demo/"
	@echo "make test      set up, lint, and run all tests"
	@echo "make matrix    run all tests on every Python that is allowed, as far as it is here or uv brings it"
	@echo "make bare      run all tests in a fresh Debian root without user namespaces (needs root and debootstrap)"
	@echo "make dockerfile  do what the Dockerfile says in a fresh Debian root, and grade there (needs root and debootstrap)"
	@echo "make parity    grade every sample submission on every route, and print the table"
	@echo "make attacks   try every attack on every route, and on plain nbgrader and Otter; print the table"
	@echo "make image     set up and grade as Gradescope would, in a fresh Debian root (needs root and debootstrap)"
	@echo "make fuzz      throw bytes at all that reads a submission's bytes, for MINUTES=60"
	@echo "make thorough  all tests with every sample, attack and random case (about two hours)"
	@echo "make build     build release/ and dist/<assignment>/{student,autograder}.zip"
	@echo "make lint      ruff and mypy"
	@echo "make bench     measure the library against its documented version, grading against plain nbgrader and Otter, and a class's pages"
	@echo "make docs      build the documentation's site: build/docs/index.html; with FOR=students in build/docs-students/, without expected values"
	@echo "make browser   look at every page in a real Chromium, JupyterLab and nbgrader's pages too; pictures in build/browser/"
	@echo "make pictures  make browser, and put the pictures that the documentation shows into docs/pictures/"
	@echo "make package   build and check the instructors' wheel and the source distribution: build/packages/"
	@echo "make packaged  use these in a fresh Debian root: make demo and make test, and a course (needs root and debootstrap)"
	@echo "make lock      compile the lock files afresh from pyproject.toml"
	@echo "make clean     remove what was made, but not .venv"

venv: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 15) else f"Python 3.11 to 3.14 is needed, this is {sys.version.split()[0]}. Try: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m autograder.sandbox.install & $(BIN)/neurodynex warmup; wait $$!
	@touch $@

demo: venv
	@$(BIN)/python -m autograder demo

build: venv
	@$(BIN)/python -m autograder build

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/python -m pytest --numprocesses auto --dist loadgroup

matrix: venv
	$(BIN)/python -m tests.matrix

bare: venv
	$(BIN)/python -m tests.image.bare

dockerfile: venv
	$(BIN)/python -m tests.image.dockerfile

parity: venv
	$(BIN)/python -m pytest tests/routes/test_parity.py --thorough --numprocesses auto

attacks: venv
	$(BIN)/python -m pytest tests/attacks --thorough --numprocesses auto --dist worksteal

image: venv
	$(BIN)/python -m tests.image

MINUTES ?= 60
fuzz: venv
	$(BIN)/python -m tests.fuzz --minutes $(MINUTES)

thorough: venv
	$(BIN)/python -m pytest --thorough --numprocesses auto --dist worksteal

bench: venv
	$(BIN)/python benchmarks/bench_library.py
	$(BIN)/python -m benchmarks.bench_routes
	$(BIN)/python -m benchmarks.bench_class --submissions 40 --peers 8
	$(BIN)/python -m benchmarks.bench_grade
	$(BIN)/python -m benchmarks.bench_regrade
	$(BIN)/python -m benchmarks.bench_report
	$(BIN)/python -m benchmarks.cost_model

$(VENV)/.docs-ready: docs-requirements.lock $(VENV)/.ready
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r docs-requirements.lock
	@touch $@

# One folder for each reader: pages of an earlier build stay in it.
SITE := build/docs$(FOR:%=-%)
docs: $(VENV)/.docs-ready
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet --builder html $(FOR:%=--tag %) --doctree-dir build/doctrees$(FOR:%=-%) docs $(SITE)
	@echo "The site is $(SITE)/index.html."

$(VENV)/.browser-ready: browser-requirements.lock $(VENV)/.docs-ready
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r browser-requirements.lock
	@touch $@

browser: $(VENV)/.browser-ready
	$(BIN)/python -m pytest tests/browser --browser

pictures: browser
	$(BIN)/python -m tests.browser.pictures
	$(BIN)/python docs/figures.py

package: $(VENV)/.docs-ready
	rm -rf build/packages
	$(BIN)/python -m build --no-isolation --outdir build/packages
	$(BIN)/python -m twine check --strict build/packages/*

packaged: package
	$(BIN)/python -m tests.image.packages

lock: venv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra test pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra grading pyproject.toml -c requirements.lock -o autograder/requirements-grading.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra docs pyproject.toml -c requirements.lock -o docs-requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --group browser -c requirements.lock -o browser-requirements.lock

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
