"""What an author of questions starts from, and what tells an author of a mistake."""

from autograder.authoring.scaffold import KINDS, Wanted, new_assignment, new_question
from autograder.authoring.unfinished import FILL_IN, unfinished

__all__ = ["FILL_IN", "KINDS", "Wanted", "new_assignment", "new_question", "unfinished"]
