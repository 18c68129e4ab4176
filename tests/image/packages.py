"""Uses what `make package` builds in a fresh Debian root: README's two commands from the source distribution, a course from the wheel.

Exit code 2: it could not be tried here; 1: a command failed, or a sample has another score than expected.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from autograder import assignments
from tests.conftest import ROOT
from tests.image import bare, base
from tests.routes.test_parity import EXPECTED

PACKAGES = ROOT / "build" / "packages"
FOLDER = ROOT / "build" / "packaged"
STEPS = """
set -e
begin=$(date +%s)
took() { echo "$1: $(( $(date +%s) - begin )) s"; begin=$(date +%s); }
mkdir /unpacked
tar --extract --file /packages/*.tar.gz --directory /unpacked --strip-components 1
"""
# With the versions that the tests run with.
WHEEL = """
python3 -m venv /grader
/grader/bin/python -m pip install --quiet --disable-pip-version-check uv
/grader/bin/uv pip install --quiet --python /grader/bin/python --constraint /unpacked/requirements.lock "$(echo /packages/*.whl)[instructor]"
took "wheel, installed"
export PATH=/grader/bin:$PATH
# Without bubblewrap, users isolate: they must not read the questions. `autograder doctor` says so.
chmod 700 /grader/lib/python3*/site-packages/autograder
autograder doctor
autograder new course /course
cd /course
autograder build
took "wheel, autograder build"
autograder grade submitted
autograder report build/grades
took "wheel, autograder grade and report"
"""
DEMO = """
cd /unpacked
make demo
took "source distribution, make demo"
"""
TEST = """
make test
took "source distribution, make test"
"""


def main() -> int:
    """Make the root, run the commands there, and compare the scores."""
    parser = argparse.ArgumentParser(prog="python -m tests.image.packages", description=__doc__)
    parser.add_argument("--without-tests", action="store_true", help="leave `make test` out, which takes longest")
    wanted = parser.parse_args()
    if lacking := base.missing():
        print(f"Not tried: {lacking}")
        return 2
    base.make(FOLDER / base.SUITE, None, packages=bare.NEEDED)
    root = base.copy(FOLDER / base.SUITE, FOLDER / "root")
    (root / "checkout").mkdir()  # where `bare.run` begins
    shutil.copytree(PACKAGES, root / "packages")
    steps = STEPS + WHEEL + DEMO + ("" if wanted.without_tests else TEST)
    if code := bare.run(root, ["bash", "-c", steps]):
        return code
    found = [*faults(root / "course" / "build" / "grades"), *faults(root / "unpacked" / "build" / "demo" / "grades")]
    for fault in found:
        print(f"Fault: {fault}")
    print(f"{len(found)} faults.")
    return 1 if found else 0


def faults(grades: Path) -> Iterator[str]:
    """Say what lacks in a folder of grades, and which samples have another score than expected."""
    if not (grades / "report" / "index.html").is_file():
        yield f"{grades} has no report"
    if not (grades / "ada").is_dir():
        yield f"{grades} has no grades of ada"
    for path in grades.glob("*/*.json"):
        student, name = path.parent.name, path.stem
        if name in assignments.NAMES:
            score, expected = json.loads(path.read_text(encoding="utf-8"))["score"], sum(EXPECTED[name][student])
            if score != expected:
                yield f"{student} has {score:g} in {name}, and not {expected:g}"


if __name__ == "__main__":
    sys.exit(main())
