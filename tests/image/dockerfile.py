"""Does what the Dockerfile says in a fresh Debian root, without Docker, and grades a new course there.

Exit code 2: it could not be tried here. Otherwise 0, or that of the step that failed.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from tests.conftest import ROOT
from tests.image import bare, base

FOLDER = ROOT / "build" / "dockerfile"
#: What an instructor does in a container.
GRADE = """
autograder doctor || test $? = 1
autograder new course /course/neuro
cd /course/neuro
autograder build
autograder grade submitted/ada/leaky_integrate_and_fire/leaky_integrate_and_fire.ipynb --student ada --out grades
grep -q '"score": 14' grades/ada/leaky_integrate_and_fire.json
grep -q '"sandbox": "other-uid' grades/ada/leaky_integrate_and_fire.json
"""


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Yield the instructions of a Dockerfile: word, what follows."""
    text = re.sub(r"(?m)^\s*#.*\n", "", text).replace("\\\n", " ")
    for line in filter(None, map(str.strip, text.splitlines())):
        word, _, rest = line.partition(" ")
        yield word.upper(), rest.strip()


def script(text: str, root: Path) -> str:
    """Copy what the Dockerfile copies into a root; return the rest of it as a script for a shell there."""
    lines, folder = ["set -e"], "/"
    for word, rest in instructions(text):
        if word == "FROM":
            assert rest == f"debian:{base.SUITE}-slim", rest
        elif word == "RUN":
            lines.append(f"(cd {folder}; {rest})")
        elif word == "WORKDIR":
            folder = rest
            lines.append(f"mkdir -p {folder}")
        elif word == "ENV":
            lines.append(f"export {rest}")
        elif word == "COPY":
            source, target = shlex.split(rest)
            assert source == "."
            shutil.copytree(ROOT, root / target.lstrip("/"), ignore=ignored, symlinks=True)
        elif word == "ENTRYPOINT":
            assert json.loads(rest) == ["autograder"]
        else:
            assert word == "CMD", word
    return "\n".join([*lines, GRADE])


def ignored(folder: str, names: list[str]) -> set[str]:
    """Tell `shutil.copytree` what `.dockerignore` leaves out."""
    patterns = [line.removeprefix("**/") for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split()]
    return {name for name in names if any(fnmatch(name, pattern) for pattern in patterns)}


def main() -> int:
    """Make the root and carry everything out in it."""
    if lacking := base.missing():
        print(f"Not tried: {lacking}")
        return 2
    base.make(FOLDER / base.SUITE, None)
    root = base.copy(FOLDER / base.SUITE, FOLDER / "root")
    (root / "checkout").mkdir()  # where `bare.run` begins
    steps = script((ROOT / "Dockerfile").read_text(encoding="utf-8"), root)
    return bare.run(root, ["bash", "-c", steps])


if __name__ == "__main__":
    sys.exit(main())
