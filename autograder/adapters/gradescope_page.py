"""Gradescope: what students and staff see of a grade (`results.json`), by `[gradescope]` in `course.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from autograder import report
from autograder.course import Course
from autograder.formatting import format_count
from autograder.platforms.times import time_of
from autograder.result import QuestionResult, Result
from autograder.titles import titles

BEGUN = "Grading was not finished: what stands below was graded until then."
NOT_JUDGED = (
    "Something could not be judged, through no fault of yours. Your instructor sees a note about it; your total is not shown until "
    "that is settled."
)
AFTER_DUE_DATE = "Your submission was graded. Scores and messages are shown after the due date."
NEVER = "Your submission was graded. Its scores and messages are not shown here."
#: In `extra_data`, by which a later submission knows whether this one got a full answer.
DETAILS = "details"
SHOWN, WITHHELD, NOTHING = "shown", "withheld", "nothing"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class View:
    """What a student sees of a grade.

    Attributes
    ----------
    visible : {"now", "after_due_date", "scores_only", "never"}
    withheld : str
        Why this submission gets no full answer; empty if it gets one.
    notes : tuple of str
        For staff.
    """

    visible: str = "now"
    withheld: str = ""
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, course: Course, metadata: Any) -> View:
        """Return what the course lets a student see of the submission that `submission_metadata.json` describes.

        Without a platform, as with `otter run`, that is everything.
        """
        if not isinstance(metadata, Mapping) or not metadata.get("users"):
            return cls()
        withheld, notes = _withheld(course.gradescope.details_per_day, metadata)
        return cls(course.gradescope.visible, withheld, notes)

    @property
    def of_tests(self) -> str:
        """Return Gradescope's word for when a test is shown."""
        if self.withheld or self.visible == "never":
            return "hidden"
        return "after_due_date" if self.visible == "after_due_date" else "visible"

    @property
    def has_messages(self) -> bool:
        return self.visible != "scores_only"

    def said(self, result: Result) -> str:
        """Return what the student reads of it; empty where everything is shown."""
        if self.withheld:
            return self.withheld
        if self.visible == "scores_only":
            return f"Scores only: {report.score_in_words(result)}. Messages are not shown here."
        return {"after_due_date": AFTER_DUE_DATE, "never": NEVER}.get(self.visible, "")


def _withheld(per_day: int | None, metadata: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return why there is no full answer, if there is none, and what staff should know."""
    if per_day is None:
        return "", ()
    now = time_of(metadata.get("created_at"))
    before = metadata.get("previous_submissions")
    if now is None or not isinstance(before, list):
        return "", (
            "submission_metadata.json does not tell the earlier submissions, so that details_per_day has no effect.",
        )
    answered = sorted(when for when in _answered(before) if now - DAY < when < now)
    if len(answered) < per_day:
        return "", ()
    again = answered[-per_day] + DAY
    times = "once" if per_day == 1 else f"{per_day} times"
    return (
        f"Your submission was graded, and counts. A full answer is given {times} within 24 hours, and you had it; so scores and messages "
        f"of this one are not shown to you. What you hand in after {again.astimezone(UTC):%Y-%m-%d %H:%M} UTC is answered in full again. "
        "Until then, `check` and `neurodynex check` in your own notebook are not limited."
    ), ()


def _answered(before: list[Any]) -> Iterator[datetime]:
    """Yield the times of the submissions that got a full answer, as far as that is known."""
    for each in before:
        if not isinstance(each, Mapping) or each.get("autograder_error"):
            continue
        results = each.get("results")
        extra = results.get("extra_data") if isinstance(results, Mapping) else None
        details = extra.get(DETAILS) if isinstance(extra, Mapping) else None
        when = time_of(each.get("submission_time"))
        if when is not None and details not in (WITHHELD, NOTHING):
            yield when


def results_json(
    result: Result, *, finished: bool, seconds: float | None = None, note: str = "", view: View | None = None
) -> dict[str, Any]:
    """Return a grade in Gradescope's format.

    Parameters
    ----------
    result : Result
    finished : bool
        Whether the grade is complete; if not, the page says so.
    seconds : float, optional
        Of the whole grading, by default those of the sandbox.
    note : str
        For the instructor.
    view : View, optional
        What the student sees, by default everything.
    """
    view = view or View()
    said = view.said(result) if result.readable else ""
    notes = [
        *([] if finished else [BEGUN]),
        *([NOT_JUDGED] if result.not_judged else []),
        *result.errors,
        *report.receipt(result),
    ]
    tests = [_test(number, question, result, view) for number, question in enumerate(result.questions, start=1)]
    tests += [
        _by_hand(number, name, worth, result)
        for number, (name, worth) in enumerate(result.by_hand.items(), start=len(tests) + 1)
    ]
    for_staff = [*([note] if note else []), *faults(result), *view.notes]
    if for_staff:
        tests.append(_hidden("For the instructor", "\n\n".join(for_staff), "text"))
    if said and view.visible == "scores_only":
        details = "\n\n".join(report.feedback_markdown(question) for question in result.questions)
        tests.append(_hidden("For the instructor: the messages", details, "md"))
    details_word = NOTHING if not result.readable else WITHHELD if view.withheld else SHOWN
    return {
        "score": result.score,
        "execution_time": round(result.seconds if seconds is None else seconds, 1),
        "output": "\n\n".join([*([said] if said else []), *(report.escaped(line) for line in notes)]),
        "output_format": "md",
        "test_output_format": "md",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "assignment": result.assignment,
            "variant": result.variant,
            "package": result.package,
            "run_key": result.run_key,
            "judging_key": result.judging_key,
            "sandbox": result.sandbox,
            "missing_layers": list(result.missing_layers),
            "notebook_sha256": result.notebook_sha256,
            "files": result.files,
            DETAILS: details_word,
        },
        "tests": tests,
    }


def faults(result: Result) -> list[str]:
    """Return what staff have to know of each question on which the judge itself failed. Students do not see it, nor a total."""
    return [
        f"{question.id} could not be judged, so that the score is not final. Correct the question, upload the new autograder.zip, "
        f"and regrade this submission.\n{fault}"
        for question in result.not_judged
        for fault in question.faults
    ]


def _test(number: int, question: QuestionResult, result: Result, view: View) -> dict[str, Any]:
    shown = view.has_messages or not result.readable
    title = titles(result.assignment).get(question.id, question.id)
    return {
        **_named(number, title),
        "score": question.score,
        "max_score": question.max_score,
        "status": "passed" if question.passed else "failed",
        "output": report.feedback_markdown(question, is_headed=False) if shown else "",
        "output_format": "md",
        "visibility": view.of_tests if result.readable else "visible",
        "tags": [tag for tag in (report.status(question), question.mistake if shown else None) if tag],
        "extra_data": {"id": question.id, "parts": {part.name: part.score for part in question.parts}},
    }


def _by_hand(number: int, name: str, worth: float, result: Result) -> dict[str, Any]:
    """Return what stands for a text: no score, which would count."""
    return {
        **_named(number, f"{titles(result.assignment).get(name, name)}: graded by hand"),
        "output": f"Worth {format_count(worth, 'point')}, which a person gives. They are not in the score of the autograder.",
        "output_format": "md",
        "visibility": "visible",
        "tags": ["graded by hand"],
        "extra_data": {"id": name, "points": worth},
    }


def _named(number: int, title: str) -> dict[str, str]:
    """Return a test's number and name: its heading's own number, which shall not stand twice, else its place."""
    found = re.match(r"(\d+)\. ", title)
    return {"number": found[1], "name": title[found.end() :]} if found else {"number": str(number), "name": title}


def _hidden(name: str, output: str, form: str) -> dict[str, Any]:
    return {"name": name, "output": output, "output_format": form, "visibility": "hidden"}
