"""The routes: nbgrader, Otter and Gradescope. Each is thin; all the judging is done elsewhere."""
