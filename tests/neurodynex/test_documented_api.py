"""The interface is the one that the exercises' documentation (section 1.3) promises."""

import importlib
import inspect

import pytest

# Transcribed from the documentation: module, name, and the parameters in their order.
DOCUMENTED = """
hodgkin_huxley.HH HH_Neuron curr, simtime
hodgkin_huxley.HH HH_Ramp I_tstart=30, I_tend=270, I_amp=20.0, tend=300, dt=0.1, do_plot=True
hodgkin_huxley.HH HH_Sinus I_freq=0.01, I_offset=0.5, I_amp=7.0, tend=600, dt=0.1, do_plot=True
hodgkin_huxley.HH HH_Step I_tstart=20, I_tend=180, I_amp=7, tend=200, do_plot=True
hodgkin_huxley.HH plot_data rec, title=None
hopfield_network.hopfield HopfieldNetwork N
hopfield_network.hopfield HopfieldNetwork.dynamic self
hopfield_network.hopfield HopfieldNetwork.grid self, mu=None
hopfield_network.hopfield HopfieldNetwork.make_pattern self, P=1, ratio=0.5, letters=None
hopfield_network.hopfield HopfieldNetwork.overlap self, mu
hopfield_network.hopfield HopfieldNetwork.run self, t_max=20, mu=0, flip_ratio=0, do_plot=True
hopfield_network.hopfield load_alphabet
leaky_integrate_and_fire.LIF LIF_Neuron curr, simtime
leaky_integrate_and_fire.LIF LIF_Sinus I_freq=0.1, I_offset=0.5, I_amp=0.5, tend=100, dt=0.1, do_plot=True
leaky_integrate_and_fire.LIF LIF_Step I_tstart=20, I_tend=70, I_amp=1.005, tend=100, do_plot=True
leaky_integrate_and_fire.LIF plot_data rec, v_threshold=1.0, title=None
neuron_type.neurons NeuronAbstract
neuron_type.neurons NeuronAbstract.get_rate self, I_amp, t_end=1000.0, do_plot=False
neuron_type.neurons NeuronAbstract.make_neuron self
neuron_type.neurons NeuronAbstract.run self, curr, simtime
neuron_type.neurons NeuronAbstract.step self, t_end=300.0, I_tstart=20, I_tend=270, I_amp=0.5, do_plot=True, show=True
neuron_type.neurons NeuronTypeOne
neuron_type.neurons NeuronTypeOne.make_neuron self
neuron_type.neurons NeuronTypeTwo
neuron_type.neurons NeuronTypeTwo.make_neuron self
neuron_type.neurons get_spiketimes t, v, v_th=0.5, do_plot=False
neuron_type.neurons get_step_curr I_tstart=20, I_tend=270, I_amp=0.5
neuron_type.neurons plot_data rec, title=None, show=False
neuron_type.neurons rec_to_tuple rec
neuron_type.typeXY NeuronX
neuron_type.typeXY NeuronX.get_neuron_type
neuron_type.typeXY NeuronY
neuron_type.typeXY NeuronY.get_neuron_type
neuron_type.typeXY create_models
ojas_rule.oja learn cloud, initial_angle=None, eta=0.001
ojas_rule.oja make_cloud n=10000, ratio=1, angle=0
ojas_rule.oja run_oja n=10000, ratio=1.0, angle=0.0, do_plot=True
phase_plane_analysis.fitzhugh_nagumo get_fixed_point I=0.0, eps=0.1, a=2.0
phase_plane_analysis.fitzhugh_nagumo get_trajectory v0=0.0, w0=0.0, I=0.0, eps=0.1, a=2.0, tend=500.0
phase_plane_analysis.fitzhugh_nagumo plot_flow I=0.0, eps=0.1, a=2.0
test.test_HH test_runnable_Ramp
test.test_HH test_runnable_Sinus
test.test_HH test_runnable_Step
test.test_LIF test_runnable_Sinus
test.test_LIF test_runnable_Step
test.test_hopfield test_alphabet
test.test_hopfield test_net_alphabet
test.test_hopfield test_net_random
test.test_nagumo test_runnable_get_fixed_point
test.test_nagumo test_runnable_get_trajectory
test.test_nagumo test_runnable_plot_flow
test.test_neuron_type run_neuron c
test.test_neuron_type test_class_assignment
test.test_neuron_type test_neurons
test.test_oja test_oja
""".strip().splitlines()


@pytest.mark.parametrize("line", DOCUMENTED)
def test_documented_name_has_the_documented_parameters_first_and_only_keywords_after(line):
    module_name, name, *rest = line.split(maxsplit=2)
    module = importlib.import_module(f"neurodynex.{module_name}")
    target = module
    for part in name.split("."):
        target = getattr(target, part)
    expected = inspect.signature(eval(f"lambda {' '.join(rest)}: None")).parameters.values()
    actual = list(inspect.signature(target).parameters.values())
    leading, extra = actual[: len(expected)], actual[len(expected) :]
    assert [(p.name, p.default, type(p.default)) for p in leading] == [
        (p.name, p.default, type(p.default)) for p in expected
    ]
    assert all(p.kind is p.KEYWORD_ONLY and p.default is not p.empty for p in extra)


@pytest.mark.parametrize(
    "module_name", sorted({line.split()[0] for line in DOCUMENTED if not line.startswith("test.")})
)
def test_star_import_gives_the_documented_names_and_nothing_but_public_ones(module_name):
    module = importlib.import_module(f"neurodynex.{module_name}")
    documented = {line.split()[1].split(".")[0] for line in DOCUMENTED if line.split()[0] == module_name}
    assert documented <= set(module.__all__)
    assert all(getattr(module, name).__module__ == module.__name__ for name in module.__all__)


@pytest.mark.parametrize("module_name", sorted({line.split()[0] for line in DOCUMENTED}))
def test_every_public_function_is_documented(module_name):
    module = importlib.import_module(f"neurodynex.{module_name}")
    names = [line.split()[1] for line in DOCUMENTED if line.split()[0] == module_name]
    for name in names:
        target = module
        for part in name.split("."):
            target = getattr(target, part)
        assert target.__doc__, name
