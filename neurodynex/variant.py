"""Each student's own variant of an assignment.

A variant is a pure function of the course, the assignment and the student's id: the same on the student's computer and
where it is graded, today and next year. The course is described in ``course.json`` beside this file, which is made when the
course is built; until then it is the course as it is published.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = [
    "Course",
    "claimed",
    "current_student",
    "identify",
    "load_course",
    "normalise",
    "student_key",
    "variant",
]

_PLACEHOLDER = "your.name@university.edu"
_MAX_LENGTH = 200
_COURSE_FILE = Path(__file__).with_name("course.json")
_COURSE_VARIABLE = "NEURODYNEX_COURSE"

#: What the notebook said with `identify`.
_claimed: str | None = None


@dataclass(frozen=True)
class Course:
    """What the instructor sets for a course."""

    course: str
    """Name of the course: another name gives every student another variant."""
    salt: str
    """Random text of the course's own, so that variants cannot be looked up from another course."""
    identity: str = "local-part"
    """``"local-part"``: an id is what stands before the last "@"; ``"whole"``: all of it."""
    neuron_type_answers: bool = True
    """Whether ``get_neuron_type()`` tells a known student the type."""
    overrides: Mapping[str, Mapping[str, dict[str, Any]]] = field(default_factory=dict)
    """Variants set by hand: ``overrides[assignment][student_key]`` is the variant."""

    def __post_init__(self) -> None:
        for name, kind in [
            ("course", str),
            ("salt", str),
            ("identity", str),
            ("neuron_type_answers", bool),
            ("overrides", Mapping),
        ]:
            if not isinstance(getattr(self, name), kind):
                raise ValueError(f'"{name}" in the course file has the wrong type: {getattr(self, name)!r}.')
        if not self.course or not self.salt:
            raise ValueError('"course" and "salt" in the course file must not be empty.')
        if self.identity not in ("local-part", "whole"):
            raise ValueError(f'"identity" in the course file must be "local-part" or "whole", not {self.identity!r}.')


#: The course of a checkout whose settings have not been changed, nor built.
_PUBLISHED = Course(course="neuronal-dynamics", salt="change-me")


@lru_cache
def load_course(path: str | Path = _COURSE_FILE) -> Course:
    """Read a course file.

    Parameters
    ----------
    path : str or pathlib.Path, optional
        By default the file that is part of this package; where a submission is graded, what ``NEURODYNEX_COURSE`` holds.

    Returns
    -------
    Course

    Raises
    ------
    ValueError
        If the file is not JSON, or its entries are not those of `Course`.
    """
    given = os.environ.get(_COURSE_VARIABLE) if path == _COURSE_FILE else None
    if given is None and path == _COURSE_FILE and not _COURSE_FILE.exists():
        return _PUBLISHED
    settings = json.loads(given if given is not None else Path(path).read_text(encoding="utf-8"))
    try:
        return Course(**settings)
    except TypeError as error:
        expected = ", ".join(Course.__dataclass_fields__)
        raise ValueError(f"{path} must be a JSON object with the entries {expected} ({error}).") from error


def normalise(student: str, course: Course | None = None) -> str:
    """Return the form of a student's id that counts: compatibility characters, case and outer spaces do not.

    Parameters
    ----------
    student : str
        Id or e-mail address, of at most 200 characters.
    course : Course, optional
        By default the one of this package. Where its identity is "local-part", everything from the last "@" on is
        dropped, so that ``Ada@uni.edu`` and ``ada`` are the same student.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If `student` is not a text, empty, too long, or holds control characters.

    Examples
    --------
    >>> normalise("Ada@uni.edu", Course(course="neuro-2027", salt="any text"))
    'ada'
    """
    course = course or load_course()
    if not isinstance(student, str):
        raise ValueError(f'A student id must be a text such as "ada@university.edu", but {student!r} came.')
    if len(student) > _MAX_LENGTH:
        raise ValueError(f"A student id has at most {_MAX_LENGTH} characters, but this one has {len(student)}.")
    # Folding the case can undo the normal form, so it is restored.
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", student).casefold())
    if course.identity == "local-part":
        name = name.rpartition("@")[0] if "@" in name else name
    name = name.strip()
    if not name:
        raise ValueError(
            f'A student id must not be empty, but {student!r} came. Use your own, as "ada@university.edu".'
        )
    # Control and format characters, lone surrogates, line and paragraph separators: not typed on purpose.
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in name):
        raise ValueError(f"A student id must not hold control characters, but {student!r} came. Type it by hand.")
    return name


def _digest(student: str, assignment: str, course: Course) -> bytes:
    message = "\0".join([course.course, assignment, normalise(student, course)])
    return hmac.digest(course.salt.encode(), message.encode(), hashlib.sha256)


def student_key(student: str, assignment: str, course: Course | None = None) -> str:
    """Return the text that stands for a student in the course file's overrides, and does not tell the id.

    Parameters
    ----------
    student, assignment : str
    course : Course, optional
        By default the one of this package.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    ValueError
        If `student` is not a valid id.

    Examples
    --------
    >>> len(student_key("ada", "neuron_type", Course(course="neuro-2027", salt="any text")))
    64
    """
    return _digest(student, assignment, course or load_course()).hex()


def variant(student: str, assignment: str, course: Course | None = None) -> dict[str, Any]:
    """Return a student's variant of an assignment.

    Parameters
    ----------
    student : str
        The student's id.
    assignment : str
        Name of the assignment, as ``"neuron_type"``.
    course : Course, optional
        By default the one of this package.

    Returns
    -------
    dict
        For ``"neuron_type"``: ``{"NeuronX": "I", "NeuronY": "II"}`` or the other way round. Empty for assignments
        that are the same for everyone.

    Raises
    ------
    ValueError
        If `student` is not a valid id.

    Examples
    --------
    >>> course = Course(course="neuro-2027", salt="any text")
    >>> sorted(variant("ada", "neuron_type", course).values())
    ['I', 'II']
    >>> variant("ada", "ojas_rule", course)
    {}
    """
    course = course or load_course()
    digest = _digest(student, assignment, course)
    override = course.overrides.get(assignment, {}).get(digest.hex())
    if override is not None:
        return dict(override)
    if assignment != "neuron_type":
        return {}
    x, y = ("I", "II") if digest[0] & 1 else ("II", "I")
    return {"NeuronX": x, "NeuronY": y}


def claimed() -> str | None:
    """Return the id that was last given to `identify` in this process, or None."""
    return _claimed


def current_student() -> str | None:
    """Return the id of the student who works in this process, or None if it is not known.

    While a submission is graded (``NEURODYNEX_GRADING=1``) only the platform says who it is (``NEURODYNEX_STUDENT``);
    what the notebook says does not count. Otherwise `identify` comes first, then ``NEURODYNEX_STUDENT``, then
    ``JUPYTERHUB_USER``.

    Returns
    -------
    str or None
        The id as it was given; `normalise` gives the form to compare.
    """
    platform = os.environ.get("NEURODYNEX_STUDENT") or None
    if os.environ.get("NEURODYNEX_GRADING") == "1":
        return platform
    return _claimed or platform or os.environ.get("JUPYTERHUB_USER") or None


def identify(student: str, build: str | None = None) -> None:
    """Say who you are, so that your own variant of the exercises is used.

    Prints a line that says who you are working as, or what is wrong with the id.

    Parameters
    ----------
    student : str
        Your id or e-mail address at the university.
    build : str, optional
        The build of this package that the notebook came with. If another one is installed, a line says so.

    Examples
    --------
    >>> identify("your.name@university.edu")
    Replace "your.name@university.edu" by your own id, and run this cell again.
    """
    global _claimed
    _compare_builds(build)
    try:
        name = normalise(student)
    except ValueError as error:
        print(f"Your id was not accepted. {error}")
        return
    if student.strip().casefold() == _PLACEHOLDER:
        print(f'Replace "{_PLACEHOLDER}" by your own id, and run this cell again.')
        return
    before = current_student()
    _claimed = student
    now = current_student()
    if now is None or normalise(now) == name:
        print(f'You are working as "{name}".')
    else:
        print(f'You gave "{name}", but "{normalise(now)}" is the id that counts here.')
    if now != before:
        _renew_models()


def _compare_builds(build: str | None) -> None:
    """Tell a student whose notebook and package come from different zips: their variants and checks may differ."""
    from neurodynex import __version__

    installed = __version__.partition("+")[2]
    if build is None or not installed or build == installed or os.environ.get("NEURODYNEX_GRADING") == "1":
        return
    print(
        f"This notebook came with build {build} of the package, but build {installed} is installed: your neurons and the checks may "
        "not be those that are graded.\nUse notebook and package of the same, newest student.zip: in its folder, type the "
        "`pip install` line of START.md, and restart the kernel."
    )


def _renew_models() -> None:
    """Let NeuronX and NeuronY be the current student's, if they have been loaded already."""
    typeXY = sys.modules.get("neurodynex.neuron_type.typeXY")
    if typeXY is None:
        return
    main = vars(sys.modules["__main__"])
    stale = [name for name in ("NeuronX", "NeuronY") if main.get(name) is getattr(typeXY, name)]
    typeXY.create_models()
    if stale:
        print(f"{' and '.join(stale)} were imported before this: run that import again to get your own.")
