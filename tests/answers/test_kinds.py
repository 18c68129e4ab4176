"""A kind of answer is one file, its name where the kinds are exported, and a test."""

from dataclasses import MISSING, fields
from inspect import isabstract
from pathlib import Path

import pytest

from autograder import answers
from autograder.answers.figure_answer import FigureAnswer
from autograder.answers.function_answer import FunctionAnswer
from autograder.answers.variable_answer import VariableAnswer

KINDS = [getattr(answers, name) for name in answers.__all__]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_kind_stands_on_a_base_in_a_file_of_its_name_and_has_a_test(kind):
    assert issubclass(kind, (VariableAnswer, FunctionAnswer, FigureAnswer)) and not isabstract(kind)
    module = kind.__module__.rpartition(".")[2]
    assert module.replace("_", "") == kind.__name__.lower()
    assert Path(__file__).with_name(f"test_{module}.py").exists()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_kind_takes_no_positional_arguments(kind):
    assert all(field.kw_only for field in fields(kind) if field.init)
    assert any(field.default is MISSING for field in fields(kind) if field.init)
    with pytest.raises(TypeError, match="positional"):
        kind("I_min")


def test_every_kind_is_exported():
    exported = {kind.__module__.rpartition(".")[2] for kind in KINDS}
    helpers = {"__init__", "flow", "figure_answer", "function_answer", "variable_answer"}
    assert {path.stem for path in Path(answers.__file__).parent.glob("*.py")} - helpers == exported
