"""`autograder preview` shows an assignment as it is now, and again when a file is saved."""

import json
import re
import subprocess
import sys
import time
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest

from tests.commands.checkout import Checkout

LIF = "leaky_integrate_and_fire"


def read(address: str) -> str:
    with urlopen(address, timeout=10) as answer:
        return answer.read().decode()


class Opened:
    """A preview that runs, and its author, who waits for what is shown."""

    def __init__(self, checkout: Checkout) -> None:
        line = [sys.executable, "-u", "-m", "autograder", "preview", LIF, "--no-browser"]
        streams = {"stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(line, cwd=checkout.folder, env=checkout.environment, **streams)
        said = self.process.stdout.readline()
        self.address = re.search(r"http://127\.0\.0\.1:\d+/\S+/", said)[0]
        self.version = 0

    def next(self) -> str:
        """Wait until it is made again; return what is wrong."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            version, problem = json.loads(read(urljoin(self.address, "version")))
            if version > self.version:
                self.version = version
                return problem
            time.sleep(0.2)
        raise AssertionError("it was not made again")

    def pane(self, name: str) -> str:
        return read(urljoin(self.address, f"{name}.html"))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    return Checkout(tmp_path_factory.mktemp("authors") / "checkout")


@pytest.fixture(scope="module")
def opened(checkout):
    preview = Opened(checkout)
    yield preview
    preview.process.terminate()
    preview.process.wait(20)


def test_what_is_saved_is_shown_and_what_is_wrong_is_reported(checkout, opened):
    assert opened.next() == ""
    assert LIF in read(opened.address)
    assert "The threshold current" in opened.pane("notebook") and "rheobase" not in opened.pane("notebook")
    assert "I_min" in opened.pane("key")
    assert re.search(r"\b0 of \d+ examples are not judged", opened.pane("examples"))

    path = checkout.folder / "autograder" / "assignments" / LIF / "questions.py"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("expected=lambda c: lif.rheobase()", "expected=lambda c: 3.0"), encoding="utf-8")
    assert opened.next() == ""
    assert re.search(r"\b1 of \d+ examples are not judged", opened.pane("examples"))

    path.write_text(before.replace("up to 0.005 nA below", "up to 0.006 nA below"), encoding="utf-8")
    problem = opened.next()
    assert "lacks the sentence that states the tolerance of lif_threshold" in problem and "Traceback" not in problem
    path.write_text(before + "1 +", encoding="utf-8")
    assert "SyntaxError" in opened.next()
    assert "I_min" in opened.pane("key"), "what was shown before stays"


def test_nobody_else_on_the_machine_reads_the_key(opened):
    assert "I_min" in opened.pane("key")
    for path in ("/", "/key.html", "/x/key.html"):
        with pytest.raises(HTTPError):
            read(urljoin(opened.address, path))
