"""The package's docstring tells the road of a submission; what it names is there."""

import importlib
import re
from pathlib import Path

import autograder

STATIONS = re.findall(r"^- `(autograder\.\w+)`", autograder.__doc__ or "", re.MULTILINE)
NAMES = set(re.findall(r"`(autograder\.[\w.]+)`", autograder.__doc__ or ""))


def test_each_station_of_the_road_is_a_module():
    assert 8 <= len(STATIONS) <= 12
    for name in NAMES:
        importlib.import_module(name)


def test_each_module_on_the_road_is_a_station_of_it():
    """What `grade` and `batch` import of our own is told, or serves many (settings, errors, files)."""
    shared = {"assignments", "course", "errors", "files", "question"}
    folder = Path(autograder.__file__).parent
    for module in ("grade.py", "batch.py"):
        text = (folder / module).read_text(encoding="utf-8")
        imported = set(re.findall(r"^from autograder\.(\w+)", text, re.MULTILINE))
        assert {f"autograder.{name}" for name in imported - shared} <= NAMES | {"autograder.grade", "autograder.batch"}
