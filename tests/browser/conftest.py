"""A Chromium, and servers on loopback for it to look at."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from autograder import notebook, samples
from tests.conftest import ROOT

LIF, OJA = "leaky_integrate_and_fire", "ojas_rule"
#: Screenshots of every page, to be looked at.
PICTURES = ROOT / "build" / "browser"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Lab shows all cells of a notebook, not only those in view, and asks for no news.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false"},
}
#: What a hostile student writes wherever a page may show it; it runs where the browser takes it for a script.
SCRIPT = "<img src=x onerror=\"window.stolen='points'\"><script>window.stolen='points'</script>"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--browser"):
        for item in items:
            if "tests/browser/" in item.nodeid:
                item.add_marker(pytest.mark.skip(reason="a real browser: make browser"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser of this machine, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if program is None:
        pytest.fail(
            "There is no Chromium. Install it (Debian: apt install chromium), or name one: CHROMIUM=... make browser"
        )
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Any, address: str, *, ours: bool = True, **options: Any) -> Iterator[Any]:
    """Open a page; fail if a student's script runs there or, where the page is ours, if its own scripts fail."""
    context = browser.new_context(accept_downloads=True, **options)
    context.set_default_timeout(60_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    try:
        page.goto(address)
        yield page
        assert page.evaluate("window.stolen") is None, "a student's script ran"
        assert not (ours and wrong)
    finally:
        context.close()


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new course with its sample submissions and a hostile one, built and graded."""
    folder = tmp_path_factory.mktemp("course") / "neuro"
    run(folder.parent, "-m", "autograder", "new", "course", folder.name)
    hand_in_hostile(folder)
    run(folder, "-m", "autograder", "build")
    run(folder, "-m", "autograder", "grade", "submitted", "--out", "grades")
    return folder


def hand_in_hostile(folder: Path) -> None:
    """Hand in a notebook that holds a script in an answer, in a figure, in a text, in its outputs and in a file beside it."""
    figure = f"import matplotlib.pyplot as plt\nplt.plot([1, 2], label={SCRIPT!r})\nplt.xlabel({SCRIPT!r}); plt.title({SCRIPT!r})"
    for name, cells in (
        (LIF, {"lif_threshold_solution": f"I_min = {SCRIPT!r}\nprint(I_min)\n{figure}"}),
        (OJA, {"oja_what_why": f"{SCRIPT}\n\n**Bold** and $x^2$ {SCRIPT}"}),
    ):
        place = folder / "submitted" / "mallory" / name
        place.mkdir(parents=True)
        content = json.loads(samples.Sample("", cells, blank=True).notebook(notebook.source_path(name), "mallory"))
        for cell in content["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {"text/html": SCRIPT}}]
        (place / f"{name}.ipynb").write_text(json.dumps(content), encoding="utf-8")
    # Without a script, and yet a heading that would take the place of the page's own data, and a field in the place of the points.
    place = folder / "submitted" / "trudy" / OJA
    place.mkdir(parents=True)
    text = "# state\n\n- [x] 2 points\n\n[next](#next) ![p](attachment:p.svg)"
    sample = samples.Sample("", {"oja_what_why": text}, blank=True)
    (place / f"{OJA}.ipynb").write_bytes(sample.notebook(notebook.source_path(OJA), "trudy"))
    (folder / "submitted" / "mallory" / LIF / "<img src=x onerror=window.stolen=1>.txt").write_text(
        SCRIPT, encoding="utf-8"
    )


def environment(home: Path) -> dict[str, str]:
    """What a user has who has just installed everything."""
    home.mkdir(exist_ok=True)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTHONDONT"))}
    return {**kept, "HOME": str(home), "PATH": path}


def run(folder: Path, *words: str | Path, code: int = 0) -> str:
    """Run Python in a folder; return what it printed."""
    line = [sys.executable, *map(str, words)]
    environ = environment(folder / "home")
    done = subprocess.run(line, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == code, done.stdout
    return done.stdout


@contextmanager
def serving(folder: Path, *words: str | Path, ready: str = "") -> Iterator[str]:
    """Run a server of Python's in a folder until it answers; yield its address. `{port}` in the words is a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    line = [sys.executable, *(str(word).replace("{port}", port) for word in words)]
    address = f"http://127.0.0.1:{port}"
    log = (folder / "server.log").open("wb")
    server = subprocess.Popen(line, cwd=folder, env=environment(folder / "home"), stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 120
        while not _answers(address + ready):
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail((folder / "server.log").read_text(errors="replace")[-3000:])
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5):
            return True
    except OSError:
        return False


@contextmanager
def jupyter(folder: Path) -> Iterator[str]:
    """Run JupyterLab with nbgrader's extensions in a folder."""
    for name, value in SETTINGS.items():
        path = folder / "home" / ".jupyter" / "lab" / "user-settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value), encoding="utf-8")
    # Only this machine can reach it, and only while the tests run.
    options = (
        "--IdentityProvider.token=",
        "--ServerApp.password=",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port={port}",
    )
    more = ("--ServerApp.open_browser=False", "--ServerApp.port_retries=0", "--allow-root")
    with serving(folder, "-m", "jupyterlab", *options, *more, ready="/api") as address:
        yield address
