"""Integrated by Euler's method with small steps, drew with contours and streamlines, and worked with the trace by hand."""

# %% fhn_nullclines_solution
u_nullcline = lambda u, I: u - u**3 + I
w_nullcline = lambda u: np.array([2 * u + 2])

sum = np.linspace(-2.5, 2.5, 201)
fig, axs = plt.subplots(2, 1)
axs[0].plot(sum, u_nullcline(sum, 0.5), label="I = 0,5")
axs[0].plot(sum, w_nullcline(sum)[0], "--")
axs[0].set_xlabel("u")
axs[0].set_ylabel("w")
axs[1].plot(sum, sum**2)


# %% fhn_trajectory_solution
def euler(I, T, dt=0.01, u=0.0, w=0.0):
    n = int(T / dt)
    us, ws = [u], [w]
    for _ in range(n):
        u, w = u + dt * (u - u**3 - w + I), w + dt * 0.1 * (u - 0.5 * w + 1)
        us.append(u)
        ws.append(w)
    return np.arange(n + 1) * dt, np.array(us), np.array(ws)


t, u, w = euler(1.3, 300)
# every second millisecond is enough
t, u, w = t[::200], u[::200], w[::200]

x, y = np.meshgrid(np.linspace(-2.5, 2.5, 101), np.linspace(-2, 4, 101))
dx, dy = x - x**3 - y + 1.3, 0.1 * (x - 0.5 * y + 1)
plt.figure()
plt.contour(x, y, dx, [0])
plt.contour(x, y, dy, [0])
plt.streamplot(x, y, dx, dy, density=0.7)
plt.plot(u, w, "r.-")
plt.xlabel("$u$")
plt.ylabel("$w$")

# %% fhn_critical_current_solution
stable = {}
for I in [0.5, 1, 1.1, 1.2, 1.3, 1.4, 1.5]:
    _, u, _ = euler(I, 600, dt=0.02)
    stable[I] = u[-5000:].max() - u[-5000:].min() < 0.5
I_critical = min(I for I, ok in stable.items() if not ok)


# %% fhn_jacobian_solution
def get_jacobian(u_0, *rest):
    J = np.array([[1.0, -1.0], [0.1, -0.05]], dtype=object)
    J[0, 0] -= 3 * u_0**2
    return J


# %% fhn_eigenvalues_solution
def ev(I):
    u = min(np.roots([-1, 0, -1, I - 2]), key=lambda z: abs(z.imag)).real
    trace, det = 1 - 3 * u**2 - 0.05, -0.05 * (1 - 3 * u**2) + 0.1
    root = (trace**2 / 4 - det + 0j) ** 0.5
    return {trace / 2 + root, trace / 2 - root}


eigenvalues_0, eigenvalues_13 = ev(0), ev(1.3)

# %% fhn_unstable_range_solution
fig, ax = plt.subplots()
unstable = []
for I in np.arange(-1, 5, 0.05):
    a, b = sorted(z.real for z in ev(I))
    ax.plot(I, a, "b.", I, b, "r.")
    if b > 0:
        unstable += [I]
ax.set_xlabel("I / mV")
ax.set_ylabel("Re(lambda)")
I_low, I_high = unstable[:1], unstable[-1:]

# %% fhn_attractor_solution
attractor = "LIMIT CYCLE "
