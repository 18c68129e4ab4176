"""What a run brings back, and the checks on what the sandbox says about a cell."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from neurodynex.answer_data.decoder import BadReply

Status: TypeAlias = Literal["ok", "error", "timeout", "killed", "not_reached"]

_ANSI = re.compile(r"\x1b\[[0-9;:?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class CellOutcome:
    """How a cell went.

    Attributes
    ----------
    index : int
        The cell's number, as in `Cell`.
    status : str
        ``ok``; ``error``, it raised; ``timeout``; ``killed``, its sandbox died with it; or ``not_reached``.
    outputs : list of dict
        nbformat 4 outputs with plain text and PNG images only.
    error : str or None
        Type and message of what went wrong, in one line.
    seconds : float
        Wall-clock time.
    """

    index: int
    status: Status
    outputs: list[dict[str, Any]] = field(default_factory=list)
    error: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Run:
    """What came out of a notebook.

    Attributes
    ----------
    cells : list of CellOutcome
        One for each `Cell`, in order.
    answers : dict
        ``answers[ask id][request key]`` is an encoded value; `decode` reads it. Every ask and every request is there.
    claimed_student : str or None
        Whom the notebook says it belongs to.
    sandbox : str
        Name of the backend.
    missing_layers : tuple of str
        What this backend does not protect on this machine.
    seconds : float
        Wall-clock time.
    stopped : str or None
        Why the run ended early.
    defined_later : frozenset of str
        Names that were missing where a question asked for them, and that the notebook has at its end.
    """

    cells: list[CellOutcome]
    answers: dict[str, dict[str, Any]]
    claimed_student: str | None
    sandbox: str
    missing_layers: tuple[str, ...]
    seconds: float
    stopped: str | None
    defined_later: frozenset[str] = frozenset()


def read_cell(reply: dict[str, Any], index: int, seconds: float, bytes_left: int) -> CellOutcome:
    """Build an outcome from the sandbox's reply to a cell, taking nothing over unchecked.

    Parameters
    ----------
    reply : dict
        Strict JSON.
    index, seconds
        As in `CellOutcome`.
    bytes_left : int
        Characters of output that may be kept.

    Raises
    ------
    BadReply
        If the reply is no cell's reply.
    """
    status, error, outputs = reply.get("status"), reply.get("error"), reply.get("outputs")
    if status not in ("ok", "error", "timeout") or not isinstance(outputs, list):
        raise BadReply("not the reply to a cell")
    if not isinstance(error, str | None) or (error is None) != (status == "ok"):
        raise BadReply("a cell's error and its status do not agree")
    kept = []
    for output in outputs:
        checked, size = _output(output)
        if size <= bytes_left:
            bytes_left -= size
            kept.append(checked)
    return CellOutcome(index, status, kept, valid_text(error, 600) if error is not None else None, seconds)


def read_defined(reply: dict[str, Any], missing: Collection[str]) -> frozenset[str]:
    """Read which of the names that were missing are defined at the end; a reply that is no such list names none."""
    defined = reply.get("defined")
    if not isinstance(defined, list) or len(defined) > len(missing):
        return frozenset()
    return frozenset(name for name in defined if isinstance(name, str) and name in missing)


def valid_text(text: object, longest: int) -> str:
    """Return a text that is safe to print: bounded, without terminal codes or halves of characters.

    Raises
    ------
    BadReply
        If it is no text.
    """
    if not isinstance(text, str):
        raise BadReply("not text")
    return _ANSI.sub("", text[:longest]).encode("utf-8", "replace").decode("utf-8")


def _output(output: Any) -> tuple[dict[str, Any], int]:
    """Return an nbformat output made anew from what is allowed in the sandbox's, and its size."""
    kind = output.get("output_type") if isinstance(output, dict) else None
    longest = 2_000_000
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        text = valid_text(output.get("text"), longest)
        return {"output_type": "stream", "name": name, "text": text}, len(text) + 100
    if kind == "error":
        lines = output.get("traceback")
        if not isinstance(lines, list) or len(lines) > 100:
            raise BadReply("a malformed traceback")
        traceback = [valid_text(line, 2000) for line in lines]
        name, value = valid_text(output.get("ename"), 100), valid_text(output.get("evalue"), 2000)
        return {"output_type": "error", "ename": name, "evalue": value, "traceback": traceback}, 100
    if kind not in ("display_data", "execute_result") or not isinstance(output.get("data"), dict):
        raise BadReply("an output of an unknown kind")
    data = {}
    if "text/plain" in output["data"]:
        data["text/plain"] = valid_text(output["data"]["text/plain"], longest)
    if "image/png" in output["data"]:
        data["image/png"] = _png(output["data"]["image/png"])
    checked: dict[str, Any] = {"output_type": kind, "data": data, "metadata": {}}
    if kind == "execute_result":
        count = output.get("execution_count")
        checked["execution_count"] = count if type(count) is int and 0 < count < 100_000 else None
    return checked, sum(map(len, data.values())) + 100


def _png(encoded: object) -> str:
    """Return a PNG image as one line of base64."""
    if not isinstance(encoded, str):
        raise BadReply("an image that is no text")
    try:
        image = base64.b64decode(encoded.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        raise BadReply("an image that is not base64") from None
    if not image.startswith(_PNG):
        raise BadReply("an image that is not a PNG")
    return base64.b64encode(image).decode("ascii")
