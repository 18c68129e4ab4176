"""Makes Gradescope's grading image from nothing and grades in it as Gradescope does. Exit code 1: something was not as expected.

A minimal Debian (kept in ``build/image``) gets the autograder zip in ``/autograder/source``; ``setup.sh`` runs in it, and then
``run_autograder`` for each sample submission in a container of its own, as root with what Docker leaves to root.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder import assignments, notebook, samples
from autograder.build import autograder_members, write_zip
from tests.conftest import ROOT
from tests.image import base
from tests.image.container import Container, Ran
from tests.image.limits import Limited, limited
from tests.routes.routes import SHORT_LIMITS
from tests.routes.test_parity import EXPECTED

FOLDER = ROOT / "build" / "image"
HOSTILE = Path(__file__).with_name("hostile.py")
#: Gradescope's smallest container.
PROCESSORS, MEMORY_MB, SECONDS = 0.5, 768, 600
#: What a run may write: its results, its submission, and what Otter and Otter's kernel write beside them.
WRITTEN = (
    *("/autograder/results/", "/autograder/submission/", "/autograder/submission_metadata.json"),
    *("/autograder/__init__.py", "/autograder/source/otter_config.json", "/root/.ipython/"),
)
SECRET = "hidden output of the submission before"
GRADE_AND_LOOK = """
/autograder/run_autograder
code=$?
echo "left: $(cat /proc/[0-9]*/status | awk '$1 == "Uid:" && $2 != 0')"
echo "shared: $(find /dev/shm /tmp /var/tmp -mindepth 1)"
exit $code
"""
console = Console(highlight=False, soft_wrap=True)


def main() -> int:
    """Do it all, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.image", description=__doc__)
    parser.add_argument("assignment", nargs="?", choices=assignments.NAMES, default="leaky_integrate_and_fire")
    parser.add_argument("--students", nargs="+", default=["ada", "marie", "endless"], help="the sample submissions")
    parser.add_argument("--mirror", default=os.environ.get("DEBIAN_MIRROR"), help="default: the machine's own")
    wanted = parser.parse_args()
    if lacking := base.missing():
        console.print(lacking)
        return 2
    console.print(f"Base: Debian {base.SUITE} in {FOLDER / base.SUITE}")
    base.make(FOLDER / base.SUITE, wanted.mirror)
    runs = FOLDER / "runs"
    remove(runs)
    image = set_up(wanted.assignment)
    table = Table(
        "submission", "score", "expected", "sandbox", "missing", "s", "peak MB", "faults", box=None, pad_edge=False
    )
    faults = []
    with limited(PROCESSORS, MEMORY_MB) as group:
        if group is None:
            console.print("Control groups cannot be made here: no limits on processors and memory, and no peak.")
        else:
            console.print(f"Each submission has {PROCESSORS} of a processor and {MEMORY_MB} MB.")
        for student in [*wanted.students, "hostile"]:
            console.print(f"Grading {student}")
            container = Container(runs / student, [image, FOLDER / base.SUITE])
            row, found = grade(container, wanted.assignment, student, group)
            table.add_row(*row, str(len(found)))
            faults += [f"{student}: {fault}" for fault in found]
    console.print(table)
    for fault in faults:
        console.print(f"Fault: {fault}", markup=False)
    console.print(f"{len(faults)} faults. What each run printed and changed is in {runs}.")
    return 1 if faults else 0


def remove(folder: Path) -> None:
    """Remove a folder of containers; nothing is mounted in it, as mounts end with their container."""
    subprocess.run(["rm", "-rf", "--one-file-system", folder], check=True)


def set_up(assignment: str) -> Path:
    """Unpack the autograder zip and run `setup.sh`; return the layer that this adds to the base."""
    members = autograder_members(assignment, SHORT_LIMITS)
    made = FOLDER / "image"
    remove(made)
    container = Container(made, [FOLDER / base.SUITE])
    unpack(write_zip(FOLDER / "autograder.zip", members), container.upper)
    console.print("Running setup.sh")
    ran = container.run(
        *("bash", "/autograder/source/setup.sh"), environment=base.carried_variables(), bind=base.carried_files()
    )
    if ran.code:
        sys.exit(f"{ran.output}\nsetup.sh ended with {ran.code} after {ran.seconds:.0f} s.")
    console.print(
        f"setup.sh took {ran.seconds:.0f} s. The image has {container.megabytes():.0f} MB more than its base, "
        f"{container.megabytes('opt/neurodynex'):.0f} MB of them in /opt/neurodynex."
    )
    return container.upper


def unpack(archive: Path, root: Path) -> None:
    """Lay out /autograder with the sources, as Gradescope does before `setup.sh`."""
    source = root / "autograder" / "source"
    source.mkdir(parents=True)
    with zipfile.ZipFile(archive) as file:
        file.extractall(source)
    shutil.copy(source / "run_autograder", root / "autograder" / "run_autograder")
    (root / "autograder" / "run_autograder").chmod(0o755)
    for name in ("submission", "results"):
        (root / "autograder" / name).mkdir()


def grade(container: Container, assignment: str, student: str, group: Limited | None) -> tuple[list[str], list[str]]:
    """Grade a sample submission in a fresh container; return a row of the table, and what was not as expected."""
    folder = container.upper / "autograder"
    for name in ("submission", "results"):
        (folder / name).mkdir(parents=True)
    (folder / "submission" / f"{assignment}.ipynb").write_bytes(submission(assignment, student))
    (folder / "submission_metadata.json").write_text(json.dumps(metadata(student)), encoding="utf-8")
    ran = container.run("bash", "-c", GRADE_AND_LOOK, limited=group)
    written = folder / "results" / "results.json"
    page = json.loads(written.read_text(encoding="utf-8")) if written.exists() else {"tests": [], "extra_data": {}}
    found = faults(container, assignment, student, ran, page)
    extra = page.get("extra_data", {})
    peak = "-" if ran.peak_mb is None else f"{ran.peak_mb:.0f}"
    missing = ", ".join(extra.get("missing_layers", [])) or "-"
    expected = sum(expected_scores(assignment, student))
    sandbox = extra.get("sandbox", "-")
    return [student, f"{page.get('score')}", f"{expected:g}", sandbox, missing, f"{ran.seconds:.0f}", peak], found


def submission(assignment: str, student: str) -> bytes:
    """A sample submission; the hostile one is ada's with one more cell, behind the imports."""
    hostile = student == "hostile"
    content = samples.load(assignment)["ada" if hostile else student].notebook(
        notebook.source_path(assignment), student
    )
    if not hostile:
        return content
    made = json.loads(content)
    first = next(index for index, cell in enumerate(made["cells"]) if cell["cell_type"] == "code")
    cell = {"cell_type": "code", "id": "hostile", "metadata": {}, "execution_count": None, "outputs": []}
    made["cells"].insert(first + 1, {**cell, "source": HOSTILE.read_text(encoding="utf-8")})
    return json.dumps(made).encode()


def expected_scores(assignment: str, student: str) -> tuple[float, ...]:
    """What a sample scores on every route; hostility changes nothing."""
    return EXPECTED[assignment]["ada" if student == "hostile" else student]


def metadata(student: str) -> dict:
    """As Gradescope writes it for a second attempt."""
    before = {"score": 0.0, "tests": [{"name": "before", "output": SECRET, "visibility": "hidden"}]}
    return {
        "id": 2,
        "created_at": "2030-01-02T00:00:00.000000-00:00",
        "users": [{"email": f"{student}@uni.edu", "id": 1, "name": student.title()}],
        "previous_submissions": [{"submission_time": "2030-01-01T00:00:00", "score": 0.0, "results": before}],
    }


def faults(container: Container, assignment: str, student: str, ran: Ran, page: dict) -> list[str]:
    """Say what is not as it should be."""
    questions = [question.id for question in assignments.load(assignment).questions]
    expected = dict(zip(questions, expected_scores(assignment, student), strict=True))
    scores = {test["extra_data"]["id"]: test["score"] for test in page["tests"] if "score" in test}
    lines = ran.output.splitlines()
    strange = [path for path, status in container.changes() if not str(path).startswith(WRITTEN) or status.st_uid]
    checks = {
        f"run_autograder ended with {ran.code}: {ran.output[-2000:]}": ran.code == 0,
        f"the scores are {scores} and not {expected}": scores == expected,
        f"the sandbox is {page['extra_data'].get('sandbox')}": page["extra_data"].get("sandbox") == "other-uid",
        f"it took {ran.seconds:.0f} s of Gradescope's {SECONDS}": ran.seconds < SECONDS,
        "processes of the submission are left": "left: " in lines,
        f"files are left: {lines[-1:]}": "shared: " in lines,
        f"these files were changed: {', '.join(map(str, strange[:10]))}": not strange,
        "the results tell of the submission before": SECRET not in json.dumps(page) + ran.output,
        f"the hostile cell did more than it should: {page.get('output')}": student != "hostile"
        or "reached: nothing" in page.get("output", ""),
    }
    return [fault for fault, fine in checks.items() if not fine]


if __name__ == "__main__":
    sys.exit(main())
