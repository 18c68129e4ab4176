"""What a question is: its answers, what is accepted, the usual slips; and what a judgement of one is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, NamedTuple

from autograder.course import Context
from autograder.facts import Facts, format_value
from autograder.sandbox import Request
from autograder.tolerance import Between

Status = Literal["passed", "failed", "not reached", "error"]
# What came out of the sandbox for one question: request key -> decoded value.
Got = Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What the judge says of one answer.

    Attributes
    ----------
    status : {"passed", "failed", "not reached", "error"}
        "not reached" where there is nothing to judge: an undefined variable, a cell that did not run. "error" where the judge
        itself failed, so that nobody knows whether the answer is right.
    message : str
        What was looked at, what was found, what to think about next; never an expected value.
    mistake : str or None
        The name of the slip that was made, if it is a known one.
    fault : str
        The traceback of an error, for the instructor.
    """

    status: Status
    message: str
    mistake: str | None = None
    fault: str = ""

    @property
    def passed(self) -> bool:
        return self.status == "passed"


def passed(message: str) -> Verdict:
    """Return the verdict on a right answer."""
    return Verdict("passed", message)


def failed(message: str, mistake: str | None = None) -> Verdict:
    """Return the verdict on a wrong answer."""
    return Verdict("failed", message, mistake)


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A usual mistake.

    Attributes
    ----------
    name : str
        A short name, for statistics over a class.
    made : callable
        Called with the context and the answer's value (as the answer's kind gives it); tells whether the slip explains it.
    message : str
        What the student reads; it must not give the value away.
    example : callable
        Called with the context; returns a value in which the slip was made, of the form that `made` takes.
    sure : bool
        Whether the signature leaves no doubt: a `Curve` and a `Function` look for it even where the tolerance would let it pass.
    shared : bool
        Whether other such slips may explain the same value; all that do are named then.
    applies : callable
        Called with the context; tells whether this student can make the slip. What a range of values means may depend on
        the variant.
    """

    name: str
    made: Callable[[Context, Any], bool]
    message: str
    example: Callable[[Context], Any]
    sure: bool = False
    shared: bool = False
    applies: Callable[[Context], bool] = lambda context: True


@dataclass(frozen=True, kw_only=True)
class UnitSlip(Slip):
    """The slip of a number in another unit; a quantity, which carries its unit, cannot be in another one."""


def explained(context: Context, found: str, value: Any, slips: Iterable[Slip]) -> Verdict | None:
    """Return the verdict that names the slip by which `value` came about; None if none explains it.

    That is the first one, or all that fit from there on if they share their values.

    Parameters
    ----------
    found : str
        What was found, as the student reads it before the slip's message.
    """
    slips = tuple(slips)
    made = _first(context, value, slips)
    if made is None:
        return None
    also = [other for other in slips[slips.index(made) + 1 :] if made.shared and other.shared]
    messages = [made.message, *(other.message for other in also if other.made(context, value))]
    return failed(f"{found}: {' Or: '.join(dict.fromkeys(messages))}", made.name)


def slip_name(context: Context, value: Any, slips: Iterable[Slip]) -> str | None:
    """Return the name of the first slip by which `value` came about; None if none explains it."""
    made = _first(context, value, slips)
    return made.name if made else None


def _first(context: Context, value: Any, slips: Iterable[Slip]) -> Slip | None:
    return next((slip for slip in slips if slip.made(context, value)), None)


@dataclass(frozen=True)
class Example:
    """An answer that a question makes by itself, to prove that it is judged fairly.

    Attributes
    ----------
    label : str
        What it is: "right", "inside the upper edge", "slip: pA".
    answers : dict
        Request key -> encoded value.
    passes : bool
        Whether it must be accepted.
    mistake : str or None
        The slip that must be named.
    slip : bool
        Whether this is the example of a slip.
    """

    label: str
    answers: Mapping[str, Any]
    passes: bool
    mistake: str | None = None
    slip: bool = False


class Case(NamedTuple):
    """An answer that a kind makes by itself, before it is encoded.

    Attributes
    ----------
    label : str
        What it is: "right", "at the upper edge", "too short".
    value : object
        What the kind's `encoded` takes, as the `example` of its slips.
    passes : bool
        Whether it must be accepted.
    mistake : str or None
        The slip that must be named; "form" of an answer that cannot be compared.
    """

    label: str
    value: Any
    passes: bool = False
    mistake: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answer(ABC):
    """One answer of a question, by which it is judged. A new kind is one small class in one file under `answers/`.

    Attributes
    ----------
    name : str
        Of the student's variable or function.
    unit : str
        Of its numbers; plain ones are taken to be in it. "" where there is none.
    think : str
        What to think about next, where no slip explains the answer.
    slips : tuple of Slip
        The usual mistakes, in the order in which they are looked for.
    weight : float
        Share of the question's points.
    """

    name: str
    unit: str
    think: str
    slips: tuple[Slip, ...] = ()
    weight: float = 1.0

    #: Whether it is made of numbers, of which the unit may be wrong.
    of_numbers: ClassVar[bool] = True

    @abstractmethod
    def requests(self, context: Context) -> tuple[Request, ...]:
        """Return what to ask the sandbox for."""

    @abstractmethod
    def judge(self, context: Context, got: Got) -> Verdict:
        """Compare what came out with what is accepted.

        Raises
        ------
        Unreadable
            If what came out cannot be compared; the judge makes that the verdict.
        """

    @abstractmethod
    def cases(self, context: Context) -> Iterable[Case]:
        """Return right and wrong answers, the first of them right: at and beyond each edge, and of a wrong form."""

    @abstractmethod
    def encoded(self, value: Any) -> dict[str, Any]:
        """Return the answers (request key -> encoded value) of a student who has this value of a case or a slip."""

    @abstractmethod
    def form(self) -> dict[str, Any]:
        """Return what the student's self-check may know: names, kind, unit, plausible range; no expected value."""

    def facts(self, context: Context) -> Facts:
        """Return what the key says: expected value, what is accepted, a table, a number line."""
        right = next(case.value for case in self.cases(context) if case.passes)
        return Facts(type(self).__name__, format_value(right), "what the question says")

    def examples(self, context: Context) -> Iterator[Example]:
        """Yield answers that must be accepted, and others that must be refused, by which a question is proved."""
        for case in self.cases(context):
            yield Example(case.label, self.encoded(case.value), case.passes, case.mistake)
        for slip in self.slips:
            if slip.applies(context):
                yield Example(f"slip: {slip.name}", self.encoded(slip.example(context)), False, slip.name, slip=True)

    def decisive(self, context: Context) -> tuple[Request, ...]:
        """Return the requests of which each must be answered rightly; others only help to read these."""
        return self.requests(context)

    def undisclosed(self, context: Context) -> tuple[Between, ...]:
        """Return intervals of which no message may give a number away."""
        return ()

    def refused(self, context: Context, found: str, value: Any, problem: str) -> Verdict:
        """Return the verdict on a wrong answer: the slip that explains it, or the problem and what to think about next.

        Parameters
        ----------
        found : str
            What was found, before the slip's message.
        value : object
            What the slips' `made` gets.
        problem : str
            What is wrong, in a sentence of its own.
        """
        return explained(context, found, value, self.slips) or failed(f"{problem} {self.think}".rstrip())


@dataclass(frozen=True)
class Question:
    """A question, stated once.

    Attributes
    ----------
    id : str
        The `grade_id` of its test cell in the notebook, whose nbgrader metadata holds the points.
    asks : str
        What is asked, in a few words.
    tolerance : str
        The sentence beside the question that says what is accepted.
    answers : tuple of Answer
        The points are shared out by their weights; each answer passes or not.
    supported_by : tuple of str
        Ids of earlier questions of which one must be passed too, for an answer that can be guessed: that is a part of
        its own, with the weight of all the others together.
    bonus : bool
        Points beyond the maximum.
    """

    id: str
    asks: str
    tolerance: str
    answers: tuple[Answer, ...]
    supported_by: tuple[str, ...] = ()
    bonus: bool = False

    def requests(self, context: Context) -> tuple[Request, ...]:
        """Return the requests of all answers, each once."""
        requests = [request for answer in self.answers for request in answer.requests(context)]
        return tuple({request.key: request for request in requests}.values())


@dataclass(frozen=True)
class Assignment:
    """An assignment: its questions, and what an instructor chooses it by.

    Attributes
    ----------
    name : str
        That of the library's subpackage.
    title : str
    questions : tuple of Question
        In the notebook's order.
    about : str
        What students find out, in a few words.
    level : {"introductory", "intermediate", "advanced"}
    hours : int
        How long students take, as its authors estimate.
    """

    name: str
    title: str
    questions: tuple[Question, ...] = field(default=())
    about: str = ""
    level: str = ""
    hours: int = 0

    def question(self, question_id: str) -> Question:
        """Return the question of that id."""
        return next(question for question in self.questions if question.id == question_id)
