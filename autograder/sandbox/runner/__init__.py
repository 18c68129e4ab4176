"""The untrusted side: runs a notebook's cells and reads out answers.

This package, and nothing else of the grader, is copied into the sandbox, where it shares its process with the student's
code. It therefore holds nothing worth reading, and whatever it sends is checked again by `neurodynex.answer_data.decoder`.
It imports nothing from outside itself but what students have too: neurodynex, numpy, IPython and matplotlib.
"""
