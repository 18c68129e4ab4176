"""Used the library for everything as the text suggests, with loops, numpy's star import and plain lists."""

# %% fhn_nullclines_solution
from numpy import *


def u_nullcline(spannung, strom=0):
    w = spannung - power(spannung, 3) + strom
    return w


def w_nullcline(spannung, b=0.5):
    w = (spannung + 1) / b
    print(w)
    return w


list = arange(-2.5, 2.51, 0.1)
plt.plot(list, [u_nullcline(x) for x in list], "b", list, 2 * list + 2, "r")
plt.xlabel("u in mV")
plt.ylabel("w in mV")
plt.show()

# %% fhn_trajectory_solution
I = 1.3
t, u, w = get_trajectory(0, 0, I)
x = linspace(-2.5, 2.5, 51)
plt.plot(x, u_nullcline(x, I))
plt.plot(x, [w_nullcline(_) for _ in x])
plt.plot(u, w)
plt.xlim(-2, 2)
plt.ylim(-2, 4)
plot_flow(I)
plt.xlabel("u")
plt.ylabel("w")

plt.figure()
plt.plot(t, u)
t, u, w = t.tolist(), tuple(u), [*w]

# %% fhn_critical_current_solution
for I in arange(0.1, 2, 0.1):
    t, u, w = get_trajectory(0.0, 0.0, I)
    u_0, w_0 = get_fixed_point(I)
    distance = sqrt((u[-500:] - u_0) ** 2 + (w[-500:] - w_0) ** 2).max()
    if distance > 0.1:
        I_critical = I
        break

# %% fhn_jacobian_solution
get_jacobian = lambda u, w: ((1 - 3 * u * u, -1.0), (1 / 10, -1 / 20))

# %% fhn_eigenvalues_solution
J = array(get_jacobian(*get_fixed_point(0)))
eigenvalues_0, vectors = linalg.eig(J)
I = 1.3
J = get_jacobian(*get_fixed_point(I))
eigenvalues_13 = tuple(linalg.eigvals(J))

# %% fhn_unstable_range_solution
list1, list2, currents = [], [], arange(0.0, 4.0, 0.1)
for I in currents:
    e = linalg.eigvals(get_jacobian(*get_fixed_point(I)))
    list1.append(e[0].real)
    list2.append(e[1].real)
fig = plt.figure()
plt.plot(currents, list1)
plt.plot(currents, list2)
plt.ylabel("Re")
fig.supxlabel("I")

I_low = round(min(currents[array(list1) > 0]), 1)
I_high = round(max(currents[array(list2) > 0]), 1)

# %% fhn_attractor_solution
attractor = "limit_cycle"
