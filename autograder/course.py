"""The course's settings (`course.toml`), and what of them students need (`neurodynex/course.json`)."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from autograder import settings
from autograder.errors import InstructorError
from neurodynex import variant as variants

ROOT = Path(__file__).resolve().parent.parent
_IN_WHEEL = Path(__file__).resolve().parent / "checkout"
# Where the files of a checkout are that the grader reads beside its code: source notebooks, LICENSE, pyproject.toml and so on.
FILES = _IN_WHEEL if _IN_WHEEL.is_dir() else ROOT
SETTINGS = "course.toml"
VARIABLE = "AUTOGRADER_COURSE"


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


# A text that is more than blanks.
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
Seconds = Annotated[float, Field(gt=0, le=86_400)]


class _CourseTable(_Strict):
    id: Text
    """The course's name. Another one deals other variants."""
    salt: Text
    """Random text that deals the variants. Change it for each run of the course; the students' package carries it."""
    roster: Text | None = None
    """A file beside `course.toml` that says who is who, as a platform exports it or as a table of your own."""


class _IdentityTable(_Strict):
    match: Literal["local-part", "whole"] = "local-part"
    """What counts of an address: with `local-part`, `ada@uni.edu` and `ada` are the same student."""


class _VariantTable(_Strict):
    neuron_type_answers: bool = True
    """Whether `get_neuron_type()` answers in graded work."""
    overrides: dict[str, dict[str, dict[str, str]]] = {}
    """Variants set by hand: assignment, student, and what the variant consists of."""


# A package as pip names it, with a version or without.
Package = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9,._-]+\])?([<>=!~]=?[A-Za-z0-9.*,<>=!~]+)?$")
]


class _GradingTable(_Strict):
    hidden_inputs: Text
    """A secret text that draws the inputs at which students' functions are called. It never leaves the grading side."""
    packages: list[Package] = []
    """Packages that notebooks may import beside the usual ones. Gradescope's image installs them; elsewhere, install them yourself."""
    files_mb: float = Field(default=5, ge=0, le=20)
    """Size of the files that are handed in beside a notebook and lie there where it is graded [MB], in all; 0: none do."""


class _LimitsTable(_Strict):
    cell_seconds: Seconds = 120
    """Computing time of one cell [s]. A cell that takes more is stopped."""
    call_seconds: Seconds = 20
    """Computing time of one call of a function that is an answer [s]."""
    total_seconds: Seconds = 480
    """Time on the clock for one submission [s]. What was answered until then counts. Gradescope gives nothing after 600 s."""
    memory_mb: int = Field(default=1500, ge=300, le=1_000_000)
    """Memory of everything that a submission runs [MB]."""


Share = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[float, Field(ge=0, le=3650)]


class _LateTable(_Strict):
    grace_minutes: float = Field(default=0, ge=0, le=100_000)
    """Time after the due date at which nothing is lost yet [min]."""
    share_per_day: Share = 0
    """Share of its points that a submission loses for each day that has begun; 0.1 is a tenth."""
    most: Share = 1
    """The largest share that can be lost."""
    extra_days: dict[str, Days] = {}
    """Days that single students have longer, beside those of the roster; the larger number counts."""
    due: dict[str, AwareDatetime] = {}
    """When each assignment is due. Without a date, nothing is lost."""


class _GradescopeTable(_Strict):
    visible: Literal["now", "after_due_date", "scores_only", "never"] = "now"
    """When students see scores and messages on Gradescope; with `scores_only` they see no messages."""
    details_per_day: int | None = Field(default=None, ge=1, le=1000)
    """So many submissions within 24 hours are answered in full. More are graded, and only staff see how."""


class Course(_Strict):
    """The whole of `course.toml`; a misspelt key is an error."""

    course: _CourseTable
    identity: _IdentityTable = _IdentityTable()
    variant: _VariantTable = _VariantTable()
    grading: _GradingTable
    limits: _LimitsTable = _LimitsTable()
    late: _LateTable = _LateTable()
    gradescope: _GradescopeTable = _GradescopeTable()

    def with_limits(self, **limits: float) -> Course:
        """Return the same course with other limits, for a demonstration or a test that does not wait as long as a course would.

        Parameters
        ----------
        **limits : float
            Any of the settings under ``[limits]``.

        Raises
        ------
        ValueError
            If there is no such limit, or it is out of range.
        """
        changed = _LimitsTable.model_validate({**self.limits.model_dump(), **limits})
        return self.model_copy(update={"limits": changed})

    def to_toml(self) -> str:
        """Return the text of a course file, for a process that has to load the same course."""
        tables = self.model_dump()
        return "\n".join(
            "".join(
                [f"[{name}]\n", *(f"{key} = {_toml(value)}\n" for key, value in table.items() if value is not None)]
            )
            for name, table in tables.items()
        )

    def for_students(self, *, overrides: bool = True) -> variants.Course:
        """Return the settings that the students' package carries; overrides under keyed hashes, since ids are private."""
        without_overrides = variants.Course(
            course=self.course.id,
            salt=self.course.salt,
            identity=self.identity.match,
            neuron_type_answers=self.variant.neuron_type_answers,
        )
        if not overrides:
            return without_overrides
        hashed = {
            assignment: {
                variants.student_key(student, assignment, without_overrides): chosen
                for student, chosen in students.items()
            }
            for assignment, students in self.variant.overrides.items()
        }
        return replace(without_overrides, overrides=hashed)


def _toml(value: Any) -> str:
    """Return a setting as TOML, in which maps are inline tables and everything else is written as in JSON."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def enter(folder: Path) -> None:
    """Make the course in a folder, if there is one, that of this process and of all that it starts.

    Only a command calls this, with the folder in which an instructor typed it: a route never takes a course from where submissions lie.
    """
    if (folder / SETTINGS).is_file() and folder.resolve() != ROOT:
        os.environ[VARIABLE] = str(folder.resolve() / SETTINGS)


def course_file() -> Path:
    """Return where the course's settings are: where AUTOGRADER_COURSE says, or with the package."""
    return Path(os.environ.get(VARIABLE, FILES / SETTINGS))


def own_folder() -> Path | None:
    """Return the folder of a course that is apart from the package and has source notebooks of its own."""
    folder = course_file().resolve().parent
    return folder if folder != FILES and (folder / "source").is_dir() else None


def built_settings() -> Path:
    """Return where the settings are that the students' package was last built with."""
    folder = own_folder()
    return folder / "build" / "course.json" if folder else ROOT / "neurodynex" / "course.json"


def check_built(course: Course) -> None:
    """Raise if the students' package was not built with these settings.

    Raises
    ------
    InstructorError
        With what to do.
    """
    built = built_settings()
    if own_folder() and not built.is_file():
        raise InstructorError("Nothing was built for students in this course yet. Run `autograder build` first.")
    if course.for_students() != variants.load_course(built):
        raise InstructorError(
            "course.toml has changed since the students' package was built, so that students would have other variants than those "
            "that the grader knows. Run `python -m autograder build` first."
        )


def read_course_toml(path: Path | None = None) -> Course:
    """Read `course.toml`, by default the one with the package (or named by AUTOGRADER_COURSE).

    Called once where a command, an adapter or a test begins; everything else is given the course.

    Raises
    ------
    InstructorError
        If the file is missing, is not TOML, or holds a setting or a variant that cannot be; each is named with its line.
    """
    path = path or course_file()
    try:
        text = path.read_text(encoding="utf-8-sig")
        course = Course.model_validate(tomllib.loads(text))
    except FileNotFoundError:
        raise InstructorError(f"There is no course file at {path}. Run from the course's folder.") from None
    except UnicodeDecodeError:
        raise InstructorError(f"{path} is not in UTF-8. Save it in that encoding.") from None
    except tomllib.TOMLDecodeError as error:
        raise InstructorError(f"{path} is not valid TOML: {error}.") from None
    except ValidationError as error:
        problems = settings.schema_problems(text, error, Course)
    else:
        problems = settings.limit_problems(text, course.limits.model_dump())
        problems += settings.due_problems(text, course.late.due)
        problems += settings.override_problems(text, course.variant.overrides, course.for_students(overrides=False))
    if problems:
        raise InstructorError("\n  ".join([f"{path} cannot be used:", *problems]))
    return course


@dataclass(frozen=True)
class Context:
    """Whose submission is judged: all that an expected value may depend on.

    Attributes
    ----------
    student : str
        The normalised id, as the platform gives it.
    assignment : str
    variant : dict
        For `neuron_type`, which neuron is of which type.
    course : Course
    """

    student: str
    assignment: str
    variant: dict[str, str]
    course: Course = field(repr=False)

    @classmethod
    def of(cls, student: str, assignment: str, course: Course) -> Context:
        """Return the context of `student` (as the platform names them) in `assignment`."""
        public = course.for_students()
        chosen = variants.variant(student, assignment, public)
        return cls(variants.normalise(student, public), assignment, chosen, course)

    def is_student(self, claimed: str) -> bool:
        """Tell whether an id that a notebook gave is this student's."""
        try:
            return variants.normalise(claimed, self.course.for_students()) == self.student
        except ValueError:
            return False

    def seed(self, purpose: str) -> int:
        """Return the seed of the hidden inputs for `purpose`: the same today and next year, unknown to students."""
        message = "\0".join((self.course.course.id, self.assignment, self.student, purpose)).encode()
        digest = hmac.new(self.course.grading.hidden_inputs.encode(), message, hashlib.sha256).digest()
        return int.from_bytes(digest[:8], "big")
