"""A notebook's cells meet what they meet in Jupyter, and its answers are read as they stand."""

import doctest
import math
import textwrap
from dataclasses import replace

import numpy as np
import pytest

import autograder.sandbox
from autograder.sandbox import (
    Ask,
    Call,
    Calls,
    Cell,
    Error,
    Figures,
    Function,
    Missing,
    New,
    Object,
    Quantity,
    Run,
    TooLarge,
    Variable,
    decode,
    run_notebook,
)

from .conftest import SHORT, first_of

CELLS = {
    "value": "1 + 1",
    "print": "import sys\nprint('out'); print('err', file=sys.stderr)",
    "display": "display(3, 'text')",
    "html": "from IPython.display import HTML\ndisplay(HTML('<script>alert(1)</script>'))",
    "await": "import asyncio\nawait asyncio.sleep(0.001)\nawaited = asyncio.get_running_loop() is not None",
    "shell": "!echo shell\nnames = !echo a b\n%time 1",
    "magic": "%%capture caught\nprint('hidden')",
    "get_ipython": "magics = len(get_ipython().magics_manager.magics['line'])",
    "error": "nix",
    "syntax": "def f(:",
    "exit": "import sys\nsys.exit(3)",
    "quit": "quit()\nafter_quit = True",
    "input": "name = input('your name? ')",
    "values": """
        import numpy
        I_min = 1.01
        huge = numpy.broadcast_to(1.0, 10**9)
        loop = []; loop.append(loop)
        class Evil:
            def __getattribute__(self, name): raise SystemExit
            __eq__ = __array__ = __repr__ = __len__ = __iter__ = lambda *_: 1 / 0
        evil = Evil()
        generator = (n for n in (1, 2))
        """,
    "functions": """
        import functools, sys, warnings
        def rate(current, factor=2.0):
            sys.stdout.write('noise'); warnings.warn('noise')
            return current * factor
        area = lambda x, y: [x * y, None]
        cached = functools.lru_cache(rate)
        vectorized = numpy.vectorize(rate)
        def fails(x): return 1 / 0
        def trace(matrix): return matrix.trace()
        def kind(thing): return thing.__class__.__name__
        not_a_function = 5
        """,
    "brian": "from brian2 import mV, ms\nv = 3 * mV\nt = [1, 2] * ms",
    "seed": "import random\ndraw = [random.random(), numpy.random.rand(), hash('a')]",
    "names": """
        open = sum = bool = json = type = print = range = len = list = np = isinstance = 0.3
        dict = str = float = int = repr = getattr = None
        """,
}

REQUESTS = (
    *map(
        Variable,
        [
            "awaited",
            "names",
            "magics",
            "after_quit",
            "I_min",
            "huge",
            "loop",
            "evil",
            "generator",
            "I_mim",
            "v",
            "t",
            "draw",
        ],
    ),
    Call("rate", ((1.0,), (2.0, 3.0)), repeats=2),
    Call("area", ((2.0, 3.0),)),
    Call("cached", ((1.0,),)),
    Call("vectorized", ((1.0,),)),
    Call("fails", ((1.0,),)),
    Call("trace", ((np.eye(3),),)),
    Call("kind", ((New("contextlib:ExitStack"),),)),
    Call("not_a_function", ((1.0,),)),
    Call("no_function", ((1.0,),)),
)


@pytest.fixture(scope="module")
def run(any_backend) -> Run:
    steps = [Cell(10 + at, textwrap.dedent(source)) for at, source in enumerate(CELLS.values())]
    return run_notebook(
        [*steps, Ask("all", REQUESTS)],
        backend=any_backend,
        limits=replace(SHORT, cell_seconds=40, call_seconds=20, total_seconds=200),
    )


@pytest.fixture(scope="module")
def cell(run):
    return dict(zip(CELLS, run.cells, strict=True))


@pytest.fixture(scope="module")
def answer(run):
    return {key.partition(":")[2]: decode(value) for key, value in run.answers["all"].items()}


def test_outputs_are_nbformat_with_plain_text_only(cell):
    assert cell["value"].outputs == [
        {"output_type": "execute_result", "execution_count": 1, "data": {"text/plain": "2"}, "metadata": {}}
    ]
    assert cell["print"].outputs == [
        {"output_type": "stream", "name": "stdout", "text": "out\n"},
        {"output_type": "stream", "name": "stderr", "text": "err\n"},
    ]
    assert [output["data"]["text/plain"] for output in cell["display"].outputs] == ["3", "'text'"]
    assert "script" not in str(cell["html"].outputs)


def test_await_magics_and_shell_commands_work_as_in_jupyter(cell, answer):
    assert answer["awaited"] is True
    assert answer["names"] == ["a b"]
    assert answer["magics"] > 50
    assert cell["shell"].outputs[0]["text"].startswith("shell\n")
    assert cell["magic"].outputs == []


def test_a_cell_that_raises_exits_or_asks_for_input_costs_only_itself(cell, answer):
    assert cell["error"].status == "error"
    assert cell["error"].error == "NameError: name 'nix' is not defined"
    assert "\x1b" not in str(cell["error"].outputs)
    assert cell["syntax"].error.startswith("SyntaxError")
    assert cell["exit"].error == "SystemExit: 3"
    assert cell["input"].error.startswith("StdinNotImplementedError")
    assert answer["after_quit"] is True
    assert cell["values"].status == cell["functions"].status == "ok"


def test_rebound_builtins_cost_nothing(cell, answer):
    assert cell["names"].status == "ok"
    assert answer["I_min"] == 1.01


def test_awkward_values_are_described(answer):
    assert answer["huge"] == TooLarge("array of shape (1000000000,)")
    assert isinstance(answer["loop"], TooLarge)
    assert answer["evil"] == Object("Evil")
    assert answer["generator"] == Object("generator")
    assert answer["I_mim"] == Missing("I_mim", ("I_min",))


def test_quantities_come_in_si_units(answer):
    assert answer["v"] == Quantity(0.003, (2.0, 1.0, -3.0, -1.0, 0.0, 0.0, 0.0))
    assert answer["t"].value.tolist() == [0.001, 0.002]


def test_functions_are_called_at_every_point_in_every_round(answer):
    assert answer["rate"] == Calls(((2.0, 6.0), (2.0, 6.0)))
    assert answer["area"] == Calls((([6.0, None],),))
    assert answer["cached"] == answer["vectorized"] == Calls(((2.0,),))
    assert answer["fails"] == Calls(((Error("ZeroDivisionError", "division by zero"),),))
    assert answer["trace"] == Calls(((3.0,),))
    assert answer["kind"] == Calls((("ExitStack",),))


def test_what_is_no_function_is_returned_instead_of_calls(answer):
    assert answer["not_a_function"] == 5
    assert isinstance(answer["no_function"], Missing)


def test_a_run_can_be_repeated(run, answer, any_backend):
    source = "import random, numpy\ndraw = [random.random(), numpy.random.rand(), hash('a')]"
    again = run_notebook([Cell(0, source), Ask("q", (Variable("draw"),))], backend=any_backend)
    assert decode(again.answers["q"]["variable:draw"]) == answer["draw"]


def test_the_run_says_which_sandbox_it_was_and_what_was_missing(run, any_backend):
    assert run.sandbox == any_backend.name
    assert ("files" in run.missing_layers) == (any_backend.name == "none")
    assert run.stopped is None


FIGURES = {
    "shown": """
        %matplotlib inline
        import numpy as np, matplotlib.pyplot as plt
        plt.plot([0, 1, 2], [0, 1, np.nan], label="f-I"); plt.xlabel("I [nA]"); plt.ylabel("f [Hz]"); plt.legend()
        plt.title("curve"); plt.show()
        """,
    "backends": """
        import matplotlib
        matplotlib.use("TkAgg")
        plt.switch_backend("qtagg")
        %matplotlib widget
        %matplotlib qt
        %matplotlib tk
        """,
    "objects": """
        from matplotlib.figure import Figure
        fig, axes = plt.subplots(1, 2)
        axes[0].scatter([1, 2], [3, 4], label="points"); axes[1].bar([1, 2], [5, 6]); plt.close(fig)
        alone = Figure().add_subplot(); alone.plot(range(20_000)); alone.set_xlabel("only")
        """,
    "fields": """
        x, y = np.meshgrid(np.linspace(-2, 2, 9), np.linspace(-2, 2, 9))
        plt.quiver(x, y, -y, x); plt.contour(x, y, x - y, levels=[0]); plt.show()
        plt.streamplot(x, y, -y, x); plt.imshow(x)
        """,
    "cleared": "plt.plot([6, 6]); plt.clf(); plt.plot([7, 7]); display(plt.gcf()); plt.clf(); plt.plot([8, 8])",
}


@pytest.fixture(scope="module")
def figures(best):
    steps = [Cell(at, textwrap.dedent(source)) for at, source in enumerate(FIGURES.values())]
    run = run_notebook([*steps[:1], Ask("early", (Figures(),)), *steps[1:], Ask("late", (Figures(),))], backend=best)
    assert [cell.error for cell in run.cells] == [None] * len(FIGURES)
    return run, decode(run.answers["early"]["figures"]), decode(run.answers["late"]["figures"])


def test_a_figure_that_was_shown_is_recorded_with_its_data(figures):
    run, early, late = figures
    (axes,) = early[0].axes
    assert (axes.title, axes.xlabel, axes.ylabel, axes.legend) == ("curve", "I [nA]", "f [Hz]", ("f-I",))
    assert axes.lines[0].label == "f-I"
    assert axes.lines[0].x.tolist() == [0, 1, 2]
    assert math.isnan(axes.lines[0].y[2])
    assert len(early) == 1 < len(late)
    assert run.cells[0].outputs[-1]["data"]["image/png"].startswith("iVBOR")


def test_figures_by_the_object_interface_or_closed_at_once_are_recorded(figures):
    points, bars = figures[2][1].axes
    assert points.points[0].y.tolist() == [3, 4]
    assert (bars.points[0].x.tolist(), bars.points[0].y.tolist()) == ([1, 2], [5, 6])
    (alone,) = figures[2][2].axes
    assert alone.xlabel == "only"
    assert len(alone.lines[0].x) == 5000
    assert alone.lines[0].x[[0, -1]].tolist() == [0, 19_999]


def test_flow_fields_contours_and_images_are_seen(figures):
    (flow,), (stream,) = figures[2][3].axes, figures[2][4].axes
    assert np.allclose(flow.arrows.u, -flow.arrows.y) and np.allclose(flow.arrows.v, flow.arrows.x)
    assert (flow.arrows.x.size, stream.images) == (81, 1)
    turning = stream.arrows.x * stream.arrows.v - stream.arrows.y * stream.arrows.u
    assert turning.size > 20 and (turning > 0).all()
    assert np.allclose(flow.lines[0].x, flow.lines[0].y)


def test_a_figure_is_remembered_before_it_is_cleared_if_it_was_shown(figures):
    last = [figure.axes[0].lines[0].y.tolist() for figure in figures[2][-2:]]
    assert last == [[7, 7], [8, 8]]
    assert not any(line.y.tolist() == [6, 6] for figure in figures[2] for axes in figure.axes for line in axes.lines)


def test_an_answer_counts_as_it_stands_at_its_question(look, best):
    steps = [Cell(0, "x = 1"), Ask("one", (Variable("x"),)), Cell(1, "x = 2"), Ask("two", (Variable("x"),))]
    seen = []
    run = run_notebook(steps, backend=best, on_answer=lambda name, answers: seen.append((name, answers)))
    assert run.answers == {"one": {"variable:x": {"int": 1}}, "two": {"variable:x": {"int": 2}}} == dict(seen)


@first_of("any_backend", "other-uid", "bubblewrap", "none")
def test_packages_and_environment_reach_the_notebook(look, any_backend, tmp_path):
    package = tmp_path / "of_the_course"
    package.mkdir()
    (package / "__init__.py").write_text("import os\nstudent = os.environ['NEURODYNEX_STUDENT']\n")
    (tmp_path / "secret.py").write_text("")
    answers, run = look(
        "import of_the_course, neurodynex.variant\nstudent = of_the_course.student\n"
        "neurodynex.variant.claimed = lambda: 'ada\x1b[31m'",
        "import secret",
        names="student",
        backend=any_backend,
        packages=[package],
        environment={"NEURODYNEX_STUDENT": "ada", "PYTHONHASHSEED": "5"},
    )
    assert answers["student"] == "ada" == run.claimed_student
    assert run.cells[1].error == "ModuleNotFoundError: No module named 'secret'"


def test_two_questions_with_one_id_are_the_authors_mistake(best):
    with pytest.raises(ValueError, match="same id"):
        run_notebook([Ask("a", ()), Ask("a", ())], backend=best)
    with pytest.raises(ValueError, match="twice"):
        run_notebook([Ask("a", (Variable("x"), Variable("x")))], backend=best)


def test_functions_are_named(look):
    assert look("def f(): pass", names="f")[0] == {"f": Function("f")}


def test_the_packages_example_is_true():
    assert doctest.testmod(autograder.sandbox).failed == 0
