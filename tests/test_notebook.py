"""Reading submissions: only cell sources and places count, and what is no notebook gets an answer."""

import json
import os
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import notebook
from autograder.errors import BadSubmission
from neurodynex import _needed_json

KNOWN = notebook.Points({"q1": 2.0, "q2": 1.0}, {}, {"q1": "code", "q2": "code", "q1_solution": "code"})


def cell(source: str, kind: str = "code", grade_id: str | None = None, **meta) -> dict:
    made = {"cell_type": kind, "metadata": {}, "source": source}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    if grade_id:
        made["metadata"]["nbgrader"] = {"grade_id": grade_id, "grade": True, "locked": True, "solution": False, **meta}
    return made


def file(*cells: dict, **metadata) -> bytes:
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}).encode()


def places(*cells: dict) -> list[tuple[int, str | None]]:
    return [(c.index, c.question) for c in notebook.parse_submission(file(*cells), KNOWN).cells]


def test_a_test_cell_marks_a_place_and_its_code_is_not_kept():
    submission = notebook.parse_submission(file(cell("a = 1"), cell("evil()", grade_id="q1")), KNOWN)
    assert [(c.source, c.question) for c in submission.cells] == [("a = 1", None), ("", "q1")]


def test_of_a_doubled_test_cell_the_last_counts_and_the_other_runs_as_code():
    assert places(cell("x", grade_id="q1"), cell("a"), cell("x", grade_id="q1")) == [(0, None), (1, None), (2, "q1")]


def test_invented_ids_are_plain_code():
    assert places(cell("x", grade_id="bonus"), cell("y", grade_id="q2")) == [(0, None), (1, "q2")]


def test_a_solution_cell_made_into_text_runs_all_the_same_as_nbgrader_restores_it():
    assert places(cell("a = 1", "markdown", "q1_solution", grade=False, solution=True)) == [(0, None)]


def test_tags_kernels_and_points_do_not_steer():
    tagged = cell("x", grade_id="q1", points=100)
    tagged["metadata"]["tags"] = ["skip-execution", "raises-exception"]
    content = file(cell("a = 1"), tagged, kernelspec={"name": "bash", "display_name": "b", "language": "bash"})
    assert [c.question for c in notebook.parse_submission(content, KNOWN).cells] == [None, "q1"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "not even text"),
        (b"{", "not a notebook"),
        (b"[]", "not a notebook"),
        (b'"text"', "not a notebook"),
        (b"{}", "not a notebook"),
        (b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}}', "not a notebook"),
        (b'{"a":' * 100_000, "not a notebook"),
        (b"print('a script')", "not a notebook"),
    ],
    ids=range(10),
)
def test_a_file_that_is_not_a_notebook_is_called_what_it_is(content, word):
    with pytest.raises(BadSubmission, match=word):
        notebook.parse_submission(content, KNOWN)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300)
    | st.recursive(
        st.none() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "cells",
                        "metadata",
                        "nbformat",
                        "nbformat_minor",
                        "cell_type",
                        "source",
                        "nbgrader",
                        "grade_id",
                        "grade",
                    ]
                ),
                x,
            )
        ),
    ).map(lambda x: json.dumps(x).encode())
)
def test_any_bytes_are_a_notebook_or_a_bad_submission(content):
    try:
        notebook.parse_submission(content, KNOWN)
    except BadSubmission as problem:
        assert str(problem)


def test_an_old_notebook_is_understood():
    old = nbformat.v3.new_notebook(
        worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell(input="a = 1")])]
    )
    assert notebook.parse_submission(nbformat.v3.writes_json(old).encode(), KNOWN).cells[0].source == "a = 1"


def test_a_link_is_not_followed(tmp_path: Path):
    (tmp_path / "secret.ipynb").write_bytes(file(cell("a")))
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "secret.ipynb")
    with pytest.raises(BadSubmission, match="cannot be opened"):
        notebook.read(tmp_path / "link.ipynb")


def test_a_pipe_and_a_folder_do_not_hang_the_reader(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    with pytest.raises(BadSubmission, match="empty"):
        notebook.read(tmp_path / "pipe.ipynb")
    with pytest.raises(BadSubmission, match="directory"):
        notebook.read(tmp_path / "folder.ipynb")


@pytest.mark.parametrize("sign", [b"\0", b" ", b"["])
def test_a_huge_file_without_a_notebook_is_refused(tmp_path: Path, monkeypatch, sign):
    monkeypatch.setattr(_needed_json, "MAX_FILE", 5_000_000)
    (tmp_path / "huge.ipynb").write_bytes(sign * 6_000_000)
    with pytest.raises(BadSubmission, match=r"larger than 5 MB|not a notebook|empty"):
        notebook.read(tmp_path / "huge.ipynb")


@pytest.mark.parametrize("level", [2_000_000_000, 10**400, -1, "1", []])
def test_a_heading_of_an_old_format_does_not_fill_the_memory(level):
    heading = {"cell_type": "heading", "level": level, "source": "Title"}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [heading]}]}
    with pytest.raises(BadSubmission, match="level"):
        notebook.parse_submission(json.dumps(old).encode(), notebook.points_of("leaky_integrate_and_fire"))
