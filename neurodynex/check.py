"""The self-check: does an answer have the right form, unit and size, and does it agree with your own simulations?

It works offline and knows no right answers, so that a clean check is no promise of points.
"""

from __future__ import annotations

import difflib
import inspect
import json
import os
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import FunctionType
from typing import Any

from neurodynex._forms import CHECKS, Complaint
from neurodynex._notebook import placeholders
from neurodynex._otter import only_form
from neurodynex.answer_data.own import Own
from neurodynex.answer_data.reading import Got, Unreadable
from neurodynex.answer_data.tracker import watch
from neurodynex.answer_data.values import Missing, Object

__all__ = ["CheckFailed", "Finding", "UnknownQuestion", "check", "evaluate", "require"]

watch()

#: The kind of output in which a check is handed on as data.
FINDINGS = "application/vnd.neurodynex.findings+json"


class UnknownQuestion(KeyError):
    """Raised for a name that no question has; the first argument is the message."""


class CheckFailed(AssertionError):
    """Raised where a program asks (`nbgrader validate`, Otter); a student in a notebook only reads the message."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass(frozen=True)
class Finding:
    """What a check says of one answer.

    Attributes
    ----------
    ok : bool
    message : str
    doubt : bool
        Whether this answer and that of another question contradict each other, so that one of the two must be wrong.
    """

    ok: bool
    message: str
    doubt: bool = False

    @property
    def sign(self) -> str:
        """Return the sign that stands before the message."""
        return "✗" if not self.ok else "!" if self.doubt else "✓"


def check(question: str) -> None:
    """Print what can be said of your answer to a question without knowing the right one.

    Parameters
    ----------
    question : str
        The name that stands in the notebook, such as ``"lif_threshold"``.

    Raises
    ------
    CheckFailed
        Only under `nbgrader validate`, which wants an error; the message is the same.

    Examples
    --------
    >>> I_min = 1010
    >>> check("lif_threshold")
    lif_threshold: not in order yet
      ✗ `I_min` = 1010 nA is far from what is plausible in nA. Is it the right unit?
    """
    namespace = _callers_names()
    try:
        findings = evaluate(question, namespace)
    except UnknownQuestion as error:
        print(error.args[0])
        return
    text = _text(question, findings)
    if os.environ.get("NBGRADER_EXECUTION") == "validate" and not all(finding.ok for finding in findings):
        raise CheckFailed(text)
    print(text)


def display_findings(question: str) -> None:
    """Display what the check says as data, for `neurodynex check`.

    Parameters
    ----------
    question : str
    """
    from IPython.display import display

    namespace = _callers_names()
    findings = evaluate(question, namespace)
    asked = list(dict.fromkeys(name for form in forms()[question]["answers"] for name in _variables(form)))
    own = _own(question, namespace)
    found = {
        "question": question,
        "in_order": all(finding.ok for finding in findings),
        "lines": _text(question, findings).splitlines(),
        "asked": asked,
        "given": [form["divide_by"][0] for form in forms()[question]["answers"] if "divide_by" in form],
        "missing": [name for name in asked if name not in namespace],
        "empty": [name for name in asked if _is_empty(own[f"variable:{name}"])],
    }
    display({FINDINGS: found, "text/plain": question}, raw=True)


def _own(question: str, namespace: Mapping[str, Any]) -> Own:
    """Return a question's answers; a name that was handed out or is asked for elsewhere is no slip of the pen for another."""
    assignment = forms()[question]["assignment"]
    answers = [form for other in forms().values() if other["assignment"] == assignment for form in other["answers"]]
    functions = {form["name"] for form in answers if "call" in form}
    return Own(namespace, functions, {*given()[assignment], *(name for form in answers for name in _variables(form))})


def _is_empty(found: Any) -> bool:
    """Tell whether there is neither a value nor another name that may be meant."""
    if isinstance(found, Object):
        return found.type == "ellipsis"
    return isinstance(found, Missing) and not found.similar


def _variables(form: Any) -> list[str]:
    """Return the names of variables that a form mentions."""
    pairs = [form[key] for key in ("x", "y", "divide_by") if key in form]
    names = [form.get("name"), *form.get("names", ()), *(name for name, _ in pairs)]
    return [name for name in [*names, *(name for curve in form.get("curves", ()) for name in curve)] if name]


def require(question: str, namespace: Mapping[str, Any]) -> None:
    """Raise `CheckFailed` with the message of `check` unless all is in order; for Otter's public tests.

    Parameters
    ----------
    question : str
    namespace : mapping
        The notebook's names.
    """
    only_form()
    findings = evaluate(question, namespace)
    if not all(finding.ok for finding in findings):
        raise CheckFailed(_text(question, findings))


def evaluate(question: str, namespace: Mapping[str, Any]) -> list[Finding]:
    """Check each answer of a question.

    Parameters
    ----------
    question : str
    namespace : mapping
        The notebook's names.

    Returns
    -------
    list of Finding
        One for each answer.

    Raises
    ------
    UnknownQuestion
        If there is no such question; the message lists those that there are.
    """
    if question not in forms():
        near = difflib.get_close_matches(str(question), forms(), n=1)
        meant = f" Did you mean {near[0]!r}?" if near else ""
        raise UnknownQuestion(f"There is no question {question!r}.{meant} There are: {', '.join(forms())}.")
    answers = forms()[question]["answers"]
    got = _own(question, namespace)
    findings = [_finding(form, got) for form in answers]
    if all(finding.ok for finding in findings):
        findings += _consistency(question, got)
    return findings


def _finding(form: Mapping[str, Any], got: Own) -> Finding:
    try:
        _all_defined(form, got)
        if "call" in form and _has_no_statement(got.names[form["name"]], form["name"]):
            raise Complaint(f"`{form['name']}` has nothing in it yet.")
        return Finding(True, CHECKS[form["kind"]](form, got))
    except (Complaint, Unreadable) as problem:
        return Finding(False, str(problem))


def _all_defined(form: Mapping[str, Any], got: Got) -> None:
    for name in _variables(form):
        found = got[f"variable:{name}"]
        if isinstance(found, Missing):
            near = f" There is `{found.similar[0]}`; was that meant?" if found.similar else ""
            raise Complaint(f"`{name}` is not defined yet.{near}")
        if isinstance(found, Object) and found.type == "ellipsis":
            raise Complaint(f"`{name}` has no value yet.")


def _has_no_statement(function: Any, name: str) -> bool:
    """Tell whether a function is as it was handed out; in doubt it is not."""
    if not isinstance(function, FunctionType):
        return False
    try:
        source = inspect.getsource(function.__code__)
    except Exception:  # it is of no notebook and no file, or of one that has changed
        return False
    return name in placeholders([textwrap.dedent(source)], {name})


@lru_cache(maxsize=1)
def forms() -> dict[str, Any]:
    """Return what the self-check knows of each question: names, units, plausible ranges."""
    return _derived("forms.json")


@lru_cache(maxsize=1)
def cells() -> dict[str, dict[str, str]]:
    """Return the cells of each assignment that have an id: assignment -> `grade_id` -> "code" or "markdown"."""
    return _derived("cells.json")


@lru_cache(maxsize=1)
def given() -> dict[str, list[str]]:
    """Return the names that the notebooks define as they are handed out: assignment -> names."""
    return _derived("given.json")


def _derived(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(resources.files("neurodynex").joinpath(name).read_text(encoding="utf-8"))
    return loaded


def _consistency(question: str, got: Own) -> list[Finding]:
    from neurodynex._consistency import SIMULATIONS

    if question not in SIMULATIONS:
        return []
    by_name = {form["name"]: form for form in forms()[question]["answers"] if "name" in form}
    try:
        return [Finding(*said) for said in SIMULATIONS[question](got, by_name)]
    except Unreadable as problem:
        return [Finding(False, str(problem))]
    except Exception as error:
        return [Finding(False, f"A simulation with your answer failed: {type(error).__name__}: {error}")]


def _text(question: str, findings: list[Finding]) -> str:
    head = "in order so far" if all(finding.ok for finding in findings) else "not in order yet"
    lines = dict.fromkeys(f"  {finding.sign} {finding.message}" for finding in findings)
    return "\n".join([f"{question}: {head}", *lines])


def _callers_names() -> Mapping[str, Any]:
    try:
        from IPython import get_ipython

        shell = get_ipython()
    except ImportError:
        shell = None
    if shell is not None:
        names: Mapping[str, Any] = shell.user_ns
        return names
    return sys._getframe(2).f_globals
