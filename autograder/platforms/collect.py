"""From a platform's export to a tree `<student>/<assignment>/<assignment>.ipynb`: what was taken, what not and why, who is missing."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from autograder import assignments, hand_in, zipped
from autograder.batch import UNSAFE
from autograder.course import Context, Course
from autograder.errors import BadSubmission, InstructorError
from autograder.find_extra_files import find_extra_files
from autograder.platforms import canvas, gradescope, moodle, nbgrader, unpack
from autograder.platforms.people import Person, Roster, Sender, comparable
from autograder.platforms.tree import State, Tree
from autograder.platforms.unpack import ExportFiles, Handed, Reading
from autograder.submitted import Job

PLATFORMS = (gradescope, moodle, nbgrader, canvas)


@dataclass(frozen=True)
class Taken:
    """A submission that is in the tree now.

    Attributes
    ----------
    student, assignment : str
    source : str
        Its path in the export.
    when : datetime or None
    late : bool
        Whether the platform calls it late.
    state : {"new", "replaced", "unchanged", "older"}
    members : tuple of str
        The ids of everybody whose submission it is.
    """

    student: str
    assignment: str
    source: str
    when: datetime | None
    late: bool
    state: State
    members: tuple[str, ...]


@dataclass
class Collected:
    """What came of an export.

    Attributes
    ----------
    platform : str
    taken : list of Taken
    refused : list of (str, str)
        What was not taken, and why.
    missing : dict
        Assignment -> people of the roster of whom there is nothing.
    aside : list of str
        Earlier attempts, which are kept.
    """

    platform: str
    taken: list[Taken] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    missing: dict[str, list[Person]] = field(default_factory=dict)
    aside: list[str] = field(default_factory=list)


def platform_of(export: Path) -> str | None:
    """Return the name of the platform that an export is from, by its shape; None if it is none."""
    if not export.exists() or (export.is_file() and not _is_zip(export)):
        return None
    with unpack.open_export(export) as contents:
        found = _recognised(contents)
        return found.NAME if found else None


def is_tree(path: Path) -> bool:
    """Tell whether a folder is a tree of submissions already, as `grade` and nbgrader read it."""
    try:
        students = list(path.iterdir())
    except OSError:  # no folder, or one that cannot be opened
        return False
    return any(os.path.isdir(student / name) for student in students for name in assignments.NAMES)


def collect(
    export: Path, out: Path, *, course: Course, roster: Roster | None = None, assignment: str | None = None
) -> Collected:
    """Take the submissions out of an export.

    Parameters
    ----------
    export : Path
        A zip file or a folder, of Canvas, Moodle, Gradescope or nbgrader's exchange.
    out : Path
        The tree that is filled. What lies there and is the same stays as it is.
    course : Course
    roster : Roster, optional
        Tells whose id on the platform is whose.
    assignment : str, optional
        Take this assignment only.

    Raises
    ------
    InstructorError
        If the export cannot be read, or is of no platform that we know.
    """
    with unpack.open_export(export) as contents, tempfile.TemporaryDirectory(prefix="collect-") as scratch:
        platform = _recognised(contents)
        if platform is None:
            there = ", ".join(hand_in.printable_name(name) for name in contents.names[:5]) or "nothing"
            raise InstructorError(
                f"{export} is no export that we know: there is {there}. Expected Canvas's or Moodle's download of all submissions, "
                "Gradescope's export of submissions, or nbgrader's exchange."
            )
        reading: Reading = platform.read(contents.files, roster)
        tree = Tree(out)
        refused = [*contents.refused.items(), *reading.refused.items()]
        result = Collected(platform.NAME, refused=refused, aside=tree.aside)
        work = _Work(tree, course, roster, assignment, Path(scratch), result)
        by_owner: dict[str, list[tuple[Handed, tuple[str, ...]]]] = {}
        for handed in reading.handed:
            if found := work.owner(handed):
                by_owner.setdefault(found[0], []).append((handed, found[1]))
        for student, attempts in by_owner.items():
            work.take(student, sorted(attempts, key=lambda attempt: attempt[0].order))
        work.find_missing()
    return result


def _recognised(contents: ExportFiles) -> Any:
    """Return the module of the platform whose shape an export has, also where it lies in a folder of its own; None if there is none."""
    for _ in range(2):
        if found := next((platform for platform in PLATFORMS if platform.is_export(contents.names)), None):
            return found
        if len({name.partition("/")[0] for name in contents.names}) != 1:
            return None
        contents.files = [replace(file, name=file.name.partition("/")[2] or file.name) for file in contents.files]
    return None


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(zipped.MAGIC)) == zipped.MAGIC
    except OSError:
        return False


@dataclass
class _Work:
    """The collecting of one export."""

    tree: Tree
    course: Course
    roster: Roster | None
    only: str | None
    scratch: Path
    result: Collected
    tried: int = 0

    def refuse(self, what: str, why: str) -> None:
        self.result.refused.append((what, why))

    def owner(self, handed: Handed) -> tuple[str, tuple[str, ...]] | None:
        """Return whose submission that is, and everybody whose it is, too."""
        what = _source(handed)
        known, unknown = self._people(handed)
        for sender in unknown:
            where = "not in the roster" if self.roster else "named by nothing that could be an id"
            self.refuse(what, f"{sender} is {where}")
        if not known:
            return None
        # Of a group, the address that comes first, as on Gradescope, so that it has one variant.
        students = self.course.for_students(overrides=False)
        owner = min(known, key=lambda entry: (comparable(entry[0], students), entry[0]))[1]
        if problem := _unusable(owner):
            self.refuse(what, f"the id {hand_in.printable_name(owner)!r} cannot be the name of a folder: {problem}")
            return None
        return owner, tuple(sorted({person for _, person in known}))

    def _people(self, handed: Handed) -> tuple[list[tuple[str, str]], list[Sender]]:
        """Return those who are known, by what they are compared and their ids; and those who are not."""
        if self.roster is None:
            return [(name, name) for sender in handed.senders if (name := _by_platform(sender))], []
        known: dict[str, str] = {}
        unknown = []
        for sender in handed.senders:
            person = self.roster.find(sender)
            people = self.roster.group_of(person) if person else self.roster.in_group(sender.name)
            if not people:
                unknown.append(sender)
            for one in people:
                known[one.id] = sender.email if person is one and sender.email else one.id
        return [(shown, person) for person, shown in known.items()], unknown

    def take(self, student: str, attempts: list[tuple[Handed, tuple[str, ...]]]) -> None:
        """Take a student's latest attempt at each assignment, and keep the others aside."""
        chosen: dict[str, list[tuple[Handed, tuple[str, ...], dict[str, Path]]]] = {}
        for handed, members in attempts:
            for name, files in self._assignments(handed):
                if self.roster is None and self._needs_id(handed, name, student):
                    continue
                chosen.setdefault(name, []).append((handed, members, files))
        for name, found in chosen.items():
            for _, _, earlier in found[:-1]:
                self.tree.keep_aside(student, name, earlier)
            handed, members, files = found[-1]
            try:
                state = self.tree.place(student, name, handed, members, files)
            except OSError as problem:
                self.refuse(
                    _source(handed), f"cannot be written to {self.tree.root / student / name} ({problem.strerror})"
                )
                continue
            source = _source(handed)
            self.result.taken.append(Taken(student, name, source, handed.when, handed.late, state, members))

    def _needs_id(self, handed: Handed, assignment: str, student: str) -> bool:
        sender = handed.senders[0]
        if sender.email or sender.sid or not Context.of(student, assignment, self.course).variant:
            return False
        why = f"its questions depend on the student's id, and {sender.platform} tells a number only; give the roster with --roster"
        self.refuse(_source(handed), why)
        return True

    def _assignments(self, handed: Handed) -> Iterator[tuple[str, dict[str, Path]]]:
        """Yield the assignments that an attempt holds, each with the files that belong into its folder."""
        folder, what = self._unpacked(handed), _source(handed)
        found = hand_in.assignments_of(folder)
        if self.only and not found:
            found = [self.only] if any(name.lower().endswith(".ipynb") for name in handed.files) else []
        if not found:
            names = ", ".join(hand_in.printable_name(name) for name in list(handed.files)[:5])
            self.refuse(what, f"holds no notebook of an assignment: {names or 'nothing'}")
        for name in found:
            if self.only and name != self.only:
                self.refuse(what, f"is of another assignment, {name}")
                continue
            chosen = hand_in.find_notebook(folder, name)
            if chosen.problem:
                self.refuse(what, chosen.problem)
                continue
            notebook = self._single(chosen, name)
            yield name, {f"{name}.ipynb": notebook, **self._beside(chosen, what, notebook)}

    def _beside(self, chosen: hand_in.HandIn, what: str, notebook: Path) -> dict[str, Path]:
        """Return the files beside a notebook, each as a file of its own; say what is refused."""
        found = find_extra_files(chosen, self.course, notebook.read_bytes())
        for note in found.notes:
            self.refuse(what, note)
        self.tried += 1
        folder = self.scratch / f"{self.tried}-beside"
        for name, content in found.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return {name: folder / name for name in found.files}

    def _single(self, chosen: hand_in.HandIn, assignment: str) -> Path:
        """Return the notebook as a file, which it is not in a zip file."""
        if chosen.member is None:
            return chosen.path
        self.tried += 1
        path = self.scratch / f"{self.tried}-{assignment}.ipynb"
        path.write_bytes(chosen.read(attachments=10_000_000))
        return path

    def _unpacked(self, handed: Handed) -> Path:
        """Write an attempt's files into a folder of their own and return it."""
        self.tried += 1
        folder = self.scratch / str(self.tried)
        folder.mkdir()
        for name, file in handed.files.items():
            path = folder / PurePosixPath(name)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                file.copy(path)
            except (BadSubmission, OSError) as problem:
                path.unlink(missing_ok=True)
                self.refuse(file.name, f"cannot be read: {problem}")
        return folder

    def find_missing(self) -> None:
        """Say who is in the roster and has handed in nothing."""
        if self.roster is None:
            return
        for name in [self.only] if self.only else sorted({taken.assignment for taken in self.result.taken}):
            there = {member for taken in self.result.taken if taken.assignment == name for member in taken.members}
            self.result.missing[name] = [person for person in self.roster.people if person.id not in there]


def jobs(collected: Collected, out: Path) -> list[Job]:
    """Return what was collected from an export as submissions to grade."""
    return [
        Job.of(
            hand_in.find_notebook(out / taken.student / taken.assignment, taken.assignment),
            taken.student,
            taken.assignment,
        )
        for taken in collected.taken
    ]


def _source(handed: Handed) -> str:
    """Return what a submission is called in its export: its file, or the folder of its files."""
    names = [file.name for file in handed.files.values()]
    if len(names) == 1:
        return names[0]
    return os.path.commonpath(names) or ", ".join(names[:3]) if names else "a submission without files"


def _by_platform(sender: Sender) -> str:
    """Return the id of somebody whom no roster knows: the address or login, else a name made of the platform's number."""
    return sender.email or sender.sid or (f"{sender.platform}-{sender.key}" if sender.key else "")


def _unusable(student: str) -> str | None:
    if UNSAFE.search(student) or student.startswith("."):
        return "it holds a character that no folder's name may hold, or begins with a dot"
    return "it is too long" if len(student.encode("utf-8", "replace")) > unpack.MAX_NAME else None
