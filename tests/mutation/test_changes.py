"""A mutant is one slip in one place; a variation is one honest choice."""

import pytest

from autograder.mutation.mutants import mutants
from autograder.mutation.variations import variations


def made(source: str, numbers=(), drawn=False) -> set[str]:
    return {mutant.source for mutant in mutants(source, ["x"], numbers, drawn)}


@pytest.mark.parametrize(
    ("source", "mutant"),
    [
        ("x = np.sin(2 * t)", "x = np.cos(2 * t)"),
        ("x = np.sin(2 * t)", "x = np.sin((t))"),
        ("x = np.sin(2 * t)", "x = np.sin((2 * 2) * t)"),
        ("x = np.degrees(a)", "x = (a)"),
        ("x = np.arctan2(b, a)", "x = np.arctan2(a, b)"),
        ("x = v - v.mean()", "x = (v)"),
        ("x = -a", "x = (a)"),
        ("x = eps * (u - 0.5 * w)", "x = (u - 0.5 * w)"),
        ("x = w[-1]", "x = w[0]"),
        ("x = v[transient:]", "x = v"),
        ("x = v.max()", "x = v.mean()"),
        ("x = a[v > 3]", "x = a[(v < 3)]"),
        ("x = run(I=2, tend=300)", "x = run(I=2)"),
        ("x = NeuronX()", "x = NeuronY()"),
        ("x = [[a, b], [c, d]]", "x = [[b, a], [c, d]]"),
        ("x = {-1: True}", "x = {-1: False}"),
        ("µ = 3\nx = 'µ', a + b", "µ = 3\nx = 'µ', (a)"),
    ],
)
def test_a_usual_slip_is_among_the_mutants(source: str, mutant: str):
    assert mutant in made(source)


def test_an_answer_is_given_in_a_wrong_unit_too():
    assert {"x = 3\nx = np.asarray(x) * 1e3\n", "x = 3\nx = np.asarray(x) * 1e-3\n"} <= made("x = 3", ["x"])


def test_what_only_labels_or_prints_is_left_as_it_is():
    assert not made("plt.xlabel('a' + 'b')\nprint(1 + 2)\nfor k in range(2 + 3):\n    ax.set(xlabel=-k)")


def test_what_no_answer_depends_on_is_left_as_it_is():
    source = "a = 1 + y\nfor k in range(3):\n    z = k + 1\nx = 3 * a"
    changed = {line for mutant in made(source) for line in mutant.splitlines()} - set(source.splitlines())
    assert any(line.startswith("a = ") for line in changed) and not any("z" in line for line in changed)


def test_what_is_drawn_is_changed_only_where_a_picture_is_asked_for():
    assert not made("plt.plot(x, y)")
    assert made("plt.plot(x, y)", drawn=True) == {"plt.plot(y, x)"}


def test_each_mutant_compiles_and_says_what_was_changed():
    for mutant in mutants("def f(a, b):\n    return a**2 + max(a, b) if a > b else -b\n", ["f"], ["f"], False):
        compile(mutant.source, "mutant", "exec")
        assert mutant.after and mutant.after.split("\n")[0].split(" ")[0] in mutant.source


def test_an_honest_variation_changes_grid_bracket_container_and_unit():
    source = "currents = np.arange(2, 9, 0.1)\nlevel = 50\ndef search():\n    return high\nI = search()"
    found = {variation.source for variation in variations(source, [{"kind": "value", "name": "I", "unit": "uA"}])}
    assert source.replace("arange(2,", "arange((2) + 0.37 * (0.1),") in found
    assert source.replace("0.1)", "(0.1) / 2)") in found
    assert source.replace("return high", "return (low + high) / 2") in found
    assert source.replace("level = 50", "level = 30") in found
    assert f"{source}\nI = np.array(I)\n" in found
    assert f"{source}\nI = I * __import__('brian2').uA\n" in found
