"""The instructor's errors; a student's mistakes are results, never exceptions."""


class InstructorError(Exception):
    """Something the instructor can correct: the message says what was expected, what came, and what to do next."""


class BadSubmission(Exception):
    """A submission that holds no notebook we can read; the message is shown to the student."""
