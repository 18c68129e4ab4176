"""A term by the commands alone: export, collect, grade, report, another tolerance, regrade, marks, export; and all counts agree."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder import notebook, samples
from tests.conftest import COURSE
from tests.platforms.exports import zipped
from tests.routes.routes import command
from tests.test_stale import Copy

OJA = "ojas_rule"
QUESTION, MARK = "oja_what_why", 1.0
SAMPLES = ("ada", "errors", "marie", "blank")


@dataclass
class Person:
    number: int

    @property
    def id(self) -> str:
        return f"s{self.number:04d}"

    @property
    def name(self) -> str:
        return f"Given{self.number} Family{self.number}"

    def notebook(self) -> bytes:
        sample = samples.load(OJA)[SAMPLES[self.number % len(SAMPLES)]]
        return sample.notebook(notebook.source_path(OJA), f"{self.id}@uni.edu")


class Canvas:
    """Its submissions, and its gradebook."""

    column = "Oja (77)"

    def submissions(self, people: list[Person], path: Path) -> Path:
        files = {
            f"family{p.number}given{p.number}_{100 + p.number}_{9000 + p.number}_oja.ipynb": p.notebook()
            for p in people
        }
        return zipped(path, files)

    def gradebook(self, people: list[Person]) -> str:
        rows = ["Student,ID,SIS User ID,SIS Login ID,Section," + self.column, "    Points Possible,,,,,17.00"]
        rows += [f'"Family{p.number}, Given{p.number}",{100 + p.number},{p.id},{p.id}@uni.edu,A,' for p in people]
        return "\r\n".join([*rows, ""])


class Moodle:
    """Its submissions, and its grading worksheet."""

    column = "Grade"

    def submissions(self, people: list[Person], path: Path) -> Path:
        files = {f"{p.name}_{100 + p.number}_assignsubmission_file/oja.ipynb": p.notebook() for p in people}
        return zipped(path, files)

    def gradebook(self, people: list[Person]) -> str:
        rows = [
            "Identifier,Full name,ID number,Email address,Status,Grade,Maximum grade,Grade can be changed,"
            "Last modified (submission),Last modified (grade),Feedback comments"
        ]
        date = '"Tuesday, 24 November 2026, 4:00 PM"'
        rows += [
            f"Participant {100 + p.number},{p.name},{p.id},{p.id}@uni.edu,Submitted for grading,,17.00,Yes,{date},-,"
            for p in people
        ]
        return "\n".join([*rows, ""])


class Gradescope:
    """Its export, and its roster."""

    column = "Oja"

    def submissions(self, people: list[Person], path: Path) -> Path:
        lines = ["---"]
        files = {}
        for p in people:
            lines += [
                f"submission_{500 + p.number}:",
                "  :submitters:",
                f"  - :name: {p.name}",
                f"    :sid: {p.id}",
                f"    :email: {p.id}@uni.edu",
                "  :created_at: 2026-11-24 16:00:00 Z",
                "  :history: []",
            ]
            files[f"assignment_7_export/submission_{500 + p.number}/oja.ipynb"] = p.notebook()
        files["assignment_7_export/submission_metadata.yml"] = "\n".join([*lines, ""]).encode()
        return zipped(path, files)

    def gradebook(self, people: list[Person]) -> str:
        rows = ["First Name,Last Name,SID,Email,Role,Sections"]
        rows += [f"Given{p.number},Family{p.number},{p.id},{p.id}@uni.edu,Student,A" for p in people]
        return "\n".join([*rows, ""])


PLATFORMS = {"canvas": Canvas(), "moodle": Moodle(), "gradescope": Gradescope()}


STUDENTS = 100  # through each platform


def numbers(text: str, column: str) -> Iterator[float]:
    """Yield the scores in a platform's file."""
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    place = next(name for name in rows[0] if name.startswith(column))
    for row in rows:
        if row[place] and "Points Possible" not in next(iter(row.values())):
            yield float(row[place])


@pytest.mark.thorough
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_term_goes_from_the_platform_and_back_and_all_counts_agree(platform, tmp_path, count=STUDENTS):
    theirs, people = PLATFORMS[platform], [Person(number) for number in range(1, count + 1)]
    course = Copy(tmp_path)
    (course.root / "course.toml").write_text(COURSE.to_toml(), encoding="utf-8")
    term = tmp_path / "term"
    term.mkdir()
    gradebook = term / "gradebook.csv"
    gradebook.write_text(theirs.gradebook(people), encoding="utf-8")
    export = theirs.submissions(people, term / "submissions.zip")
    grades = term / "grades"

    def run(*words: object) -> str:
        line = ("-m", "autograder", *map(str, words))
        return command("python", *line, cwd=term, PYTHONPATH=str(course.root))

    def scores() -> dict[str, float]:
        found = (json.loads(path.read_text(encoding="utf-8")) for path in grades.glob(f"*/{OJA}.json"))
        return {result["student"]: result["score"] for result in found}

    run("collect", export, "--roster", gradebook, "--out", "submitted")
    assert len(list((term / "submitted").glob(f"*/{OJA}/{OJA}.ipynb"))) == count
    said = run("collect", export, "--roster", gradebook, "--out", "submitted")
    assert f"{count}" in said

    run("grade", "submitted", "--out", grades, "--roster", gradebook)
    before = scores()
    assert len(before) == count and len(set(before.values())) == len(SAMPLES)
    pages = list((grades / "report").rglob("*.html"))
    assert len(pages) >= count

    course.edit(f"autograder/assignments/{OJA}/questions.py", "MARGIN = 5.0", "MARGIN = 0.001")
    dry = run("regrade", grades, "--dry-run")
    assert scores() == before
    changed = run("regrade", grades)
    after = scores()
    lower = [student for student in before if after[student] < before[student]]
    assert lower and all(after[student] <= before[student] for student in before)
    for text in (dry, changed):
        assert len(re.findall(r"oja_\w+", text)) >= len(lower)

    marks = term / "marks.csv"
    rows = [f"{student},{OJA},{QUESTION},{MARK:g},well said" for student in after]
    marks.write_text("\n".join(["student,assignment,question,points,comment", *rows, ""]), encoding="utf-8")
    run("mark", QUESTION, grades, "--take", marks, "--page", term / "texts.html")

    out = term / "out.csv"
    run(
        "export",
        "--to",
        platform,
        gradebook,
        "--grades",
        grades,
        "--submitted",
        "submitted",
        "--column",
        "Oja",
        "-o",
        out,
    )
    sent = sorted(numbers(out.read_text(encoding="utf-8"), theirs.column))
    assert sent == pytest.approx(sorted(score + MARK for score in after.values()))
