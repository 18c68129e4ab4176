"""The compiled time loops against Brian2's own runs, and when they are used."""

import dataclasses
import gc
import importlib.util
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import brian2 as b2
import numpy as np
import pytest

import neurodynex._machine_code as machine_code
import neurodynex._simulation as simulation
from autograder import kernels
from neurodynex import _kernels
from neurodynex.hodgkin_huxley import HH
from neurodynex.hodgkin_huxley.HH import HH_Neuron, HH_Ramp, HH_Sinus, HH_Step
from neurodynex.leaky_integrate_and_fire import LIF
from neurodynex.leaky_integrate_and_fire.LIF import LIF_Neuron, LIF_Sinus, LIF_Step
from neurodynex.neuron_type.neurons import NeuronTypeOne, NeuronTypeTwo

ms = b2.ms


def test_the_kernels_are_what_the_models_generate():
    assert kernels.PATH.read_text(encoding="utf-8") == kernels.generate()


def timed_array(unit, dt=1.0, seed=3):
    return b2.TimedArray(np.random.default_rng(seed).uniform(-1, 8, 60) * unit, dt=dt * ms)


HH_PARAMETERS = {"gNa": 150, "gK": 30, "gL": 0.4, "ENa": 110, "EK": -10, "EL": 11, "C": 1.2}
LIF_PARAMETERS = {"tau": 2.5, "R": 1.7, "v_rest": -0.2, "v_reset": -0.4, "v_threshold": 1.3}
CALLS = {
    "HH_Step": lambda: HH_Step(do_plot=False),
    "HH_Step, amplitudes": lambda: HH_Step(
        amplitudes=[-5, 0, 2.2, 7, 60], I_tstart=10.05, tend=60, I_tend=50, do_plot=False
    ),
    "HH_Step, parameters": lambda: HH_Step(do_plot=False, **HH_PARAMETERS),
    "HH_Sinus": lambda: HH_Sinus(do_plot=False),
    "HH_Sinus, parameters": lambda: HH_Sinus(0.03, 1, 3, 100, 0.05, False, amplitudes=[1, 9], **HH_PARAMETERS),
    "HH_Ramp": lambda: HH_Ramp(do_plot=False),
    "HH_Ramp, parameters": lambda: HH_Ramp(3.3, 71.7, 9, 100, 0.07, False, amplitudes=[1, 9], **HH_PARAMETERS),
    "HH_Neuron": lambda: HH_Neuron(timed_array(b2.uA), 0.08),
    "HH_Neuron, parameters": lambda: HH_Neuron(timed_array(b2.uA, 0.37), 50 * ms, **HH_PARAMETERS),
    "LIF_Step": lambda: LIF_Step(do_plot=False),
    "LIF_Step, amplitudes": lambda: LIF_Step(amplitudes=np.linspace(-3, 9, 7), I_tend=66.66, do_plot=False),
    "LIF_Step, parameters": lambda: LIF_Step(do_plot=False, I_amp=2, **LIF_PARAMETERS),
    "LIF_Sinus": lambda: LIF_Sinus(do_plot=False),
    "LIF_Sinus, parameters": lambda: LIF_Sinus(0.37, 1, 3, 40, 0.03, False, amplitudes=[1, 9], **LIF_PARAMETERS),
    "LIF_Neuron": lambda: LIF_Neuron(timed_array(b2.nA), 0.08),
    "LIF_Neuron, parameters": lambda: LIF_Neuron(timed_array(b2.nA, 0.25), 50 * ms, **LIF_PARAMETERS),
    "type I": lambda: NeuronTypeOne().run(timed_array(b2.pA / 5), 0.1),
    "type II": lambda: NeuronTypeTwo().run(timed_array(b2.pA / 5), 0.1),
    "type I, step": lambda: NeuronTypeOne().step(amplitudes=[-0.1, 0.4, 1], do_plot=False),
    "type II, step": lambda: NeuronTypeTwo().step(amplitudes=[-0.1, 0.4, 1], do_plot=False),
}


def without_kernels(monkeypatch):
    monkeypatch.setattr(machine_code, "kernel", lambda *_: None)


def only_kernels(monkeypatch):
    monkeypatch.setattr(simulation, "_run_brian", lambda *_: pytest.fail("Brian2 was asked to run"))


def only_brian(monkeypatch):
    """Make kernels fail; Brian2's own runs are counted."""
    runs = []
    run = simulation._run_brian
    monkeypatch.setattr(simulation, "_run_brian", lambda *arguments: runs.append(1) or run(*arguments))
    return runs


def signals(result):
    if isinstance(result, tuple):
        return dict(enumerate(result))
    return {name: np.asarray(getattr(result, f"{name}_")) for name in ("t", *result.record_variables)}


def assert_same(found, expected):
    found, expected = signals(found), signals(expected)
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        assert found[name].shape == values.shape and found[name].dtype == values.dtype
        np.testing.assert_allclose(found[name], values, rtol=0, atol=1e-9 * np.ptp(values), err_msg=str(name))


#: Of each model and stimulus one call by default.
BY_DEFAULT = (
    *("HH_Step, amplitudes", "HH_Sinus, parameters", "HH_Ramp", "HH_Neuron", "LIF_Step, parameters", "LIF_Sinus"),
    *("LIF_Neuron, parameters", "type I", "type II", "type II, step"),
)


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(call, id=name, marks=() if name in BY_DEFAULT else pytest.mark.thorough)
        for name, call in CALLS.items()
    ],
)
def test_a_kernel_gives_the_numbers_of_brian2s_own_run(call, monkeypatch):
    pytest.importorskip("numba")
    with monkeypatch.context() as patch:
        only_kernels(patch)
        found = call()
    without_kernels(monkeypatch)
    assert_same(found, call())


@pytest.mark.parametrize(
    ("module", "model", "method"),
    [pytest.param(HH, "_HH", "rk4", marks=pytest.mark.thorough), (LIF, "_LIF", "euler")],
)
def test_a_kernel_that_is_added_gives_the_numbers_of_brian2s_own_run(module, model, method, monkeypatch):
    monkeypatch.setattr(_kernels, "KERNELS", dict(_kernels.KERNELS))
    other = dataclasses.replace(getattr(module, model), method=method)
    monkeypatch.setattr(module, model, other)
    call = CALLS[f"{model[1:]}_Sinus, parameters"]
    with monkeypatch.context() as patch:
        runs = only_brian(patch)
        expected = call()
        assert runs
    kernels.add(other)
    only_kernels(monkeypatch)
    assert_same(call(), expected)


@pytest.mark.parametrize("name", ["HH_Step", "LIF_Sinus, parameters", "type I", "type II"])
def test_plain_python_gives_the_numbers_of_the_machine_code(name, monkeypatch):
    expected = CALLS[name]()
    monkeypatch.setattr(machine_code, "compiled", lambda function, *_: function)
    only_kernels(monkeypatch)
    assert_same(CALLS[name](), expected)


def test_a_monitor_has_what_brian2s_own_has(monkeypatch):
    def facts(rec):
        return {
            "type": type(rec),
            "t": rec.t[3:5] / ms,
            "v": np.round(rec.v[:, 300:303] / b2.mV, 9),
            "dimension": (rec.v.dim, rec.I.dim, rec.t.dim),
            "one neuron": rec[1].v[-1] == rec.v[1, -1],
            "neurons": rec[[0, 2]].I_.shape,
            "record": rec.record,
            "n_indices": rec.n_indices,
            "N": rec.N,
            "dt": rec.clock.dt_,
            "names": (rec.name, rec.source.name, rec.record_variables),
            "source": (len(rec.source), rec.source.equations, rec.source.R[0], rec.source.v_threshold_[:]),
            "states": sorted(rec.get_states(["v", "t"], units=False)),
            "repr": repr(rec),
        }

    def call():
        return LIF_Step(amplitudes=[0.5, 1.5, 2], R=1.5, do_plot=False)

    found = facts(call())
    without_kernels(monkeypatch)
    np.testing.assert_equal(found, facts(call()))


def changed(module, tmp_path, *changes):
    """A student's copy of a module, in which texts are replaced."""
    text = Path(module.__file__).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    # Two versions of one file, of the same second and size, would share their byte code.
    path = tmp_path / f"copied{len(list(tmp_path.glob('copied*.py')))}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("copied", path)
    copied = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copied)
    return copied


def test_an_unchanged_copy_runs_in_the_same_kernel(tmp_path, monkeypatch):
    only_kernels(monkeypatch)
    assert_same(changed(HH, tmp_path).HH_Step(do_plot=False), HH_Step(do_plot=False))


def test_a_copy_with_an_edited_default_runs_what_it_says(tmp_path):
    copied = changed(HH, tmp_path, ("gNa: float = 120.0", "gNa: float = 1.5*120.0"))
    assert_same(copied.HH_Step(do_plot=False), HH_Step(gNa=180, do_plot=False))


def test_a_copy_with_an_edited_initial_state_runs_what_it_says(tmp_path):
    copied = changed(LIF, tmp_path, ('initial={"v": "v_rest"}', 'initial={"v": 0.5*b2.mV}'))
    v = copied.LIF_Step(do_plot=False).v[0] / b2.mV
    np.testing.assert_allclose(v[:100], 0.5 * np.exp(-np.arange(100) / 10), atol=1e-6)


@pytest.mark.parametrize(
    "changes, peak",
    [
        ([("(ENa - vm)", "(50*mV - vm)")], 50),
        ([("dvm/dt = (I_e + ", "dvm/dt = (I_e + 2*gL*(-30*mV - vm) + ")], 60),
        ([("_exprel = b2.Function(exprel,", "_exprel = b2.Function(lambda x: 1e9 + 0*x,"),
          ('add_implementation("numpy", exprel)', 'add_implementation("numpy", lambda x: 1e9 + 0*x)')], 40),
    ],
    ids=["equation", "added current", "function"],
)  # fmt: skip
def test_a_copy_with_an_edited_model_is_run_by_brian2(tmp_path, monkeypatch, changes, peak):
    copied = changed(HH, tmp_path, *changes)
    runs = only_brian(monkeypatch)
    vm = copied.HH_Step(tend=30, I_tstart=5, I_tend=30, do_plot=False).vm
    assert runs
    assert vm.max() / b2.mV < peak
    assert np.max(np.abs(vm - HH_Step(tend=30, I_tstart=5, I_tend=30, do_plot=False).vm)) > 1 * b2.mV


def test_a_copy_with_another_integrator_or_reset_or_record_is_run_by_brian2(tmp_path, monkeypatch):
    runs = only_brian(monkeypatch)
    copied = changed(LIF, tmp_path, ('reset="v = v_reset"', 'reset="v = v_reset - 1*mV"'))
    assert copied.LIF_Step(I_amp=2, do_plot=False).v.min() / b2.mV == pytest.approx(-1)
    copied = changed(LIF, tmp_path, ('record=("v", "I")', 'record=("v", "I", "tau")'))
    assert copied.LIF_Step(do_plot=False).tau.shape == (1, 1000)
    copied = changed(LIF, tmp_path, ('method="rk4"', 'method="euler"'))
    assert copied.LIF_Step(I_amp=0.5, do_plot=False).v[0][201] / b2.mV == pytest.approx(0.05)
    assert len(runs) == 3


def test_another_current_or_a_missing_parameter_is_left_to_brian2(monkeypatch):
    runs = only_brian(monkeypatch)
    from neurodynex import _stimulus

    step = _stimulus.step(5, 20, 2, 30, b2.nA)
    parameters = {"tau": 1 * ms, "R": 1 * b2.Mohm, "v_threshold": 1 * b2.mV}
    rest = dataclasses.replace(LIF._LIF, initial={})
    assert simulation.simulate(rest, step, parameters).v.max() > 0.8 * b2.mV
    doubled = dataclasses.replace(step, equations=step.equations.replace("= amplitude", "= 2*amplitude"))
    parameters |= {"v_rest": 0 * b2.mV, "v_reset": 0 * b2.mV}
    assert simulation.simulate(LIF._LIF, doubled, parameters).I.max() / b2.nA == pytest.approx(4)
    assert len(runs) == 2
    with pytest.raises(b2.DimensionMismatchError):
        simulation.simulate(LIF._LIF, step, {**parameters, "tau": 1 * b2.mV})


def test_single_precision_stays_the_callers_choice(monkeypatch):
    runs = only_brian(monkeypatch)
    simulation._kept_network.cache_clear()
    b2.prefs.core.default_float_dtype = np.float32
    try:
        assert LIF_Step(tend=71, do_plot=False).v_.dtype == np.float32
    finally:
        b2.prefs.core.default_float_dtype = np.float64
        simulation._kept_network.cache_clear()
    assert runs


WITHOUT_NUMBA = """
    import sys
    sys.modules["numba"] = None
    from neurodynex.leaky_integrate_and_fire.LIF import LIF_Step
    for I_amp in (0.5, 1.5):
        v = LIF_Step(I_amp=I_amp, do_plot=False).v_
    rows = LIF_Step(amplitudes=[1.5]*60, do_plot=False).v_
    assert abs(rows - v).max() < 1e-9 * v.max()
    print(repr(float(v.sum())))
"""


def test_without_numba_the_numbers_are_the_same_and_it_is_reported_once():
    line = [sys.executable, "-c", textwrap.dedent(WITHOUT_NUMBA)]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert done.stderr.count("Numba cannot be imported") == 1
    assert float(done.stdout) == pytest.approx(float(LIF_Step(I_amp=1.5, do_plot=False).v_.sum()), rel=1e-12)


NOWHERE = """
    from neurodynex import _kernels, _machine_code
    from neurodynex.leaky_integrate_and_fire.LIF import LIF_Step
    LIF_Step(do_plot=False)
    loop = _machine_code.compiled(_kernels.lif, _kernels.HELPERS)
    print(sum(loop.stats.cache_misses.values()), loop._cache.kept)
"""


@pytest.fixture
def nowhere(tmp_path):
    """Return a function that runs Python where no machine code can be kept."""
    pytest.importorskip("numba")
    shutil.copytree(Path(simulation.__file__).parent, tmp_path / "neurodynex", ignore=shutil.ignore_patterns("*cache*"))
    (tmp_path / "neurodynex" / "__pycache__").write_text("a file, so that no folder can be made here, not even by root")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "HOME": "/proc/none", "XDG_CACHE_HOME": "/proc/none"}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "NUMBA_CACHE_DIR": "", "MPLCONFIGDIR": str(tmp_path)}

    def run(*line):
        return subprocess.run([sys.executable, *line], env=environment, cwd=tmp_path, capture_output=True, text=True)

    return run


def test_where_nothing_can_be_written_the_library_works(nowhere):
    assert nowhere("-c", textwrap.dedent(NOWHERE)).stdout == "1 False\n"


@pytest.mark.thorough
def test_where_nothing_can_be_written_warmup_says_what_is_missing(nowhere):
    warmup = nowhere("-m", "neurodynex", "warmup")
    assert warmup.returncode == 1
    assert "cannot be kept" in warmup.stderr and "Traceback" not in warmup.stderr


@pytest.mark.parametrize("simulated", [only_kernels, only_brian])
def test_recorded_arrays_outlive_their_monitor(simulated, monkeypatch):
    simulated(monkeypatch)
    kept = HH_Step(do_plot=False)
    alone = HH_Step(do_plot=False).vm_
    gc.collect()
    others = [np.full_like(alone, 7.0) for _ in range(50)]
    np.testing.assert_array_equal(alone, np.asarray(kept.vm))
    assert len(others) == 50


def test_importing_neurodynex_loads_neither_brian2_nor_numba():
    script = "import sys, neurodynex; print({'brian2', 'numba', 'matplotlib', 'scipy'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "set()\n"
