"""Each student's own variant, and who the student is."""

import json
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import neurodynex
from neurodynex import variant as v
from neurodynex.neuron_type import typeXY
from neurodynex.neuron_type.neurons import NeuronTypeOne, NeuronTypeTwo

COURSE = v.Course(course="neuro 2025", salt="pepper")
WHOLE = v.Course(course="neuro 2025", salt="pepper", identity="whole")
IDS = st.from_regex(r"[a-z][a-z0-9._-]{0,20}", fullmatch=True)


@given(IDS, st.sampled_from(["", "@uni.edu", "@other.example"]), st.booleans(), st.sampled_from(["", " ", "\t\n"]))
def test_case_spaces_and_mail_domain_do_not_change_a_variant(name, domain, upper, space):
    written = space + (name.upper() if upper else name) + domain + space
    assert v.normalise(written, COURSE) == name
    assert v.variant(written, "neuron_type", COURSE) == v.variant(name, "neuron_type", COURSE)


@given(st.text(max_size=200))
def test_an_id_is_refused_or_has_a_normal_form_that_stays(text):
    try:
        normal = v.normalise(text, WHOLE)
    except ValueError as error:
        assert "student id" in str(error)
    else:
        assert normal == unicodedata.normalize("NFKC", normal).strip()
        assert v.variant(text, "neuron_type", WHOLE) in (
            {"NeuronX": "I", "NeuronY": "II"},
            {"NeuronX": "II", "NeuronY": "I"},
        )


def test_whole_addresses_count_where_the_course_says_so():
    assert v.normalise("Ada@Uni.edu", WHOLE) == "ada@uni.edu"
    assert v.student_key("ada@uni.edu", "a", WHOLE) != v.student_key("ada", "a", WHOLE)


def test_compatibility_characters_are_the_plain_ones():
    assert v.normalise("ＡＤＡ＠uni.edu", COURSE) == "ada"
    assert v.normalise("STRAẞE", COURSE) == v.normalise("strasse", COURSE)


@pytest.mark.parametrize(
    "student", ["", "   ", "@uni.edu", None, 7, "a" * 201, "a\x00b", "a\nb", "a\u200bb", "\ud800", "a\u2028b"]
)
def test_impossible_ids_are_refused(student):
    with pytest.raises(ValueError, match="student id"):
        v.normalise(student, COURSE)


def test_half_of_the_students_have_each_variant_independently_of_the_salt():
    ids = [f"student{number}" for number in range(4000)]
    other = v.Course(course="neuro 2025", salt="another")
    first = [v.variant(student, "neuron_type", COURSE)["NeuronX"] == "I" for student in ids]
    second = [v.variant(student, "neuron_type", other)["NeuronX"] == "I" for student in ids]
    assert abs(sum(first) - 2000) < 160  # five standard deviations
    assert abs(sum(a == b for a, b in zip(first, second, strict=True)) - 2000) < 160


def test_variants_do_not_change_from_one_version_to_the_next():
    assert v.student_key("ada", "neuron_type", COURSE) == EXPECTED_KEY
    types = [
        v.variant(student, "neuron_type", COURSE)["NeuronX"] for student in ("ada", "grace", "alan", "emmy", "kurt")
    ]
    assert types == EXPECTED_TYPES


EXPECTED_KEY = "61a6963aff8addda05d91410acf7418d5177ee0212c540dc2b706a62d3ac66d3"
EXPECTED_TYPES = ["I", "II", "I", "II", "I"]


def test_assignments_without_variants_have_an_empty_one():
    assert v.variant("ada", "ojas_rule", COURSE) == {}


def test_an_override_holds_for_its_student_and_assignment_only():
    drawn = v.variant("ada", "neuron_type", COURSE)
    swapped = {"NeuronX": drawn["NeuronY"], "NeuronY": drawn["NeuronX"]}
    key = v.student_key("ada", "neuron_type", COURSE)
    course = v.Course(course="neuro 2025", salt="pepper", overrides={"neuron_type": {key: swapped}})
    assert v.variant("ADA@uni.edu", "neuron_type", course) == swapped
    others = [f"s{number}" for number in range(20)]
    assert [v.variant(s, "neuron_type", course) for s in others] == [
        v.variant(s, "neuron_type", COURSE) for s in others
    ]
    assert v.variant("ada", "ojas_rule", course) == {}


@pytest.mark.parametrize(
    "settings",
    [
        {"course": "a"},
        {"course": "a", "salt": "b", "colour": "red"},
        {"course": "a", "salt": ""},
        {"course": "a", "salt": "b", "identity": "e-mail"},
        {"course": "a", "salt": "b", "neuron_type_answers": "no"},
        {"course": "a", "salt": 5},
    ],
)
def test_a_wrong_course_file_is_refused(settings, tmp_path):
    path = tmp_path / "course.json"
    path.write_text(json.dumps(settings))
    with pytest.raises(ValueError):
        v.load_course(path)


def test_the_packages_own_course_file_is_valid():
    assert v.load_course().identity == "local-part"


def test_who_is_working_is_looked_up_in_the_documented_order(monkeypatch, capsys):
    assert v.current_student() is None
    monkeypatch.setenv("JUPYTERHUB_USER", "hub")
    assert v.current_student() == "hub"
    monkeypatch.setenv("NEURODYNEX_STUDENT", "platform")
    assert v.current_student() == "platform"
    v.identify("ada")
    assert v.current_student() == "ada"
    monkeypatch.setenv("NEURODYNEX_GRADING", "1")
    assert v.current_student() == "platform"
    assert v.claimed() == "ada"
    assert capsys.readouterr().out == 'You are working as "ada".\n'


def test_while_grading_a_claimed_id_changes_nothing(monkeypatch, capsys):
    monkeypatch.setenv("NEURODYNEX_GRADING", "1")
    monkeypatch.setenv("NEURODYNEX_STUDENT", "bob@uni.edu")
    typeXY.create_models()
    types = typeXY.NeuronX.__base__
    for claim in [f"friend{number}" for number in range(10)]:
        v.identify(claim)
        assert v.current_student() == "bob@uni.edu" and typeXY.NeuronX.__base__ is types
    assert '"bob" is the id that counts' in capsys.readouterr().out
    monkeypatch.delenv("NEURODYNEX_STUDENT")
    assert v.current_student() is None


@pytest.mark.parametrize("student", ["", None, "your.name@university.edu", "a\x07"])
def test_an_unusable_id_is_reported_in_words_and_changes_nothing(student, capsys):
    v.identify("ada")
    v.identify(student)
    assert v.current_student() == "ada"
    message = capsys.readouterr().out.splitlines()[-1]
    assert "not accepted" in message or "Replace" in message


def test_identify_gives_the_students_own_neurons_and_tells_of_stale_imports(monkeypatch, capsys):
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "NeuronX", typeXY.NeuronX, raising=False)
    neurodynex.identify("ada")
    assert "NeuronX were imported before" in capsys.readouterr().out
    bases = {"I": NeuronTypeOne, "II": NeuronTypeTwo}
    own = v.variant("ada", "neuron_type")
    assert typeXY.NeuronX.get_neuron_type() is bases[own["NeuronX"]]
    assert typeXY.NeuronY().get_neuron_type() is bases[own["NeuronY"]]
    assert issubclass(typeXY.NeuronX, bases[own["NeuronX"]])


def test_models_are_random_while_nobody_is_known():
    found = set()
    for _ in range(60):
        typeXY.create_models()
        assert {typeXY.NeuronX.__base__, typeXY.NeuronY.__base__} == {NeuronTypeOne, NeuronTypeTwo}
        found.add(typeXY.NeuronX.__base__)
    assert len(found) == 2


def test_graded_course_does_not_tell_a_known_student_the_type(monkeypatch, capsys):
    closed = v.Course(course="a", salt="b", neuron_type_answers=False)
    monkeypatch.setattr(v, "load_course", lambda: closed)
    assert typeXY.NeuronX.get_neuron_type() in (NeuronTypeOne, NeuronTypeTwo)
    v.identify("ada")
    with pytest.raises(typeXY.TypeIsGraded, match="firing rates"):
        typeXY.NeuronX.get_neuron_type()
    assert issubclass(typeXY.TypeIsGraded, RuntimeError)


def test_importing_the_package_prints_nothing_and_leaves_brian2_alone():
    code = "import sys, neurodynex; assert 'brian2' not in sys.modules; assert neurodynex.__version__"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == done.stderr == ""
