"""Expected values, each by another method than the students' simulations: closed forms, root finding, tight solvers."""
