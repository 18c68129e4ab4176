"""Exports as platforms hand them out, made for tests: a class with odd names."""

from __future__ import annotations

import zipfile
from pathlib import Path

from autograder import notebook, samples
from tests.conftest import questions_only

LIF, OJA, NEURON = "leaky_integrate_and_fire", "ojas_rule", "neuron_type"

CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Neurons (77),HW 2 (78),Final Score\r\n"
    ",,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,14.00,10.00,(read only)\r\n"
    '"Lovelace, Ada",101,S1,ada@uni.edu,A,,,80.0\r\n'
    '"Żółw_99_5, Ýrsa",102,S2,yrsa,A,EX,,\r\n'
    "\"=cmd|' /C calc'!A0, Eve\",103,S3,eve,B,N/A,7,\r\n"
    '"李, 小龍",104,0005,li,A,3.5,,\r\n'
    '"Lovelace, Ada",105,S6,ada2,B,,,\r\n'
    '"Student, Test",999,,,A,,,\r\n'
)
MOODLE = (
    "\ufeffIdentifier,Full name,ID number,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    'Participant 11,Ada Lovelace,S1,ada@uni.edu,Submitted for grading,,100.00,Yes,"Tuesday, 24 November 2026, 4:00 PM",-,\n'
    'Participant 12,Ada Lovelace,S6,ada2@uni.edu,Submitted for grading,,100.00,Yes,"Tuesday, 24 November 2026, 4:00 PM",-,\n'
    'Participant 13,"=HYPERLINK(""x"")",S3,eve@uni.edu,No submission,,100.00,Yes,-,-,\n'
)
GRADESCOPE = "First Name,Last Name,SID,Email,Role,Sections\nAda,Lovelace,007,ada@uni.edu,Student,A\n李,小龍,0005,li@uni.edu,Student,A\nTia,Ay,1,ta@uni.edu,TA,\nEve,=1+1,3,eve@uni.edu,Student,B\n"
METADATA = """---
submission_501:
  :submitters:
  - :name: Ada Lovelace
    :sid: 007
    :email: ada@uni.edu
  - :name: "=1+1"
    :sid: '3'
    :email: eve@uni.edu
  :created_at: 2026-11-24 16:00:00.123456789 +01:00
  :score: 0.0
  :status: processed
  :results: {tests: [{name: x, output: "a: b"}]}
  :history:
  - :id: 500
    :created_at: 2026-11-23 09:00:00 Z
submission_502:
  :submitters:
  - :name: 李 小龍
    :sid: 0005
  :created_at: !ruby/object:Time 2026-11-24 12:30:00 Z
  :history: []
submission_503:
  :submitters:
  - :name: Nobody Known
    :email: nobody@uni.edu
  :created_at: 2026-11-24 12:30:00 Z
"""


def blank(assignment: str = LIF, student: str = "ada") -> bytes:
    """Return the notebook of somebody who has done nothing; another student's has other bytes."""
    content = samples.load(assignment)["blank"].notebook(notebook.source_path(assignment), student)
    return questions_only(content, "identify")


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def unpacked(path: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path
