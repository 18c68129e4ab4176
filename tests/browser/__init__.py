"""What people look at, in a real browser: pages of a class, Jupyter, nbgrader's pages, the documentation; `make browser`."""
