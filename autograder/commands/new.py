"""Make something new: a course that works, with sample submissions; a zip file of samples; a question; an assignment."""

from __future__ import annotations

import json
import re
import secrets
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer
from jinja2 import Environment, PackageLoader, StrictUndefined
from rich.console import Console

from autograder import assignments, notebook, samples
from autograder.authoring import KINDS, Wanted, new_assignment, new_question
from autograder.course import FILES, SETTINGS
from autograder.errors import InstructorError
from autograder.files import write_together

TEMPLATES = Environment(
    loader=PackageLoader("autograder", "templates/course"),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,
)
# All samples of this one are handed in, and the right one of each other.
SHOWN = "leaky_integrate_and_fire"
RIGHT = "ada"
# It takes all the time that a course allows.
LEFT_OUT = "endless"
NEXT = """\
Next: autograder build {assignment}, which says what is to fill in. Then autograder verify {assignment} proves the question.
The tests ask for more: the score of each sample student (tests/routes/test_parity.py), and solutions by honest students who
go another way (tests/assignments/{assignment}/honest/)."""
app = typer.Typer(no_args_is_help=True, help="Make a new course, question or assignment, or sample submissions.")


@app.callback()
def _new() -> None:
    pass


@app.command()
def course(
    folder: Annotated[Path, typer.Argument(help="The course's folder, which is made.")],
    id: Annotated[str | None, typer.Option("--id", help="The course's id; by default the folder's name.")] = None,
) -> None:
    """Make a course in FOLDER: settings with a salt of its own, source notebooks, and sample submissions to try it with."""
    make(folder, id or folder.resolve().name)
    Console().print(
        f"The course is in {folder}. Next: cd {shlex.quote(str(folder))}, and read README.md.",
        soft_wrap=True,
        markup=False,
    )


@app.command("samples")
def sample_submissions(
    file: Annotated[Path, typer.Argument(help="The zip file, which is made.")] = Path("samples.zip"),
    assignment: Annotated[str, typer.Option(help=f"One of: {', '.join(assignments.NAMES)}.")] = SHOWN,
) -> None:
    """Write FILE with sample submissions to an assignment, right and wrong ones, as `collect` and `grade` take them."""
    from autograder.build import write_zip

    assignments.load(assignment)
    if file.exists():
        raise InstructorError(f"There is {file} already. Name a file that is not there yet.")
    handed_in = {
        f"{student}/{assignment}/{assignment}.ipynb": sample.notebook(notebook.source_path(assignment), student)
        for student, sample in quick_samples(assignment).items()
    }
    write_zip(file, handed_in)
    summary = f"{len(handed_in)} submissions to {assignment} are in {file}: {', '.join(quick_samples(assignment))}."
    Console().print(summary, soft_wrap=True, markup=False, highlight=False)


Kind = Annotated[str, typer.Option("--kind", help=f"What is handed in; one of: {', '.join(KINDS)}.")]
Variable = Annotated[str, typer.Option("--variable", help="Of the student's variable or function.")]
Unit = Annotated[str, typer.Option("--unit", help="Of the numbers: mV.")]
Points = Annotated[float, typer.Option("--points", help="What it is worth.")]
Asks = Annotated[str, typer.Option("--asks", help="What is asked, in a few words.")]
Within = Annotated[float, typer.Option("--within", help="How far off is accepted, in the unit.")]


@app.command()
def question(
    assignment: Annotated[str, typer.Argument(help=f"One of: {', '.join(assignments.NAMES)}.")],
    id: Annotated[str, typer.Argument(help="Of the question, and of its test cell: lif_steady_voltage.")],
    kind: Kind = "value",
    variable: Variable = "answer",
    unit: Unit = "",
    points: Points = 1,
    asks: Asks = "",
    within: Within = 0.01,
) -> None:
    """Add a question to ASSIGNMENT: its statement, a stub of its reference, and its three cells in the source notebook."""
    _write(assignment, new_question(assignment, Wanted(id, kind, variable, unit, points, asks, within)))


@app.command()
def assignment(
    name: Annotated[str, typer.Argument(help="A Python name in small letters: cable_equation.")],
    title: Annotated[str, typer.Option("--title", help="Its heading; by default made of its name.")] = "",
    id: Annotated[str, typer.Option("--id", help="Of its first question; by default NAME_first.")] = "",
    kind: Kind = "value",
    variable: Variable = "answer",
    unit: Unit = "",
    points: Points = 1,
    asks: Asks = "",
    within: Within = 0.01,
) -> None:
    """Make the assignment NAME with one question: statement, reference, a sample student, and the source notebook."""
    first = Wanted(id or f"{name}_first", kind, variable, unit, points, asks, within)
    _write(name, new_assignment(name, title or name.replace("_", " ").capitalize(), first))


def _write(assignment: str, files: Mapping[Path, bytes]) -> None:
    write_together(files)
    console = Console()
    for path in files:
        console.print(str(path), soft_wrap=True, markup=False, highlight=False)
    for line in NEXT.format(assignment=assignment).splitlines():
        console.print(line, soft_wrap=True, markup=False, highlight=False)


def make(folder: Path, course_id: str) -> None:
    """Make a course, or nothing.

    Parameters
    ----------
    folder : Path
    course_id : str

    Raises
    ------
    InstructorError
        If there is something in the folder already, or the id cannot be one.
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise InstructorError(f"There is something in {folder} already. Name a folder that is not there yet.")
    if not course_id.strip() or not course_id.isprintable():
        raise InstructorError(f"A course's id is a line of text, not {course_id!r}.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Only the instructor reads it: solutions, salt and submissions are in there.
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for path, content in files(course_id):
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).write_bytes(content)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made)
        raise


def files(course_id: str) -> Iterator[tuple[Path, bytes]]:
    """Yield all files of a course: path in its folder, content."""
    yield Path(SETTINGS), settings(course_id).encode()
    for name in assignments.NAMES:
        source = FILES / "source" / name / f"{name}.ipynb"
        yield Path("source") / name / source.name, source.read_bytes()
        for student, sample in quick_samples(name).items():
            if student == RIGHT or name == SHOWN:
                yield Path("submitted") / student / name / source.name, sample.notebook(source, student)
    values = {"course": course_id, "literal": json.dumps(course_id), "environment": sys.prefix, "stories": stories()}
    for path, template in (
        ("README.md", "README.md"),
        ("nbgrader_config.py", "nbgrader_config"),
        (".gitignore", "gitignore"),
    ):
        yield Path(path), TEMPLATES.get_template(template).render(values).encode()


def stories() -> dict[str, str]:
    """Return what each sample student of the shown assignment did."""
    return {student: sample.story for student, sample in quick_samples(SHOWN).items()}


def quick_samples(assignment: str) -> dict[str, samples.Sample]:
    """Return the samples of an assignment that do not take all the time that a course allows."""
    return {student: sample for student, sample in samples.load(assignment).items() if student != LEFT_OUT}


def settings(course_id: str) -> str:
    """Return a course file: the shipped one, with an id and secrets of its own."""
    text = (FILES / SETTINGS).read_text(encoding="utf-8")
    own = {"id": course_id, "salt": secrets.token_hex(16), "hidden_inputs": secrets.token_hex(16)}
    for key, value in own.items():
        lines = re.findall(rf'(?m)^{key} = ".*"$', text)
        if len(lines) != 1:
            raise InstructorError(f"{FILES / SETTINGS} has not one line {key} = ..., as it was shipped with.")
        text = text.replace(lines[0], f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return text
