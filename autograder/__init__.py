"""Grade the *Neuronal Dynamics* assignments: one statement of each question, the same score on every route."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("neurodynex-assignments")
except PackageNotFoundError:  # unpacked in a grading image, where only the sources lie
    __version__ = "0.1.0"
