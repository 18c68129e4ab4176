"""What of the grading image can be tested without making it; `python -m tests.image` makes it."""

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.image import packages

SETUP = ROOT / "autograder" / "templates" / "setup.sh"


def test_the_image_has_a_kernel_for_otters_tests():
    """Without one, Otter fails with NoSuchKernel, and every page would have a hidden note for the instructor."""
    lock = (ROOT / "autograder" / "requirements-grading.lock").read_text(encoding="utf-8")
    assert "\nipykernel==" in lock


@pytest.mark.thorough
def test_setup_prepares_the_fonts_and_tells_what_isolates(tmp_path, monkeypatch):
    """Otherwise every submission, in a container of its own, would make the list of fonts anew."""
    program = SETUP.read_text(encoding="utf-8").partition("<<END\n")[2].partition("\nEND\n")[0]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "'other-uid':" in done.stdout and "'none'" not in done.stdout
    assert list(tmp_path.glob("neurodynex-sandbox/*/fontlist*"))


def test_a_sample_with_another_score_is_a_fault_of_the_packages(tmp_path):
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "index.html").touch()
    assert len(list(packages.faults(tmp_path))) == 1, "nobody is graded"
    grade = tmp_path / "ada" / "leaky_integrate_and_fire.json"
    grade.parent.mkdir()
    for score, faults in ((14.0, []), (13.0, ["ada has 13 in leaky_integrate_and_fire, and not 14"])):
        grade.write_text(json.dumps({"score": score}), encoding="utf-8")
        assert list(packages.faults(tmp_path)) == faults
