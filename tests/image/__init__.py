"""`python -m tests.image`: the grading image of Gradescope, made and used for real, without Docker."""
