"""The result of a grade: one JSON document a submission, the same whatever the route."""

from __future__ import annotations

import glob
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from pydantic_core import from_json, to_json

from autograder.stored_answers import pack, unpack

PART = ".part"
#: Of what `Result.to_json` writes. In the one before, each question had all its figures.
SCHEMA: Literal[2] = 2
#: How an entry of `errors` begins that says that a copy was graded in the place of what was handed in.
CORRECTED = "Graded in place of what was handed in:"


class PartResult(BaseModel):
    """The verdict on one answer of a question."""

    model_config = ConfigDict(frozen=True)

    name: str
    score: float
    max_score: float
    status: Literal["passed", "failed", "not reached", "error"]
    message: str
    mistake: str | None = None


class TestCell(BaseModel):
    """Where a question's answers were read: at its test cell.

    Attributes
    ----------
    index : int
        Its position among all cells of the submission.
    assigned : tuple of str
        Of the names that the question asks for, those which the code in that cell would define.
    """

    model_config = ConfigDict(frozen=True)

    index: int
    assigned: tuple[str, ...] = ()


class QuestionResult(BaseModel):
    """The verdict on a question.

    Attributes
    ----------
    bonus : bool
        Whether its points come on top of the maximum.
    message : str
        What the student reads.
    mistake : str or None
        The name of the slip that was made, for statistics over a class.
    answers : dict
        Request key -> what came out of the sandbox, so that it can be judged again.
    inputs : dict
        Request key -> digest of the inputs with which a function was called.
    test_cell : TestCell or None
        None where the submission has none, so that the answers were read at the end.
    faults : tuple of str
        Tracebacks of errors of the judge's own; for the instructor only.
    attempted : bool
        False where nothing of the student's is there to judge; see `autograder.attempted`.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    score: float
    max_score: float
    passed: bool
    bonus: bool = False
    message: str
    mistake: str | None = None
    parts: tuple[PartResult, ...] = ()
    answers: dict[str, Any] = {}
    inputs: dict[str, str] = {}
    test_cell: TestCell | None = None
    faults: tuple[str, ...] = ()
    attempted: bool = True


class Earlier(BaseModel):
    """A grade that a later one has replaced.

    Attributes
    ----------
    score : float
    questions : dict
        Question id -> score.
    notebook_sha256, run_key, judging_key, package : str
    files : dict
        As in the result that it was.
    replaced : str
        When, as ISO 8601 in UTC.
    reason : str
        Why the later grade may differ.
    """

    model_config = ConfigDict(frozen=True)

    score: float
    questions: dict[str, float]
    notebook_sha256: str
    files: dict[str, str] = {}
    run_key: str
    judging_key: str
    package: str
    replaced: str
    reason: str


class Result(BaseModel):
    """The grade of one submission.

    Attributes
    ----------
    student : str
        The identity that the platform gives.
    score, max_score : float
        Sums over the questions that are graded automatically; bonus points count in the score only.
    by_hand : dict
        Ids and points of the free-text answers, which a person grades.
    files : dict
        Path of each file that lay beside the notebook in the run -> its SHA-256.
    texts : dict or None
        Id of a free-text answer -> what the student wrote, of those that are there; None in a result of before they were kept.
    variant : dict
        What the student was given by chance -> which it is; of most assignments empty.
    notebook_sha256 : str
        Of the notebook without its outputs, as the receipt says it.
    package : str
        The version that graded.
    run_key, judging_key : str
        Digests of all that the run and the judging depended on beside the submission; see `autograder.sources`.
    sandbox : str
    missing_layers : tuple of str
        What the sandbox lacked on the machine that graded.
    readable : bool
        Whether there was a notebook to run.
    failed_cells : dict
        Index of a cell that did not end well -> what it ended with.
    defined_later : tuple of str
        Names that were missing where a question asked for them, and that the notebook has at its end.
    placeholders : tuple of str
        Functions that are as they were handed out, with nothing in them.
    errors : tuple of str
        What went wrong on the way: cells that failed, limits that were reached, an id that does not match.
    seconds : float
        How long the run took.
    history : tuple of Earlier
        The grades before this one whose score, or whose score of a question, was another; the oldest first.
    """

    schema_: Literal[1, 2] = SCHEMA
    assignment: str
    student: str
    score: float
    max_score: float
    questions: tuple[QuestionResult, ...]
    by_hand: dict[str, float] = {}
    files: dict[str, str] = {}
    texts: dict[str, str] | None = None
    variant: dict[str, str]
    notebook_sha256: str
    package: str
    run_key: str
    judging_key: str
    sandbox: str
    missing_layers: tuple[str, ...] = ()
    readable: bool = True
    failed_cells: dict[int, str] = {}
    defined_later: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    seconds: float
    history: tuple[Earlier, ...] = ()

    def to_json(self) -> str:
        """Return the document: the schema's version first, a line for each field, question and figure.

        Figures that several questions have are there once, in a field of their own; see `autograder.stored_answers`.
        """
        fields = self.model_dump(exclude={"schema_"})
        document = {"schema": SCHEMA, **fields, "figures": pack(fields["questions"])}
        lines = (f" {_json(name)}: {_json_lines(value)}" for name, value in document.items())
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Result:
        """Read a document back.

        Raises
        ------
        ValueError
            If it is not a whole result of this schema.
        """
        fields = from_json(text)  # of a whole class, four times faster than json.loads
        if not isinstance(fields, dict):
            raise ValueError(f"A result is a map of fields, not {type(fields).__name__}.")
        figures = fields.pop("figures", [])
        result = cls.model_validate({"schema_": fields.pop("schema", None), **fields})
        try:
            unpack([question.answers for question in result.questions], figures)
        except (AttributeError, KeyError, TypeError):
            raise ValueError(
                "A question has a figure that is not among the result's, or an answer that is none."
            ) from None
        return result

    @property
    def not_judged(self) -> tuple[QuestionResult, ...]:
        """Return the questions on which the judge itself failed, so that this is no final grade."""
        return tuple(question for question in self.questions if question.faults)

    def without_answers(self) -> Result:
        """Return what people look at: the answers of a whole class would fill the memory."""
        questions = tuple(question.model_copy(update={"answers": {}}) for question in self.questions)
        return self.model_copy(update={"questions": questions})

    @property
    def scores(self) -> dict[str, float]:
        """Return the score of each question."""
        return {question.id: question.score for question in self.questions}

    def replacing(self, earlier: Result, when: datetime) -> Result:
        """Return this result with the history of the one that it replaces, and with that one where a score differs."""
        if (earlier.score, earlier.scores) == (self.score, self.scores):
            return self.model_copy(update={"history": earlier.history})
        entry = Earlier(
            score=earlier.score,
            questions=earlier.scores,
            notebook_sha256=earlier.notebook_sha256,
            files=earlier.files,
            run_key=earlier.run_key,
            judging_key=earlier.judging_key,
            package=earlier.package,
            replaced=when.isoformat(timespec="seconds"),
            reason=self._reason(earlier),
        )
        return self.model_copy(update={"history": (*earlier.history, entry)})

    def _reason(self, earlier: Result) -> str:
        if any(error.startswith(CORRECTED) for error in set(self.errors) - set(earlier.errors)):
            return "a corrected copy was graded in place of what was handed in"
        if earlier.notebook_sha256 != self.notebook_sha256:
            return "another notebook was handed in"
        if earlier.files != self.files:
            return "other files were handed in beside the notebook"
        if earlier.not_judged:
            return "a question could not be judged before"
        if earlier.variant != self.variant:
            return "the student's variant changed"
        if earlier.run_key != self.run_key:
            return "what a run depends on changed: the library, packages or limits"
        if earlier.judging_key != self.judging_key:
            return "questions, tolerances or points changed"
        return "the submission was run again"

    def question(self, question_id: str) -> QuestionResult:
        """Return the result of one question."""
        return next(question for question in self.questions if question.id == question_id)


def read_result(path: Path) -> Result | None:
    """Return the result in a file; None if it holds no whole one of this version."""
    try:
        return Result.from_json(path.read_bytes())
    except (OSError, ValueError):
        return None


def document_schema() -> dict[str, Any]:
    """Return the JSON schema of the document that `Result.to_json` writes."""
    schema = Result.model_json_schema()
    for model in (schema, *schema["$defs"].values()):
        model["description"] = model["description"].splitlines()[0]
    fields = schema["properties"]
    del fields["schema_"]
    schema["properties"] = {"schema": {"const": SCHEMA}, **fields, "figures": {"type": "array", "items": {}}}
    return schema


def _json(value: Any) -> str:
    return to_json(value).decode("utf-8")  # ten times faster than json.dumps


def _json_lines(value: Any) -> str:
    """Return a list with a line for each item, and everything else on one line."""
    if not isinstance(value, (list, tuple)) or not value:
        return _json(value)
    return "[\n" + ",\n".join(f"  {_json(item)}" for item in value) + "\n ]"


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove_parts(path: Path) -> None:
    """Remove what writing a file atomically left behind when it was killed in the middle."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{PART}"):
        left.unlink()
