"""Each function that students call has an example, and each example runs as it stands there."""

import doctest
import importlib
import inspect
import pkgutil

import matplotlib.pyplot as plt
import pytest

import neurodynex
from neurodynex import variant

FLAGS = doctest.NORMALIZE_WHITESPACE
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(neurodynex.__path__, "neurodynex.")
    if not module.name.startswith(("neurodynex.test", "neurodynex.__main__"))
)
# What students import; the rest is for programs.
TAUGHT = (
    *(
        "neurodynex.hodgkin_huxley.HH",
        "neurodynex.hopfield_network.hopfield",
        "neurodynex.leaky_integrate_and_fire.LIF",
    ),
    *("neurodynex.neuron_type.neurons", "neurodynex.ojas_rule.oja", "neurodynex.phase_plane_analysis.fitzhugh_nagumo"),
)


@pytest.fixture(autouse=True)
def nobody(monkeypatch):
    """No student is known, and no figure stays."""
    monkeypatch.setattr(variant, "_claimed", None)
    for name in ("NEURODYNEX_STUDENT", "NEURODYNEX_GRADING", "JUPYTERHUB_USER"):
        monkeypatch.delenv(name, raising=False)
    yield
    plt.close("all")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run_as_they_stand_there(name):
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, optionflags=FLAGS)
    assert failed == 0, f"{failed} examples of {name} failed; see above"


@pytest.mark.parametrize("name", TAUGHT)
def test_each_function_that_students_call_has_an_example(name):
    module = importlib.import_module(name)
    own = [getattr(module, word) for word in module.__all__]
    functions = [found for found in own if inspect.isfunction(found)]
    for found in filter(inspect.isclass, own):
        functions += [method for key, method in vars(found).items() if inspect.isfunction(method) and key[0] != "_"]
    without = [found.__qualname__ for found in functions if ">>>" not in (found.__doc__ or "")]
    assert [word for word in without if not word.endswith("make_neuron")] == []
