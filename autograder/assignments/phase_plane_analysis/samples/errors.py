"""Forgot the operator in 3 u_0**2, so that whatever needs the Jacobian fails."""

# %% fhn_jacobian_solution
def get_jacobian(u_0, w_0):
    return [[1 - 3(u_0**2), -1], [0.1, -0.05]]
