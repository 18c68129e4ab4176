"""Grade the *Neuronal Dynamics* assignments: one statement of each question, the same score on every route."""

import sys
from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("neurodynex-assignments")
except PackageNotFoundError:  # unpacked in a grading image, where only the sources lie
    __version__ = "0.1.0"

# jsonschema, which nbformat imports, takes a second to prepare for checking international web addresses, if it finds this package. No
# notebook's format asks for it, and each process that grades would pay.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
