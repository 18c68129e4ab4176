"""A term by the commands alone: export, collect, grade, report, another tolerance, regrade, marks, late, export; and all counts agree."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder import notebook, samples
from autograder.course import Course
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

    @property
    def email(self) -> str:
        return f"{self.id}@uni.edu"

    @property
    def is_late(self) -> bool:
        return self.number % 3 == 0

    def notebook(self) -> bytes:
        sample = samples.load(OJA)[SAMPLES[self.number % len(SAMPLES)]]
        return sample.notebook(notebook.source_path(OJA), f"{self.email}")


class Canvas:
    """Its submissions, and its gradebook."""

    column, number, tells_times = "Oja (77)", "SIS User ID", False
    words = ("--column", "Oja")

    def submissions(self, people: list[Person], path: Path) -> Path:
        files = {
            f"family{p.number}given{p.number}_{100 + p.number}_{9000 + p.number}_oja.ipynb": p.notebook()
            for p in people
        }
        return zipped(path, files)

    def gradebook(self, people: list[Person]) -> str:
        rows = ["Student,ID,SIS User ID,SIS Login ID,Section," + self.column, "    Points Possible,,,,,17.00"]
        rows += [f'"Family{p.number}, Given{p.number}",{100 + p.number},{p.id},{p.email},A,' for p in people]
        return "\r\n".join([*rows, ""])


class Moodle:
    """Its submissions, and its grading worksheet."""

    column, number, tells_times = "Grade", "ID number", False
    words = ()

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
            f"Participant {100 + p.number},{p.name},{p.id},{p.email},Submitted for grading,,17.00,Yes,{date},-,"
            for p in people
        ]
        return "\n".join([*rows, ""])


class Gradescope:
    """Its export, and its roster."""

    column, number, tells_times = "Oja", "SID", True
    words = ("--column", "Oja")

    def submissions(self, people: list[Person], path: Path) -> Path:
        lines = ["---"]
        files = {}
        for p in people:
            lines += [
                f"submission_{500 + p.number}:",
                "  :submitters:",
                f"  - :name: {p.name}",
                f"    :sid: {p.id}",
                f"    :email: {p.email}",
                f"  :created_at: 2026-11-2{5 if p.is_late else 4} 15:00:00 Z",
                "  :history: []",
            ]
            files[f"assignment_7_export/submission_{500 + p.number}/oja.ipynb"] = p.notebook()
        files["assignment_7_export/submission_metadata.yml"] = "\n".join([*lines, ""]).encode()
        return zipped(path, files)

    def gradebook(self, people: list[Person]) -> str:
        rows = ["First Name,Last Name,SID,Email,Role,Sections"]
        rows += [f"Given{p.number},Family{p.number},{p.id},{p.email},Student,A" for p in people]
        return "\n".join([*rows, ""])


PLATFORMS = {"canvas": Canvas(), "moodle": Moodle(), "gradescope": Gradescope()}
STUDENTS = 100  # through each platform
LATE = {"due": {OJA: datetime(2026, 11, 24, 16, tzinfo=UTC)}, "share_per_day": 0.1}


def scores_in(text: str, column: str, number: str) -> dict[str, float]:
    """Return the scores in a file of a platform's or ours, by student."""
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    return {row[number].partition("@")[0]: float(row[column]) for row in rows if row[number]}


@pytest.mark.thorough
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_term_goes_from_the_platform_and_back_and_all_counts_agree(platform, tmp_path, count=STUDENTS):
    theirs, people = PLATFORMS[platform], [Person(number) for number in range(1, count + 1)]
    everybody = {person.id for person in people}
    course = Copy(tmp_path)
    (course.root / "course.toml").write_text(COURSE.to_toml(), encoding="utf-8")
    term = tmp_path / "term"
    term.mkdir()
    gradebook, grades, out = term / "gradebook.csv", term / "grades", term / "out.csv"
    gradebook.write_text(theirs.gradebook(people), encoding="utf-8")
    export = theirs.submissions(people, term / "submissions.zip")

    def run(*words: object) -> str:
        line = ("-m", "autograder", *map(str, words))
        return re.sub(r"\s+", " ", command("python", *line, cwd=term, PYTHONPATH=str(course.root)))

    def scores() -> dict[str, float]:
        found = (json.loads(path.read_text(encoding="utf-8")) for path in grades.glob(f"*/{OJA}.json"))
        return {result["student"]: result["score"] for result in found}

    def exported() -> tuple[dict[str, float], str]:
        said = run("export", "--to", platform, gradebook, "--grades", grades, *theirs.words, "-o", out)
        assert f"{count} scores of {OJA} are in" in said
        ours = term / "ours.csv"
        run("export", "--to", "csv", "--grades", grades, "-o", ours)
        sent = scores_in(out.read_text(encoding="utf-8"), theirs.column, theirs.number)
        assert sent == scores_in(ours.read_text(encoding="utf-8"), "total", "student")
        return sent, said

    assert f"{count} submissions from {platform}: {count} new" in run("collect", export, "--roster", gradebook)
    assert len(list((term / "submitted").glob(f"*/{OJA}/{OJA}.ipynb"))) == count
    assert f"{count} unchanged" in run("collect", export, "--roster", gradebook)

    assert f"{count} run, 0 judged again" in run("grade", "submitted", "--out", grades, "--roster", gradebook)
    before = scores()
    assert before.keys() == everybody and len(set(before.values())) == len(SAMPLES)
    students, page = grades / "report" / "students", grades / "report" / "index.html"
    assert {path.parent.name for path in students.glob(f"*/{OJA}.html")} == {person.email for person in people}
    assert f"{count} students." in page.read_text(encoding="utf-8")

    course.edit(f"autograder/assignments/{OJA}/questions.py", "MARGIN = 5.0", "MARGIN = 0.001")
    dry = run("regrade", grades, "--dry-run")
    assert scores() == before
    done = run("regrade", grades)
    after = scores()
    changed = [student for student in before if after[student] != before[student]]
    assert changed and all(after[student] < before[student] for student in changed)
    assert f"{count} judged again, {len(changed)} scores would change, 0 to be run" in dry
    assert f"{count} judged again, {len(changed)} scores changed, 0 to be run" in done
    assert f"0 run, 0 judged again from the answers of an earlier run, {count} current" in run(
        "grade", "submitted", "--out", grades, "--roster", gradebook
    )
    sent, said = exported()
    assert sent == pytest.approx(after) and f"of {count} students" in said

    marks = term / "marks.csv"
    rows = [f"{student},{OJA},{QUESTION},{MARK:g},well said" for student in after]
    marks.write_text("\n".join(["student,assignment,question,points,comment", *rows, ""]), encoding="utf-8")
    assert f"{count} marks" in run("mark", QUESTION, grades, "--take", marks, "--page", term / "texts.html")
    sent, _ = exported()
    assert sent == pytest.approx({student: score + MARK for student, score in after.items()})

    late = Course.model_validate(COURSE.model_dump() | {"late": LATE})
    (course.root / "course.toml").write_text(late.to_toml(), encoding="utf-8")
    lost = {person.id: 0.1 if theirs.tells_times and person.is_late else 0 for person in people}
    sent, said = exported()
    assert sent == pytest.approx({student: (after[student] + MARK) * (1 - lost[student]) for student in after})
    assert ("When they were handed in is not known" in said) is not theirs.tells_times
    run("report", grades)
    told = {path.parent.name for path in students.glob(f"*/{OJA}.html") if "1 day late" in path.read_text("utf-8")}
    assert told == {person.email for person in people if lost[person.id]}
