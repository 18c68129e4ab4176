"""An assignment as its author wants to look at it: the notebook, the key and every example's verdict, again after each save.

What is shown is made by a process of its own each time, as only that reads the changed files.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import nbformat
from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder import assignments, notebook
from autograder.authoring.unfinished import unfinished
from autograder.course import Context, Course, read_course_toml
from autograder.errors import InstructorError
from autograder.loopback import Handler, Server
from autograder.question import Answer, Example, Question

TEMPLATES = Environment(
    loader=PackageLoader("autograder", "templates/authoring"), undefined=StrictUndefined, autoescape=True
)
PANES = {"notebook": "What students get", "key": "The key", "examples": "The examples' verdicts"}
#: A made-up student, whose variant and hidden inputs are shown.
STUDENT = "ada"
_PAUSE = 0.5
_LINES = 5


class Shown(NamedTuple):
    """An example and its verdict.

    Attributes
    ----------
    question, answer, label : str
    passes : bool
        Whether it must be accepted.
    fair : bool
        Whether it is judged as it must be.
    status, message : str
    """

    question: str
    answer: str
    label: str
    passes: bool
    fair: bool
    status: str
    message: str


def examples(name: str, course: Course) -> Iterator[Shown]:
    """Judge every example of an assignment's questions, for one made-up student."""
    context = Context.of(STUDENT, name, course)
    for question in assignments.load(name).questions:
        for answer in question.answers:
            yield from judged(question, answer, answer.examples(context), context)


def judged(question: Question, answer: Answer, made: Iterable[Example], context: Context) -> Iterator[Shown]:
    """Judge examples of one answer."""
    from autograder.judge import judge
    from autograder.verify import alone, unfair

    asked = alone(question, answer)
    for example in made:
        result = judge(asked, 1.0, example.answers, context, {})
        fair, status = unfair(example, result) is None, result.parts[0].status
        yield Shown(question.id, answer.name, example.label, example.passes, fair, status, result.message)


def write_panes(name: str, folder: Path, course: Course) -> None:
    """Write the panes of an assignment into a folder.

    Raises
    ------
    InstructorError
        If the notebook and the questions do not fit together.
    """
    from nbconvert import HTMLExporter

    from autograder.build import release_files
    from autograder.key.pages import render

    released = next(text for path, text in release_files(name).items() if path.suffix == ".ipynb")
    page, _ = HTMLExporter(embed_images=True).from_notebook_node(nbformat.reads(released, as_version=4))
    (folder / "notebook.html").write_text(page, encoding="utf-8")
    left = list(unfinished(name))
    rows = [] if left else list(examples(name, course))
    shown = TEMPLATES.get_template("examples.html").render(rows=rows, left=left, student=STUDENT)
    (folder / "examples.html").write_text(shown, encoding="utf-8")
    (folder / "key.html").write_text(shown if left else render(name, course, {}), encoding="utf-8")


def sources(name: str) -> list[Path]:
    """Return the files whose change is shown."""
    package = assignments.FOLDER.parent
    return [notebook.source_path(name), *package.glob(f"assignments/{name}/*.py"), *package.glob("answers/*.py")]


class Preview(Server):
    """Serves the panes of an assignment on this machine, and makes them again when a file is saved.

    Parameters
    ----------
    name : str
        The assignment.
    folder : Path
        Where the panes are written.
    port : int
        0 takes a free one.
    """

    def __init__(self, name: str, folder: Path, port: int = 0) -> None:
        super().__init__(_Handler, port)
        self.name, self.folder = name, folder
        self.version, self.problem = 0, ""
        self._seen: dict[Path, int] = {}

    def watch(self) -> None:
        """Make the panes whenever a file has changed; does not end."""
        while True:
            self.refresh()
            time.sleep(_PAUSE)

    def refresh(self) -> None:
        """Make the panes if a file has changed since."""
        found = {path: path.stat().st_mtime_ns for path in sources(self.name) if path.exists()}
        if found == self._seen:
            return
        self._seen = found
        line = [sys.executable, "-m", "autograder.authoring.preview", self.name, str(self.folder)]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(line, capture_output=True, text=True, env=environment)
        # Of a traceback, the place and the error.
        self.problem = "\n".join(done.stderr.strip().splitlines()[-_LINES:]) if done.returncode else ""
        self.version += 1


class _Handler(Handler):
    server: Preview

    def do_GET(self) -> None:
        above, path, name = self.path.partition("?")[0].partition(self.server.path)
        name = name.removesuffix(".html")
        if above or not path:
            self.answer(404, "There is nothing here.")
        elif name == "":
            title = self.server.name
            self.answer(200, TEMPLATES.get_template("preview.html").render(title=title, panes=PANES), "text/html")
        elif name == "version":
            self.answer(200, json.dumps([self.server.version, self.server.problem]), "application/json")
        elif name in PANES and (page := self.server.folder / f"{name}.html").exists():
            self.answer(200, page.read_text(encoding="utf-8"), "text/html")
        else:
            self.answer(404, "There is nothing here.")


def serve(name: str, port: int, ready: Any = lambda address: None) -> None:
    """Serve an assignment until the author ends it with Ctrl+C.

    Parameters
    ----------
    name : str
    port : int
    ready : callable
        Called with the address.
    """
    assignments.load(name)
    with tempfile.TemporaryDirectory() as folder, Preview(name, Path(folder), port) as server:
        Thread(target=server.watch, daemon=True).start()
        ready(server.address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


def main(name: str, folder: str) -> None:
    """Write the panes; what is wrong is the last line on stderr, and the exit code 1."""
    try:
        write_panes(name, Path(folder), read_course_toml())
    except InstructorError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main(*sys.argv[1:])
