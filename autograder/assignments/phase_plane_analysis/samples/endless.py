"""Waited in a loop until the oscillation dies out, where it does not."""

# %% fhn_critical_current_solution
u = [0, 1]
I = 1.3
u_0, w_0 = 0, 0
while np.ptp(u) > 0.01:
    t, u, w = get_trajectory(u_0, w_0, I, tend=50)
    u_0, w_0 = u[-1], w[-1]
