"""The tree that is collected: `<student>/<assignment>/`, and beside it what came from where, and other attempts."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from autograder.hand_in import is_left_behind
from autograder.platforms import times
from autograder.platforms.unpack import Handed
from autograder.result import write_atomically

#: Beside the students' folders: what was collected from where, and attempts that were replaced.
RECORDS = ".collected"
#: What became of a submission; "older" where a later one was there already and stays.
State = Literal["new", "replaced", "unchanged", "older"]


@dataclass
class Tree:
    """A tree of submissions that is filled.

    Attributes
    ----------
    root : Path
    aside : list of str
        Other attempts, which are kept.
    """

    root: Path
    aside: list[str] = field(default_factory=list)

    def place(
        self, student: str, assignment: str, handed: Handed, members: tuple[str, ...], files: dict[str, Path]
    ) -> State:
        """Bring a submission into the tree, unless it is there already or a later one is; say which."""
        place = self.root / student / assignment
        before = self._record(student, assignment)
        stamp = handed.when.strftime(times.WRITTEN) if handed.when else ""
        record = {
            "student": student,
            "assignment": assignment,
            "platform": handed.senders[0].platform,
            "members": list(members),
            "source": [file.name for file in handed.files.values()],
            "handed_in": stamp or None,
            "number": handed.number,
            "late": handed.late,
        }
        state: State = "new"
        if place.is_dir() and any(place.iterdir()):
            there = {path.relative_to(place).as_posix(): path for path in _files_in(place)}
            same = there.keys() == files.keys() and all(
                _digest(there[name]) == _digest(path) for name, path in files.items()
            )
            if not same and _is_later(place, before, handed):
                self.keep_aside(student, assignment, files)
                return "older"
            state = "unchanged" if same else "replaced"
            if same and before == record and _stamp_in(place) == stamp:
                return state
        write_atomically(
            self._record_path(student, assignment), json.dumps(record, indent=1, ensure_ascii=False) + "\n"
        )
        if state == "unchanged":
            if stamp:
                write_atomically(place / times.TIMESTAMP, stamp)
            return state
        self._swap(place, files, stamp, student, assignment)
        return state

    def _swap(self, place: Path, files: dict[str, Path], stamp: str, student: str, assignment: str) -> None:
        """Put a new folder in the place of an old one, which is kept."""
        place.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{assignment}.", dir=place.parent))
        try:
            _copy(files, made)
            if stamp:
                (made / times.TIMESTAMP).write_text(stamp, encoding="utf-8")
            made.chmod(0o755)
            if place.is_dir():
                kept = self._aside(student, assignment, _digest_of(_files_in(place)))
                if kept.exists():
                    shutil.rmtree(place)
                else:
                    kept.parent.mkdir(parents=True, exist_ok=True)
                    os.replace(place, kept)
                self.aside.append(str(kept))
            os.replace(made, place)
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def keep_aside(self, student: str, assignment: str, files: dict[str, Path]) -> None:
        """Keep another attempt beside the tree."""
        kept = self._aside(student, assignment, _digest_of(files.values()))
        if not kept.exists():
            kept.mkdir(parents=True)
            _copy(files, kept)
        self.aside.append(str(kept))

    def _aside(self, student: str, assignment: str, digest: str) -> Path:
        return self.root / RECORDS / student / assignment / "attempts" / digest

    def _record_path(self, student: str, assignment: str) -> Path:
        return self.root / RECORDS / student / assignment / "record.json"

    def _record(self, student: str, assignment: str) -> Any:
        try:
            return json.loads(self._record_path(student, assignment).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None


def groups(root: Path, assignment: str) -> Iterator[tuple[list[str], str]]:
    """Yield the members of each group that handed in together, and by whom they are graded."""
    for path in sorted((root / RECORDS).glob(f"*/{assignment}/record.json")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            yield [str(member) for member in record["members"]], str(record["student"])
        except (OSError, ValueError, KeyError, TypeError):
            continue


def handed_in(root: Path, assignment: str) -> Iterator[tuple[str, datetime]]:
    """Yield the students of whom it is known when they handed in, and that time."""
    for stamp in root.glob(f"*/{assignment}/{times.TIMESTAMP}"):
        if when := times.time_of(stamp.read_text(encoding="utf-8", errors="replace")):
            yield stamp.parent.parent.name, when


def _is_later(place: Path, before: Any, handed: Handed) -> bool:
    """Tell whether what is in the tree was handed in after another submission."""
    there = times.time_of(_stamp_in(place))
    if there and handed.when:
        return there > handed.when
    number = before.get("number") if isinstance(before, dict) else None
    return isinstance(number, int) and number > handed.number


def _stamp_in(place: Path) -> str:
    try:
        return (place / times.TIMESTAMP).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def _copy(files: dict[str, Path], folder: Path) -> None:
    for name, path in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)


def _files_in(place: Path) -> list[Path]:
    """Return what was handed in of what lies in a folder of the tree."""
    return [
        path
        for path in place.rglob("*")
        if path.name != times.TIMESTAMP
        and path.is_file()
        and not any(map(is_left_behind, path.relative_to(place).parts))
    ]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest_of(files: Iterable[Path]) -> str:
    digests = sorted(_digest(path) for path in files if path.is_file() and path.name != times.TIMESTAMP)
    return hashlib.sha256("".join(digests).encode()).hexdigest()[:12]
