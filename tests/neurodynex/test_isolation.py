"""Results are their own, and nobody else's Brian2 objects are touched."""

import brian2 as b2
import matplotlib.pyplot as plt
import numpy as np
import pytest

import neurodynex._simulation as simulation
from neurodynex.hodgkin_huxley.HH import HH_Step
from neurodynex.leaky_integrate_and_fire.LIF import LIF_Sinus, LIF_Step
from neurodynex.neuron_type.neurons import NeuronTypeOne, NeuronTypeTwo, get_step_curr


def test_a_result_stays_what_it_was_when_the_model_runs_again():
    a = HH_Step(I_amp=1, do_plot=False)
    vm, I_e, t = a.vm.copy(), a.I_e.copy(), np.array(a.t)
    b = HH_Step(I_amp=7, tend=300, do_plot=False)
    assert np.array_equal(a.vm, vm) and np.array_equal(a.I_e, I_e) and np.array_equal(np.array(a.t), t)
    assert b.vm.shape == (1, 3000) and b.vm.max() > 80 * b2.mV > a.vm.max()


def test_a_run_does_not_depend_on_the_runs_before_it():
    before = HH_Step(I_amp=3, do_plot=False).vm
    HH_Step(I_amp=-50, gNa=180, do_plot=False)
    assert np.array_equal(HH_Step(I_amp=3, do_plot=False).vm, before)


def test_a_result_is_a_state_monitor_with_all_its_ways_in():
    rec = LIF_Step(do_plot=False)
    assert isinstance(rec, b2.StateMonitor)
    assert np.array_equal(rec.v[0], rec[0].v)
    assert (rec.t / b2.ms)[-1] == pytest.approx(99.9)
    assert rec.t_[-1] == pytest.approx(0.0999)
    assert list(rec.record_variables) == ["v", "I"]
    assert list(HH_Step(do_plot=False).record_variables) == ["vm", "I_e", "m", "n", "h"]
    assert list(NeuronTypeOne().run(get_step_curr(), 0.02).record_variables) == ["v", "w", "I"]


def test_a_kept_result_does_not_disturb_the_students_own_magic_network():
    rec = HH_Step(do_plot=False)
    group = b2.NeuronGroup(1, "dv/dt = -v/(10*ms) : 1", method="exact")
    group.v = 1
    monitor = b2.StateMonitor(group, "v", record=True)
    b2.run(10 * b2.ms)
    other = LIF_Step(do_plot=False)
    b2.run(10 * b2.ms)
    assert monitor.v[0][-1] == pytest.approx(np.exp(-1.99))
    assert rec.vm.shape == (1, 2000) and other.v.shape == (1, 1000)
    b2.start_scope()
    assert np.array_equal(HH_Step(do_plot=False).vm, rec.vm)


def test_the_students_default_clock_does_not_change_our_time_step():
    before = b2.defaultclock.dt
    try:
        b2.defaultclock.dt = 1 * b2.ms
        rec = LIF_Step(do_plot=False)
        assert b2.defaultclock.dt == 1 * b2.ms
    finally:
        b2.defaultclock.dt = before
    assert rec.v.shape == (1, 1000)


def test_the_students_names_do_not_reach_our_equations():
    tau, R, mV, v_rest, curr = "not", "ours", 3, None, 0  # noqa: F841
    assert LIF_Step(do_plot=False).v.shape == (1, 1000)


def test_the_students_standalone_device_stays_and_we_simulate_at_once():
    expected = LIF_Step(do_plot=False).v
    b2.set_device("cpp_standalone", build_on_run=False)
    try:
        assert np.array_equal(LIF_Step(do_plot=False).v, expected)
        assert type(b2.get_device()).__name__ == "CPPStandaloneDevice"
    finally:
        b2.device.reinit()
        b2.set_device("runtime")


def test_nothing_is_compiled_and_no_preference_is_changed(monkeypatch):
    from brian2.codegen.runtime.cython_rt import CythonCodeObject

    monkeypatch.setattr("neurodynex._machine_code.kernel", lambda *_: None)  # a run by Brian2 itself
    monkeypatch.setattr(CythonCodeObject, "compile_block", lambda *_: pytest.fail("Cython was asked to compile"))
    simulation._kept_network.cache_clear()
    assert b2.prefs.codegen.target == "auto"
    LIF_Sinus(do_plot=False)
    NeuronTypeTwo().step(t_end=50, I_tend=40, do_plot=False)
    assert b2.prefs.codegen.target == "auto"


def test_a_second_run_builds_no_second_network(monkeypatch):
    HH_Step(do_plot=False)
    monkeypatch.setattr(b2, "NeuronGroup", lambda *_, **__: pytest.fail("a second network was built"))
    HH_Step(I_amp=3.3, I_tstart=30.5, tend=250, gK=30, do_plot=False)


def test_nothing_is_printed_or_logged(capfd):
    pytest.importorskip("numba", reason="that Numba is missing is reported")
    simulation._kept_source.cache_clear()
    HH_Step()
    LIF_Sinus()
    NeuronTypeOne().step()
    NeuronTypeTwo().get_rate(0.5, t_end=300, do_plot=True)
    out, err = capfd.readouterr()
    assert out == err == ""


def test_an_interrupted_run_is_not_taken_for_a_result(monkeypatch):
    monkeypatch.setattr("neurodynex._machine_code.kernel", lambda *_: None)  # a run by Brian2 itself
    run = b2.Network.run
    monkeypatch.setattr(b2.Network, "run", lambda self, duration, **options: run(self, duration / 2, **options))
    with pytest.raises(KeyboardInterrupt):
        LIF_Step(do_plot=False)
    monkeypatch.undo()
    assert LIF_Step(do_plot=False).v.shape == (1, 1000)


@pytest.mark.parametrize("run", [LIF_Step, HH_Step])
def test_plots_go_to_a_figure_of_their_own_and_only_where_asked(run):
    run(do_plot=False)
    assert plt.get_fignums() == []
    mine = plt.figure()
    run()
    assert len(plt.get_fignums()) == 2
    assert plt.gcf() is not mine and not mine.axes


def test_the_documented_pulse_example_draws_into_the_students_figure():
    mine = plt.figure()
    for I_amp in (1.05, 1.1):
        t, v, _, _ = NeuronTypeOne().step(I_amp=I_amp, I_tstart=100, I_tend=110, t_end=300)
        plt.plot(t, v)
    assert [len(ax.lines) for ax in mine.axes] == [2]
    assert len(plt.get_fignums()) == 3


def test_a_figure_that_is_not_shown_is_left_current():
    mine = plt.figure()
    NeuronTypeOne().step(show=False)
    assert plt.gcf() is not mine and len(plt.gcf().axes) == 3


def test_a_figure_is_displayed_at_once_in_a_notebook(monkeypatch):
    shown = []
    monkeypatch.setattr("matplotlib.get_backend", lambda: "inline")
    monkeypatch.setattr("IPython.display.display", shown.append)
    mine = plt.figure()
    NeuronTypeOne().step()
    assert len(shown) == 1 and plt.gcf() is mine and plt.get_fignums() == [mine.number]
