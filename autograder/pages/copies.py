"""What two students share that chance or the same lesson hardly explains: answers to the last digit, and code.

Nothing here is a verdict. Of each question that a pair shares, the rarest agreement counts, by how many of the class share it.
"""

from __future__ import annotations

import ast
import builtins
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations, permutations
from typing import Any

import numpy as np
from jinja2 import Environment

from autograder import assignments, notebook
from autograder.course import Context
from autograder.graded_notebooks import graded_notebooks
from autograder.pages.gather import Answers, Entry
from autograder.question import Answer, Got, Question
from autograder.result import QuestionResult, Result
from autograder.sandbox import Call
from autograder.titles import titles
from autograder.totals import ClassTotals
from neurodynex._notebook import grade_id, parsed
from neurodynex.answer_data.reading import unwrap_single
from neurodynex.answer_data.values import Quantity

#: A number with fewer significant digits may be alike by rounding.
DIGITS = 5
#: Fewer nodes of a syntax tree are written alike by many.
NODES = 40
#: Pairs are listed of which the class would have fewer than so many by chance.
EXPECTED = 0.5
MOST_PAIRS = 60
#: What a larger share of the class has as well tells nothing.
SPREAD = 1 / 3
#: What more students than that share is the same lesson, and makes too many pairs.
MOST_ALIKE = 12


@dataclass(frozen=True)
class Agreement:
    """One thing that two students share.

    Attributes
    ----------
    question : str
    what : str
    shared_by, among : int
        How many students share it, of how many who have something there.
    code : tuple of str
        Both students' cells, where it is code.
    """

    question: str
    what: str
    shared_by: int
    among: int
    code: tuple[str, ...] = ()

    @property
    def chance(self) -> float:
        """Return how likely another student of the class is to have the same."""
        return (self.shared_by - 1) / (self.among - 1)


@dataclass(frozen=True)
class Pair:
    """Two students with what they share; `expected` is how many such pairs the class would have by chance."""

    one: Entry
    other: Entry
    agreements: list[Agreement]
    questions: int
    expected: float


@dataclass(frozen=True)
class Foreign:
    """Answers of a student that are wrong, and would be right for the variant of others.

    Attributes
    ----------
    entry : Entry
    answers : list of (str, str)
        Question and answer.
    wrong : int
        How many answers of the student are wrong and may depend on the variant.
    """

    entry: Entry
    answers: list[tuple[str, str]]
    wrong: int


@dataclass
class Copies:
    """What is compared in one assignment, gathered student by student.

    Attributes
    ----------
    assignment : str
    entries : dict
        Student -> grade.
    shared : dict
        (question, what) -> form of the answer or the code -> students.
    texts : dict
        (question, student) -> a solution cell as it was handed in.
    foreign : list of Foreign
    wrong, fitting : Counter
        (question, answer) -> how many students' are wrong, and of how many of those it would be right for another variant.
    without_notebook : int
        Of how many students no notebook was found, so that their code is not compared.
    """

    assignment: str
    entries: dict[str, Entry] = field(default_factory=dict)
    shared: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    foreign: list[Foreign] = field(default_factory=list)
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)
    fitting: Counter[tuple[str, str]] = field(default_factory=Counter)
    without_notebook: int = 0

    @property
    def title(self) -> str:
        return assignments.load(self.assignment).title

    def add(self, entry: Entry, result: Result, context: Context, answers: Answers) -> None:
        """Take a student's answers in."""
        self.entries[result.student] = entry
        known = {question.id: question for question in assignments.load(self.assignment).questions}
        others = _other_variants(context)
        wrong: dict[tuple[str, str], bool] = {}
        for found in result.questions:
            if found.id not in known or not found.attempted:
                continue
            for name, form in _forms(answers[found.id]):
                self._share(found.id, name, form, result.student)
            if others:
                fits = _fit_others(found, answers[found.id], known[found.id], context, others)
                wrong |= {(found.id, name): fit for name, fit in fits.items()}
        mixed = [key for key, fit in wrong.items() if fit]
        self.wrong.update(wrong.keys())
        self.fitting.update(mixed)
        if mixed:
            self.foreign.append(Foreign(entry, mixed, len(wrong)))

    def add_all(self, other: Copies) -> None:
        """Take in what was gathered of others."""
        self.entries |= other.entries
        self.foreign += other.foreign
        self.wrong += other.wrong
        self.fitting += other.fitting
        for key, forms in other.shared.items():
            for form, students in forms.items():
                self.shared.setdefault(key, {}).setdefault(form, []).extend(students)

    def add_code(self, student: str, cells: Mapping[str, str], handed_out: Mapping[str, str | None]) -> None:
        """Take a student's solution cells in: `grade_id` -> code."""
        for cell, source in cells.items():
            form = normal_form(source)
            if form is not None and form != handed_out.get(cell):
                question = cell.removesuffix("_solution")
                self._share(question, "code", form, student)
                self.texts[question, student] = source

    def _share(self, question: str, what: str, form: str, student: str) -> None:
        self.shared.setdefault((question, what), {}).setdefault(form, []).append(student)

    def chance(self, one: Foreign) -> float:
        """Return how likely a wrong answer is to be right for another variant: the smallest share of any that the student has.

        The share is that of the class's wrong answers to the same, the student's own with them, so that few of them tell nothing. Shares
        of several answers are not multiplied: that the two neurons are mixed up explains all at once.
        """
        return min(self.fitting[key] / self.wrong[key] for key in one.answers)

    def pairs(self) -> list[Pair]:
        """Return the pairs that share more than chance explains, the least likely first."""
        found: dict[tuple[str, str], list[Agreement]] = {}
        for (question, what), forms in self.shared.items():
            among = len({student for students in forms.values() for student in students})
            for form, students in forms.items():
                if 1 < len(students) <= MOST_ALIKE and (len(students) - 1) / (among - 1) < SPREAD:
                    for pair in combinations(sorted(students), 2):
                        description = (
                            "the same code, but for names and layout" if what == "code" else f"{what} = {form}"
                        )
                        code = tuple(self.texts[question, student] for student in pair) if what == "code" else ()
                        found.setdefault(pair, []).append(Agreement(question, description, len(students), among, code))
        count = math.comb(len(self.entries), 2)
        pairs = []
        for (one, other), agreements in found.items():
            rarest: dict[str, float] = {}
            for agreement in agreements:
                rarest[agreement.question] = min(rarest.get(agreement.question, 1.0), agreement.chance)
            expected = count * math.prod(rarest.values())
            if expected < EXPECTED:
                pairs.append(Pair(self.entries[one], self.entries[other], agreements, len(rarest), expected))
        return sorted(pairs, key=lambda pair: pair.expected)


def _other_variants(context: Context) -> list[Context]:
    """Return contexts like a student's own, with what others have in its place."""
    orders = {tuple(order) for order in permutations(context.variant.values())} - {tuple(context.variant.values())}
    return [replace(context, variant=dict(zip(context.variant, order, strict=True))) for order in sorted(orders)]


def _forms(got: Got) -> Iterable[tuple[str, str]]:
    """Yield the numbers of an answer that are worth comparing, to the last digit; a function's inputs differ anyway."""
    for key, value in got.items():
        kind, _, name = key.partition(":")
        if kind != "variable":
            continue
        value = unwrap_single(value.value if isinstance(value, Quantity) else value)
        if isinstance(value, float) and _digits(value) >= DIGITS:
            yield name, repr(value)
        elif isinstance(value, list | tuple | np.ndarray):
            try:
                is_complex = np.iscomplexobj(np.asarray(value))
                numbers = np.asarray(value, complex).view(float) if is_complex else np.asarray(value, float)
                numbers = np.ascontiguousarray(numbers).reshape(-1)
            except (TypeError, ValueError):
                continue
            long = sum(_digits(float(number)) >= DIGITS for number in numbers[:200])
            if numbers.size >= 3 and long >= 3:
                yield (
                    name,
                    f"{', '.join(repr(float(n)) for n in numbers[:3])}, … ({numbers.size} values, {_digest(numbers)})",
                )


def _digits(value: float) -> int:
    return len(f"{value:.12e}".partition("e")[0].replace(".", "").replace("-", "").rstrip("0"))


def _digest(numbers: Any) -> str:
    return notebook.digest(numbers.tobytes())[:6]


def _fit_others(
    found: QuestionResult, got: Got, question: Question, context: Context, others: Iterable[Context]
) -> dict[str, bool]:
    """Return of each wrong answer whether it would be right for another variant; what cannot be read for any is left out."""
    fits = {}
    for answer, part in zip(question.answers, found.parts, strict=False):
        if part.status != "failed" or any(isinstance(request, Call) for request in answer.requests(context)):
            continue
        fit = any(_is_right(answer, other, got) for other in others)
        if fit or part.mistake != "form":
            fits[answer.name] = fit
    return fits


def _is_right(answer: Answer, context: Context, got: Got) -> bool:
    try:
        return answer.judge(context, got).passed
    except Exception:  # an answer that cannot be read is nobody's
        return False


def normal_form(source: str) -> str | None:
    """Return code without names of its own, comments, docstrings and layout; None of what is too short to tell anything."""
    tree = parsed(source)
    nodes = list(ast.walk(tree))
    if len(nodes) < NODES:
        return None
    numbers: dict[str, str] = {}
    own = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    own -= set(dir(builtins))

    def number(name: str) -> str:
        return numbers.setdefault(name, f"n{len(numbers)}") if name in own else name

    for node in nodes:
        if isinstance(node, ast.Name):
            node.id = number(node.id)
        elif isinstance(node, ast.arg):
            node.arg, node.annotation = number(node.arg), None
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            node.name = number(node.name)
            body = [part for part in node.body if not _is_text(part)]
            node.body = body or [ast.Pass()]
    try:
        return notebook.digest(ast.dump(tree).encode("utf-8", "backslashreplace"))
    except RecursionError:
        return None


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def solution_cells(content: bytes, names: Iterable[str]) -> dict[str, str]:
    """Return the code of a notebook's solution cells: `grade_id` -> source."""
    wanted = set(names)
    cells = json.loads(notebook.normalised(content))["cells"]
    return {str(name): cell["source"] for cell in cells if (name := grade_id(cell)) in wanted}


def handed_out(assignment: str) -> dict[str, str | None]:
    """Return the normal form of each solution cell as it was handed out: `grade_id` -> form."""
    path = notebook.source_path(assignment).parents[2] / "release" / assignment / f"{assignment}.ipynb"
    names = [
        name
        for name, cell in notebook.assignment_cells(assignment).items()
        if cell["cell_type"] == "code" and cell["metadata"]["nbgrader"].get("solution")
    ]
    given = solution_cells(path.read_bytes(), names) if path.exists() else {}
    return {name: normal_form(given.get(name, "")) for name in names}


def add_notebooks(found: Copies, totals: ClassTotals) -> None:
    """Take in the code of the notebooks that were graded, of those that lie in the class's trees."""
    given = handed_out(found.assignment)
    results = [entry.result for entry in found.entries.values()]
    found.without_notebook = len(results)
    for result, _, content in graded_notebooks(results, totals.trees, totals.key):
        found.add_code(result.student, solution_cells(content, given), given)
        found.without_notebook -= 1


def render(templates: Environment, found: Iterable[Copies]) -> str:
    """Return the page of all assignments."""
    rows = []
    for one in found:
        pairs = one.pairs()
        rows.append(
            {
                "copies": one,
                "titles": titles(one.assignment),
                "pairs": pairs[:MOST_PAIRS],
                "more": max(len(pairs) - MOST_PAIRS, 0),
            }
        )
    return templates.get_template("copies.html").render(assignments=rows, most_alike=MOST_ALIKE, most_expected=EXPECTED)
