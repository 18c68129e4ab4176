"""Waited for the 4 x 4 network to forget its pattern, which never happens."""

# %% hopfield_capacity_4_solution
network = HopfieldNetwork(4)
network.make_pattern()
network.x = network.patterns[0]
capacity = 0
while network.overlap(0) > 0:
    network.dynamic()
    capacity += 1
capacity_4x4 = capacity

# %% hopfield_capacity_10_solution
capacity_10x10, theory_10x10 = 0, 13.8
for P in range(1, 30):
    network = HopfieldNetwork(10)
    network.make_pattern(P)
    if not all(network.run(mu=mu, do_plot=False) == 1 for mu in range(P)):
        break
    capacity_10x10 = P

# %% hopfield_bigger_solution
# No time left for this.
