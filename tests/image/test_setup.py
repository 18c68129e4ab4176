"""What of the grading image can be tested without making it; `python -m tests.image` makes it."""

import subprocess
import sys

from tests.conftest import ROOT

SETUP = ROOT / "autograder" / "templates" / "setup.sh"


def test_the_image_has_a_kernel_for_otters_tests():
    """Without one, Otter fails with NoSuchKernel, and every page would have a hidden note for the instructor."""
    lock = (ROOT / "autograder" / "requirements-grading.lock").read_text(encoding="utf-8")
    assert "\nipykernel==" in lock


def test_setup_prepares_the_fonts_and_tells_what_isolates(tmp_path, monkeypatch):
    """Otherwise every submission, in a container of its own, would make the list of fonts anew."""
    program = SETUP.read_text(encoding="utf-8").partition("<<END\n")[2].partition("\nEND\n")[0]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "'other-uid':" in done.stdout and "'none'" not in done.stdout
    assert list(tmp_path.glob("neurodynex-sandbox/*/fontlist*"))
