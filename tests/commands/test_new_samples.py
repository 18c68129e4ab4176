"""The zip file of sample submissions holds what the documentation says, and is collected as any platform's."""

import re
import shlex
import zipfile

import pytest
from typer.testing import CliRunner

from autograder import assignments, notebook, samples
from autograder.__main__ import app
from autograder.errors import InstructorError
from autograder.platforms import collect
from tests.conftest import COURSE, ROOT
from tests.routes.test_parity import EXPECTED

LIF = "leaky_integrate_and_fire"
PAGE = (ROOT / "docs" / "instructors" / "samples.md").read_text(encoding="utf-8")


def typed(command: str):
    return CliRunner().invoke(app, shlex.split(command)[1:])


def test_the_first_command_of_the_page_makes_the_zip_that_it_shows_and_each_score_is_that_of_the_sample(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    command, said = re.search(r"(?m)^\$ (autograder new samples .*)\n(.*)$", PAGE).groups()
    done = typed(command)
    assert done.exit_code == 0 and done.output.strip() == said
    collected = collect.collect(tmp_path / "samples.zip", tmp_path / "submitted", course=COURSE)
    assert not collected.refused
    promised = dict(re.findall(r"(?m)^(\w+) \.\.\. ([\d.]+)/14 ", PAGE))
    assert promised == {
        student: f"{sum(EXPECTED[LIF][student]):g}" for student in samples.load(LIF) if student != "endless"
    }
    for student in promised:
        handed_in = (tmp_path / "submitted" / student / LIF / f"{LIF}.ipynb").read_bytes()
        assert handed_in == samples.load(LIF)[student].notebook(notebook.source_path(LIF), student)


@pytest.mark.parametrize("name", assignments.NAMES)
def test_each_assignment_has_samples_and_a_file_that_is_there_is_kept(name, tmp_path):
    path = tmp_path / "some.zip"
    assert typed(f"autograder new samples {path} --assignment {name}").exit_code == 0
    content = path.read_bytes()
    assert f"ada/{name}/{name}.ipynb" in zipfile.ZipFile(path).namelist()
    again = typed(f"autograder new samples {path} --assignment {name}")
    assert again.exit_code != 0 and isinstance(again.exception, InstructorError) and path.read_bytes() == content
