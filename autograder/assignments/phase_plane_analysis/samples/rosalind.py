"""Drew the nullclines as contours, integrated with a solver of her own choice, and answered with lists and by bisection."""

# %% fhn_nullclines_solution
from scipy.integrate import solve_ivp


def u_nullcline(u, I=0.0):
    return u - u**3 + I


w_nullcline = lambda u: (u + 1) / 0.5


def du_dw(u, w, I):
    return u - u**3 - w + I, 0.1 * (u - 0.5 * w + 1)


U, W = np.meshgrid(np.linspace(-2.5, 2.5, 60), np.linspace(-4, 4, 60))
fig, ax = plt.subplots()
du, dw = du_dw(U, W, 0)
ax.contour(U, W, du, levels=[0], colors="C0")
ax.contour(U, W, dw, levels=[0], colors="C1")
ax.set_xlabel("Spannung u")
ax.set_ylabel("Erholungsvariable w")

# %% fhn_trajectory_solution
solution = solve_ivp(lambda t, y: du_dw(*y, 1.3), (0, 400), (0, 0), rtol=1e-5)
t, (u, w) = list(solution.t), solution.y.tolist()

fig, axes = plt.subplots(1, 2)
du, dw = du_dw(U, W, 1.3)
axes[0].streamplot(U[0], W[:, 0], du, dw, color="0.8")
axes[0].contour(U, W, du, levels=[0])
axes[0].contour(U, W, dw, levels=[0])
axes[0].plot(u, w, "k")
axes[0].set(xlabel="u", ylabel="w")
axes[1].plot(t, u)

# %% fhn_critical_current_solution
def oscillates(I):
    end = solve_ivp(lambda t, y: du_dw(*y, I), (0, 1500), (0, 0), t_eval=np.linspace(1300, 1500, 500), rtol=1e-6)
    return np.ptp(end.y[0]) > 0.3


low, high = 0.5, 2.0
while high - low > 0.02:
    middle = (low + high) / 2
    low, high = (low, middle) if oscillates(middle) else (middle, high)
I_critical = [high]

# %% fhn_jacobian_solution
def get_jacobian(u_0, w_0=None):
    J = np.zeros((2, 2))
    for column, (a, b) in enumerate([(1e-5, 0), (0, 1e-5)]):
        plus, minus = du_dw(u_0 + a, b, 0), du_dw(u_0 - a, -b, 0)
        J[:, column] = (np.array(plus) - np.array(minus)) / 2e-5
    return np.matrix(J)

# %% fhn_eigenvalues_solution
def eigenvalues_at(I):
    J = get_jacobian(np.real([u for u in np.roots([1, 0, 1, 2 - I]) if abs(u.imag) < 1e-9][0]))
    half = J[0, 0] / 2 + J[1, 1] / 2
    root = np.emath.sqrt(half**2 - np.linalg.det(J))
    return half - root, half + root


eigenvalues_0 = eigenvalues_at(0)
eigenvalues_13 = eigenvalues_at(1.3)

# %% fhn_unstable_range_solution
fig, ax = plt.subplots()
for I in np.linspace(0, 5, 51):
    ax.scatter([I, I], np.real(eigenvalues_at(I)), color="k")
ax.set_xlabel("Strom I")
ax.set_ylabel("Re λ")

I_low = next(I for I in np.arange(0, 4, 0.1) if max(np.real(eigenvalues_at(I))) > 0)
I_high = [I for I in np.arange(0, 4, 0.1) if max(np.real(eigenvalues_at(I))) > 0][-1]

# %% fhn_attractor_solution
attractor = ["LIMIT-CYCLE"]
