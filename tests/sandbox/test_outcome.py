"""Nothing of what a sandbox says about its cells is taken over unchecked."""

import base64

import pytest

from autograder.sandbox import BadReply
from autograder.sandbox.outcome import read_cell, valid_text

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"picture").decode()


def outcome(*outputs, status="ok", error=None, bytes_left=10_000):
    return read_cell({"status": status, "error": error, "outputs": list(outputs)}, 3, 0.5, bytes_left)


def test_outputs_keep_plain_text_and_png_images_only():
    shown = {
        "output_type": "display_data",
        "data": {"text/plain": "a", "text/html": "<script>", "image/svg+xml": "<svg>", "image/png": PNG},
        "metadata": {"evil": 1},
        "transient": {},
    }
    assert outcome(shown).outputs == [
        {"output_type": "display_data", "data": {"text/plain": "a", "image/png": PNG}, "metadata": {}}
    ]


def test_text_is_free_of_terminal_codes_and_halves_of_characters():
    assert valid_text("\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07 \x00\ud800\n", 100) == "red link ?\n"


def test_output_beyond_the_limit_is_left_out():
    stream = {"output_type": "stream", "name": "stdout", "text": "x" * 600}
    assert len(outcome(stream, stream, bytes_left=1000).outputs) == 1


def test_a_status_is_one_of_those_there_are_and_agrees_with_the_error():
    assert outcome(status="timeout", error="TimeLimit: 1 s").status == "timeout"
    for status, error in [("killed", "x"), ("full marks", None), ("ok", "x"), ("error", None), (["ok"], None)]:
        with pytest.raises(BadReply):
            outcome(status=status, error=error)


@pytest.mark.parametrize(
    "output",
    [
        None,
        "text",
        {},
        {"output_type": "update_display_data", "data": {}},
        {"output_type": ["stream"]},
        {"output_type": "stream", "name": "stdout", "text": ["a"]},
        {"output_type": "display_data", "data": None},
        {"output_type": "display_data", "data": {"text/plain": 1}},
        {"output_type": "display_data", "data": {"image/png": "PHN2Zz4="}},
        {"output_type": "display_data", "data": {"image/png": "<img>"}},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": "t"},
        {"output_type": "error", "ename": "E", "evalue": None, "traceback": []},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": [""] * 101},
    ],
)
def test_an_output_of_another_form_is_a_bad_reply(output):
    with pytest.raises(BadReply):
        outcome(output)
