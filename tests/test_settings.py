"""A course file that cannot be meant is refused when it is loaded: with the line, what is allowed, and the nearest name."""

import re

import pytest

from autograder.course import Course, read_course_toml
from autograder.errors import InstructorError
from autograder.settings import lines_of, unused_overrides
from tests.conftest import COURSE, ROOT

SHIPPED = (ROOT / "course.toml").read_text(encoding="utf-8")
OVERRIDES = "[variant.overrides.neuron_type]"


def problems(tmp_path, text: str) -> list[str]:
    """Load a course file; return what is wrong with it, one string for each problem."""
    path = tmp_path / "course.toml"
    path.write_text(text, encoding="utf-8")
    try:
        read_course_toml(path)
    except InstructorError as error:
        head, *lines = str(error).splitlines()
        assert head == f"{path} cannot be used:"
        return [line.strip() for line in lines]
    return []


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        (
            '"ada" = { NeuronX = "III", NeuronY = "I" }',
            2,
            '\'ada\': NeuronX must be one of "I" and "II", but "III" stands there.',
        ),
        ('"ada" = { NeuronX = "i", NeuronY = "II" }', 2, '"i" stands there'),
        (
            '"ada" = { NeuronX = 1, NeuronY = "II" }',
            2,
            "ada.NeuronX must be a text in quotation marks, but 1 stands there.",
        ),
        (
            '"ada" = { NueronX = "I", NeuronY = "II" }',
            2,
            "has no 'NueronX'. Did you mean 'NeuronX'? There are: NeuronX, NeuronY.",
        ),
        ('"ada" = { neuronx = "I", NeuronY = "II" }', 2, "Did you mean 'NeuronX'?"),
        ('"ada" = { NeuronX = "I" }', 2, "'ada': NeuronY must be set, too."),
        ('"ada" = {}', 2, "NeuronX and NeuronY must be set, too."),
        ('"ada" = "I"', 2, 'ada must be a table, but "I" stands there.'),
        ('"ada" = { NeuronX = "I", NeuronY = "I" }', 2, 'NeuronX and NeuronY must differ, but both are "I".'),
        ('"bob" = { NeuronX = "I", NeuronY = "II" }\n\n"" = { NeuronX = "I", NeuronY = "II" }', 4, "must not be empty"),
        (
            '"ada" = { NeuronX = "I", NeuronY = "II" }\n"Ada@uni.edu" = { NeuronX = "I", NeuronY = "II" }',
            3,
            "the same student, 'ada'",
        ),
    ],
)
def test_a_variant_that_cannot_be_is_refused_with_its_line(tmp_path, lines, line, words):
    found = problems(tmp_path, f"{SHIPPED}\n{OVERRIDES}\n{lines}\n")
    begun = len(SHIPPED.splitlines()) + 1
    assert len(found) == 1 and found[0].startswith(f"line {begun + line}: ") and words in found[0], found


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("neuron_typ", "'neuron_typ' is no assignment. Did you mean 'neuron_type'? There is: neuron_type."),
        ("ojas_rule", "'ojas_rule' has no variants. There is: neuron_type."),
    ],
)
def test_a_variant_of_an_assignment_without_variants_is_refused(tmp_path, assignment, words):
    text = f'{SHIPPED}\n[variant.overrides.{assignment}]\n"ada" = {{ NeuronX = "I", NeuronY = "II" }}\n'
    [found] = problems(tmp_path, text)
    assert re.fullmatch(rf"line \d+: {re.escape(words)}", found)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "cell_seconds",
            "cel_seconds",
            "[limits] has no setting 'cel_seconds'. Did you mean 'cell_seconds'? There are: cell_seconds, ",
        ),
        ("[limits]", "[limit]", "the course file has no table [limit]. Did you mean 'limits'?"),
        ('salt = "change-me"', 'salt = ""', 'course.salt must be a text that is not empty, but "" stands there.'),
        ('salt = "change-me"', 'salt = "  "', "course.salt must be a text that is not blank"),
        ('salt = "change-me"', "salt = 5", "course.salt must be a text in quotation marks, but 5 stands there."),
        (
            'match = "local-part"',
            'match = "email"',
            "identity.match must be 'local-part' or 'whole', but \"email\" stands there.",
        ),
        (
            "neuron_type_answers = true",
            'neuron_type_answers = "no"',
            'variant.neuron_type_answers must be true or false, but "no" stands there.',
        ),
        ("cell_seconds = 120", 'cell_seconds = "120"', 'limits.cell_seconds must be a number, but "120" stands there.'),
        ("cell_seconds = 120", "cell_seconds = true", "limits.cell_seconds must be a number, but true stands there."),
        ("cell_seconds = 120", "cell_seconds = 0", "limits.cell_seconds must be more than 0, but 0 stands there."),
        ("cell_seconds = 120", "cell_seconds = nan", "limits.cell_seconds must be "),
        ("cell_seconds = 120", "cell_seconds = inf", "limits.cell_seconds must be "),
        ("total_seconds = 480", "total_seconds = 1e9", "limits.total_seconds must be 86400 or less"),
        ("memory_mb = 1500", "memory_mb = 15", "limits.memory_mb must be 300 or more, but 15 stands there."),
        ("memory_mb = 1500", "memory_mb = 1500.5", "limits.memory_mb must be a whole number, but 1500.5 stands there."),
        (
            "call_seconds = 20",
            "call_seconds = 500",
            "limits.call_seconds must not be more than limits.total_seconds, but 500 and 480",
        ),
        (
            "cell_seconds = 120",
            "cell_seconds = 481",
            "limits.cell_seconds must not be more than limits.total_seconds, but 481 and 480",
        ),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_its_line(tmp_path, old, new, words):
    text = SHIPPED.replace(old, new, 1)
    found = [problem for problem in problems(tmp_path, text) if words in problem]
    line = next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith(new))
    assert len(found) == 1 and found[0].startswith(f"line {line}: "), found


def test_what_is_missing_is_named_with_its_table(tmp_path):
    found = problems(tmp_path, '[course]\nid = "a"\n\n[limits]\ncell_seconds = 1\n')
    assert found == ["line 1: [course] lacks the setting 'salt'.", "the course file lacks the table [grading]."]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[course]\nid = \n", "line 2"),
        ("[course]\nid = 'é'".encode("latin-1"), "not in UTF-8"),
        (b'[course]\nid = "a"\nid = "b"\n', "line 3"),
    ],
)
def test_a_file_that_is_no_toml_is_refused(tmp_path, content, words):
    path = tmp_path / "course.toml"
    path.write_bytes(content)
    with pytest.raises(InstructorError, match=words):
        read_course_toml(path)


def test_a_byte_order_mark_changes_nothing(tmp_path):
    path = tmp_path / "course.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SHIPPED.encode())
    assert read_course_toml(path) == COURSE


def test_the_shipped_course_with_a_variant_by_hand_is_accepted(tmp_path):
    path = tmp_path / "course.toml"
    path.write_text(f'{SHIPPED}\n{OVERRIDES}\n" Ada@uni.edu" = {{ NeuronX = "II", NeuronY = "I" }}\n', encoding="utf-8")
    assert list(read_course_toml(path).variant.overrides["neuron_type"]) == [" Ada@uni.edu"]


def test_each_setting_has_the_line_on_which_it_begins():
    text = 'top = 1\n[a]\n# b = 0\nb = """\nc = 3\n"""\n"d.e" = [\n  1,\n]\n\n[a.f]\ng = { h = 1 }\nh.i = 2\n[[k]]\nl = 1\n'
    assert lines_of(text) == {
        (): 1,
        ("top",): 1,
        ("a",): 2,
        ("a", "b"): 4,
        ("a", "d.e"): 7,
        ("a", "f"): 11,
        ("a", "f", "g"): 12,
        ("a", "f", "g", "h"): 12,
        ("a", "f", "h"): 13,
        ("a", "f", "h", "i"): 13,
        ("k",): 14,
        ("k", "l"): 15,
    }


def with_override(student: str) -> Course:
    variant = {"neuron_type_answers": True, "overrides": {"neuron_type": {student: {"NeuronX": "I", "NeuronY": "II"}}}}
    return Course.model_validate({**COURSE.model_dump(), "variant": variant})


def test_a_variant_for_a_student_without_a_submission_is_named():
    students = COURSE.for_students()
    handed_in = [("neuron_type", "ada"), ("neuron_type", "grace"), ("ojas_rule", "zoe")]

    def said(student: str) -> list[str]:
        return unused_overrides(with_override(student).variant.overrides, handed_in, students)

    assert said("Ada@uni.edu") == said(" ADA ") == []
    assert said("adda") == [
        "course.toml sets the neuron_type variant of 'adda', who has no submission here. Did you mean 'ada'?"
    ]
    assert len(said("zoe")) == 1
    assert unused_overrides(with_override("zoe").variant.overrides, [("ojas_rule", "zoe")], students) == []


def test_grade_notes_an_override_of_nobody(tmp_path, command, monkeypatch):
    path = tmp_path / "course.toml"
    path.write_text(with_override("grcae").to_toml(), encoding="utf-8")
    submitted = tmp_path / "submitted" / "grace" / "neuron_type" / "neuron_type.ipynb"
    submitted.parent.mkdir(parents=True)
    submitted.write_bytes(b"")
    monkeypatch.setenv("AUTOGRADER_COURSE", str(path))
    said = command("grade", tmp_path / "submitted", "--out", tmp_path / "out", code=2).err
    assert "Note: course.toml sets the neuron_type variant of 'grcae'" in said
    assert "Did you mean 'grace'?" in said
