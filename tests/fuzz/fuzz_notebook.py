"""The bytes of a submission, which anybody may write."""

from __future__ import annotations

import json
import logging
import re
import warnings

from autograder import assignments, notebook
from autograder.errors import BadSubmission

LONGEST = 200_000
WORDS = [
    *(b'"cells":', b'"worksheets":', b'"nbformat":4', b'"nbformat":3', b'"nbformat":1', b'"nbformat_minor":5'),
    *(b'"cell_type":"code"', b'"cell_type":"markdown"', b'"source":', b'"input":', b'"outputs":[]', b'"metadata":{}'),
    *(b'"nbgrader":{', b'"grade_id":', b'"grade":true', b'"solution":true', b'"id":"a"', b'"attachments":{}'),
    *(b"null", b"1e999", b"NaN", b"-1", b"9" * 5000, b"\\ud800", b"\xff", b"\xef\xbb\xbf", b"[" * 2000, b'{"a":' * 500),
]


def seeds() -> list[bytes]:
    """Return a small notebook of each format, one with an old id, and an assignment's own."""
    marked = {"nbgrader": {"grade_id": "lif_threshold", "grade": True, "locked": True, "solution": False, "points": 2}}
    code = {"cell_type": "code", "metadata": marked, "source": ["a = 1\n", "b"], "outputs": [], "execution_count": None}
    output = {"output_type": "stream", "name": "stdout", "text": ["x"]}
    text = {
        "cell_type": "markdown",
        "metadata": {},
        "source": "# Title",
        "attachments": {"a.png": {"image/png": "iVBO"}},
    }
    cells = [code, {**code, "metadata": {}, "outputs": [output]}, text, {**text, "cell_type": "raw"}]
    old = [{"cell_type": "code", "input": ["a = 1"], "outputs": [{"output_type": "pyout", "prompt_number": 1}]}]
    old += [{"cell_type": "heading", "level": 1, "source": "T"}]
    trees = [
        *({"nbformat": 4, "nbformat_minor": minor, "metadata": {}, "cells": cells} for minor in (0, 4, 5)),
        *({"nbformat": major, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": old}]} for major in (2, 3)),
        {"nbformat": 1, "cells": old},
    ]
    own = notebook.source_path("ojas_rule").read_bytes()
    return [json.dumps(tree).encode() for tree in trees] + [own[:LONGEST]]


def run(data: bytes) -> str:
    """Take the bytes apart as a submission; return what happened, in a few words.

    Raises
    ------
    Exception
        Whatever should not have come out.
    """
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)  # nbformat tells what is wrong with each
    known = notebook.points_of(assignments.NAMES[len(data) % len(assignments.NAMES)])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = notebook.parse_submission(data, known)
    except BadSubmission as problem:
        assert len(str(problem)) < 1000
        str(problem).encode("utf-8")
        return re.sub(r"\d+|:.*|'.*", "", str(problem))[:100]
    assert len(found.cells) <= notebook.MAX_CELLS
    read = notebook.normalised(data)
    assert found.sha256 == notebook.digest(read) and notebook.normalised(read) == read
    questions = [cell.question for cell in found.cells if cell.question]
    assert len(set(questions)) == len(questions) and set(questions) <= set(known.points)
    for cell in found.cells:
        assert type(cell.source) is str and len(cell.source) <= notebook.MAX_SOURCE
        assert not (cell.question and cell.source)
        json.dumps(cell.source)
    return repr([cell.question or min(len(cell.source), 9) for cell in found.cells[:6]])
