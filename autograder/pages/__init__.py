"""The pages of a class's grades: one for the class in each assignment, one for each student.

They need no network, no script to be read, and nothing of the students' in them is markup.
"""

from autograder.pages.write import PLACE, write_pages

__all__ = ["PLACE", "write_pages"]
