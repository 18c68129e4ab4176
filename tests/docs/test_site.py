"""The site's tutorials do what they say, its reference holds all there is, and it builds without a warning."""

import doctest
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import pytest

from autograder import answers, assignments, elsewhere
from autograder import result as results
from autograder.__main__ import app
from autograder.course import Course, read_course_toml
from tests.attacks import attack
from tests.conftest import ROOT
from tests.copies import PARTS, copy_parts
from tests.docs import DOCS, SPHINX

PAGES = sorted(path for path in DOCS.glob("*/*.md") if path.parent.name != "generated")
BLOCK = re.compile(r"^(?:```|~~~){?(?:code-block} )?(\w+)}?\n(?::name: (\w+)\n)?(.*?)^```$", re.MULTILINE | re.DOTALL)
LIF = "leaky_integrate_and_fire"


def blocks(page: Path, language: str) -> list[tuple[str, str]]:
    """The code blocks of a page in a language, in order: name, text."""
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [(name, text) for kind, name, text in found if kind == language]


@pytest.fixture(scope="module")
def generator():
    """The module that writes the pages which follow from the code."""
    # As `docs/conf.py` does.
    sys.path.insert(0, str(DOCS))
    try:
        yield import_module("generate")
    finally:
        sys.path.remove(str(DOCS))


@pytest.fixture(scope="module")
def pages(generator) -> dict[str, str]:
    return dict(generator.pages())


class Shell:
    """Types the commands of a page's console blocks, and compares what comes with what the page shows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
        self.environment = {**os.environ, "PATH": path, "COLUMNS": "200"}

    def type(self, page: Path) -> None:
        self.type_blocks(blocks(page, "console"))

    def type_blocks(self, texts: Iterable[tuple[str, str]]) -> None:
        for _, text in texts:
            for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
                self._type(command, shown)

    def _type(self, command: str, shown: str) -> None:
        if command.startswith("cd "):
            self.folder /= command.removeprefix("cd ")
            return
        done = subprocess.run(
            command, shell=True, cwd=self.folder, env=self.environment, capture_output=True, text=True
        )
        came = done.stdout
        for line in filter(lambda line: line not in ("", "..."), shown.splitlines()):
            pattern = r".*".join(re.escape(part).replace(r"\ ", r"\s+") for part in line.strip().split("..."))
            found = re.search(pattern, came)
            assert found, f"`{command}` did not print {line!r}, but:\n{came}\n{done.stderr}"
            came = came[found.end() :]


def thorough(request: pytest.FixtureRequest, what: str) -> None:
    if not request.config.getoption("--thorough"):
        pytest.skip(f"{what} with --thorough")


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "pycon")], ids=lambda page: page.stem)
def test_the_examples_of_a_page_give_what_it_shows(page, monkeypatch):
    text = "\n".join(text for _, text in blocks(page, "pycon"))
    examples = doctest.DocTestParser().get_doctest(text, {"__name__": "__main__"}, page.name, str(page), 0)
    said: list[str] = []
    doctest.DocTestRunner().run(examples, out=said.append)
    assert said == []


def test_the_first_checks_commands_give_what_the_page_shows(tmp_path):
    shutil.copy(ROOT / "release" / LIF / f"{LIF}.ipynb", tmp_path)
    Shell(tmp_path).type(DOCS / "students" / "first-check.md")


def test_the_instructors_tutorials_give_what_they_show(tmp_path, request):
    thorough(request, "the course's tutorial is gone through")
    shell = Shell(tmp_path)
    for page in ("machine", "course", "regrading", "samples"):
        shell.type(DOCS / "instructors" / f"{page}.md")


def fill_in(copy: Path, named: dict[str, str]) -> None:
    """Put the blocks of the author's tutorial where `autograder new question` left something to fill in."""
    folder = copy / "autograder" / "assignments" / LIF
    for file, block in (("reference.py", "reference"), ("questions.py", "think")):
        text = (folder / file).read_text(encoding="utf-8")
        changed = re.sub(r"(?m)^.*FILL IN.*\n", lambda _, block=block: named[block], text)
        assert changed != text
        (folder / file).write_text(changed, encoding="utf-8")
    path = copy / "source" / LIF / f"{LIF}.ipynb"
    made = json.loads(path.read_text(encoding="utf-8"))
    cells = {cell["id"]: cell for cell in made["cells"]}
    text, solution = cells["lif-steady-voltage-text"], cells["lif-steady-voltage-solution"]
    text["source"] = [line for line in text["source"] if "FILL IN" not in line]
    solution["source"] = f"### BEGIN SOLUTION\n{named['solution']}### END SOLUTION\n"
    path.write_text(json.dumps(made), encoding="utf-8")


def test_the_question_from_nothing_is_built_proved_and_graded(tmp_path, request):
    thorough(request, "the author's tutorial is gone through")
    copy = tmp_path / "checkout"
    copy_parts(PARTS, copy)
    page = DOCS / "authors" / "question.md"
    named = dict(blocks(page, "python"))
    by_hand = [line for text in named.values() for line in text.splitlines()]
    assert len(by_hand) < 15
    shell = Shell(copy)
    # The command of the environment reads the checkout that it was installed from; the copy's own comes first here.
    shell.environment |= {"PYTHONPATH": str(copy)}
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "autograder"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m autograder "$@"\n')
    script.chmod(0o755)
    shell.environment["PATH"] = f"{script.parent}{os.pathsep}{shell.environment['PATH']}"
    new, *others = blocks(page, "console")
    shell.type_blocks([new])
    fill_in(copy, named)
    shell.type_blocks(others)
    notebook = copy / "source" / LIF / f"{LIF}.ipynb"
    shell._type(f"autograder grade {notebook} --student ada --out out", "lif_steady_voltage: 1 of 1 point (passed)\n")


def test_the_reference_names_each_setting_command_question_and_function(pages):
    for table, group in Course.model_fields.items():
        assert f"## [{table}]" in pages["course-toml.md"]
        for key in group.annotation.model_fields:
            assert f"| `{key}` |" in pages["course-toml.md"]
    for command in app.registered_commands:
        assert command.callback and f"## autograder {command.name or command.callback.__name__}" in pages["commands.md"]
    for name in assignments.NAMES:
        known = assignments.load(name)
        page = pages[f"assignment-{name.replace('_', '-')}.md"]
        assert known.about and known.level in ("introductory", "intermediate", "advanced") and known.hours > 0
        assert all(f"## {question.id}\n" in page and question.tolerance in page for question in known.questions)


def test_the_reference_says_what_is_in_a_result(pages):
    page = pages["result.md"]
    text = re.search(r"```json\n(.*?)```", page, re.DOTALL)
    assert text and json.loads(text[1]) == results.document_schema()
    for model in (results.Result, results.QuestionResult, results.PartResult, results.TestCell, results.Earlier):
        assert all(f"| `{field.rstrip('_')}` |" in page for field in model.model_fields)
    assert "| `missing_layers` | list of text | What the sandbox lacked on the machine that graded. |" in page


def test_one_station_of_the_road_runs_student_code(pages):
    stations = re.findall(r"<li( class=\"sandbox\")? data-modules=\"([^\"]+)\"", pages["road.md"])
    assert len(stations) >= 9
    assert [modules for inside, modules in stations if inside] == [
        "autograder.running, autograder.sandbox, autograder.extra_files"
    ]


def test_each_attack_stands_with_the_peers_on_which_it_succeeds(generator, pages):
    corpus = attack.load()
    assert len(corpus) > 90
    for name, each in corpus.items():
        cells = ("succeeds" if peer in each.plain else "" for peer in ("nbgrader", "otter"))
        tries = generator.plain(each.tries).replace("|", r"\|")
        assert f"| `{name}` | {tries} | {' | '.join(cells)} |" in pages["attacks.md"]


def test_the_gallery_shows_each_kind_of_answer_with_its_statement_and_verdicts(generator, pages):
    sections = dict(re.findall(r"(?ms)^## (\w+)\n(.*?)(?=^## |\Z)", pages["gallery.md"]))
    assert list(sections) == answers.__all__
    for entry in generator.gallery.entries():
        section = sections[entry.kind]
        assert f'"{entry.question.id}"' in entry.statement and f"{entry.kind}(" in entry.statement
        assert entry.statement in section
        assert generator.gallery.plain(entry.question.tolerance) in section
        shown = generator.gallery.verdicts(entry)
        assert {example.passes for example in shown} == {True, False} and all(example.fair for example in shown)
        assert all(example.message and generator.gallery.plain(example.message) in section for example in shown)
    assert "Accepted values of I" in sections["Value"] and '<path class="bar"' in sections["Curve"]


def test_a_kind_that_no_question_uses_has_no_place_in_the_gallery(generator, monkeypatch):
    monkeypatch.setattr(answers, "__all__", [*answers.__all__, "Verse"])
    with pytest.raises(LookupError, match="No question uses Verse"):
        list(generator.gallery.entries())


@pytest.mark.parametrize("reader", ["author", "students"])
def test_the_site_is_built_without_a_warning_and_can_be_searched(reader, tmp_path, request):
    thorough(request, "the site is built")
    pytest.importorskip("furo", reason="the site's tools come with `make docs`")
    line = [*SPHINX, "--tag", reader, DOCS, tmp_path / "site"]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "generated" / "gallery.html").exists() == (reader == "author")
    index = (tmp_path / "site" / "searchindex.js").read_text(encoding="utf-8")
    known = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))
    assert "generated/course-toml" in known["docnames"] and "hidden_input" in known["terms"]
    for page in (tmp_path / "site").rglob("*.html"):
        assert not re.search(r'(?:src|href)="/', page.read_text(encoding="utf-8")), "it opens from the file system"


def test_the_readme_lists_the_assignments_as_the_code_has_them(generator):
    made, readme = generator, (ROOT / "README.md").read_text(encoding="utf-8")
    for known in map(assignments.load, made.in_order()):
        row = (known.title, known.about, known.level, f"{known.hours} h", made.points(known))
        assert f'| {" | ".join(row)} | <img src="docs/pictures/{known.name}.png"' in readme


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES, *DOCS.glob("*.md")], ids=lambda page: page.stem)
def test_links_between_pages_lead_somewhere(page, pages):
    for link in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not link.startswith("http"):
            target = (page.parent / link).resolve()
            assert target.exists() or (target.parent.name == "generated" and target.name in pages), link


def test_each_picture_is_shown_and_is_small(pages):
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *PAGES, *DOCS.glob("*.md"))]
    shown = {name for text in [*texts, *pages.values()] for name in re.findall(r"pictures/([\w-]+)\.png", text)}
    there = {path.stem: path.stat().st_size for path in (DOCS / "pictures").glob("*.png")}
    assert shown == set(there)
    assert {name: size for name, size in there.items() if size > 150_000} == {}


def test_students_read_the_limits_and_packages_that_a_course_is_shipped_with():
    text = (DOCS / "students" / "handing-in.md").read_text(encoding="utf-8")
    limits = read_course_toml(ROOT / "course.toml").limits
    assert f"| {limits.cell_seconds:g} s a cell, {limits.call_seconds:g} s a call" in text
    assert f"and {limits.total_seconds:g} s in all" in text
    assert elsewhere.listed([]) in text
