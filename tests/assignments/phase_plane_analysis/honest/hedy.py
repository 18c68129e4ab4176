"""Let sympy do the algebra and Brian2 the integration, and drew with arrows of her own and w on the horizontal axis."""

# %% fhn_nullclines_solution
from brian2 import *
import sympy as sp

U, W, C = sp.symbols("u w I", real=True)
F = U * (1 - U**2) - W + C
G = sp.Rational(1, 10) * (U - W / 2 + 1)
F0, G0 = sp.solve(F, W)[0], sp.solve(G, W)[0]
u_nullcline = sp.lambdify((U, C), F0)


def w_nullcline(x):
    return G0.subs(U, x)


u = linspace(-2.5, 2.5, 100)
fig, ax = subplots()
ax.plot(u_nullcline(u, 0), u, ".")
ax.plot([float(w_nullcline(x)) for x in u], u, ".")
ax.set_ylabel("u (Spannung)")
ax.set_xlabel("w")

# %% fhn_trajectory_solution
model = """
du/dt = (u*(1 - u**2) - w + I)/ms : 1
dw/dt = 0.1*(u - 0.5*w + 1)/ms : 1
I : 1
"""
start_scope()
defaultclock.dt = 0.2 * ms
neuron = NeuronGroup(1, model, method="rk4")
neuron.I = 1.3
rec = StateMonitor(neuron, ["u", "w"], record=0)
run(350 * ms)
t, u, w = rec.t, rec.u[0], rec.w[0]

x = linspace(-2.5, 2.5, 25)
a, b = meshgrid(linspace(-1, 4, 25), x)
quiver(a, b, 0.1 * (b - 0.5 * a + 1), b * (1 - b**2) - a + 1.3)
x = linspace(-2.5, 2.5, 200)
plot(u_nullcline(x, 1.3), x, 2 * x + 2, x)
plot(w, u, "k")
xlim(-1, 4)
ylim(-2.5, 2.5)
xlabel("w")
ylabel("u")
figure()
plot(t / ms, u)
show()

# %% fhn_critical_current_solution
start_scope()
currents = arange(0, 2, 0.1)
neurons = NeuronGroup(len(currents), model, method="rk4")
neurons.I = currents
rec = StateMonitor(neurons, "u", record=True)
run(1000 * ms)
amplitude = rec.u[:, rec.t > 900 * ms].max(axis=1) - rec.u[:, rec.t > 900 * ms].min(axis=1)
I_critical = currents[amplitude > 0.2][0] * mV / mV

# %% fhn_jacobian_solution
J = sp.Matrix([F, G]).jacobian([U, W])


def get_jacobian(u0, w0):
    return J.subs({U: u0, W: w0}).tolist()


# %% fhn_eigenvalues_solution
def fixed_point(I):
    return [s for s in sp.Poly(F.subs({W: 2 * U + 2, C: I}), U).nroots() if s.is_real][0]


eigenvalues_0 = list(sp.Matrix(get_jacobian(fixed_point(0), 0)).eigenvals())
eigenvalues_13 = [complex(e) for e in sp.Matrix(get_jacobian(fixed_point(1.3), 0)).eigenvals(multiple=True)]

# %% fhn_unstable_range_solution
ev = {}
for I in arange(0, 4.01, 0.1):
    re = real(linalg.eigvals(array(get_jacobian(float(fixed_point(I)), 0), dtype=float)))
    ev[I] = sorted(re)
figure()
step(list(ev), [e[0] for e in ev.values()], "b")
step(list(ev), [e[1] for e in ev.values()], "g")
xlabel("I")
ylabel("Realteil")
positive = [I for I in ev if ev[I][1] > 0]
I_low, I_high = positive[0], [I for I in ev if I > positive[-1]][0]

# %% fhn_attractor_solution
attractor = "Limit Cycle"
