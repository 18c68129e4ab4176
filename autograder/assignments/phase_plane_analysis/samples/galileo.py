"""Forgot the factor of w in its nullcline, plotted u against time only, and took the first spiral for the loss of stability."""

# %% fhn_nullclines_solution
def u_nullcline(u, I):
    return u * (1 - u**2) + I


def w_nullcline(u):
    return u + 1


u = np.linspace(-2.5, 2.5)
plt.figure()
plt.plot(u, u_nullcline(u, 0))
plt.plot(u, w_nullcline(u))
plt.xlabel("u")
plt.ylabel("w")
plt.show()

# %% fhn_trajectory_solution
t, u, w = get_trajectory(0, 0, 1.3)
plt.figure()
plt.plot(u)
plt.xlabel("step")
plt.ylabel("u")
plt.show()

# %% fhn_critical_current_solution
I_critical = 0.8

# %% fhn_jacobian_solution
def get_jacobian(u_0, w_0):
    return [[1 - 3 * u_0**2, 0.1], [-1, -0.05]]

# %% fhn_eigenvalues_solution
def eigenvalues_at(I):
    return np.linalg.eigvals(get_jacobian(*get_fixed_point(I)))


eigenvalues_0 = eigenvalues_at(0)
eigenvalues_13 = eigenvalues_at(1.3).real
