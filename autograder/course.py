"""The course's settings (`course.toml`), and what of them students need (`neurodynex/course.json`)."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.errors import InstructorError
from neurodynex import variant as variants

ROOT = Path(__file__).resolve().parent.parent


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _CourseTable(_Strict):
    id: str = Field(min_length=1)
    salt: str = Field(min_length=1)


class _IdentityTable(_Strict):
    match: Literal["local-part", "whole"] = "local-part"


class _VariantTable(_Strict):
    neuron_type_answers: bool = True
    overrides: dict[str, dict[str, dict[str, str]]] = {}


class _GradingTable(_Strict):
    hidden_inputs: str = Field(min_length=1)


class _LimitsTable(_Strict):
    cell_seconds: float = Field(default=120, gt=0)
    call_seconds: float = Field(default=20, gt=0)
    total_seconds: float = Field(default=480, gt=0)
    memory_mb: int = Field(default=1500, ge=300)


class Course(_Strict):
    """The whole of `course.toml`; a misspelt key is an error."""

    course: _CourseTable
    identity: _IdentityTable = _IdentityTable()
    variant: _VariantTable = _VariantTable()
    grading: _GradingTable
    limits: _LimitsTable = _LimitsTable()

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
        tables = self.model_dump(mode="json")
        return "\n".join(
            "".join([f"[{name}]\n", *(f"{key} = {_toml(value)}\n" for key, value in table.items())])
            for name, table in tables.items()
        )

    def for_students(self) -> variants.Course:
        """Return the settings that the students' package carries; overrides under keyed hashes, since ids are private."""
        plain = variants.Course(
            course=self.course.id,
            salt=self.course.salt,
            identity=self.identity.match,
            neuron_type_answers=self.variant.neuron_type_answers,
        )
        overrides = {
            assignment: {
                variants.student_key(student, assignment, plain): chosen for student, chosen in students.items()
            }
            for assignment, students in self.variant.overrides.items()
        }
        return replace(plain, overrides=overrides)


def _toml(value: Any) -> str:
    """Return a setting as TOML, in which maps are inline tables and everything else is written as in JSON."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(entry)}" for key, entry in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def load(path: Path | None = None) -> Course:
    """Read `course.toml`, by default the one beside the package (or named by AUTOGRADER_COURSE).

    Called once where a command, an adapter or a test begins; everything else is given the course.

    Raises
    ------
    InstructorError
        If the file is missing, is not TOML, or holds a key or a value that is not known.
    """
    path = path or Path(os.environ.get("AUTOGRADER_COURSE", ROOT / "course.toml"))
    try:
        return Course.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise InstructorError(f"There is no course file at {path}. Run from the course's folder.") from None
    except tomllib.TOMLDecodeError as error:
        raise InstructorError(f"{path} is not valid TOML: {error}.") from None
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise InstructorError("\n".join([f"{path} does not fit:", *lines])) from None


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
        settings = course.for_students()
        chosen = variants.variant(student, assignment, settings)
        return cls(variants.normalise(student, settings), assignment, chosen, course)

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
