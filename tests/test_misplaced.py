"""An answer below a question's test cell, or in it: the result names the place, and the grader and the check look at the same cells."""

import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import assignments, notebook, running
from autograder.course import Context
from autograder.grade import grade, judge_again
from autograder.result import Result
from autograder.sandbox import Ask, backend
from autograder.sandbox.outcome import read_defined
from neurodynex import _notebook, _run
from neurodynex.answer_data.reading import FROM_THE_TOP
from tests.conftest import COURSE
from tests.test_nothing_lost import LIF, cell, file

BELOW = "`I_min` is defined only below the question's test cell; move it up into the answer cell."
INSIDE = "`{}` is defined only in the question's test cell, whose code is not run; move it up into the answer cell."
LIE = """
import gc
for thing in gc.get_objects():
    if type(thing).__name__ == "Runner":
        thing.handlers["end"] = lambda message: {"claimed": None, "defined": %s, "score": 14, "value": {"number": 1.01}}
"""


def graded(*cells: dict) -> tuple[bytes, Result]:
    content = file(*cells)
    return content, grade(content, LIF, "ada", backend(), course=COURSE).result


@pytest.fixture(scope="module")
def misplaced() -> tuple[bytes, Result]:
    function = "def firing_rate(I_amp):\n    return 0.0\n%matplotlib inline\ncheck('lif_firing_rate')"
    return graded(
        cell("check('lif_threshold')", "lif_threshold", grade=True),
        cell("I_min = 1.01"),
        cell(function, "lif_firing_rate", grade=True),
        cell("(amplitudes, I_sinus), frequencies[0] = ((1, 2), 3)", "lif_sinus_amplitude", grade=True),
        cell("def phases(:", "lif_sinus_phase", grade=True),
    )


def test_an_answer_below_the_test_cell_or_in_it_is_named_in_the_result(misplaced):
    _, result = misplaced
    assert result.score == 0 and result.defined_later == ("I_min",)
    message = {question.id: question.message.splitlines() for question in result.questions}
    assert BELOW in message["lif_threshold"]
    assert "from the top" not in result.question("lif_threshold").message  # a run from the top would not help
    assert "from the top" in result.question("lif_sinus_phase").message
    assert INSIDE.format("firing_rate") in message["lif_firing_rate"]
    assert INSIDE.format("amplitudes") in message["lif_sinus_amplitude"]
    assert "defined only" not in result.question("lif_sinus_phase").message  # no Python
    assert "defined only" not in result.question("lif_fi_curve").message  # nowhere


def test_judged_again_the_place_of_a_misplaced_answer_is_still_named(misplaced):
    _, result = misplaced
    again = judge_again(Result.from_json(result.to_json()), course=COURSE)
    assert again is not None and again.to_json() == result.to_json()


@pytest.fixture(scope="module")
def missing() -> Result:
    return graded(cell("pass"), cell("", "lif_threshold", grade=True))[1]


@pytest.mark.parametrize(
    ("reply", "sentence"), [("['I_min', 'os', 3]", True), ("['I_min'] * 100_000", False)], ids=["false", "long"]
)
def test_a_lie_about_what_is_defined_at_the_end_can_only_change_the_advice(missing, reply, sentence):
    _, result = graded(cell(LIE % reply), cell("", "lif_threshold", grade=True))
    assert result.score == missing.score == 0 and result.errors == missing.errors
    for question, honest in zip(result.questions, missing.questions, strict=True):
        advice: dict[str, object] = {}
        if sentence and question.id == "lif_threshold":
            message = honest.message.replace(f" {FROM_THE_TOP}", "") + f"\n{BELOW}"
            advice = {"message": message, "attempted": True}
        assert question == honest.model_copy(update=advice)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.sampled_from(["I_min", "rates", "phases", ""]) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(JSON | st.lists(JSON))
def test_of_a_reply_only_names_that_were_missing_are_taken_over(reply):
    assert read_defined({"defined": reply}, ["I_min", "rates"]) <= {"I_min", "rates"}


@pytest.mark.parametrize("unit", ["-", "not ", "a.", "1**", "(", "lambda:", "f'{", "\0", "\\\n", "\ud800"])
def test_a_test_cell_that_is_hard_to_parse_defines_nothing(unit):
    for length in (_notebook.MAX_PARSED, 300_000):
        source = (unit * length)[:length]
        assert _notebook.assigned(source[:-2] + "\nI_min = 1") == frozenset()


def test_only_global_names_are_defined():
    source = "import a.b as c, d.e\nfor i in x: y: int = 1\nclass K: z = 1\n[w for w in v]\ndef f(p): q = 1\nr.s = t[0] = g(u=1)"
    assert _notebook.assigned(source) == {"c", "d", "i", "y", "K", "f"}


KNOWN = notebook.points_of(LIF)
IDS = ["lif_threshold", "lif_threshold_solution", "lif_fi_curve", "lif_fi_curve_solution", "renamed", "lif_sinus_phase"]
CELLS = st.builds(
    lambda kind, source, name, marks: {
        "cell_type": kind,
        "source": source,
        "metadata": {"nbgrader": {"grade_id": name, **marks}} if name else {},
        **({"outputs": [], "execution_count": None} if kind == "code" else {}),
    },
    st.sampled_from(["code", "code", "markdown", "raw"]),
    st.sampled_from(["a = 1", " \n", "text"]),
    st.none() | st.sampled_from(IDS),
    st.fixed_dictionaries({mark: st.booleans() for mark in ("grade", "solution", "locked")}),
)


@settings(deadline=None)
@given(st.lists(CELLS, max_size=8))
def test_the_check_and_the_grader_run_and_ask_the_same_in_the_same_places(cells):
    """Ids are doubled, renamed and deleted, cells moved and made into others."""
    content = _notebook.loads(file(*cells))
    plan, places = _run._plan(nbformat.reads(content.decode(), as_version=4))
    asked = {number: question for question, number in places.items()}
    checked = [asked.get(number, number) for number, _ in plan]
    submission = notebook.parse_submission(content, KNOWN)
    context = Context.of("ada", LIF, COURSE)
    steps = running.steps(submission, assignments.load(LIF), context)
    if not notebook.has_own_cells(json.loads(content)["cells"], KNOWN):
        steps = [step for step in steps if not isinstance(step, Ask)]  # the check knows no assignment then
    assert checked == [step.id if isinstance(step, Ask) else step.index + 1 for step in steps]
