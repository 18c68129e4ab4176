"""The instructor's commands: `python -m autograder --help`."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from autograder import __version__, assignments
from autograder.commands import new
from autograder.commands.doctor import doctor
from autograder.commands.mark import mark
from autograder.commands.preview import preview
from autograder.commands.report import report as write_report
from autograder.course import Course, enter, load
from autograder.errors import InstructorError
from autograder.sandbox import NoIsolation, available

if TYPE_CHECKING:
    from autograder.mutation import Kind, Row
    from autograder.platforms.collect import Collected

UNCHANGED = "change-me"
RosterFile = Annotated[Path | None, typer.Option(help="Who is who; by default the roster that course.toml names.")]
# Completion knows a command by its name, and `python -m autograder` is none.
AS_SCRIPT = Path(sys.argv[0]).stem == "autograder"
app = typer.Typer(
    add_completion=AS_SCRIPT,
    no_args_is_help=True,
    help="Build and grade the Neuronal Dynamics assignments.",
    pretty_exceptions_enable=False,
)
console = Console()
errors = Console(stderr=True)


def _sandbox(name: str | None) -> str | None:
    if name is not None and name not in available():
        raise typer.BadParameter(f"there is no sandbox {name!r}; there are: {', '.join(available())}")
    return name


Sandbox = Annotated[
    str | None,
    typer.Option(
        callback=_sandbox,
        help="bubblewrap, other-uid, or none (isolates nothing: for notebooks of your own only). Default: the strongest.",
    ),
]
Names = Annotated[
    list[str] | None, typer.Argument(help=f"One or more of: {', '.join(assignments.NAMES)}. Default: all.")
]


def _version(wanted: bool) -> None:
    if wanted:
        console.print(__version__)
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    enter(Path.cwd())


@app.command()
def build(
    names: Names = None,
    dist: Annotated[Path, typer.Option(help="Where the zip files go.")] = Path("dist"),
    solutions: Annotated[
        bool,
        typer.Option(
            "--solutions", help="Instead, run the worked solutions, to be handed out: DIST/<assignment>/solutions/."
        ),
    ] = False,
    student: Annotated[str | None, typer.Option(help="With --solutions: for this student's own variants.")] = None,
) -> None:
    """Build release/ and, for each assignment, DIST/<assignment>/student.zip and autograder.zip."""
    from autograder.authoring import unfinished
    from autograder.build import build_all
    from autograder.solutions import build_solutions

    if student and not solutions:
        raise typer.BadParameter("--student goes with --solutions: what is released is the same for everybody")
    chosen = names or list(assignments.NAMES)
    for name in chosen:
        assignments.load(name)
    course = load()
    with _progress() as progress:
        task = progress.add_task("Building", total=len(chosen))
        if solutions:
            made = build_solutions(chosen, dist, course, student, lambda _: progress.advance(task))
        else:
            made = build_all(chosen, dist, course, lambda _: progress.advance(task))
    for path in made:
        console.print(str(path), soft_wrap=True)
    for line in (line for name in chosen for line in unfinished(name)):
        errors.print(f"Note: {line}", markup=False, highlight=False, soft_wrap=True)
    if course.course.salt == UNCHANGED:
        errors.print(
            f'Note: course.toml still has the salt "{UNCHANGED}". Set one of your own before you hand anything out.'
        )


@app.command()
def grade(
    path: Annotated[
        Path, typer.Argument(help="A notebook, an nbgrader submitted/ tree, or an export as `collect` takes it.")
    ],
    student: Annotated[str | None, typer.Option(help="The student's id; of a tree, grade only this student.")] = None,
    assignment: Annotated[
        str | None, typer.Option(help="The assignment, where the file's name does not tell it.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where <student>/<assignment>.json is written.")] = Path("build/grades"),
    sandbox: Sandbox = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Submissions at a time. Default: one for each core.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Grade again what has a current grade already.")] = False,
    cold: Annotated[
        bool | None,
        typer.Option(
            "--cold/--warm",
            help="Start each sandbox afresh, or each as a fork of a process that has imported the libraries. Default: fork all "
            "but the first.",
        ),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler, whose workers grade in place of this machine.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(help="Of an export, who is who; by default the roster that course.toml names.")
    ] = None,
) -> None:
    """Grade PATH. Exit code 0: all graded; 1: some could not be read, graded or judged; 2: nothing was graded."""
    from autograder import batch, corrected, pages, report
    from autograder.platforms import collect as collecting
    from autograder.platforms import roster as rosters
    from autograder.settings import unused_overrides
    from autograder.submitted import overlooked
    from autograder.totals import ClassTotals, to_be_marked

    if assignment:
        assignments.load(assignment)
    course = load()
    collected = None
    people = rosters.of_course(course, roster)
    # Before anything is run, so that a mark that cannot be costs no time.
    beside_grades = ClassTotals.read(out, course, people, [path] if path.is_dir() else [])
    if not student and not collecting.is_tree(path) and collecting.platform_of(path):
        tree = out / "submitted"
        collected = collecting.collect(path, tree, course=course, roster=people, assignment=assignment)
        _show(collected)
        jobs = collecting.jobs(collected, tree)
    else:
        jobs = batch.find(path, student, assignment)
    if path.is_dir() or collected:
        jobs = corrected.in_place(jobs, [path.resolve().parent, Path.cwd()])
    if path.is_dir() and not student:
        handed_in = [(job.assignment, job.student) for job in jobs]
        for note in unused_overrides(course.variant.overrides, handed_in, course.for_students(overrides=False)):
            _warn(f"Note: {note}")
    with _progress() as progress:
        task = progress.add_task("Grading", total=len(jobs))
        graded = batch.run(
            jobs,
            out,
            course=course,
            sandbox=sandbox,
            workers=workers,
            force=force,
            cold=cold,
            scheduler=scheduler,
            on_done=lambda job: progress.update(task, advance=1, description=f"Grading {job.student}"),
        )
    results = graded.results
    beside = {} if collected else overlooked(path, student, assignment)
    if len(results) == 1:
        totals = beside_grades.of(results[0])
        console.print(report.whole(results[0], totals), markup=False, highlight=False, soft_wrap=True)
    elif results:
        console.print(report.table(results, beside_grades.of))
    for line in to_be_marked(beside_grades.still_to_mark(results), {result.assignment for result in results}):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    for job, reason in graded.failures.items():
        _warn(f"Not graded: {job.path}: {reason.rstrip('.')}.")
    for place, reason in beside.items():
        _warn(f"Not graded: {place}: {reason}.")
    faulty = [result for result in results if result.not_judged]
    for result in faulty:
        said = f"Not judged: {result.student}, {result.assignment}: {', '.join(question.id for question in result.not_judged)}."
        _warn(said)
    if faulty:
        _warn(
            f"The tracebacks are in {out / batch.FAULTS}. Correct the question and run the command again: it judges these anew."
        )
    if graded.failures:
        errors.print(
            "Mend what is said there and run the command again: it grades only what has no current grade.",
            soft_wrap=True,
        )
    if not results:
        raise typer.Exit(2)
    run_anew = len(results) - graded.kept - graded.judged_again
    console.print(
        f"{run_anew} run, {graded.judged_again} judged again from the answers of an earlier run, {graded.kept} current before.",
        soft_wrap=True,
        highlight=False,
    )
    report_page = pages.write(out, course, totals=beside_grades)
    console.print(
        f"Results: {out}/<student>/<assignment>.json and {report_page} (sandbox: {results[0].sandbox})",
        soft_wrap=True,
        markup=False,
    )
    unreadable = not all(result.readable for result in results)
    raise typer.Exit(1 if unreadable or faulty or graded.failures or beside or (collected and collected.refused) else 0)


@app.command()
def regrade(
    grades: Annotated[Path, typer.Argument(help="The folder that `grade` has filled.")] = Path("build/grades"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show whose score would change; write nothing.")] = False,
    assignment: Annotated[str | None, typer.Option(help="Only this assignment.")] = None,
    student: Annotated[str | None, typer.Option(help="Only this student.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes. Default: one for each core.")] = None,
) -> None:
    """Judge the answers in GRADES again by today's questions, tolerances and points; nothing is run.

    Exit code 0: all judged; 1: some have to be run, or could not be judged; 2: nothing was judged.
    """
    from autograder import batch, pages, report
    from autograder import regrade as regrading

    if assignment:
        assignments.load(assignment)
    course = load()
    with _progress() as progress:
        task = progress.add_task("Judging", total=len(regrading.chosen(grades, assignment, student)))
        found = regrading.regrade(
            grades,
            course,
            assignment=assignment,
            student=student,
            dry_run=dry_run,
            workers=workers or batch.cores(),
            on_done=lambda count: progress.advance(task, count),
        )
    if found.changes:
        console.print(report.changes(found.changes))
    for path, reason in found.to_run.items():
        _warn(f"To be run: {path}: {reason}.")
    for result in found.not_judged:
        ids = ", ".join(question.id for question in result.not_judged)
        _warn(
            f"Not judged: {result.student}, {result.assignment}: {ids}. The tracebacks are in {grades / batch.FAULTS}."
        )
    if found.outdated_runs:
        errors.print(
            f"Note: {found.outdated_runs} were run with another library, other packages or other limits than today's; `grade` runs them "
            "again.",
            soft_wrap=True,
        )
    console.print(
        f"{found.judged} judged again, {report.counted(len(found.changes), 'score')} {'would change' if dry_run else 'changed'}, "
        f"{len(found.to_run)} to be run.",
        soft_wrap=True,
        highlight=False,
    )
    if dry_run:
        console.print("Nothing was written.")
    else:
        console.print(
            f"Results: {grades}/<student>/<assignment>.json and {pages.write(grades, course)}",
            soft_wrap=True,
            markup=False,
        )
    raise typer.Exit(2 if not found.judged else 1 if found.to_run or found.not_judged else 0)


@app.command()
def collect(
    export: Annotated[
        Path,
        typer.Argument(
            help="Canvas's, Moodle's or Gradescope's export, or nbgrader's exchange: a zip file or a folder."
        ),
    ],
    assignment: Annotated[str | None, typer.Option(help="Take this assignment only.")] = None,
    roster: RosterFile = None,
    out: Annotated[Path, typer.Option(help="The tree that is filled.")] = Path("submitted"),
) -> None:
    """Sort EXPORT into OUT/<student>/<assignment>/. Exit code 0: all taken; 1: some not; 2: nothing."""
    from autograder.platforms import collect as collecting
    from autograder.platforms import roster as rosters

    if assignment:
        assignments.load(assignment)
    course = load()
    people = rosters.of_course(course, roster)
    collected = collecting.collect(export, out, course=course, roster=people, assignment=assignment)
    _show(collected, table=True)
    if not collected.taken:
        raise typer.Exit(2)
    raise typer.Exit(1 if collected.refused else 0)


@app.command()
def export(
    to: Annotated[str, typer.Option(help="canvas, moodle, gradescope, or csv (a table of our own).")],
    file: Annotated[
        Path | None, typer.Argument(help="The platform's own gradebook, worksheet or roster, which is filled.")
    ] = None,
    assignment: Annotated[
        str | None, typer.Option(help="Whose scores; by default the only one that is graded.")
    ] = None,
    column: Annotated[str | None, typer.Option(help="The title of the column; by default the assignment's.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="By default <FILE's name>-graded.csv in this folder.")
    ] = None,
    grades: Annotated[Path, typer.Option(help="Where `grade` has written.")] = Path("build/grades"),
    submitted: Annotated[Path, typer.Option(help="The tree that `collect` has filled, for groups.")] = Path(
        "submitted"
    ),
    roster: RosterFile = None,
    feedback: Annotated[
        Path | None,
        typer.Option(
            help="A folder of students' pages, as <grades>/report/students: makes the zip file of them that Canvas or Moodle takes."
        ),
    ] = None,
) -> None:
    """Write the scores into a platform's own file. Exit code 0: written; 2: not."""
    from autograder.files import write_together
    from autograder.platforms import export as exporting
    from autograder.platforms import feedback as feedbacks
    from autograder.platforms import roster as rosters
    from autograder.platforms import words

    if to not in (*exporting.PLATFORMS, exporting.CSV):
        raise typer.BadParameter(f"there is no {to!r}; there are: {', '.join(exporting.PLATFORMS)}, {exporting.CSV}")
    if (file is None) != (to == exporting.CSV):
        raise typer.BadParameter("csv takes no file" if file else f"{to} needs the platform's own file")
    if assignment:
        assignments.load(assignment)
    course = load()
    people = rosters.of_course(course, roster)
    found = exporting.Grades.read(grades, submitted, course, assignment)
    made = exporting.to_csv(found, people) if file is None else exporting.to_platform(to, file, found, people, column)
    path = output or Path(f"{file.stem if file else 'grades'}{'-graded' if file else ''}.csv")
    files = {path: made.content}
    if feedback:
        trees = [grades / "submitted", submitted]
        content, count, notes = feedbacks.packed(feedback, trees, to, found.assignment, found.key)
        pages_file = path.with_name(f"{path.stem}-feedback.zip")
        files[pages_file] = content
        made.notes += notes
        console.print(f"{count} students' pages are in {pages_file}.", markup=False, highlight=False, soft_wrap=True)
    write_together(files)
    for note in made.notes:
        _warn(f"Note: {words.printable(note)}")
    console.print(
        f"{made.filled} scores of {found.assignment} are in {path}.", markup=False, highlight=False, soft_wrap=True
    )


def _show(collected: Collected, *, table: bool = False) -> None:
    """Print what was collected and what not."""
    from autograder.platforms import words

    if table and collected.taken:
        console.print(words.table(collected))
    for line in words.lines(collected):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    for line in words.refusals(collected):
        _warn(line)


@app.command()
def otter(
    path: Annotated[Path, typer.Argument(help="One student's notebook, zip file or folder.")],
    student: Annotated[str, typer.Option(envvar="NEURODYNEX_STUDENT", help="The student's id.")],
    assignment: Annotated[
        str | None, typer.Option(help="The assignment, where neither name nor content tells it.")
    ] = None,
    autograder: Annotated[
        Path | None, typer.Option(help="By default dist/<assignment>/autograder.zip, which `build` makes.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder for results.json.")] = Path(),
) -> None:
    """Grade PATH with Otter as `otter run` does, however it is named, packed or encoded. Exit code 0: graded; 1: not read or judged."""
    from autograder import report
    from autograder.adapters import gradescope, otter_run
    from autograder.submitted import find_one

    if assignment:
        assignments.load(assignment)
    job = find_one(path, student, assignment)
    zip_file = autograder or Path("dist") / job.assignment / "autograder.zip"
    result, failure = otter_run.run(job, zip_file, out, load())
    if not result.readable:
        console.print(report.whole(result), markup=False, highlight=False, soft_wrap=True)
    for fault in [*([failure] if failure else []), *gradescope.faults(result)]:
        _warn(fault)
    console.print(f"Results: {out / 'results.json'} (sandbox: {result.sandbox})", soft_wrap=True, markup=False)
    raise typer.Exit(0 if result.readable and not result.not_judged and not failure else 1)


@app.command()
def verify(
    names: Names = None,
    students: Annotated[int, typer.Option(min=1, help="For how many made-up students' variants.")] = 20,
    mutants: Annotated[
        bool,
        typer.Option("--mutants", help="Run the reference solutions with systematic mistakes; each must be refused."),
    ] = False,
    honest: Annotated[
        bool, typer.Option("--honest", help="Run them with other honest choices; each must be accepted.")
    ] = False,
    most: Annotated[int | None, typer.Option(min=1, help="So many changes of each solution at the most.")] = None,
) -> None:
    """Prove that each question is fair: right answers, edges, slips and garbage of its own making. Exit code 1: a fault."""
    from autograder.verify import verify as prove

    chosen = names or list(assignments.NAMES)
    course = load()
    if mutants or honest:
        found = _mutate(chosen, "mutants", course, most) if mutants else 0
        found += _mutate(chosen, "honest", course, most) if honest else 0
        raise typer.Exit(1 if found else 0)
    total = sum(len(assignments.load(name).questions) for name in chosen)
    with _progress() as progress:
        task = progress.add_task("Proving", total=total)
        report = prove(chosen, students, course, lambda _: progress.advance(task))
    kinds = ("variants", "right", "wrong", "slip", "garbage")
    console.print(_grid(kinds, report.counts))
    for fault in report.faults:
        console.print(f"Fault: {fault}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"{len(report.faults)} faults, {students} students.")
    raise typer.Exit(1 if report.faults else 0)


def _mutate(names: list[str], kind: Kind, course: Course, most: int | None) -> int:
    """Run an experiment on all questions, print what came of it, and return how many outcomes should not be."""
    from autograder.mutation import COLUMNS

    rows = _changed(names, kind, course, most)
    columns = COLUMNS[kind]
    counts = {row.question: Counter({title: row.counts[key] for key, title in columns.items()}) for row in rows}
    console.print(_grid(tuple(columns.values()), counts))
    for row in rows:
        for outcome, reason in row.listed:
            console.print(
                f"Listed: {row.question}, {outcome.change}: {reason}", markup=False, highlight=False, soft_wrap=True
            )
        for outcome in row.found:
            said = outcome.message.replace("\n", " ")
            console.print(
                f"Fault: {row.question}, {outcome.change}: {said} {outcome.answers}",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
    return sum(len(row.found) for row in rows)


def _changed(names: list[str], kind: Kind, course: Course, most: int | None = None) -> list[Row]:
    """Run an experiment on all questions of the assignments, with a progress bar."""
    from autograder.mutation import experiments, run, summarize

    chosen = experiments(names)
    with _progress() as progress:
        task = progress.add_task("Running mutants" if kind == "mutants" else "Running variations", total=len(chosen))
        return summarize(run(chosen, kind, course, most=most, on_done=lambda _: progress.advance(task)), kind)


def _grid(kinds: tuple[str, ...], counts: Mapping[str, Counter[str]]) -> Table:
    """Return a table of counts, a question a row, with their sums."""
    grid = Table("question", *kinds, box=None, pad_edge=False, header_style="bold")
    for question_id, of_it in counts.items():
        grid.add_row(question_id, *(str(of_it[kind]) for kind in kinds))
    grid.add_row("all", *(str(sum(of_it[kind] for of_it in counts.values())) for kind in kinds))
    return grid


@app.command()
def key(
    names: Names = None,
    out: Annotated[Path, typer.Option(help="Where the pages go. They hold all expected values.")] = Path("build/key"),
    mutants: Annotated[
        bool,
        typer.Option(
            "--mutants",
            help="Show what becomes of the reference solutions' mutants and honest variations, too (minutes).",
        ),
    ] = False,
) -> None:
    """Write the answer key, for instructors: expected values, tolerances, slips, and how honest values spread."""
    from autograder import key as answer_key

    chosen = names or list(assignments.NAMES)
    for name in chosen:
        assignments.load(name)
    course = load()
    kinds: tuple[Kind, ...] = ("mutants", "honest") if mutants else ()
    tested = {kind: _changed(chosen, kind, course) for kind in kinds}
    with _progress() as progress:
        task = progress.add_task("Measuring", total=answer_key.work(chosen, course))
        made = answer_key.write(chosen, out, course, lambda _: progress.advance(task), tested)
    console.print(f"The answer key is {made[0]}. Keep it from students.", soft_wrap=True)


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Where everything of the demonstration goes.")] = Path("build/demo"),
    sandbox: Sandbox = None,
) -> None:
    """Build everything, grade the sample submissions for real, and write a report page."""
    from autograder.demo import run_demo

    console.print(run_demo(out, load(), sandbox, console), soft_wrap=True)


app.command()(doctor)
app.command()(mark)
app.command()(preview)
app.command("report")(write_report)
app.add_typer(new.app, name="new")


def _warn(text: str) -> None:
    """Print a line on stderr as it is, whatever names and paths it quotes."""
    errors.print(text, markup=False, highlight=False, soft_wrap=True)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
    )


def main() -> None:
    """Run a command; an instructor's mistake is a message, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that the terminal cannot show ends nothing
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="autograder" if AS_SCRIPT else "python -m autograder")
    except (InstructorError, NoIsolation) as error:
        _warn(f"Error: {error}")
        sys.exit(2)
    except OSError as error:
        where = f" {error.filename}:" if error.filename else ""
        _warn(f"Error:{where} {error.strerror or error}.")
        sys.exit(2)
    except KeyboardInterrupt:
        errors.print("Interrupted. What was graded is kept; run the same command again to go on.")
        sys.exit(130)


if __name__ == "__main__":
    main()
