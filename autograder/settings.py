"""What is wrong with a course file: each problem with its line, what is allowed there, and the nearest name."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from neurodynex import variant as variants

Path = tuple[str, ...]
OVERRIDES = ("variant", "overrides")
# The assignments of which students have variants: what a variant consists of, and what each of it may be.
VARIANTS = {"neuron_type": (("NeuronX", "NeuronY"), ("I", "II"))}
EXPECTED = {
    "string_type": "a text in quotation marks",
    "string_too_short": "a text that is not empty",
    "string_pattern_mismatch": "a text that is not blank",
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "dict_type": "a table",
    "model_type": "a table",
    "datetime_type": "a time with its zone, as 2026-11-24T16:00:00+01:00",
    "timezone_aware": "a time with its zone, as 2026-11-24T16:00:00+01:00",
    "literal_error": "{expected}",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "{ge:g} or more",
    "less_than_equal": "{le:g} or less",
}


def schema_problems(text: str, error: ValidationError, model: type[BaseModel]) -> list[str]:
    """Return a sentence for each setting that is not known, missing, of the wrong type, or out of range.

    Parameters
    ----------
    text : str
        The course file, which is valid TOML.
    error : ValidationError
    model : type
        What it was compared with.
    """
    lines = lines_of(text)
    return [_placed(lines, loc, words) for loc, words in (_schema_problem(e, model) for e in error.errors())]


def _schema_problem(error: Any, model: type[BaseModel]) -> tuple[Path, str]:
    loc: Path = tuple(map(str, error["loc"]))
    *above, name = loc
    here = f"[{'.'.join(above)}]" if above else "the course file"
    if error["type"] == "extra_forbidden":
        what = f"setting {name!r}" if above else f"table [{name}]"
        return loc, f"{here} has no {what}.{_nearest(name, _known(model, above))}"
    if error["type"] == "missing":
        what = f"the setting {name!r}" if above else f"the table [{name}]"
        return tuple(above), f"{here} lacks {what}."
    expected = EXPECTED.get(error["type"], error["msg"]).format(**error.get("ctx", {}))
    return loc, f"{'.'.join(loc)} must be {expected}, but {_shown(error['input'])} stands there."


def _known(model: type[BaseModel], path: Iterable[str]) -> list[str]:
    """Return the names that may stand in a table."""
    for name in path:
        model = model.model_fields[name].annotation  # type: ignore[assignment]
    return list(model.model_fields)


def limit_problems(text: str, limits: Mapping[str, float]) -> list[str]:
    """Return a sentence for each limit that leaves another one without effect."""
    lines, total = lines_of(text), limits["total_seconds"]
    return [
        _placed(
            lines,
            ("limits", name) if ("limits", name) in lines else ("limits", "total_seconds"),
            f"limits.{name} must not be more than limits.total_seconds, but {limits[name]:g} and {total:g} stand there.",
        )
        for name in ("cell_seconds", "call_seconds")
        if limits[name] > total
    ]


def due_problems(text: str, due: Iterable[str]) -> list[str]:
    """Return a sentence for each due date of what is no assignment."""
    from autograder.assignments import NAMES  # whose questions import the course

    lines = lines_of(text)
    return [
        _placed(lines, ("late", "due", name), f"late.due: {name!r} is no assignment.{_nearest(name, NAMES)}")
        for name in due
        if name not in NAMES
    ]


def override_problems(
    text: str, overrides: Mapping[str, Mapping[str, Mapping[str, str]]], students: variants.Course
) -> list[str]:
    """Return a sentence for each variant that is set by hand and cannot be.

    Parameters
    ----------
    text : str
        The course file.
    overrides : mapping
        Assignment -> student -> variant.
    students : neurodynex.variant.Course
        How ids are compared.
    """
    from autograder.assignments import NAMES  # whose questions import the course

    lines = lines_of(text)
    found: list[tuple[Path, str]] = []
    for assignment, chosen in overrides.items():
        place: Path = (*OVERRIDES, assignment)
        if assignment not in VARIANTS:
            known = "has no variants" if assignment in NAMES else "is no assignment"
            found.append((place, f"{assignment!r} {known}.{_nearest(assignment, VARIANTS)}"))
            continue
        found += [((*place, *loc), words) for loc, words in _students_problems(chosen, students)]
        for student, variant in chosen.items():
            found += [
                ((*place, student, *loc), words) for loc, words in _variant_problems(assignment, student, variant)
            ]
    return [_placed(lines, loc, words) for loc, words in found]


def _students_problems(chosen: Iterable[str], students: variants.Course) -> Iterator[tuple[Path, str]]:
    seen: dict[str, str] = {}
    for student in chosen:
        try:
            name = variants.normalise(student, students)
        except ValueError as problem:
            yield (student,), str(problem)
            continue
        if name in seen:
            yield (student,), f"{student!r} and {seen[name]!r} are the same student, {name!r}; keep one of them."
        seen[name] = student


def _variant_problems(assignment: str, student: str, variant: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    names, values = VARIANTS[assignment]
    for name, value in variant.items():
        if name not in names:
            yield (name,), f"{student!r}: {assignment} has no {name!r}.{_nearest(name, names)}"
        elif value not in values:
            yield (name,), f"{student!r}: {name} must be one of {_listed(values)}, but {_shown(value)} stands there."
    if missing := [name for name in names if name not in variant]:
        if all(name in names for name in variant):
            yield (), f"{student!r}: {' and '.join(missing)} must be set, too."
    elif len({variant[name] for name in names}) < len(names) and all(variant[name] in values for name in names):
        yield (), f"{student!r}: {' and '.join(names)} must differ, but both are {_shown(variant[names[0]])}."


def unused_overrides(
    overrides: Mapping[str, Mapping[str, Any]], handed_in: Iterable[tuple[str, str]], students: variants.Course
) -> list[str]:
    """Return a sentence for each student who has a variant by hand, but no submission beside others of that assignment.

    Parameters
    ----------
    overrides : mapping
        Assignment -> student -> variant.
    handed_in : iterable of (assignment, student)
    students : neurodynex.variant.Course
        How ids are compared.
    """
    present: dict[str, dict[str, None]] = {}
    for assignment, student in handed_in:
        try:
            present.setdefault(assignment, {})[variants.normalise(student, students)] = None
        except ValueError:  # such a folder is no student's, and its grade says so
            continue
    return [
        f"course.toml sets the {assignment} variant of {student!r}, who has no submission here.{did_you_mean(student, present[assignment])}"
        for assignment, chosen in overrides.items()
        if assignment in present
        for student in chosen
        if variants.normalise(student, students) not in present[assignment]
    ]


def lines_of(text: str) -> dict[Path, int]:
    """Return the line on which each table and each setting of a TOML file begins."""
    lines: dict[Path, int] = {(): 1}
    table: Path = ()
    statement: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        statement.append(line)
        try:
            parsed = tomllib.loads("\n".join(statement))
        except tomllib.TOMLDecodeError:  # a value that goes on in the next line
            continue
        begun, head = number - len(statement) + 1, statement[0].lstrip().startswith("[")
        statement = []
        found = list(_paths(parsed))
        if head:
            table = found[-1]
        for path in found:
            lines.setdefault(path if head else (*table, *path), begun)
    return lines


def _paths(value: Any) -> Iterator[Path]:
    if isinstance(value, list) and value:
        value = value[-1]
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (name,)
            yield from ((name, *path) for path in _paths(inner))


def _placed(lines: Mapping[Path, int], path: Path, words: str) -> str:
    while path and path not in lines:
        path = path[:-1]
    return f"line {lines[path]}: {words}" if path else words


def _nearest(name: str, names: Iterable[str]) -> str:
    return f"{did_you_mean(name, names)} There {'are' if len(list(names)) > 1 else 'is'}: {', '.join(names)}."


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return a sentence that asks for the nearest name; an empty text if none is near."""
    by_fold = {other.casefold(): other for other in names}
    found = difflib.get_close_matches(name.casefold(), by_fold, n=1)
    return f" Did you mean {by_fold[found[0]]!r}?" if found else ""


def _listed(values: Iterable[str]) -> str:
    return " and ".join(f'"{value}"' for value in values)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a table"
    text = str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
