"""Answers as plain data: the closed vocabulary, its bounds, and how both sides read it.

A notebook's value is encoded beside the student's code and decoded where it is judged. The self-check reads a value the same way
without leaving the notebook, so that both use the same sentences. There is no expected value here: students have this package.

`values` is the vocabulary, `bounds` says how large an answer may be, `encode`, `figures` and `artists` write it, `decoder` checks and reads it,
and `reading` turns a value into numbers in a question's unit, or says why that is not possible. `numbers`, `columns` and `words` do so for
the larger kinds of answers, and `own` gives the self-check a notebook's variables as the judge gets them.
"""
